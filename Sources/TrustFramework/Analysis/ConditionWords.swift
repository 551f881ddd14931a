import Vocabulary

extension Condition {
    /// `mode: face, purpose: points`.
    package var words: String { facts.map { "\($0.rawValue): \(domains[$0]?.words($0) ?? "")" }.joined(separator: ", ") }
}

extension Domain {
    /// As a rule writes it.
    package func words(_ fact: Fact) -> String {
        switch self {
        case .among(let words): Self.list(words)
        case .besides(let words): "not " + Self.list(words)
        case .includes(let words): (fact == .floor ? "" : "includes ") + Self.list(words)
        case .only(let words): "only " + Self.list(words)
        case .between(let least, let most): "includes \(Self.list(least)), only \(Self.list(most))"
        case .range(let least, let most): fact.words(from: least, to: most)
        }
    }

    private static func list(_ words: Set<String>) -> String {
        words.count == 1 ? words.joined() : "[" + words.sorted().joined(separator: ", ") + "]"
    }
}

extension Fact {
    /// A range of its numbers.
    func words(from least: Int64, to most: Int64) -> String {
        switch self {
        case .date:
            let (first, last) = (Self.day(least), Self.day(most))
            return first == last
                ? first ?? "" : [first.map { "from " + $0 }, last.map { "until " + $0 }].compactMap(\.self).joined(separator: " ")
        case .hours:
            func clock(_ minute: Int64) -> String {
                let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
                return (hour < 10 ? "0" : "") + String(hour) + (rest < 10 ? ":0" : ":") + String(rest)
            }
            return clock(min(1440, max(0, least))) + "–" + clock(min(1439, most) + 1)
        case .maximumStatusAge, .maximumLoginAge:
            if least <= 0 { return Duration.words(most) }
            return most >= 100 * 365 * 86_400
                ? "over " + Duration.words(least - 1) : "over \(Duration.words(least - 1)) up to \(Duration.words(most))"
        default:
            return least == most ? String(least) : least <= 0 ? "at most \(most)" : most >= 3 ? "at least \(least)" : "\(least) to \(most)"
        }
    }

    private static func day(_ day: Int64) -> String? {
        guard (-3_000_000...3_000_000).contains(day) else { return nil }
        return String(Moments.moment(day: day, minute: 9 * 60).text.prefix(10))
    }
}
