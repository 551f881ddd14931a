package import Cryptography

/// What a use asks of a path, beside RFC 5280 §6.1. Data: profiles narrow, none widens.
package struct PathProfile: Hashable, Sendable {
    package let name: String
    package let policies: PolicyInputs
    /// The most certificates of a path that may map policies; 0 for none, nil for what the path itself allows. Further ones are read as
    /// if mapping were inhibited.
    package let mappingDepth: Int?
    /// The most certificates between leaf and anchor.
    package let longestPath: Int
    package let algorithms: AlgorithmRules
    /// In place of `algorithms` for what one authority issues, by the lower-case hexadecimal SHA-256 of that authority's certificate;
    /// an anchor's own key is held against its entry too.
    package let algorithmsByAuthority: [String: AlgorithmRules]
    /// All of these, when the leaf has keyUsage.
    package let keyUsage: KeyUsage
    /// One of these, when the leaf has extendedKeyUsage; anyExtendedKeyUsage counts only when listed. The authorities of the path that
    /// have the extension must have one of them or anyExtendedKeyUsage. Empty: not asked.
    package let purposes: [ObjectIdentifier]
    package let names: NameRule?
    package let anchors: AnchorRules
    package let issuers: IssuerRules

    /// More is nobody's PKI, and every certificate of a path costs.
    package static let longestPathEver = 32

    package init(
        name: String, policies: PolicyInputs = PolicyInputs(), mappingDepth: Int? = nil, longestPath: Int = 8,
        algorithms: AlgorithmRules = .standard, algorithmsByAuthority: [String: AlgorithmRules] = [:], keyUsage: KeyUsage = [],
        purposes: [ObjectIdentifier] = [], names: NameRule? = nil, anchors: AnchorRules = [.validity, .constraints],
        issuers: IssuerRules = []
    ) {
        self.name = name
        self.policies = policies
        self.mappingDepth = mappingDepth
        self.longestPath = min(max(longestPath, 0), Self.longestPathEver)
        self.algorithms = algorithms
        self.algorithmsByAuthority = algorithmsByAuthority
        self.keyUsage = keyUsage
        self.purposes = purposes
        self.names = names
        self.anchors = anchors
        self.issuers = issuers
    }

    /// RFC 5280 §6.1 and nothing else: an anchor is a name and a key.
    package static let rfc5280 = PathProfile(name: "rfc5280", anchors: [])

    /// JPKI login: one of the policies, explicit and never mapped; the authority's own constraints and validity count. Whether JPKI writes
    /// authorityKeyIdentifier into end entities is not known for certain (jpki.md §1.2), so it is not asked for.
    package static func login(policies: [ObjectIdentifier]) -> PathProfile {
        PathProfile(
            name: "login",
            policies: policies.isEmpty
                ? PolicyInputs() : PolicyInputs(acceptable: Set(policies), requireExplicit: true, inhibitMapping: true),
            issuers: [.authority, .criticality])
    }
}
