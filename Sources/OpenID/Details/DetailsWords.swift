package import Vocabulary

/// Authorization details in words, for the page on which a citizen decides.
package struct DetailsWords: Hashable, Sendable {
    package let title: Wording
    package let lines: [Line]

    package struct Line: Hashable, Sendable {
        package let title: Wording
        /// One text for each value of a list. Where a value has words of its own they differ by language.
        package let values: [Wording]
    }
}

extension AuthorizationDetailsTypes {
    /// Every member of every object, in the order of its type: nothing that is granted goes untold. `owner` knows whose an address is; its
    /// name is told before the address.
    package func words(for details: JSON, owner: (String) -> Wording? = { _ in nil }) -> [DetailsWords] {
        (details.array ?? []).compactMap { item in
            guard let type = item["type"]?.string.flatMap({ self[$0] }) else { return nil }
            return DetailsWords(title: type.title, lines: type.fields.lines(of: item, owner))
        }
    }
}

extension [DetailsField] {
    fileprivate func lines(of object: JSON, _ owner: (String) -> Wording?) -> [DetailsWords.Line] {
        flatMap { field -> [DetailsWords.Line] in
            guard let value = object[field.name] else { return [] }
            if case .object(let fields) = field.kind {
                return fields.lines(of: value, owner).map { line in
                    DetailsWords.Line(
                        title: Wording(
                            japanese: field.title.japanese + "：" + line.title.japanese,
                            english: field.title.english + ": " + line.title.english),
                        values: line.values)
                }
            }
            return [DetailsWords.Line(title: field.title, values: field.kind.words(value, owner))]
        }
    }
}

extension DetailsField.Kind {
    fileprivate func words(_ value: JSON, _ owner: (String) -> Wording?) -> [Wording] {
        switch self {
        case .text(_, let choices):
            let text = value.string ?? ""
            return [choices.first { $0.value.hasSameBytes(as: text) }?.title ?? Wording(japanese: text, english: text)]
        case .flag: return [value.bool == true ? Wording(japanese: "はい", english: "yes") : Wording(japanese: "いいえ", english: "no")]
        case .list(.object(let fields), _):
            // A line for each field: what a client wrote into one must not read like the next.
            return (value.array ?? []).flatMap { item in
                fields.lines(of: item, owner).map { line in
                    Wording(
                        japanese: line.title.japanese + "：" + line.values.map(\.japanese).joined(separator: "、"),
                        english: line.title.english + ": " + line.values.map(\.english).joined(separator: ", "))
                }
            }
        case .list(let kind, _): return (value.array ?? []).flatMap { kind.words($0, owner) }
        case .address:
            let text = value.string ?? ""
            let name = owner(text)
            return [
                Wording(
                    japanese: name.map { $0.japanese + "（" + text + "）" } ?? text,
                    english: name.map { $0.english + " (" + text + ")" } ?? text)
            ]
        case .integer, .day, .object:
            let text = value.string ?? value.text
            return [Wording(japanese: text, english: text)]
        }
    }
}
