package import Cryptography

/// How far an anchor's certificate binds the paths below it. To RFC 5280 §6.1.1 (d) an anchor is a name and a key; RFC 5937 adds what its
/// certificate says.
package struct AnchorRules: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The anchor's own validity: a generation ends on its day.
    package static let validity = AnchorRules(rawValue: 1 << 0)
    /// Basic constraints, key usage, purposes, name constraints, policies and their constraints, unknown critical extensions (RFC 5937
    /// §3.2), as if the anchor stood in the path.
    package static let constraints = AnchorRules(rawValue: 1 << 1)
}

/// Rules that RFC 5280 §4 makes for those who issue certificates and §6.1 does not ask a judge to look at. A profile that asks anyway
/// refuses authorities that do not keep their own book.
package struct IssuerRules: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Version 3 throughout; what issues has basicConstraints, critical, and keyUsage; what does not issue claims none of its rights
    /// (§4.2.1.3, §4.2.1.9, §4.2.1.10).
    package static let authority = IssuerRules(rawValue: 1 << 0)
    /// Critical where §4.2 says MUST, and not where it says MUST NOT.
    package static let criticality = IssuerRules(rawValue: 1 << 1)
    /// Key identifiers in every certificate that is to have them (§4.2.1.1, §4.2.1.2).
    package static let keyIdentifiers = IssuerRules(rawValue: 1 << 2)
    /// Positive and at most 20 octets (§4.1.2.2).
    package static let serial = IssuerRules(rawValue: 1 << 3)
    /// Names and bases of constraints in the syntax of their form (§4.2.1.6, §4.2.1.10).
    package static let names = IssuerRules(rawValue: 1 << 4)

    package static let all: IssuerRules = [.authority, .criticality, .keyIdentifiers, .serial, .names]
}

/// Who the leaf must be: one of these names stands in its subjectAltName. A dNSName is a host (RFC 9525 §6.3, wildcard in the whole
/// leftmost label only); other forms are compared as they are. The subject's common name never counts.
package struct NameRule: Hashable, Sendable {
    package let anyOf: [GeneralName]

    package init(anyOf names: [GeneralName]) { anyOf = names }
}
