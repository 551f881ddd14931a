/// A day of birth as far as a register knows it: a part that is nil is not known (`jpki.md` §1.3: unknown parts are zeros).
package struct BirthDate: Hashable, Sendable {
    package let year: Int64?
    package let month: Int64?
    package let day: Int64?

    /// Nil for a date that no calendar has: a year outside 1…9999, a month or day that does not exist, a day without its month. With the
    /// year not known, 29 February counts as a day that exists.
    package init?(year: Int64?, month: Int64?, day: Int64?) {
        if let year { guard (1...9999).contains(year) else { return nil } }
        if let month { guard (1...12).contains(month) else { return nil } }
        if let day {
            guard let month, day >= 1, day <= Calendar.days(inMonth: month, of: year ?? 2000) else { return nil }
        }
        self.year = year
        self.month = month
        self.day = day
    }

    package var isWhole: Bool { year != nil && day != nil }

    /// Whether somebody born so is at least `years` old on the day that `now` is in Japan. Nil where the unknown parts leave it open:
    /// no statement rather than a wrong one. A year of age is reached on the birthday, the 29 February in common years on 1 March;
    /// the law counts the age as reached at the end of the day before (年齢計算ニ関スル法律), so from that midnight on both agree.
    package func isAtLeast(_ years: Int64, at now: Timestamp) -> Bool? {
        guard let year else { return nil }
        let today = JapaneseDay(now)
        // The earliest and the latest day that this can be.
        let earliest = (year, month ?? 1, day ?? 1)
        let latest = (year, month ?? 12, day ?? Calendar.days(inMonth: month ?? 12, of: year))
        func isReached(_ birth: (Int64, Int64, Int64)) -> Bool {
            (birth.0 + years, birth.1, birth.2) <= (today.year, today.month, today.day)
        }
        let (sure, possible) = (isReached(latest), isReached(earliest))
        return sure == possible ? sure : nil
    }
}

extension Timestamp {
    /// What a clock in Japan shows at this moment (UTC+9, no summer time), written as if it were UTC.
    package var inJapan: Timestamp { adding(seconds: 9 * 3600) }

    /// `2026-11-21`, the day in Japan.
    package var dateInJapan: String { String(inJapan.text.prefix(10)) }
}

/// A day in Japan.
package struct JapaneseDay: Hashable, Sendable {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    package init(_ moment: Timestamp) {
        let days = Calendar.floorDivide(moment.inJapan.milliseconds, 86_400_000)
        (year, month, day) = Calendar.civil(fromDays: days)
    }
}
