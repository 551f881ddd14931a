import Vocabulary

/// The kinds of single values that keys have.
extension Section {
    /// A text of 1 to `limit` bytes without control characters.
    func text(_ key: String, required: Bool = false, limit: Int = 1024) -> String? {
        guard let item = value(key, required: required), let text = text(of: item, key) else { return nil }
        return checked(text, key, item.line, limit)
    }

    func texts(_ key: String, required: Bool = false, limit: Int = 1024) -> [(text: String, line: Int)]? {
        guard let items = items(key, required: required) else { return nil }
        var found: [(text: String, line: Int)] = []
        for item in items {
            guard let text = text(of: item, key).flatMap({ checked($0, key, item.line, limit) }) else { continue }
            guard !found.contains(where: { $0.text == text }) else {
                report(
                    "yaml.value.duplicate", at: item.line, "`" + name(key) + "` has `" + Explanation.redacted(text) + "` twice",
                    "keep one of them")
                continue
            }
            found.append((text, item.line))
        }
        return found
    }

    private func checked(_ text: String, _ key: String, _ line: Int, _ limit: Int) -> String? {
        guard (1...limit).contains(text.utf8.count), !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            report(
                "yaml.value", at: line, "`" + name(key) + "` is empty, longer than \(limit) bytes, or has control characters", "shorten it")
            return nil
        }
        return text
    }

    /// `true` or `false`, unquoted, and nothing that merely looks like it.
    func flag(_ key: String, default standard: Bool) -> Bool {
        guard let item = value(key) else { return standard }
        switch item.value {
        case .scalar("true", isPlain: true): return true
        case .scalar("false", isPlain: true): return false
        default:
            report("yaml.type", at: item.line, "`" + name(key) + "` is neither true nor false", "write `true` or `false`")
            return standard
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default standard: Int) -> Int { integer(key, in: range) ?? standard }

    func integer(_ key: String, in range: ClosedRange<Int>, required: Bool = false) -> Int? {
        guard let item = value(key, required: required) else { return nil }
        guard case .scalar(let text, isPlain: true) = item.value, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else {
            report(
                "yaml.value", at: item.line, "`" + name(key) + "` is no whole number from \(range.lowerBound) to \(range.upperBound)",
                "write digits only")
            return nil
        }
        return number
    }

    /// One word of a closed list.
    func choice<Choice: CaseIterable & RawRepresentable>(
        _ key: String, _ type: Choice.Type = Choice.self, required: Bool = false
    ) -> Choice? where Choice.RawValue == String {
        guard let item = value(key, required: required), let text = text(of: item, key) else { return nil }
        return choice(text, key, item.line)
    }

    func choices<Choice: CaseIterable & RawRepresentable & Hashable>(
        _ key: String, _ type: Choice.Type = Choice.self, required: Bool = false
    ) -> Set<Choice>? where Choice.RawValue == String {
        guard let texts = texts(key, required: required) else { return nil }
        return Set(texts.compactMap { choice($0.text, key, $0.line) })
    }

    private func choice<Choice: CaseIterable & RawRepresentable>(_ text: String, _ key: String, _ line: Int) -> Choice?
    where Choice.RawValue == String {
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: text, among: known).map { "did you mean `" + $0 + "`? " } ?? ""
        report(
            "yaml.value", at: line, "`" + name(key) + "` cannot be `" + Explanation.redacted(text) + "`",
            near + "choose among " + known.joined(separator: ", "))
        return nil
    }

    /// `90s`, `15m`, `36h`, `14d`; a bare number has no unit and is refused.
    func duration(_ key: String, in range: ClosedRange<Int64>, default standard: Int64) -> Int64 { duration(key, in: range) ?? standard }

    func duration(_ key: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let item = value(key), let text = text(of: item, key) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), (1...9).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits)
        else {
            report("yaml.value", at: item.line, "`" + name(key) + "` is no length of time", "write a number and a unit: 90s, 15m, 36h, 14d")
            return nil
        }
        let seconds = number * unit
        guard range.contains(seconds) else {
            report(
                "yaml.value", at: item.line,
                "`" + name(key) + "` is \(seconds) s; it has to be \(range.lowerBound) to \(range.upperBound) s",
                "choose a value in between")
            return nil
        }
        return seconds
    }

    /// A moment with its offset, or a date, which is a day in Japan: its first moment, or its last one when `endOfDay`.
    func moment(_ key: String, endOfDay: Bool, required: Bool = false) -> Timestamp? {
        guard let item = value(key, required: required), let text = text(of: item, key) else { return nil }
        if let moment = Timestamp(text) { return moment }
        if text.utf8.count == 10, let start = Timestamp(text + "T00:00:00+09:00") {
            return endOfDay ? start.adding(milliseconds: 86_399_999) : start
        }
        report(
            "yaml.value", at: item.line, "`" + name(key) + "` is no date",
            "write 2026-04-01 (a day in Japan) or 2026-04-01T00:00:00+09:00")
        return nil
    }
}
