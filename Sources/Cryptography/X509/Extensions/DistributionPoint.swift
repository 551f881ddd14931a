/// Where a certificate says its revocation list is to be found (RFC 5280 §4.2.1.13), or what a list says it covers (§5.2.5). JPKI names
/// points by directory names, one per municipality; URIs are common elsewhere.
package struct DistributionPoint: Hashable, Sendable {
    package let directoryNames: [DistinguishedName]
    package let uris: [String]
    /// Lists there are made by another authority, or cover some reasons only: neither answers for a certificate by itself.
    package let isPartial: Bool

    init(names: [GeneralName], isPartial: Bool) {
        directoryNames = names.compactMap { if case .directory(let name) = $0 { name } else { nil } }
        uris = names.compactMap { if case .uri(let text) = $0 { text } else { nil } }
        self.isPartial = isPartial
    }

    /// One DistributionPoint of a certificate issued by `issuer`.
    init(_ element: DERElement, issuer: DistinguishedName) throws(DERError) {
        var reader = element.reader
        let name = try reader.takeExplicit(0)
        let reasons = try reader.take(DERTag.context(1))
        let otherIssuer = try reader.take(DERTag.contextConstructed(2))
        try reader.finish()
        // RFC 5280 §4.2.1.13: reasons alone say nothing about where.
        guard name != nil || otherIssuer != nil else { throw .value }
        _ = try reasons?.namedBits()
        if let otherIssuer { _ = try GeneralName.list(otherIssuer.reader) }
        let names = try name.map { choice throws(DERError) in try Self.names(choice, issuer: issuer) } ?? []
        self.init(names: names, isPartial: reasons != nil || otherIssuer != nil)
    }

    /// Whether one name of this point is a name of the other: names count by kind, URIs byte for byte.
    package func meets(_ other: DistributionPoint) -> Bool {
        directoryNames.contains { other.directoryNames.contains($0) } || uris.contains { other.uris.contains($0) }
    }

    /// DistributionPointName: full names, or a name relative to the issuer's.
    static func names(_ choice: DERElement, issuer: DistinguishedName) throws(DERError) -> [GeneralName] {
        switch choice.tag {
        case 0xa0: try GeneralName.list(choice.reader)
        case 0xa1: [.directory(try issuer.appending(relative: choice))]
        default: throw .tag(choice.tag)
        }
    }

    /// CRLDistributionPoints and FreshestCRL: one point at least.
    static func list(_ reader: DERReader, issuer: DistinguishedName) throws(DERError) -> [DistributionPoint] {
        var reader = reader
        var points: [DistributionPoint] = []
        repeat { points.append(try DistributionPoint(reader.expect(DERTag.sequence), issuer: issuer)) } while !reader.isAtEnd
        return points
    }
}
