import Vocabulary

/// What a member's form says, set beside what the certificate says (R7: 本人確認). The member learns whether they agree, and no value.
package struct IdentityComparison: Hashable, Sendable {
    /// One word for one value.
    package enum Word: String, Sendable, Hashable, CaseIterable {
        case match
        case different
        /// A character that stands for another, an unknown part of a date, or another way of writing an address leaves it open: somebody has
        /// to look.
        case open
    }

    /// In the order of the question.
    package let words: [(source: AttributeSource, word: Word)]

    package static func == (left: IdentityComparison, right: IdentityComparison) -> Bool {
        left.words.map(\.source) == right.words.map(\.source) && left.words.map(\.word) == right.words.map(\.word)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.map(\.word)) }

    /// `form` holds texts as a person typed them: a name, a birth date as `YYYY-MM-DD`, `male` or `female`, an address. Bounded by the caller.
    /// `places`: the prefectures, each with those of its municipalities that are listed.
    package init(of form: [(AttributeSource, String)], with record: IdentityRecord, places: [String: [String]]) {
        let attributes = record.attributes
        words = form.compactMap { source, text in
            switch source {
            case .name: (source, Self.texts(text, attributes.name, attributes.nameSubstitutes))
            case .address: (source, Self.addresses(text, attributes, record.place, among: places))
            case .birthDate: (source, Self.dates(text, attributes.birth))
            case .sex: (source, attributes.sex == .notStated ? .open : attributes.sex.rawValue == text ? .match : .different)
            default: nil
            }
        }
    }

    /// Character by character, without spaces and in one width. A place that is marked agrees with any character, and then nobody knows.
    private static func texts(_ typed: String, _ certified: String, _ marks: [Bool]) -> Word {
        let typed = folded(typed.unicodeScalars)
        var (letters, open): ([Unicode.Scalar], [Bool]) = ([], [])
        for (scalar, mark) in zip(certified.unicodeScalars, marks) {
            guard let letter = folded(scalar) else { continue }
            letters.append(letter)
            open.append(mark)
        }
        guard typed.count == letters.count else { return .different }
        var isOpen = false
        for (index, letter) in typed.enumerated() where letter != letters[index] {
            guard open[index] else { return .different }
            isOpen = true
        }
        return isOpen ? .open : .match
    }

    /// One place is written in many ways (`一丁目２番３号`, `1-2-3`, without its prefecture, without its district): only another prefecture, or
    /// the same one with another municipality that is listed, is a difference for certain.
    private static func addresses(
        _ typed: String, _ attributes: BasicAttributes, _ place: AddressPlace, among places: [String: [String]]
    ) -> Word {
        let word = texts(typed, attributes.address, attributes.addressSubstitutes)
        guard word == .different else { return word }
        guard let prefecture = place.prefecture else { return .open }
        let written = folded(typed.unicodeScalars)[...]
        guard let behind = rest(of: written, after: prefecture) else {
            return places.keys.contains { rest(of: written, after: $0) != nil } ? .different : .open
        }
        guard let municipality = place.municipality, rest(of: behind, after: municipality) == nil else { return .open }
        return (places[prefecture] ?? []).contains { rest(of: behind, after: $0) != nil } ? .different : .open
    }

    /// What follows this name at the head of a text; nil where it does not stand there.
    private static func rest(of text: ArraySlice<Unicode.Scalar>, after name: String) -> ArraySlice<Unicode.Scalar>? {
        let name = folded(name.unicodeScalars)
        return text.starts(with: name) ? text.dropFirst(name.count) : nil
    }

    private static func dates(_ typed: String, _ birth: BirthDate) -> Word {
        let parts = typed.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard typed.utf8.count == 10, parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            BirthDate(year: year, month: month, day: day) != nil
        else { return .different }
        for (own, other) in [(birth.year, year), (birth.month, month), (birth.day, day)] {
            if let own, own != other { return .different }
        }
        return birth.isWhole ? .match : .open
    }

    private static func folded(_ scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] { scalars.compactMap { folded($0) } }

    /// Nil for a space. Wide letters and digits as narrow ones, capitals as small ones; nothing else: 髙 and 高 are two characters.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar == " " || scalar == "\u{3000}" { return nil }
        let narrow = (0xff01...0xff5e).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xfee0) ?? scalar : scalar
        return (0x41...0x5a).contains(narrow.value) ? Unicode.Scalar(narrow.value + 0x20) ?? narrow : narrow
    }
}
