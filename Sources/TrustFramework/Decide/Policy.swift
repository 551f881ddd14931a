import Vocabulary

/// Every rule and the ladder, under one version. Made ready once, when it is read; deciding reads nothing but its question, and its cost is
/// bounded by the number of rules that could speak.
package struct Policy: Sendable {
    package let rules: [Rule]
    package let ladder: AssuranceLadder
    /// Digest of the policy's files; the same rules give the same version whatever their order.
    package let version: String
    /// What is the case in the deployment now: for whoever asks with this policy in its hands. No part of the version.
    package private(set) var circumstances = Circumstances()
    let index: RuleIndex

    /// Of the ladder the first 64 contexts count; rules of one id are one rule to whoever reads a decision.
    package init(rules: [Rule], ladder: AssuranceLadder, version: String) {
        self.rules = rules
        self.ladder = ladder
        self.version = version
        index = RuleIndex(rules, ladder)
    }

    /// The same rules in other circumstances; nothing is made ready again.
    package func under(_ circumstances: Circumstances) -> Policy {
        var policy = self
        policy.circumstances = circumstances
        return policy
    }

    /// What some permit releases or has told instead, with the marks that go beside it. Whether a login ever meets its condition is another
    /// matter.
    package var releasable: Set<AttributeSource> {
        var found: Set<AttributeSource> = []
        for rule in rules where rule.effect == .permit {
            found.formUnion(rule.release)
            found.formUnion(rule.obligations.derived.values)
        }
        return found.union(found.compactMap(\.companion))
    }

    /// Default deny; a forbid overrides; the order of rules never matters. Standing and accreditation come before any rule.
    package func decide(_ question: Question) -> Decision {
        guard question.standing == .inForce else { return decision(.deny(.standing(question.standing)), to: question) }
        let accreditation = question.member.accreditation
        guard accreditation.gap(for: question.purpose) == nil else { return decision(.deny(.purposeNotAccredited), to: question) }
        if case .attributes(let missing) = accreditation.gap(asking: question.request.asked) {
            return decision(.deny(.attributesNotAccredited(missing)), to: question)
        }
        let shelves = index.shelves(question)
        let reach = index.reach.reach(question)
        let spoken = (shelves.0?.facts ?? 0) | (shelves.1?.facts ?? 0) | (shelves.2?.facts ?? 0)
        var codes = FactCodes()
        codes.fill(spoken, question, reach, index.table, ladder)
        guard let facts = question.facts else { return search(Sweep(), question, shelves, reach, codes) }
        let here = index.sweep(shelves, codes, withEvidence: true)
        guard here.forbids.isEmpty, !here.permits.isEmpty, let rank = reach.rank, accreditation.gap(from: facts.mode) == nil else {
            return search(here, question, shelves, reach, codes)
        }
        var release: UInt64 = 0
        for hit in 0..<here.permits.count { release |= index.entries[Int(here.permits[hit])].release }
        return decision(
            .permit(context: ladder.contexts[rank], release: accreditation.covered(index.releases.set(of: release))), by: here.permits,
            erring: here.erring, to: question)
    }

    private func decision(
        _ outcome: Decision.Outcome, by rules: Hits = Hits(), erring: Hits = Hits(), needsSignature: Bool = false, to question: Question
    ) -> Decision {
        Decision(
            outcome: outcome, policyVersion: version, needsSignature: needsSignature, question: question, made: rules, unsure: erring,
            index: index)
    }
}

// MARK: Would another login do?

extension Policy {
    private typealias Shelves = (Shelf?, Shelf?, Shelf?)

    /// `here`: what the rules say of the login at hand.
    private func search(
        _ here: Sweep, _ question: Question, _ shelves: Shelves, _ reach: Reach, _ codes: borrowing FactCodes
    ) -> Decision {
        let rules = index.sweep(shelves, codes, withEvidence: false)
        if !rules.always.isEmpty { return decision(.deny(.forbidden), by: rules.always, erring: rules.erring, to: question) }
        guard !rules.permits.isEmpty else { return decision(.deny(.noPermit), erring: rules.erring, to: question) }
        let open = index.logins.open(reach.asked, question.facts)
        var good: [UInt64] = []
        var blocked: [UInt64] = []
        good.reserveCapacity(index.logins.width)
        for word in 0..<index.logins.width {
            let bits = open[word]
            let permitted = index.speak(rules.permits, codes, word, within: bits)
            let forbidden = permitted == 0 ? 0 : index.speak(rules.forbids, codes, word, within: permitted)
            good.append(permitted & ~forbidden)
            if forbidden != 0 || !blocked.isEmpty {
                while blocked.count < word { blocked.append(0) }
                blocked.append(forbidden)
            }
        }
        let barred = index.logins.bar(&good, question.member.accreditation)
        let contexts = index.logins.contexts(good)
        if contexts != 0 {
            return decision(
                .authenticate(acceptable: index.acceptable(contexts)), by: index.those(of: rules.permits, codes, meeting: good),
                erring: rules.erring, needsSignature: needsSignature(question, shelves, reach), to: question)
        }
        if let (denial, logins) = barred {
            return decision(
                .deny(denial), by: index.those(of: rules.permits, codes, meeting: logins), erring: rules.erring, to: question)
        }
        var refusing = index.those(of: rules.forbids, codes, meeting: blocked)
        if !here.permits.isEmpty { refusing.append(here.forbids) }
        if !refusing.isEmpty { return decision(.deny(.forbidden), by: refusing, erring: rules.erring, to: question) }
        return decision(.deny(.contextOutOfReach), by: rules.permits, erring: rules.erring, to: question)
    }

    /// The login at hand, beside a signature certificate.
    private func needsSignature(_ question: Question, _ shelves: Shelves, _ reach: Reach) -> Bool {
        let place = Fact.signatureCertificate.place
        guard let facts = question.facts, !facts.signatureCertificate, reach.rank != nil,
            question.member.accreditation.gap(from: facts.mode) == nil
        else { return false }
        let spoken = (shelves.0?.facts ?? 0) | (shelves.1?.facts ?? 0) | (shelves.2?.facts ?? 0)
        guard spoken & Fact.signatureCertificate.bit != 0 else { return false }
        var codes = FactCodes()
        codes.fill(spoken, question, reach, index.table, ladder)
        codes[place] = 1
        let presented = index.sweep(shelves, codes, withEvidence: true)
        return presented.forbids.isEmpty && !presented.permits.isEmpty
    }
}
