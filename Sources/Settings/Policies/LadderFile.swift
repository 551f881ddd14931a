import TrustFramework
import Vocabulary

/// `Policies/ladder.yaml`: all assurance contexts from the lowest to the highest.
enum LadderFile {
    static let name = "Policies/ladder.yaml"
    static let mostContexts = 32

    static func read(_ text: String, file: String = name, to findings: Findings) -> AssuranceLadder? {
        guard let whole = Section(reading: text, file: file, to: findings) else { return nil }
        let sections = whole.sections("contexts", required: true)
        whole.finish()
        if sections.count > mostContexts {
            whole.report("ladder.size", at: nil, "the ladder has more than \(mostContexts) contexts", "merge some")
            return nil
        }
        var taken = Taken()
        let contexts = sections.compactMap { context($0, &taken) }
        guard !contexts.isEmpty, contexts.count == sections.count else {
            if sections.isEmpty, whole.has("contexts") {
                whole.report("ladder.empty", at: whole.line(of: "contexts"), "the ladder has no context", "list at least one")
            }
            return nil
        }
        return AssuranceLadder(contexts)
    }

    private static func context(_ section: Section, _ taken: inout Taken) -> AssuranceContext? {
        let name = word(section, "name")
        if let name, !taken.names.insert(name).inserted {
            section.report("ladder.ambiguous", at: section.line(of: "name"), "two contexts are called `\(name)`", "rename one of them")
        }
        let classes = values(section, "saml-classes", &taken)
        let acr = values(section, "acr", &taken)
        let amr = section.texts("amr", required: true, limit: 64)?.map(\.text)
        let proofing = section.integer("proofing-level", in: 0...3, required: true)
        let level = section.integer("authentication-level", in: 0...3, required: true)
        let modes = section.choices("modes", CardMode.self, required: true)
        let carriers = section.choices("carriers", Carrier.self, required: true)
        let needsStatement = section.flag("needs-statement", default: false)
        section.finish()
        if let modes, modes.contains(.face), !needsStatement {
            section.report(
                "ladder.face", at: section.line(of: "modes"), "a context of mode face does not ask for a statement",
                "set `needs-statement: true`: only an attended terminal can say that a face was compared")
        }
        guard let name, let classes, let acr, let amr, let proofing, let level, let modes, let carriers else { return nil }
        guard !modes.isEmpty, !carriers.isEmpty, !classes.isEmpty, !acr.isEmpty, !amr.isEmpty else {
            section.report("ladder.context", at: nil, "the context `" + name + "` can never be reached or told", "give each list an entry")
            return nil
        }
        return AssuranceContext(
            name: name, samlClasses: classes, acrValues: acr, amr: amr, proofingLevel: proofing, authenticationLevel: level, modes: modes,
            carriers: carriers, needsStatement: needsStatement)
    }

    private static func word(_ section: Section, _ key: String) -> String? {
        guard let text = section.text(key, required: true, limit: 64) else { return nil }
        guard Purpose(text) != nil else {
            section.report(
                "ladder.name", at: section.line(of: key), "`" + Explanation.redacted(text) + "` is no name",
                "use lower-case letters, digits and hyphens")
            return nil
        }
        return text
    }

    /// A value that two contexts share would mean the lower one to whoever asks for it.
    private static func values(_ section: Section, _ key: String, _ taken: inout Taken) -> [String]? {
        guard let texts = section.texts(key, required: true) else { return nil }
        for (text, line) in texts {
            if text.contains(where: \.isWhitespace) {
                section.report(
                    "ladder.value", at: line, "`" + Explanation.redacted(text) + "` has a space, which separates values in requests",
                    "use a word or a URN")
            }
            if let other = taken.values[text], other != section.path {
                section.report(
                    "ladder.ambiguous", at: line, "`" + Explanation.redacted(text) + "` stands for \(other) already",
                    "let one value name one context")
            }
            taken.values[text] = section.path
        }
        return texts.map(\.text)
    }

    /// What earlier contexts are called, and which values stand for which of them.
    private struct Taken {
        var names: Set<String> = []
        var values: [String: String] = [:]
    }
}
