import OpenID
import Vocabulary

/// `Metadata/authorization-details/*.yaml`: one type of authorization details (RFC 9396) each.
///
/// Kinds: `text` (with `choices:` one of them), `address`, `integer` (`least`, `most`), `flag`, `day`, `object` (`fields:`), and lists of the
/// first two and of objects: `text-list`, `address-list`, `object-list`.
struct DetailsTypeFile {
    static let folder = "Metadata/authorization-details"
    /// Fields within fields within fields are no longer read by a citizen.
    static let deepest = 3
    static let mostFields = 24

    enum Kind: String, CaseIterable {
        case text, address, integer, flag, day, object
        case texts = "text-list"
        case addresses = "address-list"
        case objects = "object-list"

        var isList: Bool { self == .texts || self == .addresses || self == .objects }
    }

    /// `known`: the members of this folder; nil when nobody knows, because some come from sources.
    let known: Set<MemberID>?
    let findings: Findings

    func read(_ text: String, file: String) -> AuthorizationDetailsType? {
        guard let section = Section(reading: text, file: file, to: findings) else { return nil }
        let name = name(section)
        let title = wording(section, "title")
        let members = members(section)
        let fields = section.section("fields", required: true).map { self.fields($0, depth: 1, besides: ["type"]) } ?? nil
        section.finish()
        guard let name, let title, let fields else { return nil }
        return AuthorizationDetailsType(name: name, title: title, members: members, fields: fields)
    }

    private func name(_ section: Section) -> String? {
        guard let text = section.text("type", required: true, limit: 128) else { return nil }
        // A type is a URI or a short word (RFC 9396 §2.1); no space, no quotation mark, so that it stands in lists and messages.
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) else {
            section.report("details.type", at: section.line(of: "type"), "this is no name of a type", "use printable ASCII without spaces")
            return nil
        }
        return text
    }

    private func members(_ section: Section) -> Set<MemberID>? {
        guard let texts = section.texts("members", limit: 1024) else { return nil }
        for (text, line) in texts where known.map({ known in !known.contains { $0.text == text } }) ?? false {
            section.report(
                "details.member", at: line, "no member is called `" + Explanation.redacted(text) + "`",
                "write the `id` of a member's file, or remove the line")
        }
        return Set(texts.compactMap { MemberID($0.text) })
    }

    private func wording(_ section: Section, _ key: String) -> Wording? {
        guard let words = section.section(key, required: true) else { return nil }
        let japanese = words.text("ja", required: true, limit: 200)
        let english = words.text("en", required: true, limit: 200)
        words.finish()
        guard let japanese, let english else { return nil }
        return Wording(japanese: japanese, english: english)
    }

    private func fields(_ section: Section, depth: Int, besides taken: Set<String>) -> [DetailsField]? {
        let entries = section.entries()
        guard (1...Self.mostFields).contains(entries.count) else {
            section.report(
                "details.fields", at: nil, "a type has 1 to \(Self.mostFields) fields", "list at least one; split a type that needs more")
            return nil
        }
        let found = entries.compactMap { entry -> DetailsField? in
            guard entry.key.utf8.allSatisfy({ $0.isBase64url }), (1...64).contains(entry.key.utf8.count), !taken.contains(entry.key) else {
                section.report(
                    "details.field", at: entry.line, "`" + Explanation.redacted(entry.key) + "` is no name of a field",
                    "use letters, digits, `_` and `-`; `type` is taken")
                return nil
            }
            let path = section.name(entry.key)
            return Section(entry.value, file: section.file, line: entry.line, path: path, findings: findings).flatMap {
                field($0, named: entry.key, depth: depth)
            }
        }
        return found.count == entries.count ? found : nil
    }

    private func field(_ section: Section, named name: String, depth: Int) -> DetailsField? {
        let title = wording(section, "title")
        let kind = section.choice("kind", Kind.self, required: true)
        let isRequired = section.flag("required", default: false)
        let narrowing = section.choice("narrowing", DetailsField.Narrowing.self) ?? .equal
        let built = kind.flatMap { self.kind($0, section, depth: depth) }
        section.finish()
        if narrowing == .atMost, let kind, kind != .integer {
            section.report(
                "details.narrowing", at: section.line(of: "narrowing"), "only an integer can be `at-most`",
                "remove the line; parts of a list are narrower anyway")
        }
        guard let title, let built else { return nil }
        return DetailsField(name: name, title: title, kind: built, isRequired: isRequired, narrowing: narrowing)
    }

    /// Reads what the kind may have beside it; a key of another kind is reported by `finish`.
    private func kind(_ kind: Kind, _ section: Section, depth: Int) -> DetailsField.Kind? {
        let single: DetailsField.Kind?
        switch kind {
        case .text, .texts:
            let longest = section.integer("longest", in: 1...2048, default: 256)
            single = choices(section).map { .text(longest: longest, choices: $0) }
        case .address, .addresses: single = .address
        case .integer: single = range(section).map { .integer($0) }
        case .flag: single = .flag
        case .day: single = .day
        case .object, .objects:
            guard depth < Self.deepest else {
                section.report("details.depth", at: nil, "fields are nested too deeply", "flatten the type")
                return nil
            }
            single = section.section("fields", required: true).flatMap { fields($0, depth: depth + 1, besides: []) }.map { .object($0) }
        }
        guard kind.isList else { return single }
        let most = section.integer("most", in: 1...64, default: 16)
        return single.map { .list($0, most: most) }
    }

    private func range(_ section: Section) -> ClosedRange<Int64>? {
        let least = section.integer("least", in: 0...1_000_000_000_000, default: 0)
        let most = section.integer("most", in: 0...1_000_000_000_000, default: 1_000_000_000_000)
        guard least <= most else {
            section.report("details.range", at: section.line(of: "least"), "`least` is more than `most`", "exchange them")
            return nil
        }
        return Int64(least)...Int64(most)
    }

    private func choices(_ section: Section) -> [DetailsField.Choice]? {
        guard section.has("choices") else { return [] }
        guard let list = section.section("choices") else { return nil }
        let entries = list.entries()
        let found = entries.compactMap { entry -> DetailsField.Choice? in
            guard let words = Section(entry.value, file: list.file, line: entry.line, path: list.name(entry.key), findings: findings)
            else { return nil }
            let japanese = words.text("ja", required: true, limit: 200)
            let english = words.text("en", required: true, limit: 200)
            words.finish()
            guard let japanese, let english else { return nil }
            return DetailsField.Choice(entry.key, Wording(japanese: japanese, english: english))
        }
        guard !entries.isEmpty else {
            list.report("details.choices", at: nil, "there is nothing to choose", "list the values with their words, or remove the key")
            return nil
        }
        return found.count == entries.count ? found : nil
    }
}
