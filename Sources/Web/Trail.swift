import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What the trail keeps of a decision, so that it can be asked for once more under the version of its day (`sekisho policy explain`).
extension Platform {
    /// The fact `decision` of a record about `moment` on something that was issued or refused by policy; the version that waits beside hears
    /// of it too. `facts`: what the record says already.
    func traced(
        _ decision: Decision, of question: Question, beside facts: [(name: String, value: JSON)] = [], at moment: Timestamp? = nil
    ) -> (name: String, value: JSON) {
        observe(decision, question)
        return Self.trace(decision, of: question, beside: facts, at: moment)
    }

    static func trace(
        _ decision: Decision, of question: Question, beside facts: [(name: String, value: JSON)], at moment: Timestamp?
    ) -> (name: String, value: JSON) {
        ("decision", DecisionTrace(decision, of: question).json(beside: facts, at: moment))
    }

    /// What policy said while tokens were made or refused; empty where it was not asked. A refusal is recorded with the version, which
    /// answers of other kinds have anyhow.
    func traced(
        _ answer: PolicyAnswer?, beside facts: [(name: String, value: JSON)], at moment: Timestamp
    ) -> [(name: String, value: JSON)] {
        guard let answer else { return [] }
        let trace = traced(answer.decision, of: answer.question, beside: facts, at: moment)
        let version: (name: String, value: JSON) = ("policy-version", .string(answer.decision.policyVersion))
        return facts.contains { $0.name == version.name } ? [trace] : [version, trace]
    }

    /// For a refusal that policy made, whoever was here: the question without a login, which is what was refused. Empty for a refusal of
    /// another kind, such as a citizen's own no.
    func traced(
        _ refusal: SignOnRefusal, of ask: Ask, _ settings: Configuration, beside facts: [(name: String, value: JSON)], at now: Timestamp
    ) -> [(name: String, value: JSON)] {
        switch refusal {
        case .denied, .passive, .passiveLogin: break
        default: return []
        }
        guard let member = settings.federation.member(ask.member) else { return [] }
        let question = Question(
            member: member, purpose: ask.purpose ?? member.defaultPurpose, facts: nil, requirement: ask.requirement, now: now,
            request: ask.request, circumstances: settings.circumstances)
        return [traced(settings.policy.decide(question), of: question, beside: facts, at: now)]
    }

    /// What an answer is found by in the trail: the first half of the SHA-256 of a code or token, never the thing itself.
    static func answered(by digest: [UInt8]) -> (name: String, value: JSON) {
        ("answer", .string(Hexadecimal.encode(Array(digest.prefix(16)))))
    }
}

extension Tongue {
    /// The ID of the request, as the member made it; none where it made none.
    var reference: [(name: String, value: JSON)] {
        guard case .saml(let request) = self else { return [] }
        return [("request", .string(request.id))]
    }
}
