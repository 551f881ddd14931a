import Cryptography
import Vocabulary

/// One search for a path: depth first from the leaf upwards, the likeliest issuer first, back when a way ends, within the budget. It goes
/// twice at most: once with what can stand in a path, and, when that found nothing, once more with what was left aside, to tell what is
/// wrong with the path that came nearest.
struct PathWalk {
    let store: TrustStore
    let profile: PathProfile
    let leaf: Certificate
    let now: Timestamp
    let status: StatusDemand
    private var index: IssuerIndex
    private(set) var budget: PathBudget
    private var memory = SignatureMemory()
    private var statuses: [[Certificate]: CertificateStatus] = [:]
    /// From the leaf upwards.
    private var path: [Certificate]
    private var explains = false
    private var leftAside = false
    private(set) var attempts: [PathAttempt] = []
    /// Of the attempts, the highest-ranked; the first of its rank.
    private var nearest: PathAttempt?

    struct Found {
        let path: [Certificate]
        let anchor: TrustAnchor
        let policies: [ObjectIdentifier]
        let statuses: [CertificateStatus]
    }

    enum Outcome {
        case found(Found)
        case refused(TrustRefusal, [Certificate])
    }

    init(
        _ store: TrustStore, _ profile: PathProfile, _ budget: PathBudget, leaf: Certificate, others: [Certificate], at now: Timestamp,
        _ status: StatusDemand
    ) {
        self.store = store
        self.profile = profile
        self.budget = budget
        self.leaf = leaf
        self.now = now
        self.status = status
        index = IssuerIndex(others, leaf: leaf, store: store)
        path = [leaf]
    }

    mutating func run() -> Outcome {
        guard index.distance(of: leaf.issuer) != nil else { return .refused(.noAnchor(issuer: leaf.issuer.text), [leaf]) }
        var own: PathProfile.Finding?
        do {
            own = try leafFault()
            if own == nil, let found = try climb() { return .found(found) }
        } catch {
            switch error {
            case .budget(let kind): return .refused(.budget(kind), path)
            case .fault(let fault): return .refused(.path(fault), path)
            }
        }
        if leftAside || own != nil {
            explains = true
            path = [leaf]
            // Nothing can be found any more: a budget that ends here has only ended the explanation.
            _ = try? climb()
        }
        if let nearest { return .refused(.path(nearest.fault), nearest.chain) }
        return .refused(.path(PathFault(own?.reason ?? .noPath, depth: 0, own?.rule ?? "no issuer that signed it")), [leaf])
    }

    /// What no path can mend.
    private mutating func leafFault() throws(PathStop) -> PathProfile.Finding? {
        if let finding = PathProfile.timeFault(of: leaf, at: now) ?? PathProfile.extensionFault(of: leaf) { return finding }
        return try profile.conformanceFault(of: leaf, &budget) ?? profile.useFault(of: leaf)
    }

    /// Every issuer of the path's top, and on from there.
    private mutating func climb() throws(PathStop) -> Found? {
        guard let top = path.last else { return nil }
        for candidate in index.issuers(of: top, at: now) {
            guard try mayStand(candidate, above: top) else { continue }
            guard try isSigned(top, by: candidate) else { continue }
            if let anchor = candidate.anchor {
                if let found = try conclude(anchor) { return found }
            } else {
                path.append(candidate.certificate)
                if let found = try climb() { return found }
                path.removeLast()
            }
        }
        return nil
    }

    /// Whether a step is worth its signature. Loops and ways without an end never are; what cannot stand in a valid path is when the
    /// path only has to be explained.
    private mutating func mayStand(_ candidate: IssuerIndex.Candidate, above top: Certificate) throws(PathStop) -> Bool {
        try budget.spend(.candidates)
        if candidate.anchor != nil { return explains || isSuitable(profile.strengthFault(of: top, issuedBy: candidate.certificate)) }
        let certificate = candidate.certificate
        // RFC 4158 §2.4.2: one name with one key stands in a path once.
        guard !path.contains(where: { $0.publicKey == certificate.publicKey && $0.subject == certificate.subject }),
            let distance = index.distance(of: certificate.issuer)
        else { return false }
        guard path.count + distance <= profile.longestPath else {
            note(.tooLong, depth: path.count, "profile", path + [certificate])
            return false
        }
        guard !explains else { return true }
        guard isSuitable(profile.strengthFault(of: top, issuedBy: certificate)), isSuitable(profile.authorityFault(of: certificate)),
            isSuitable(PathProfile.timeFault(of: certificate, at: now)), isSuitable(PathProfile.extensionFault(of: certificate)),
            isDeepEnough(certificate)
        else { return false }
        let finding = try profile.conformanceFault(of: certificate, &budget)
        return isSuitable(finding)
    }

    private mutating func isSuitable(_ finding: PathProfile.Finding?) -> Bool {
        if finding != nil { leftAside = true }
        return finding == nil
    }

    /// §6.1.4 (l), (m) seen from below: the certificates already under this one.
    private mutating func isDeepEnough(_ certificate: Certificate) -> Bool {
        guard let length = certificate.pathLength else { return true }
        let below = path.dropFirst().count { !$0.isSelfIssued }
        if below > length { leftAside = true }
        return below <= length
    }

    private mutating func isSigned(_ top: Certificate, by candidate: IssuerIndex.Candidate) throws(PathStop) -> Bool {
        if try memory.isSigned(top, by: candidate.certificate.publicKey, &budget) { return true }
        let isNamed = top.names(candidate.certificate) != .other
        let isWeak = profile.strengthFault(of: top, issuedBy: candidate.certificate)
        note(
            isWeak?.reason ?? (isNamed ? .signature : .noPath), depth: path.count - 1, isWeak?.rule ?? "RFC 5280 §6.1.3 (a)(1)",
            path + [candidate.certificate])
        return false
    }

    /// A path from leaf to anchor is there: the whole of §6.1, then the word about revocation.
    private mutating func conclude(_ anchor: TrustAnchor) throws(PathStop) -> Found? {
        let whole = path + [anchor.certificate]
        do {
            let policies = try PathValidation.policies(of: whole, profile, at: now, &memory, &budget)
            // What was left aside cannot be right, and the rest was concluded before.
            guard !explains else { return nil }
            return Found(path: whole, anchor: anchor, policies: policies, statuses: try statuses(of: whole))
        } catch {
            guard case .fault(let fault) = error else { throw error }
            note(fault.reason, depth: fault.depth, fault.rule, whole)
            return nil
        }
    }

    /// From the anchor downwards: a revoked authority's word about its own is worth nothing.
    private mutating func statuses(of path: [Certificate]) throws(PathStop) -> [CertificateStatus] {
        guard case .evidence(let evidence, let unknownRefuses) = status else { return [] }
        var found: [CertificateStatus] = []
        for depth in stride(from: path.count - 2, through: 0, by: -1) {
            let key = Array(path[depth...])
            let word: CertificateStatus
            if let known = statuses[key] {
                word = known
            } else {
                try budget.spend(.statuses)
                word = evidence.status(of: path[depth], issuer: path[depth + 1], path: path, at: now)
                statuses[key] = word
            }
            switch word.verdict {
            case .good: break
            case .revoked: throw .fault(PathFault(.revoked, depth: depth, "RFC 5280 §6.1.3 (a)(3)"))
            case .unknown: if unknownRefuses { throw .fault(PathFault(.statusUnknown, depth: depth, "RFC 5280 §6.1.3 (a)(3)")) }
            }
            found.append(word)
        }
        return found.reversed()
    }

    private mutating func note(_ reason: PathFault.Reason, depth: Int, _ rule: String, _ chain: [Certificate]) {
        let attempt = PathAttempt(fault: PathFault(reason, depth: depth, rule), chain: chain)
        attempts.append(attempt)
        if nearest.map({ $0.fault.reason < reason }) ?? true { nearest = attempt }
    }
}
