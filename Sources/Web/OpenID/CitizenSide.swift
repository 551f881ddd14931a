import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What tokens tell of the person is not in them: it is looked up here when it is told, beside the consent it is told under.
extension Platform {
    struct CitizenSide: Sendable {
        var word = CitizenWord.silent
        var consent: Consent?
    }

    /// Nothing is looked up where a token tells nothing of the person, nothing under a consent, and rests on no signature certificate.
    func citizenSide(
        _ claims: CitizenClaims?, of pairwise: PairwiseID, _ assurance: GrantedAssurance?, _ member: Member, _ settings: Configuration,
        at now: Timestamp
    ) async throws -> CitizenSide {
        guard let assurance, claims != nil || assurance.facts.signatureCertificate, let owner = try await stores.owner(of: pairwise) else {
            return CitizenSide()
        }
        let purpose = assurance.purpose
        let consent =
            claims?.consented.isEmpty ?? true ? nil : try await stores.consent(of: owner.subject, member: member.id, purpose: purpose)
        let record =
            assurance.facts.signatureCertificate || claims?.tellsOfRecord ?? false
            ? try await stores.record(of: owner.subject, for: purpose, member: member.id, at: now) : nil
        let customers = claims?.tellsCustomers ?? false ? try await stores.customers(of: owner.subject, member: member.id) : []
        return CitizenSide(
            word: CitizenWord(
                claims, record: record, customers: customers, consent: consent, facts: assurance.facts, under: settings.policy, at: now),
            consent: consent)
    }

    /// The ledger's entry for what a token answer tells once more; nil where none is due.
    func entry(
        for answer: TokenAnswer, of pairwise: PairwiseID, _ side: CitizenSide, at now: Timestamp
    ) async throws -> LedgerEntry? {
        guard let told = answer.ledger, let owner = try await stores.owner(of: pairwise) else { return nil }
        // One token, one entry: a client whose answer was lost and that asks again gets the same token.
        guard let reference = LedgerReference(digest: answer.accessToken.tokenDigest) else { throw StoreRefusal() }
        return told.entry(of: owner.subject, consentedAt: side.consent?.at, reference, at: now)
    }

    /// Userinfo tells what the login's own entry speaks of. That it was really fetched is an entry of its own, one for each token.
    func noteTold(_ verified: VerifiedUserInfoRequest, _ side: CitizenSide, _ member: Member, _ settings: Configuration, at now: Timestamp)
        async throws
    {
        let record = verified.record
        guard let claims = verified.told.citizen, claims.tellsOfPerson, !claims.userInfo.isEmpty, let assurance = record.assurance,
            let reference = LedgerReference(digest: Ticket.digest(of: "userinfo " + Base64url.encode(record.tokenDigest))),
            try await !stores.hasEntry(reference), let owner = try await stores.owner(of: record.pairwise)
        else { return }
        let question = assurance.question(by: member, on: .userInfo, under: settings.policy, showing: side.word.isShown, at: now)
        let decision = settings.policy.decide(question)
        let entry = LedgerEntry(
            reference: reference, subject: owner.subject, question: question, decision: decision, told: claims.userInfo.map(\.rawValue),
            consentedAt: side.consent?.at, at: now)
        let facts: [(name: String, value: JSON)] = [
            ("member", .string(member.id.text)), ("purpose", .string(assurance.purpose.text)),
            ("attributes", .array(entry.told.map { .string($0) })), ("policy-version", .string(decision.policyVersion)), entry.fact,
        ]
        // `sekisho policy explain` of the entry's reference asks again what was asked here.
        _ = try await stores.note(
            entry, recording: Record("userinfo.told", at: now, facts + [traced(decision, of: question, beside: facts, at: now)]))
    }
}
