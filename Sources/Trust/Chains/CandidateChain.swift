package import Cryptography
package import Vocabulary

/// A certificate as somebody sent it, with what came along. Nothing is known yet. The door of the JPKI login profile: short chains to
/// generations of one authority, no mapping.
package struct CandidateChain: Sendable {
    /// Certificates that may come along. JPKI needs none.
    package static let mostIntermediates = 16
    /// Anchors tried for one chain: generations of one authority.
    package static let mostAnchors = 16

    private let leaf: Certificate
    private let others: [Certificate]

    package init(leaf: Certificate, others: [Certificate] = []) {
        self.leaf = leaf
        self.others = others
    }

    /// RFC 5280 §6.1 to one of the store's anchors. With `policies`, one of them must be valid for the whole path. The refusal is the
    /// highest-ranked one: the path that came nearest.
    package func trusted(
        by store: TrustStore, policies: [ObjectIdentifier] = [], at now: Timestamp
    ) throws(TrustRefusal) -> TrustedChain {
        guard others.count <= Self.mostIntermediates else { throw .tooManyCertificates(others.count) }
        // Version 1 and 2 cannot say what a key is for; only old authorities are such.
        guard leaf.version == 3 else { throw .leafVersion(leaf.version) }
        let generations = store.anchors(named: leaf.issuer).count
        guard generations <= Self.mostAnchors else { throw .tooManyAnchors(generations) }
        switch PathSearch(store: store, profile: .login(policies: policies)).verdict(on: leaf, with: others, at: now) {
        case .trusted(let chain): return chain
        case .refused(let why, _): throw why
        }
    }
}
