import TrustFramework
import Vocabulary

/// A file of rules in `Policies/`: any `.yaml` but the ladder.
enum RulesFile {
    /// A rule, and where it stands: what it names is looked up when members and ladder are known.
    struct Placed {
        let rule: Rule
        let file: String
        let line: Int
        let lines: [String: Int]
    }

    static let mostRules = 2000

    static func read(_ text: String, file: String, to findings: Findings) -> (rules: [Placed], cases: [Case]) {
        guard let whole = Section(reading: text, file: file, to: findings) else { return ([], []) }
        let rules = whole.sections("rules", required: true)
        let cases = whole.sections("cases")
        whole.finish()
        guard rules.count <= mostRules, cases.count <= mostRules else {
            whole.report(
                "rules.size", at: nil, "the file has more than \(mostRules) rules or cases", "write rules for kinds, not for members")
            return ([], [])
        }
        return (rules.compactMap(rule), cases.compactMap { Case($0) })
    }

    private static func rule(_ section: Section) -> Placed? {
        let id = section.text("id", required: true, limit: 128)
        let effect = section.choice("effect", Rule.Effect.self, required: true)
        let kinds = section.choices("kind", MemberKind.self)
        let members = section.texts("member").map { texts in Set(texts.compactMap { member($0.text, $0.line, section) }) }
        let purposes = section.texts("purpose").map { texts in Set(texts.compactMap { purpose($0.text, $0.line, section) }) }
        let floor = section.text("floor", limit: 64)
        let age = section.duration("maximum-status-age", in: 60...30 * 86_400)
        let release = section.choices("release", AttributeSource.self)
        let basis = section.text("basis", required: true)
        section.finish()
        if effect == .forbid {
            for key in ["floor", "maximum-status-age", "release"] where section.has(key) {
                section.report(
                    "rules.forbid", at: section.line(of: key), "a forbid has no `" + key + "`: it holds whatever the login",
                    "remove the line, or write a permit")
            }
        }
        for (key, isEmpty) in [("kind", kinds?.isEmpty), ("member", members?.isEmpty), ("purpose", purposes?.isEmpty)]
        where section.has(key) && isEmpty == true {
            section.report(
                "rules.nothing", at: section.line(of: key), "`\(key)` names nothing, so the rule never holds", "name one, or remove the key"
            )
        }
        guard let id, let effect, let basis else { return nil }
        let rule = Rule(
            id: id, effect: effect, kinds: kinds, members: members, purposes: purposes, floor: floor, maximumStatusAge: age,
            release: release ?? [], basis: basis)
        let keys = ["id", "member", "floor"]
        return Placed(
            rule: rule, file: section.file, line: section.line,
            lines: Dictionary(uniqueKeysWithValues: keys.map { ($0, section.line(of: $0)) }))
    }

    private static func member(_ text: String, _ line: Int, _ section: Section) -> MemberID? {
        if let id = MemberID(text) { return id }
        section.report("rules.member", at: line, "`" + Explanation.redacted(text) + "` is no member's id", "copy it from the member's file")
        return nil
    }

    private static func purpose(_ text: String, _ line: Int, _ section: Section) -> Purpose? {
        Purpose(text) ?? PurposeWord.refuse(text, line, section)
    }
}

enum PurposeWord {
    static func refuse(_ text: String, _ line: Int, _ section: Section) -> Purpose? {
        section.report(
            "purpose.word", at: line, "`" + Explanation.redacted(text) + "` is no purpose",
            "use 1 to 64 lower-case letters, digits and hyphens")
        return nil
    }
}
