import Cryptography

/// What lists, answers and their signers must be to count as evidence. Seconds everywhere.
package struct EvidenceRules: Hashable, Sendable {
    /// How old a list's thisUpdate may be, beside its own nextUpdate; nil: as old as it says, and then a list without nextUpdate never
    /// counts.
    package let maximumListAge: Int64?
    /// By how much an authority's clock may be ahead of ours.
    package let skew: Int64
    package let answers: OCSPRules
    /// What the path of a list's signer is held against; always with cRLSign.
    package let signers: PathProfile

    /// A week for answers without a nearer end: what RFC 5280 leaves to nextUpdate, RFC 6960 leaves to the reader.
    package init(
        maximumListAge: Int64? = nil, skew: Int64 = UnverifiedRevocationList.skew, answers: OCSPRules = OCSPRules(maximumAge: 7 * 86_400),
        algorithms: AlgorithmRules = .standard, algorithmsByAuthority: [String: AlgorithmRules] = [:], longestPath: Int = 8
    ) {
        self.maximumListAge = maximumListAge.map { max($0, 0) }
        self.skew = max(skew, 0)
        self.answers = answers
        signers = PathProfile(
            name: "list signer", longestPath: longestPath, algorithms: algorithms, algorithmsByAuthority: algorithmsByAuthority,
            keyUsage: [.cRLSign], anchors: [])
    }
}
