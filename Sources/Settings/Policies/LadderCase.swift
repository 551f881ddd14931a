import TrustFramework
import Vocabulary

/// One of the `cases` of a ladder: what a login reaches, or which contexts satisfy what a member asks for.
struct LadderCase {
    enum Claim {
        /// Nil: the login reaches nothing.
        case reaches(AssuranceFacts, String?)
        case satisfied(ContextRequirement, [String])
    }

    /// The moment at which the cases' logins are looked at; they are older by their `login-age`.
    static let now = Timestamp(milliseconds: 0)

    let says: String
    let claim: Claim
    let ladder: AssuranceLadder
    let file: String
    let line: Int

    init?(_ section: Section, in ladder: AssuranceLadder) {
        let says = section.text("says", required: true)
        let claim = section.has("asks") ? Self.satisfied(section, ladder) : Self.reaches(section, ladder)
        section.finish()
        guard let says, let claim else { return nil }
        self.says = says
        self.claim = claim
        self.ladder = ladder
        file = section.file
        line = section.line
    }

    func run(_ findings: Findings) {
        let (came, due): (String, String) =
            switch claim {
            case .reaches(let facts, let name): (ladder.reached(by: facts, at: Self.now)?.name ?? "none", name ?? "none")
            case .satisfied(let requirement, let names): (Self.list(ladder.satisfying(requirement).map(\.name)), Self.list(names))
            }
        guard came != due else { return }
        findings.report(
            Problem(
                file: file, line: line, code: "ladder.case",
                message: "the case “\(Explanation.redacted(says))” comes to \(came)\(why(due))",
                remedy: "it expects \(due): change the contexts or the case"))
    }

    private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

    /// Which floor of the expected context the login misses.
    private func why(_ due: String) -> String {
        guard case .reaches(let facts, _) = claim, let floor = ladder[due]?.missed(by: facts, at: Self.now) else { return "" }
        return "; `\(due)` is missed by \(floor.rawValue)"
    }

    private static func reaches(_ section: Section, _ ladder: AssuranceLadder) -> Claim? {
        let mode = section.choice("login", CardMode.self, required: true)
        let carrier = section.choice("carrier", Carrier.self) ?? .card
        let door = section.choice("door", Door.self) ?? .challenge
        let isStated = section.flag("stated", default: door == .challenge)
        let source = section.choice("status-source", StatusSource.self) ?? .crl
        let statusAge = section.duration("status-age", in: 1...400 * 86_400) ?? 0
        let loginAge = section.duration("login-age", in: 1...400 * 86_400) ?? 0
        let terminal = terminal(section, ladder)
        let upstream = section.text("upstream").flatMap { MemberID($0) }
        if let upstream, !ladder.upstreams.contains(upstream) {
            section.report(
                "ladder.upstream", at: section.line(of: "upstream"), "the ladder has no ceiling for this upstream", "add it to `upstreams`")
        }
        let name = section.text("reaches", required: true, limit: 64)
        if let name, name != "none", ladder[name] == nil {
            LadderFile.refuseUnknown(name, at: section.line(of: "reaches"), in: section, among: ladder.contexts.map(\.name))
            return nil
        }
        guard let mode, let name else { return nil }
        let at = now.adding(seconds: -loginAge)
        let facts = AssuranceFacts(
            mode: mode, modeIsStated: isStated, carrier: carrier, door: door, statusSource: source,
            statusAt: at.adding(seconds: -statusAge), authenticatedAt: at, terminalClass: terminal, upstream: upstream)
        return .reaches(facts, name == "none" ? nil : name)
    }

    private static func terminal(_ section: Section, _ ladder: AssuranceLadder) -> String? {
        guard let name = section.text("terminal", limit: 64), name != "none" else { return nil }
        let known = ladder.terminalClasses + [AssuranceLadder.unclassified]
        if !known.contains(name) {
            section.report(
                "ladder.terminal.unknown", at: section.line(of: "terminal"),
                "the ladder has no class of terminals `" + Explanation.redacted(name) + "`",
                Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" } ?? "add it to `terminals`")
        }
        return name
    }

    /// `asks: {minimum: [aal2]}`.
    private static func satisfied(_ section: Section, _ ladder: AssuranceLadder) -> Claim? {
        let names = section.texts("satisfied-by", required: true, limit: 64)
        guard let asks = section.section("asks") else { return nil }
        let asked = Comparison.allCases.compactMap { how in asks.texts(how.rawValue).map { (how, $0.map(\.text)) } }
        asks.finish()
        for (name, line) in names ?? [] where name != "none" && ladder[name] == nil {
            LadderFile.refuseUnknown(name, at: line, in: section, among: ladder.contexts.map(\.name))
        }
        guard let (how, values) = asked.first, asked.count == 1 else {
            section.report(
                "ladder.asks", at: section.line(of: "asks"), "a case asks by one comparison",
                "write one of " + Comparison.allCases.map(\.rawValue).joined(separator: ", "))
            return nil
        }
        guard let names else { return nil }
        return .satisfied(
            ContextRequirement(values: values, comparison: how, essential: true), names.map(\.text).filter { $0 != "none" })
    }
}
