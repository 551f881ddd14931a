import TrustFramework
import Vocabulary

/// The `cases:` of a file of rules: what the rules must come to. A rule and its cases stand beside each other, so that a change of the
/// one that breaks the other is seen before it decides about a citizen.
struct Case {
    enum Login: String, CaseIterable {
        case none, pin, face, presence
        var mode: CardMode? { CardMode(rawValue: rawValue) }
    }

    enum Expectation: String, CaseIterable {
        case permit, authenticate, deny
    }

    let says: String
    let kind: MemberKind
    let member: MemberID?
    let purpose: Purpose
    let login: Login
    let carrier: Carrier
    let expectation: Expectation
    /// For a permit the context asserted; for `authenticate` the lowest that would do.
    let context: String?
    let file: String
    let line: Int

    init?(_ section: Section) {
        let says = section.text("says", required: true)
        let kind = section.choice("kind", MemberKind.self, required: true)
        let member = section.text("member").flatMap { MemberID($0) }
        let purpose = section.text("purpose", required: true, limit: 64).flatMap {
            Purpose($0) ?? PurposeWord.refuse($0, section.line(of: "purpose"), section)
        }
        let login = section.choice("login", Login.self, required: true)
        let carrier = section.choice("carrier", Carrier.self) ?? .card
        let expectation = section.choice("expect", Expectation.self, required: true)
        let context = section.text("context", limit: 64)
        section.finish()
        guard let says, let kind, let purpose, let login, let expectation else { return nil }
        self.says = says
        self.kind = kind
        self.member = member
        self.purpose = purpose
        self.login = login
        self.carrier = carrier
        self.expectation = expectation
        self.context = context
        file = section.file
        line = section.line
    }

    /// Decides the case for an accredited member; reports when it comes out otherwise.
    func run(under policy: Policy, _ findings: Findings) {
        let now = Timestamp(milliseconds: 0)
        guard let id = member ?? MemberID("urn:x-sekisho:case") else { return }
        let accreditation = Accreditation(state: .accredited, notBefore: now, notAfter: now, purposes: [purpose])
        let decision = policy.decide(
            Question(
                member: Member(id: id, kind: kind, displayName: [:], accreditation: accreditation, defaultPurpose: purpose),
                purpose: purpose,
                facts: login.mode.map {
                    AssuranceFacts(
                        mode: $0, modeIsStated: true, carrier: carrier, door: .challenge, statusSource: .crl, statusAt: now,
                        authenticatedAt: now)
                }, requirement: nil, now: now))
        let (came, reached): (Expectation, String?) =
            switch decision.outcome {
            case .permit(let context, _): (.permit, context.name)
            case .authenticate(let acceptable): (.authenticate, acceptable.first?.name)
            case .deny: (.deny, nil)
            }
        guard came != expectation || (context != nil && context != reached) else { return }
        let rules = decision.determining.isEmpty ? "no rule" : decision.determining.joined(separator: ", ")
        findings.report(
            Problem(
                file: file, line: line, code: "policy.case",
                message: "the case “\(Explanation.redacted(says))” comes to \(came.rawValue)\(reached.map { " " + $0 } ?? "") by \(rules)",
                remedy: "it expects \(expectation.rawValue)\(context.map { " " + $0 } ?? ""): change the rules or the case"))
    }
}
