import Credentials
import TrustFramework

/// How old a word about revocation the rules would take, beside what the doors let in at all. The doors come first: a rule that takes older
/// words promises what nobody gets. Worth a second look, and refuses nothing.
struct StatusAgeChecks {
    let placed: [RulesFile.Placed]
    let ages: StatusAges
    let findings: Findings

    func run() {
        for item in placed {
            look(item.rule.condition, item, at: Fact.maximumStatusAge.rawValue)
            for exception in item.rule.exceptions { look(exception, item, at: "unless") }
        }
    }

    private func look(_ condition: Condition, _ item: RulesFile.Placed, at key: String) {
        let door = door(condition)
        guard case .range(_, let most)? = condition[.maximumStatusAge], most > door.age else { return }
        let (taken, admitted) = (Self.words(most), Self.words(door.age))
        findings.notice(
            Problem(
                file: item.file, line: item.lines[key] ?? item.lines["is"] ?? item.line, code: "rules.status-age",
                message: "the rule `\(item.rule.id)` names a status of up to \(taken), and the doors refuse one of more than \(admitted)",
                remedy: "write \(admitted), or raise `card.revocation.\(door.key)` in sekisho.yaml, which loosens rules that name no age"))
    }

    /// A rule meets the doors' age for what it takes; the longer one where it takes both.
    private func door(_ condition: Condition) -> (key: String, age: Int64) {
        func takes(_ source: StatusSource) -> Bool { condition[.statusSource]?.contains(.word(source.rawValue)) ?? true }
        let isOnLine = takes(.ocsp) && (!takes(.crl) || ages.answer > ages.list)
        return isOnLine ? ("ocsp-maximum-age", ages.answer) : ("list-maximum-age", ages.list)
    }

    private static func words(_ seconds: Int64) -> String {
        for (unit, name) in [(3600, "h"), (60, "m")] as [(Int64, String)] where seconds % unit == 0 { return String(seconds / unit) + name }
        return String(seconds) + "s"
    }
}
