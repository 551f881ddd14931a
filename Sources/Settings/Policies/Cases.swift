import TrustFramework
import Vocabulary

/// What the rules must come to, `cases:` of a file of rules or a row of a table. A rule and its cases stand beside each other, so that a
/// change of the one that breaks the other is seen before it decides about a citizen.
struct Case {
    enum Expectation: String, CaseIterable {
        case permit, authenticate, deny
    }

    static let obligationsKey = "obligations"
    /// Keys with several values.
    static let listKeys: Set<String> = ["release", "rules", Fact.asksFor.rawValue, Fact.permission.rawValue]

    let says: String
    let facts: CaseFacts
    let expectation: Expectation
    /// For a permit the context asserted; for `authenticate` the lowest that would do.
    let context: String?
    /// Exactly what is told; nil where the case does not say.
    let release: Set<AttributeSource>?
    let obligations: Obligations?
    /// Exactly the rules that decide.
    let rules: Set<String>?
    let file: String
    let line: Int

    init?(_ section: Section) {
        let says = section.text("says", required: true)
        let facts = CaseFacts(section)
        let expectation = section.choice("expect", Expectation.self, required: true)
        let context = section.text("context", limit: 64)
        let release = section.choices("release", AttributeSource.self)
        let obligations = section.section(Self.obligationsKey).map(Obligations.read)
        let rules = section.texts("rules", limit: 128).map { Set($0.map(\.text)) }
        section.finish()
        guard let says, let facts, let expectation else { return nil }
        if expectation != .permit {
            for key in ["release", Self.obligationsKey] where section.has(key) {
                section.report(
                    "policy.case.expect", at: section.line(of: key), "nothing is told under `expect: \(expectation.rawValue)`",
                    "remove `\(key)`, or expect a permit")
            }
        }
        self.says = says
        self.facts = facts
        self.expectation = expectation
        self.context = context
        self.release = release
        self.obligations = obligations
        self.rules = rules
        file = section.file
        line = section.line
    }

    /// Decides the case; reports when it comes out otherwise, or when it does not say enough to come out at all.
    @discardableResult func run(under policy: Policy, _ findings: Findings) -> CaseResult? {
        guard let question = facts.question(under: policy.ladder, self, findings) else { return nil }
        let decision = policy.decide(question)
        let result = CaseResult(self, decision)
        let silent = facts.silent(of: decision.mattered.map(\.fact))
        if !silent.isEmpty {
            report(
                findings, "policy.case.silent",
                "the case “\(Explanation.redacted(says))” turns on " + silent.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                    + ", of which it says nothing", "say it in the case, so that it comes to the same on every day")
        }
        guard let fault = result.fault else { return result }
        report(
            findings, "policy.case", "the case “\(Explanation.redacted(says))” comes to \(fault.came)",
            "it expects \(fault.expected): change the rules or the case")
        return result
    }

    func report(_ findings: Findings, _ code: String, _ message: String, _ remedy: String) {
        findings.report(Problem(file: file, line: line, code: code, message: message, remedy: remedy))
    }
}
