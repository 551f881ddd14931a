package import Vocabulary

/// A day in Japan (UTC+9, no summer time).
package struct JapaneseDate: Hashable, Comparable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    private static let offset: Int64 = 9 * 3600

    /// Days past the end of the month become its last day: 29 February in a common year is the 28th.
    package init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = min(max(month, 1), 12)
        self.day = min(max(day, 1), Calendar.days(inMonth: self.month, of: year))
    }

    package init(_ moment: Timestamp) {
        let seconds = moment.adding(seconds: Self.offset).seconds
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let civil = Calendar.civil(fromDays: days)
        self.init(year: civil.year, month: civil.month, day: civil.day)
    }

    package func adding(years: Int64) -> JapaneseDate { JapaneseDate(year: year + years, month: month, day: day) }

    /// 23:59:59 of the day: where certificates end (`jpki.md` §1.2).
    package var endOfDay: Timestamp {
        Timestamp(seconds: Calendar.days(fromYear: year, month: month, day: day) * 86_400 - Self.offset + 86_399)
    }

    /// The `count`-th time the birthday comes round after this day.
    package func birthday(_ count: Int64, of birth: JapaneseDate) -> JapaneseDate {
        let thisYear = JapaneseDate(year: year, month: birth.month, day: birth.day)
        return JapaneseDate(year: year + count - (thisYear > self ? 1 : 0), month: birth.month, day: birth.day)
    }

    /// Whole years lived on this day.
    package func age(bornOn birth: JapaneseDate) -> Int64 {
        year - birth.year - (JapaneseDate(year: year, month: birth.month, day: birth.day) > self ? 1 : 0)
    }

    package static func < (left: JapaneseDate, right: JapaneseDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
