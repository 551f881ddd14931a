import TrustFramework
import Vocabulary

/// `{from: 2026-04-01, until: 2027-03-31}`, `from 2026-04-01`, `until 2027-03-31`, `2026-04-01`: days in Japan, both ends included.
enum DayRange {
    static func read(_ section: Section, _ key: String, _ value: YAML) -> Domain? {
        let parts: (from: String?, until: String?)
        if case .map = value.value {
            guard let inner = section.section(key) else { return nil }
            parts = (inner.text("from", limit: 10), inner.text("until", limit: 10))
            inner.finish()
        } else {
            guard let text = section.text(key, limit: 64) else { return nil }
            let words = text.split(separator: " ").map(String.init)
            switch words.count {
            case 1: parts = (words[0], words[0])
            case 2 where words[0] == "from": parts = (words[1], nil)
            case 2 where words[0] == "until": parts = (nil, words[1])
            case 4 where words[0] == "from" && words[2] == "until": parts = (words[1], words[3])
            default: return refuse(section, key, value.line)
            }
        }
        guard parts.from != nil || parts.until != nil else { return refuse(section, key, value.line) }
        var least = Int64.min
        var most = Int64.max
        if let from = parts.from {
            guard let day = day(from) else { return refuse(section, key, value.line) }
            least = day
        }
        if let until = parts.until {
            guard let day = day(until) else { return refuse(section, key, value.line) }
            most = day
        }
        return .range(least: least, most: most)
    }

    private static func day(_ text: String) -> Int64? {
        guard text.utf8.count == 10 else { return nil }
        return Timestamp(text + "T00:00:00+09:00")?.dayInJapan
    }

    private static func refuse(_ section: Section, _ key: String, _ line: Int) -> Domain? {
        section.report(
            "yaml.value", at: line, "`" + section.name(key) + "` is no range of days",
            "write `from 2026-04-01`, `until 2027-03-31`, or `{from: 2026-04-01, until: 2027-03-31}`: days in Japan")
        return nil
    }
}

/// `09:00–17:00`: from the first minute until before the last, in Japan.
enum HourRange {
    static func read(_ section: Section, _ key: String, _ value: YAML) -> Domain? {
        guard let text = section.text(key, limit: 32) else { return nil }
        let parts = text.split(whereSeparator: { $0 == "-" || $0 == "–" || $0 == " " })
        guard parts.count == 2, let from = minute(parts[0]), let until = minute(parts[1]), from < 1440 else {
            section.report(
                "yaml.value", at: value.line, "`" + section.name(key) + "` is no range of hours", "write `09:00–17:00`; hours are Japan's")
            return nil
        }
        guard from < until else {
            section.report(
                "rules.hours", at: value.line, "`" + section.name(key) + "` ends before it begins",
                "for hours over midnight write the rule for the hours between under `unless`, such as `unless: {hours: 06:00–22:00}`")
            return nil
        }
        return .range(least: from, most: until - 1)
    }

    private static func minute(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int64(parts[0]), let minute = Int64(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }
}
