import TrustFramework
import Vocabulary

/// Reads the `contexts` of a ladder; remembers what earlier ones are called, and which values stand for which of them.
struct LadderContexts {
    private var names: Set<String> = []
    private var meanings: [String: String] = [:]

    mutating func context(_ section: Section) -> AssuranceContext? {
        let name = LadderFile.word(section, "name")
        if let name, !names.insert(name).inserted {
            section.report("ladder.ambiguous", at: section.line(of: "name"), "two contexts are called `\(name)`", "rename one of them")
        }
        let classes = values(section, "saml-classes")
        let acr = values(section, "acr")
        let amr = section.texts("amr", required: true, limit: 64)?.map(\.text)
        let proofing = section.integer("proofing-level", in: 0...3, required: true)
        let level = section.integer("authentication-level", in: 0...3, required: true)
        let modes = section.choices("modes", CardMode.self, required: true)
        let carriers = section.choices("carriers", Carrier.self, required: true)
        let needsStatement = section.flag("needs-statement", default: false)
        let doors = section.choices("doors", Door.self) ?? Door.ownDevice
        let sources = section.choices("status-sources", StatusSource.self) ?? Set(StatusSource.allCases)
        let statusAge = section.duration("maximum-status-age", in: 60...30 * 86_400)
        let loginAge = section.duration("maximum-login-age", in: 60...30 * 86_400)
        let says = Self.says(section)
        section.finish()
        if let modes, modes.contains(.face), !needsStatement {
            section.report(
                "ladder.face", at: section.line(of: "modes"), "a context of mode face does not ask for a statement",
                "set `needs-statement: true`: only an attended terminal can say that a face was compared")
        }
        if needsStatement, doors == [.tls] {
            section.report(
                "ladder.context", at: section.line(of: "doors"),
                "no terminal states anything at the TLS door, so nothing reaches the context",
                "add the door `challenge`, or drop `needs-statement`")
        }
        guard let name, let classes, let acr, let amr, let proofing, let level, let modes, let carriers else { return nil }
        guard ![modes.isEmpty, carriers.isEmpty, classes.isEmpty, acr.isEmpty, amr.isEmpty, doors.isEmpty, sources.isEmpty].contains(true)
        else {
            section.report("ladder.context", at: nil, "the context `" + name + "` can never be reached or told", "give each list an entry")
            return nil
        }
        return AssuranceContext(
            name: name, samlClasses: classes, acrValues: acr, amr: amr, proofingLevel: proofing, authenticationLevel: level, modes: modes,
            carriers: carriers, needsStatement: needsStatement, doors: doors, statusSources: sources, maximumStatusAge: statusAge,
            maximumLoginAge: loginAge, says: says)
    }

    /// A value that two contexts share would mean the lower one to whoever asks for it.
    private mutating func values(_ section: Section, _ key: String) -> [String]? {
        guard let texts = section.texts(key, required: true) else { return nil }
        for (text, line) in texts {
            if text.contains(where: \.isWhitespace) {
                section.report(
                    "ladder.value", at: line, "`" + Explanation.redacted(text) + "` has a space, which separates values in requests",
                    "use a word or a URN")
            }
            if let other = meanings[text], other != section.path {
                section.report(
                    "ladder.ambiguous", at: line, "`" + Explanation.redacted(text) + "` stands for \(other) already",
                    "let one value name one context")
            }
            meanings[text] = section.path
        }
        return texts.map(\.text)
    }

    /// `says: {ja: …, en: …}`: a sentence for each language.
    private static func says(_ section: Section) -> [String: String] {
        guard let texts = section.section("says") else { return [:] }
        let pairs = ["ja", "en"].compactMap { language in texts.text(language).map { (language, $0) } }
        texts.finish()
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}
