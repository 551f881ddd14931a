package import Cryptography
package import Vocabulary

/// What a login certificate looks like and who issues it: data, from configuration. A fact that is recalled, inferred or unknown
/// (marks R, I, U of `jpki.md`) has no default here and has to be configured.
package struct CardProfile: Sendable {
    /// The certificate policies that make a certificate a login certificate, by what carries its key.
    package let loginPolicies: [Carrier: [ObjectIdentifier]]
    /// The policies of signature certificates: never a login, known only to name the refusal.
    package let signaturePolicies: [ObjectIdentifier]
    /// The names of the authorities that issue login certificates to citizens.
    package let loginAuthorities: [DistinguishedName]
    /// The names of test and simulated authorities, believed only where the deployment says development.
    package let simulatedAuthorities: [DistinguishedName]
    package let allowedAlgorithms: Set<CardAlgorithm>
    /// A shorter list for one generation, by the lower-case hexadecimal SHA-256 of its authority certificate: a new algorithm comes
    /// with a new generation, and an old one never leaves its own.
    package let algorithmsByAuthority: [String: Set<CardAlgorithm>]

    package init(
        loginPolicies: [Carrier: [ObjectIdentifier]], signaturePolicies: [ObjectIdentifier], loginAuthorities: [DistinguishedName],
        simulatedAuthorities: [DistinguishedName], allowedAlgorithms: Set<CardAlgorithm> = Set(CardAlgorithm.allCases),
        algorithmsByAuthority: [String: Set<CardAlgorithm>] = [:]
    ) {
        self.loginPolicies = loginPolicies
        self.signaturePolicies = signaturePolicies
        self.loginAuthorities = loginAuthorities
        self.simulatedAuthorities = simulatedAuthorities
        self.allowedAlgorithms = allowedAlgorithms
        self.algorithmsByAuthority = algorithmsByAuthority
    }

    /// The algorithms a certificate of this authority may use.
    package func algorithms(of authority: Certificate) -> Set<CardAlgorithm> {
        guard let own = algorithmsByAuthority[Hexadecimal.encode(authority.fingerprint)] else { return allowedAlgorithms }
        return own.intersection(allowedAlgorithms)
    }
}
