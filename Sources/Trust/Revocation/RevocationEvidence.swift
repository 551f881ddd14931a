package import Cryptography
package import Vocabulary

/// Lists, answers and certificates as they came with one question, believed by nobody: each is verified when a certificate needs it, under
/// a budget, and what was found is remembered. For `trust verify` and `trust explain`: one value for one verdict.
///
/// RFC 5280 §6.3 for lists of every kind, RFC 6960 for answers. A list may be signed by the authority of the path, by another key of the
/// same authority (key roll-over), or by a list issuer with a certificate of its own; such a signer needs a path to the same anchor, and
/// a status of its own, from this same evidence.
package struct RevocationEvidence: StatusEvidence {
    /// The most certificates whose status hangs on each other's: a signer's, its signer's, and so on.
    package static let deepest = 4

    private let lists: [UnverifiedRevocationList]
    private let answers: [UnverifiedOCSPResponse]
    /// By subject.
    private let signers: [DistinguishedName: [Certificate]]
    private let store: TrustStore
    private let rules: EvidenceRules
    private let memory: EvidenceMemory
    /// The signers whose own status is being asked.
    private let trail: [Certificate]

    /// `certificates` are candidates for list signers, in any order and with whatever else. Nothing is verified here.
    package init(
        lists: [UnverifiedRevocationList], answers: [UnverifiedOCSPResponse] = [], certificates: [Certificate] = [], store: TrustStore,
        rules: EvidenceRules = EvidenceRules(), budget: RevocationBudget = .standard
    ) {
        // The newest first: when the budget ends, it has gone to what is most likely to count.
        self.lists = lists.sorted { $0.head.thisUpdate > $1.head.thisUpdate }
        self.answers = answers
        signers = Dictionary(grouping: certificates, by: \.subject)
        self.store = store
        self.rules = rules
        memory = EvidenceMemory(budget)
        trail = []
    }

    private init(_ other: RevocationEvidence, asking signer: Certificate) {
        lists = other.lists
        answers = other.answers
        signers = other.signers
        store = other.store
        rules = other.rules
        memory = other.memory
        trail = other.trail + [signer]
    }

    package func status(of certificate: Certificate, issuer: Certificate, path: [Certificate], at now: Timestamp) -> CertificateStatus {
        let authorities = Self.authorities(above: certificate, issuer: issuer, in: path)
        let listed = listed(certificate, under: authorities, at: now)
        let answered = answered(certificate, issuer: issuer, under: authorities, at: now)
        return listed.combined(with: answered)
    }

    /// From the certificate's issuer to the anchor.
    private static func authorities(above certificate: Certificate, issuer: Certificate, in path: [Certificate]) -> [Certificate] {
        guard let position = path.firstIndex(of: issuer) else { return [issuer] }
        return Array(path[position...])
    }

    // MARK: Lists, RFC 5280 §6.3

    private func listed(_ certificate: Certificate, under authorities: [Certificate], at now: Timestamp) -> CertificateStatus {
        var judgement = ListJudgement(of: certificate, at: now, ages: .init(maximum: rules.maximumListAge, skew: rules.skew))
        for (position, list) in lists.enumerated() {
            do throws(RevocationRefusal) {
                guard position < memory.limits.lists else { throw .budget("lists") }
                try memory.spend(comparisons: list.head.comparisons(for: certificate))
                let reasons = try list.head.reasons(for: certificate)
                judgement.hear(try proven(position, for: certificate, under: authorities, at: now), for: reasons)
            } catch { judgement.passOver(list.head, error) }
        }
        return judgement.status()
    }

    /// §6.3.3 (f) and (g). First the authorities that are proven already, then whoever else bears the list issuer's name.
    private func proven(
        _ position: Int, for certificate: Certificate, under authorities: [Certificate], at now: Timestamp
    ) throws(RevocationRefusal) -> VerifiedRevocationList {
        let list = lists[position]
        var nearest = RevocationRefusal.issuer
        for (index, authority) in authorities.enumerated() where authority.subject == list.head.issuer {
            do {
                try refuseOther(position, authority)
                return try list.proven(path: Array(authorities[index...]))
            } catch { nearest = nearest.nearer(error) }
        }
        for signer in signers[list.head.issuer] ?? [] where !authorities.contains(signer) {
            do {
                try refuseOther(position, signer)
                // A list issuer's own path is the one in question when its own status is.
                let path = try signer == certificate ? [signer] + authorities : provenPath(of: signer, by: authorities, at: now)
                let proven = try list.proven(path: path)
                try proven.refuseOtherSigner(for: certificate, under: authorities)
                return proven
            } catch { nearest = nearest.nearer(error) }
        }
        throw nearest
    }

    private func refuseOther(_ position: Int, _ signer: Certificate) throws(RevocationRefusal) {
        try lists[position].refuseOther(signer)
        guard try memory.isSigned(lists[position], position, by: signer) else { throw .signature }
    }

    /// The path of a signer that does not stand in the certificate's own: to the same anchor, nobody in it revoked. Only authorities of
    /// the certificate's path and generations of the signer can stand in it (`AuthorityNames`), so nobody else is looked at.
    private func provenPath(
        of signer: Certificate, by authorities: [Certificate], at now: Timestamp
    ) throws(RevocationRefusal) -> [Certificate] {
        guard let anchor = authorities.last else { throw .issuer }
        guard signer != anchor else { return [anchor] }
        let question = EvidenceMemory.PathQuestion(signer: signer, authorities: authorities, now: now)
        if let known = memory.path(question) { return try known.get() }
        guard !trail.contains(signer) else { throw .circular }
        guard trail.count < Self.deepest else { throw .budget("depth") }
        try memory.spendPath()
        var names = authorities.map(\.subject)
        if !names.contains(signer.subject) { names.append(signer.subject) }
        let others = Set(authorities.dropLast() + names.flatMap { signers[$0] ?? [] }).subtracting([signer, anchor])
        let known = store.anchors(named: anchor.subject).first { $0.certificate == anchor }
        let only = TrustStore(anchors: [known ?? TrustAnchor(certificate: anchor, isSimulated: true)])
        let verdict = PathSearch(store: only, profile: rules.signers, budget: memory.limits.path).verdict(
            on: signer, with: Array(others), at: now,
            status: .evidence(RevocationEvidence(self, asking: signer), unknownRefuses: true))
        switch verdict {
        case .trusted(let chain):
            memory.keep(.success(chain.path), for: question)
            return chain.path
        case .refused(let why, _):
            // Below another question a refusal may come from the circle it would have closed, and says nothing for later.
            if trail.isEmpty { memory.keep(.failure(.signerPath(why)), for: question) }
            throw .signerPath(why)
        }
    }

    // MARK: Answers, RFC 6960

    private func answered(
        _ certificate: Certificate, issuer: Certificate, under authorities: [Certificate], at now: Timestamp
    ) -> CertificateStatus {
        var words: [CertificateStatus] = []
        var remarks: [StatusRemark] = []
        for (position, answer) in answers.enumerated() {
            do {
                try memory.spendSignature()
                let word = try answer.verified(about: certificate, issuer: issuer, at: now, under: rules.answers) { responder, issuer in
                    listed(responder, under: authorities, at: now).verdict
                }
                remarks.append(StatusRemark(.answer(position), .heard(word.verdict, .all)))
                words.append(word)
            } catch { remarks.append(StatusRemark(.answer(position), .refused(error))) }
        }
        let first = CertificateStatus.unknown(checkedAt: now, remarks: remarks)
        return words.reduce(first) { $0.combined(with: $1) }
    }
}
