/// Where the parts of a CertificateList (RFC 5280 §5.1) lie, found without looking at its entries: everything but them is small and copied.
struct RevocationListFrame: Sendable {
    /// TBSCertList as it stands: what the signature is over.
    let body: Range<Int>
    /// The content of revokedCertificates, when the list has any.
    let entries: Range<Int>?
    /// The content of TBSCertList without its entries: what `RevocationListHead` reads.
    let fields: [UInt8]
    let algorithmIdentifier: [UInt8]
    let signature: [UInt8]

    /// Names and extensions of a list take some hundred bytes; of one that says it is for a thousand places, some ten thousand.
    static let largestPart = 1 << 20

    init(_ bytes: FixedBytes) throws(DERError) {
        var outer = ElementWalker(bytes, 0..<bytes.count)
        let list = try outer.expect(DERTag.sequence)
        try outer.finish()
        var parts = ElementWalker(bytes, list.inner)
        let signed = try parts.expect(DERTag.sequence)
        algorithmIdentifier = try Self.copy(parts.expect(DERTag.sequence).whole, bytes)
        let bits = try Self.copy(parts.expect(DERTag.bitString).inner, bytes)
        guard bits.first == 0 else { throw .value }
        signature = Array(bits.dropFirst())
        try parts.finish()
        body = signed.whole

        // version?, signature, issuer, thisUpdate, nextUpdate?, revokedCertificates?, [0]?: two sequences stand before the first time.
        var inside = ElementWalker(bytes, signed.inner)
        _ = try inside.take(DERTag.integer)
        _ = try inside.expect(DERTag.sequence)
        _ = try inside.expect(DERTag.sequence)
        _ = try inside.next()
        if inside.nextTag == DERTag.utcTime || inside.nextTag == DERTag.generalizedTime { _ = try inside.next() }
        let head = signed.inner.lowerBound..<inside.position
        let revoked = try inside.take(DERTag.sequence)
        // Without the entries between them, something else here would be read as a nextUpdate.
        if let tag = inside.nextTag, tag != DERTag.contextConstructed(0) { throw .tag(tag) }
        let tail = inside.position..<signed.inner.upperBound
        guard head.count <= Self.largestPart, tail.count <= Self.largestPart else { throw .length }
        entries = revoked?.inner
        fields = bytes.array(head) + bytes.array(tail)
    }

    private static func copy(_ range: Range<Int>, _ bytes: FixedBytes) throws(DERError) -> [UInt8] {
        guard range.count <= largestPart else { throw .length }
        return bytes.array(range)
    }
}
