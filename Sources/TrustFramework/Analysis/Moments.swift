import Vocabulary

/// The days, hours and days of the week that rules tell apart, from one moment on. They hang together: a range of three days has no Sunday
/// unless one falls into it.
struct Moments: Sendable {
    struct Class: Sendable {
        let days: Int
        let minutes: Int
        /// Nil where no rule speaks of days of the week.
        let weekday: Int?
        /// One moment of it.
        let moment: Timestamp
    }

    let days: [ClosedRange<Int64>]
    let minutes: [ClosedRange<Int64>]
    let classes: [Class]

    private static let last = Timestamp(milliseconds: .max).dayInJapan - 1

    init(from now: Timestamp, _ mentioned: Mentioned, most: Int) throws(AnalysisRefusal) {
        let today = min(now.dayInJapan, Self.last)
        let days = mentioned.ranges(.date, from: today, to: Self.last)
        let minutes = mentioned.ranges(.hours, from: 0, to: 1439)
        let weekdays: [Int?] = mentioned.facts.contains(.weekday) ? Array(Weekday.allCases.indices) : [nil]
        self.days = days
        self.minutes = minutes
        guard days.count * minutes.count * weekdays.count <= most else {
            throw .tooManyClasses(facts: [.date, .hours, .weekday], limit: most)
        }
        var classes: [Class] = []
        for (dayIndex, range) in days.enumerated() {
            for weekday in weekdays {
                guard let day = Self.day(in: range, on: weekday) else { continue }
                for (minuteIndex, minute) in minutes.enumerated() {
                    classes.append(
                        Class(
                            days: dayIndex, minutes: minuteIndex, weekday: weekday,
                            moment: Self.moment(day: day, minute: minute.lowerBound)))
                }
            }
        }
        self.classes = classes
    }

    private static func day(in range: ClosedRange<Int64>, on weekday: Int?) -> Int64? {
        guard let weekday else { return range.lowerBound }
        return (range.lowerBound...min(range.upperBound, range.lowerBound + 6)).first {
            moment(day: $0, minute: 0).weekdayInJapan == Weekday.allCases[weekday]
        }
    }

    static func moment(day: Int64, minute: Int64) -> Timestamp {
        Timestamp(seconds: day * 86_400 + minute * 60 - 9 * 3600)
    }

    /// The class that a moment falls into; nil before the first.
    func index(of moment: Timestamp) -> Int? {
        classes.firstIndex { item in
            days[item.days].contains(moment.dayInJapan) && minutes[item.minutes].contains(moment.minuteInJapan)
                && item.weekday.map { Weekday.allCases[$0] == moment.weekdayInJapan } ?? true
        }
    }
}
