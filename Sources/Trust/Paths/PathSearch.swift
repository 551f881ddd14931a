package import Cryptography
package import Vocabulary

/// Finds a path from a certificate to an anchor and judges it by RFC 5280 §6.1 and a profile. Pure: no fetching, no clock.
package struct PathSearch: Sendable {
    package let store: TrustStore
    package let profile: PathProfile
    package let budget: PathBudget

    package init(store: TrustStore, profile: PathProfile = .rfc5280, budget: PathBudget = .standard) {
        self.store = store
        self.profile = profile
        self.budget = budget
    }

    /// `others` came along, in any order, with whatever else: cross certificates, link certificates, junk. Nothing in them is believed.
    package func verdict(
        on leaf: Certificate, with others: [Certificate], at now: Timestamp, status: StatusDemand = .none
    ) -> TrustVerdict {
        report(on: leaf, with: others, at: now, status: status).verdict
    }

    /// The verdict, with how it was come by: for explanations and for counting work.
    package func report(on leaf: Certificate, with others: [Certificate], at now: Timestamp, status: StatusDemand = .none) -> PathReport {
        guard others.count <= budget.candidates else { return PathReport(.refused(.tooManyCertificates(others.count), chain: [leaf])) }
        guard !store.holds(leaf) else { return PathReport(.refused(.leafIsAnchor, chain: [leaf])) }
        var walk = PathWalk(store, profile, budget, leaf: leaf, others: others, at: now, status)
        let verdict: TrustVerdict =
            switch walk.run() {
            case .found(let found):
                TrustedChain(found, by: profile).map { .trusted($0) } ?? .refused(.leafIsAnchor, chain: found.path)
            case .refused(let why, let chain): .refused(why, chain: chain)
            }
        return PathReport(verdict, walk.attempts, work: budget.spent(leaving: walk.budget))
    }
}

/// A verdict, the ways that ended before it, and what all of it cost.
package struct PathReport: Sendable {
    package let verdict: TrustVerdict
    /// In the order they were tried. Certificates that no valid path can hold are left aside first, and tried only when nothing is found.
    package let attempts: [PathAttempt]
    package let work: PathBudget

    fileprivate init(_ verdict: TrustVerdict, _ attempts: [PathAttempt] = [], work: PathBudget = .nothing) {
        self.verdict = verdict
        self.attempts = attempts
        self.work = work
    }
}

/// One way upwards that ended: why, and how far it went.
package struct PathAttempt: Sendable {
    package let fault: PathFault
    /// From the leaf upwards; the last certificate is the one that did not fit, or the anchor of a whole path.
    package let chain: [Certificate]
}

/// What a search for a path ended with.
package enum TrustVerdict: Sendable {
    case trusted(TrustedChain)
    /// The highest-ranked reason, and the chain that failed, from the leaf as far as it went.
    case refused(TrustRefusal, chain: [Certificate])
}

/// A certificate whose path to a configured anchor was validated at one moment. Says of revocation what `statuses` say. A proof: made
/// here only.
package struct TrustedChain: Sendable {
    package let leaf: Certificate
    /// Who signed the leaf: the anchor itself, or the authority below it.
    package let issuer: Certificate
    package let anchor: TrustAnchor
    /// From the leaf to the anchor.
    package let path: [Certificate]
    /// The user-constrained-policy-set (RFC 5280 §6.1.6): policies valid for the whole path, in the anchor's words, of those that were
    /// acceptable.
    package let policies: [ObjectIdentifier]
    /// One for each certificate below the anchor, the leaf's first; empty when none was asked for.
    package let statuses: [CertificateStatus]
    /// The name of the profile it was judged by.
    package let profile: String

    fileprivate init?(_ found: PathWalk.Found, by profile: PathProfile) {
        guard found.path.count >= 2, let leaf = found.path.first else { return nil }
        self.leaf = leaf
        issuer = found.path[1]
        anchor = found.anchor
        path = found.path
        policies = found.policies
        statuses = found.statuses
        self.profile = profile.name
    }
}
