package import TrustFramework
package import Vocabulary

/// Proof that every obligation of one decision is met: without it there is no `Permit`, without a `Permit` no `Grant`, and a protocol room
/// answers with a `Grant` only.
package struct ObligationsMet: Sendable {
    package let obligations: Obligations
    /// The citizen's yes, where the obligations ask for one.
    package let consent: Consent?
    /// What may be told, derived forms in place of their originals, without what the citizen left out.
    package let attributes: [ReleasedAttribute]

    fileprivate init(obligations: Obligations, consent: Consent?, attributes: [ReleasedAttribute]) {
        self.obligations = obligations
        self.consent = consent
        self.attributes = attributes
    }
}

/// What is missing before an answer, the first in the order in which it is made good: a citizen is asked for a yes last, when nothing else
/// can fail.
enum Unmet: Sendable {
    case mandate(MandateFault)
    case authenticateAgain(AuthenticateAgain)
    case status(maximumAge: Int64)
    case signature(Set<AttributeSource>)
    /// Nobody has looked which of the member's customers the citizen is.
    case customers
    case consent(ConsentNeed)
}

/// A decision on one login of a session, beside what it is carried out with.
struct Carrying: Sendable {
    let ask: Ask
    let question: Question
    let decision: Decision
    let context: AssuranceContext
    let release: Set<AttributeSource>
    let facts: AssuranceFacts
    let subject: SubjectID
    let given: Given
    let policy: Policy

    private var obligations: Obligations { decision.obligations }

    /// The proof, or the first obligation that is not met. `usable`: every login of the session that serves this member.
    func carriedOut(beside usable: [AssuranceFacts]) -> Result<ObligationsMet, UnmetObligation> {
        let told = ask.wish.told(of: release, derived: obligations.derived)
        if told.isPlain, obligations.isPlain {
            return .success(
                ObligationsMet(
                    obligations: obligations, consent: nil,
                    attributes: ReleasedAttribute.told(told.sources, from: facts, in: context, record: nil, at: question.now)))
        }
        return carriedOut(telling: told, beside: usable)
    }

    private func carriedOut(telling told: Told, beside usable: [AssuranceFacts]) -> Result<ObligationsMet, UnmetObligation> {
        if obligations.namesMandate, let fault = MandateFault(question.request) { return .failure(.init(.mandate(fault))) }
        if let again = obligations.authenticateAgain, !usable.contains(where: { again.isMet(by: $0, at: question.now) }) {
            return .failure(.init(.authenticateAgain(again)))
        }
        if let age = obligations.refreshStatus, !facts.hasStatus(notOlderThan: age, at: question.now) {
            return .failure(.init(.status(maximumAge: age)))
        }
        let shown = told.personal.filter(\.takesRecord)
        if !shown.isEmpty, given.record.map({ !$0.isAlive(at: question.now) }) ?? true { return .failure(.init(.signature(shown))) }
        if told.sources.contains(.customerID), given.customers == nil { return .failure(.init(.customers)) }
        let released = ReleasedAttribute.told(
            told.sources, from: facts, in: context, record: given.record, customers: (given.customers ?? []).map(\.text), at: question.now)
        guard let need = consentNeed(for: released, told) else {
            return .success(ObligationsMet(obligations: obligations, consent: nil, attributes: released))
        }
        guard let consent = given.consent, consent.covers(need) else { return .failure(.init(.consent(need))) }
        let left = consent.declined.union(consent.declined.compactMap(\.companion))
        return .success(
            ObligationsMet(
                obligations: obligations, consent: consent, attributes: released.filter { !left.contains($0.source) }))
    }

    /// Nil when nothing that would be told needs a yes.
    private func consentNeed(for released: [ReleasedAttribute], _ told: Told) -> ConsentNeed? {
        guard !obligations.consent.isEmpty else { return nil }
        let sources = Set(released.map(\.source))
        let asks = sources.filter { obligations.consent.contains($0) || told.originals[$0].map(obligations.consent.contains) ?? false }
        guard !asks.isEmpty else { return nil }
        let optional = asks.filter { obligations.optOut.contains($0) || told.originals[$0].map(obligations.optOut.contains) ?? false }
        let determining = policy.determining(decision)
        return ConsentNeed(
            subject: subject, member: question.member, purpose: question.purpose, released: released, asks: asks, optional: optional,
            derived: told.originals, says: policy.says(decision),
            bases: decision.bases, meaning: ConsentMeaning.digest(of: determining, for: question.purpose),
            policyVersion: decision.policyVersion)
    }
}

/// `Unmet` on its way out of a `Result`.
struct UnmetObligation: Error {
    let unmet: Unmet

    init(_ unmet: Unmet) { self.unmet = unmet }
}

extension Obligations {
    /// Nothing has to be done or looked up before the answer.
    fileprivate var isPlain: Bool {
        !namesMandate && authenticateAgain == nil && refreshStatus == nil && consent.isEmpty
    }
}

extension AssuranceFacts {
    /// Whether the certificate's status was asked on line, and speaks of a moment at most so many seconds ago.
    package func hasStatus(notOlderThan age: Int64, at now: Timestamp) -> Bool {
        statusSource == .ocsp && now.seconds(since: statusAt) <= age
    }
}
