import Cryptography
import Settings
import Trust
import Vocabulary

/// Answers one job. Pure but for the present, which is an argument.
struct Judge {
    /// Profiles of a deployment, which a job may name beside the built-in ones.
    let profiles: TrustProfiles
    /// Named on the command line; a job's own `profile` goes before it.
    let standard: String?
    let now: Timestamp

    func verdict(on job: VerifyJob) throws(JobRefusal) -> JobVerdict {
        let moment = job.time ?? now
        var notes: [String] = []
        let profile = try profile(of: job)
        let (anchors, known) = try anchors(job, &notes)
        let candidates = Self.certificates(job.candidates, "candidate", &notes) + known
        var verdict = JobVerdict(job, profile: profile.name, at: moment)
        let leaf: Certificate
        do { leaf = try Certificate(der: job.leaf) } catch {
            verdict.refuse(JobVerdict.Reason(code: "certificate.unreadable", detail: "\(error)", rank: 0), chain: [])
            verdict.notes = notes
            return verdict
        }
        let store = TrustStore(anchors: anchors)
        let evidence = evidence(job, profile, candidates, store, &notes)
        verdict.notes = notes
        let demand: StatusDemand =
            switch job.revocation {
            case .none: .none
            case .ifPresent: .evidence(evidence, unknownRefuses: false)
            case .required: .evidence(evidence, unknownRefuses: true)
            }
        let search = PathSearch(store: store, profile: profile, budget: Self.budget(job))
        switch search.verdict(on: leaf, with: candidates, at: moment, status: demand) {
        case .trusted(let chain): verdict.accept(chain)
        case .refused(let refusal, let chain):
            verdict.refuse(JobVerdict.Reason(refusal), chain: chain)
            guard job.revocation != .none, chain.count > 1 else { break }
            // A refused chain carries no statuses; what the evidence says of each certificate explains the refusal.
            verdict.statuses = zip(chain, chain.dropFirst()).map { certificate, issuer in
                (certificate, evidence.status(of: certificate, issuer: issuer, path: chain, at: moment))
            }
        }
        return verdict
    }

    /// The job's own anchors; without any, those of the deployment's profile with the deployment's intermediates.
    private func anchors(
        _ job: VerifyJob, _ notes: inout [String]
    ) throws(JobRefusal) -> (anchors: [TrustAnchor], intermediates: [Certificate]) {
        guard job.anchors.isEmpty else {
            return (Self.certificates(job.anchors, "anchor", &notes).map { TrustAnchor(certificate: $0, isSimulated: false) }, [])
        }
        guard let named = (job.profile ?? standard).flatMap({ profiles[$0] }), !named.store.anchors.isEmpty else {
            throw JobRefusal("job.field.missing", "no anchor: give `anchors`, or a profile of --deployment that has some")
        }
        return (named.store.anchors, profiles.intermediates)
    }

    private func profile(of job: VerifyJob) throws(JobRefusal) -> PathProfile {
        let base: PathProfile
        switch job.profile ?? standard ?? "rfc5280" {
        case "rfc5280": base = .rfc5280
        case "strict": base = PathProfile(name: "strict", issuers: .all)
        case "login" where profiles["login"] == nil: base = .login(policies: job.policies ?? [])
        case let name:
            guard let named = profiles[name] else {
                throw JobRefusal(
                    "job.profile",
                    "there is no profile `\(name)`; " + (["rfc5280", "strict"] + profiles.names).joined(separator: ", ") + " are known")
            }
            base = named.rules
        }
        var policies = base.policies
        if let acceptable = job.policies { policies.acceptable = Set(acceptable) }
        policies.requireExplicit = job.requireExplicit ?? policies.requireExplicit
        policies.inhibitMapping = job.inhibitMapping ?? policies.inhibitMapping
        policies.inhibitAnyPolicy = job.inhibitAnyPolicy ?? policies.inhibitAnyPolicy
        var names: NameRule?
        if !job.names.isEmpty { names = NameRule(anyOf: try job.names.map { name throws(JobRefusal) in try name.general }) }
        return PathProfile(
            name: base.name, policies: policies, mappingDepth: job.mappingDepth ?? base.mappingDepth,
            longestPath: job.longestPath ?? base.longestPath, algorithms: try job.algorithms.narrowing(base.algorithms),
            algorithmsByAuthority: base.algorithmsByAuthority, keyUsage: base.keyUsage.union(job.keyUsage),
            purposes: job.purposes.isEmpty ? base.purposes : job.purposes, names: names ?? base.names,
            anchors: job.anchorRules ?? base.anchors, issuers: job.issuerRules ?? base.issuers)
    }

    private static func budget(_ job: VerifyJob) -> PathBudget {
        var budget = PathBudget.standard
        for (name, limit) in job.budget {
            switch name {
            case "signatures": budget.signatures = limit
            case "candidates": budget.candidates = limit
            case "policy_nodes": budget.policyNodes = limit
            case "name_comparisons": budget.nameComparisons = limit
            case "statuses": budget.statuses = limit
            default: break
            }
        }
        return budget
    }

    private static func certificates(_ items: [[UInt8]], _ what: String, _ notes: inout [String]) -> [Certificate] {
        var found: [Certificate] = []
        for (index, der) in items.enumerated() {
            do { found.append(try Certificate(der: der)) } catch {
                if notes.count < 32 { notes.append("\(what) \(index + 1) cannot be read: \(error)") }
            }
        }
        return found
    }

    private func evidence(
        _ job: VerifyJob, _ profile: PathProfile, _ candidates: [Certificate], _ store: TrustStore, _ notes: inout [String]
    ) -> RevocationEvidence {
        var lists: [UnverifiedRevocationList] = []
        for (index, der) in job.lists.enumerated() {
            do { lists.append(try UnverifiedRevocationList(der: der, atMost: 256 << 20)) } catch {
                if notes.count < 32 { notes.append("list \(index + 1) cannot be read: \(error)") }
            }
        }
        var answers: [UnverifiedOCSPResponse] = []
        for (index, der) in job.answers.enumerated() {
            do { answers.append(try UnverifiedOCSPResponse(der: der)) } catch {
                if notes.count < 32 { notes.append("answer \(index + 1) cannot be read: \(error)") }
            }
        }
        let skew = job.skew ?? UnverifiedRevocationList.skew
        let rules = EvidenceRules(
            maximumListAge: job.maximumAge, skew: skew,
            answers: OCSPRules(maximumAge: job.maximumAge ?? EvidenceRules().answers.maximumAge, skew: skew),
            algorithms: profile.algorithms, algorithmsByAuthority: profile.algorithmsByAuthority, longestPath: profile.longestPath)
        return RevocationEvidence(lists: lists, answers: answers, certificates: candidates, store: store, rules: rules)
    }
}
