package import Vocabulary

/// The `care:` part of sekisho.yaml: where a citizen who lost card or phone turns to, and how long his ledger is kept. Telephone numbers and
/// hours are facts of the day; none is built in.
package struct CarePart: Hashable, Sendable {
    /// Where certificates are suspended for the whole country.
    package struct Hotline: Hashable, Sendable {
        package let number: String
        /// From outside of Japan.
        package let abroad: String?
        /// By language tag (`ja`, `en`): who answers, and when.
        package let name: [String: String]
        package let hours: [String: String]
    }

    package let hotline: Hotline?
    /// By language tag: where the counter is that lifts a block, and what to bring.
    package let counter: [String: String]
    /// Days; what is older is deleted every night. Nil: until an officer deletes it (`sekisho ledger forget`).
    package let ledgerDays: Int?

    package init(hotline: Hotline? = nil, counter: [String: String] = [:], ledgerDays: Int? = nil) {
        self.hotline = hotline
        self.counter = counter
        self.ledgerDays = ledgerDays
    }

    /// Entries from before this moment go; nil where none goes by itself.
    package func ledgerStart(at now: Timestamp) -> Timestamp? { ledgerDays.map { now.adding(seconds: -Int64($0) * 86_400) } }

    static func read(_ section: Section?) -> CarePart {
        guard let section else { return CarePart() }
        let hotline = section.section("hotline").flatMap { Self.hotline($0) }
        let counter = texts(section.section("counter"))
        let days = section.has("ledger-days") ? section.integer("ledger-days", in: 1...36_500) : nil
        section.finish()
        return CarePart(hotline: hotline, counter: counter, ledgerDays: days)
    }

    private static func hotline(_ section: Section) -> Hotline? {
        let domestic = number(section, "number", required: true)
        let abroad = number(section, "abroad", required: false)
        let name = texts(section.section("name"))
        let hours = texts(section.section("hours"))
        section.finish()
        return domestic.map { Hotline(number: $0, abroad: abroad, name: name, hours: hours) }
    }

    /// It becomes the address of a link: digits, spaces, hyphens, one plus sign at the front.
    private static func number(_ section: Section, _ key: String, required: Bool) -> String? {
        guard let text = section.text(key, required: required, limit: 40) else { return nil }
        let body = text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard body.utf8.count >= 3, body.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x2d }) else {
            section.report(
                "care.number", at: section.line(of: key), "`" + Explanation.redacted(text) + "` is no telephone number",
                "write digits with hyphens in quotation marks, a plus sign first where it is called from abroad")
            return nil
        }
        return text
    }

    private static func texts(_ section: Section?) -> [String: String] {
        guard let section else { return [:] }
        var texts: [String: String] = [:]
        for language in ["ja", "en"] { texts[language] = section.text(language, limit: 400) }
        section.finish()
        return texts
    }
}
