/// Where a certificate says its revocation list is to be found (RFC 5280 §4.2.1.13), or what a list says it covers (§5.2.5). JPKI names
/// points by directory names, one per municipality; URIs are common elsewhere.
package struct DistributionPoint: Hashable, Sendable {
    /// Full names, relative ones made full. nil: the point has no name of its own.
    package let names: [GeneralName]?
    /// nil: all reasons.
    package let reasons: ReasonFlags?
    /// Who makes the lists there, when it is not the certificate's issuer. Empty although `namesIssuer`: somebody without a directory name,
    /// who can have made no list.
    package let issuers: [DistinguishedName]
    package let namesIssuer: Bool

    /// A list's own point.
    init(names: [GeneralName]) {
        self.names = names
        reasons = nil
        issuers = []
        namesIssuer = false
    }

    /// One DistributionPoint of a certificate issued by `issuer`.
    init(_ element: DERElement, issuer: DistinguishedName) throws(DERError) {
        var reader = element.reader
        let name = try reader.takeExplicit(0)
        let flags = try reader.take(DERTag.context(1))
        let others = try reader.take(DERTag.contextConstructed(2))
        try reader.finish()
        // RFC 5280 §4.2.1.13: reasons alone say nothing about where.
        guard name != nil || others != nil else { throw .value }
        reasons = try flags.map { flags throws(DERError) in try ReasonFlags(bits: flags) }
        let owners = try others.map { others throws(DERError) in try GeneralName.list(others.reader) } ?? []
        issuers = owners.compactMap(\.directory)
        namesIssuer = others != nil
        // A relative name belongs behind the one name of the list's issuer: cRLIssuer, or else the certificate's issuer.
        let bases = others == nil ? [issuer] : issuers
        names = try name.map { choice throws(DERError) in try Self.names(choice, relativeTo: bases) }
    }

    package var directoryNames: [DistinguishedName] { names?.compactMap(\.directory) ?? [] }
    package var uris: [String] { names?.compactMap { if case .uri(let text) = $0 { text } else { nil } } ?? [] }

    /// The names a list's own point is held against (§6.3.3 (b)(2)(i)): the point's, or without any those of whom it names as issuer.
    package var effectiveNames: [GeneralName] { names ?? issuers.map { .directory($0) } }

    /// DistributionPointName: full names, or a name relative to the one base there is.
    static func names(_ choice: DERElement, relativeTo bases: [DistinguishedName]) throws(DERError) -> [GeneralName] {
        switch choice.tag {
        case 0xa0: return try GeneralName.list(choice.reader)
        case 0xa1:
            // §4.2.1.13: MUST NOT be used when cRLIssuer has more than one distinguished name.
            guard let base = bases.first, bases.count == 1 else { throw .value }
            return [.directory(try base.appending(relative: choice))]
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

extension GeneralName {
    fileprivate var directory: DistinguishedName? {
        if case .directory(let name) = self { name } else { nil }
    }
}
