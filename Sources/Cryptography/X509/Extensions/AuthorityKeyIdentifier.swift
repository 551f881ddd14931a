/// AuthorityKeyIdentifier (RFC 5280 §4.2.1.1): hints at the certificate of who signed. Never a proof: the signature is that.
struct AuthorityKeyIdentifier: Sendable {
    let key: [UInt8]?
    /// Names of the authority's own issuer, and the authority's serial there: both or neither.
    let issuer: [GeneralName]
    let serial: [UInt8]?

    init(_ reader: DERReader) throws(DERError) {
        var reader = reader
        key = try reader.take(DERTag.context(0))?.content
        let issuer = try reader.take(DERTag.contextConstructed(1))
        let serial = try reader.take(DERTag.context(2))
        try reader.finish()
        guard (issuer == nil) == (serial == nil) else { throw .value }
        self.issuer = try issuer.map { names throws(DERError) in try GeneralName.list(names.reader) } ?? []
        self.serial = try serial?.integer()
    }

    /// The key identifier alone: revocation lists name their authority this way.
    static func read(_ reader: DERReader) throws(DERError) -> [UInt8]? {
        try AuthorityKeyIdentifier(reader).key
    }
}
