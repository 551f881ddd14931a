import TrustFramework
import Vocabulary

extension Obligations {
    /// `obligations:` of a rule or of a case.
    static func read(_ section: Section) -> Obligations {
        var found = Obligations()
        if let again = section.section("authenticate-again") {
            let mode = again.choice("mode", CardMode.self, required: true)
            if again.value("within", required: true) != nil, let within = again.duration("within", in: 10...86_400), let mode {
                found.authenticateAgain = AuthenticateAgain(mode: mode, within: within)
            }
            again.finish()
        }
        found.refreshStatus = section.duration("refresh-status", in: 60...7 * 86_400)
        found.consent = section.choices("consent", AttributeSource.self) ?? []
        found.optOut = section.choices("opt-out", AttributeSource.self) ?? []
        for source in found.optOut.subtracting(found.consent).sorted(by: { $0.rawValue < $1.rawValue }) {
            section.report(
                "rules.opt-out", at: section.line(of: "opt-out"), "the citizen is not asked for `\(source.rawValue)`",
                "name it under `consent` too")
        }
        if let derive = section.section("derive") { found.derived = forms(derive) }
        if let session = section.section("session") { found.session = limit(session) }
        found.namesMandate = section.flag("name-mandate", default: false)
        found.writesLedger = section.flag("ledger", default: false)
        section.finish()
        return found
    }

    private static func forms(_ section: Section) -> [AttributeSource: AttributeSource] {
        var forms: [AttributeSource: AttributeSource] = [:]
        for pair in section.entries() {
            guard let source = AttributeSource(rawValue: pair.key) else {
                let known = Set(AttributeSource.allCases.compactMap(\.derivedFrom)).map(\.rawValue).sorted()
                section.report(
                    "rules.derive", at: pair.line, "`" + Explanation.redacted(pair.key) + "` is no attribute",
                    Suggestion.nearest(to: pair.key, among: known).map { "did you mean `\($0)`?" }
                        ?? "choose among " + known.joined(separator: ", "))
                continue
            }
            guard let form = section.choice(pair.key, AttributeSource.self) else { continue }
            guard form.derivedFrom == source else {
                let known = AttributeSource.allCases.filter { $0.derivedFrom == source }.map(\.rawValue)
                section.report(
                    "rules.derive", at: pair.line, "`\(form.rawValue)` is not made from `\(source.rawValue)`",
                    known.isEmpty ? "nothing is; remove the line" : "choose among " + known.joined(separator: ", "))
                continue
            }
            forms[source] = form
        }
        return forms
    }

    private static func limit(_ section: Section) -> SessionLimit {
        let island = section.text("island", limit: 64)
        let lifetime = section.duration("lifetime", in: 60...30 * 86_400)
        let once = section.flag("once", default: false)
        section.finish()
        if let island, Purpose(island) == nil {
            section.report(
                "rules.island", at: section.line(of: "island"), "`" + Explanation.redacted(island) + "` is no name of an island",
                "use lower-case letters, digits and hyphens")
        }
        if island == nil, lifetime == nil, !once, section.keys.isEmpty {
            section.report("rules.session", at: nil, "`session` limits nothing", "say `island`, `lifetime` or `once`, or remove it")
        }
        return SessionLimit(island: island, lifetime: lifetime, once: once)
    }
}
