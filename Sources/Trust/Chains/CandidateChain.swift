package import Cryptography
package import Vocabulary

/// A certificate as somebody sent it, with what came along. Nothing is known yet.
package struct CandidateChain: Sendable {
    /// Anchors tried for one chain: generations of one authority, and of those above it.
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
        guard others.count <= CertificatePath.mostIntermediates else { throw .tooManyCertificates(others.count) }
        // Version 1 and 2 cannot say what a key is for; only old authorities are such.
        guard leaf.version == 3 else { throw .leafVersion(leaf.version) }
        guard !store.anchors.contains(where: { $0.certificate == leaf }) else { throw .leafIsAnchor }
        let anchors = store.candidates(for: [leaf] + others)
        guard !anchors.isEmpty else { throw .noAnchor(issuer: leaf.issuer.text) }
        guard anchors.count <= Self.mostAnchors else { throw .tooManyAnchors(anchors.count) }
        var nearest: PathFault?
        for anchor in anchors {
            let outcome = CertificatePath.validate(
                leaf: leaf, intermediates: others, anchor: anchor.certificate, at: now, requiredPolicies: policies)
            switch outcome {
            case .valid(let path):
                guard let chain = TrustedChain(path, anchor: anchor) else { throw .leafIsAnchor }
                return chain
            case .refused(let fault):
                if nearest.map({ $0.reason < fault.reason }) ?? true { nearest = fault }
            }
        }
        guard let nearest else { throw .noAnchor(issuer: leaf.issuer.text) }
        throw .path(nearest)
    }
}

/// A certificate whose path to a configured anchor was validated at one moment. Says nothing of revocation. A proof: made here only.
package struct TrustedChain: Sendable {
    package let leaf: Certificate
    /// Who signed the leaf: the anchor itself, or the authority below it.
    package let issuer: Certificate
    package let anchor: TrustAnchor
    /// From the leaf to the anchor.
    package let path: [Certificate]
    /// The policies valid for the whole path, of those that were asked for.
    package let policies: [ObjectIdentifier]

    fileprivate init?(_ path: ValidPath, anchor: TrustAnchor) {
        guard path.certificates.count >= 2, let leaf = path.certificates.first else { return nil }
        self.leaf = leaf
        issuer = path.certificates[1]
        self.anchor = anchor
        self.path = path.certificates
        policies = path.policies
    }
}
