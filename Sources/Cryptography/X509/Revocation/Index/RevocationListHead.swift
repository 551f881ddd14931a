import Vocabulary

/// What a list says of itself: TBSCertList (RFC 5280 §5.1.2) without its entries, checked whole.
struct RevocationListHead: Sendable {
    let issuer: DistinguishedName
    let thisUpdate: Timestamp
    let nextUpdate: Timestamp?
    let isVersionTwo: Bool
    let extensions: RevocationListExtensions

    /// `fields` as `RevocationListFrame` cuts them out, `algorithmIdentifier` as it stands beside the signature.
    init(fields: [UInt8], algorithmIdentifier: [UInt8]) throws(RevocationListRefusal) {
        let parts: Parts
        do { parts = try Parts(fields) } catch { throw .malformed(error) }
        guard !parts.spellsVersionOne, parts.version <= 2, parts.version == 2 || parts.extensions == nil else { throw .version }
        guard parts.algorithm == algorithmIdentifier else { throw .algorithmMismatch }
        extensions = try RevocationListExtensions(parts.extensions ?? [], issuer: parts.issuer)
        issuer = parts.issuer
        thisUpdate = parts.thisUpdate
        nextUpdate = parts.nextUpdate
        isVersionTwo = parts.version == 2
    }

    private struct Parts {
        let version: Int
        let spellsVersionOne: Bool
        let algorithm: [UInt8]
        let issuer: DistinguishedName
        let thisUpdate: Timestamp
        let nextUpdate: Timestamp?
        let extensions: [RawExtension]?

        init(_ content: [UInt8]) throws(DERError) {
            var fields = DERReader(content)
            let written = try fields.take(DERTag.integer)
            version = (try written?.smallInteger() ?? 0) + 1
            spellsVersionOne = written != nil && version == 1
            algorithm = try fields.expect(DERTag.sequence).encoded
            issuer = try DistinguishedName(fields.expect(DERTag.sequence))
            thisUpdate = try fields.next().time()
            let hasNext = fields.nextTag == DERTag.utcTime || fields.nextTag == DERTag.generalizedTime
            nextUpdate = hasNext ? try fields.next().time() : nil
            extensions = try fields.takeExplicit(0).map { list throws(DERError) in try RawExtension.list(list) }
            try fields.finish()
            guard !issuer.isEmpty, nextUpdate.map({ $0 >= thisUpdate }) ?? true else { throw .value }
        }
    }
}
