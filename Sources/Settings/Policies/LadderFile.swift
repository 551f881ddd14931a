import TrustFramework
import Vocabulary

/// `Policies/ladder.yaml`: all assurance contexts from the lowest to the highest, what is the most that terminals and upstreams can reach,
/// and cases that say what it must come to.
enum LadderFile {
    static let name = "Policies/ladder.yaml"
    static let mostContexts = 32
    /// Ceilings of each kind, and cases.
    static let mostEntries = 500

    static func read(_ text: String, file: String = name, to findings: Findings) -> AssuranceLadder? {
        guard let whole = Section(reading: text, file: file, to: findings) else { return nil }
        let sections = whole.sections("contexts", required: true)
        let terminals = whole.sections("terminals")
        let upstreams = whole.sections("upstreams")
        let cases = whole.sections("cases")
        whole.finish()
        if sections.count > mostContexts {
            whole.report("ladder.size", at: nil, "the ladder has more than \(mostContexts) contexts", "merge some")
            return nil
        }
        for (key, list) in [("terminals", terminals), ("upstreams", upstreams), ("cases", cases)] where list.count > mostEntries {
            whole.report(
                "ladder.size", at: whole.line(of: key), "`\(key)` has more than \(mostEntries) entries", "put terminals into classes")
            return nil
        }
        var reading = LadderContexts()
        let contexts = sections.compactMap { reading.context($0) }
        guard !contexts.isEmpty, contexts.count == sections.count else {
            if sections.isEmpty, whole.has("contexts") {
                whole.report("ladder.empty", at: whole.line(of: "contexts"), "the ladder has no context", "list at least one")
            }
            return nil
        }
        var ceilings = LadderCeilings(contexts: contexts.map(\.name))
        let limits = terminals.compactMap { ceilings.terminal($0) } + upstreams.compactMap { ceilings.upstream($0) }
        // A ceiling that cannot be read is no ceiling: better no ladder than one with a hole.
        guard limits.count == terminals.count + upstreams.count else { return nil }
        let ladder = AssuranceLadder(contexts, ceilings: limits)
        LadderOrder(ladder: ladder, lines: sections.map(\.line), file: file, findings: findings).look()
        for section in cases { LadderCase(section, in: ladder)?.run(findings) }
        return ladder
    }

    /// A word for a context or a class: what rules call it.
    static func word(_ section: Section, _ key: String) -> String? {
        guard let text = section.text(key, required: true, limit: 64) else { return nil }
        // `none` is what rules and cases write where there is no context and no terminal.
        guard Purpose(text) != nil, text != "none" else {
            section.report(
                "ladder.name", at: section.line(of: key), "`" + Explanation.redacted(text) + "` is no name",
                text == "none" ? "`none` means that there is none; choose another word" : "use lower-case letters, digits and hyphens")
            return nil
        }
        return text
    }

    /// Reports a name that the ladder does not have.
    static func refuseUnknown(_ name: String, at line: Int, in section: Section, among known: [String]) {
        let near = Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
        section.report(
            "ladder.context.unknown", at: line, "the ladder has no context `" + Explanation.redacted(name) + "`",
            near ?? "choose among " + known.joined(separator: ", "))
    }

    /// An upstream that nobody registered is a slip: its ceiling would wait for somebody else to come by that name.
    static func refuseUnknownUpstreams(_ ladder: AssuranceLadder, in folder: Folder, members: [Member]) {
        let known = members.filter { $0.kind == .identityProvider }.map(\.id)
        let strangers = Set(ladder.upstreams).subtracting(known)
        guard !strangers.isEmpty, let text = folder.text(name, limit: Folder.yaml, required: true) else { return }
        // Read once more for the lines; what else is wrong in the file was told at the first reading.
        guard let whole = Section(reading: text, file: name, to: Findings()) else { return }
        for section in whole.sections("upstreams") {
            guard let id = section.text("member").flatMap({ MemberID($0) }), strangers.contains(id) else { continue }
            let near = Suggestion.nearest(to: id.text, among: known.map(\.text).sorted())
            folder.findings.report(
                Problem(
                    file: name, line: section.line(of: "member"), code: "ladder.upstream.unknown",
                    message: "no member of kind identity-provider is registered as `\(id.text)`",
                    remedy: near.map { "did you mean `\($0)`?" } ?? "register it first, or remove its ceiling"))
        }
    }
}
