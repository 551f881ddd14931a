/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Time is an argument everywhere: no core reads a clock.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package let milliseconds: Int64

    /// Moments outside the years 1…9999 cannot be written in any protocol we speak; they are clamped to that range.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.earliest), Self.latest)
    }

    package init(seconds: Int64) {
        self.init(milliseconds: min(max(seconds, Self.earliest / 1000), Self.latest / 1000) * 1000)
    }

    /// Whole seconds, rounded towards the past, as `NumericDate` (RFC 7519 §2) wants them.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : -((-milliseconds + 999) / 1000)
    }

    /// The second that has begun. Its `text` has the same form always: some readers of `xs:dateTime` know only one.
    package var wholeSeconds: Timestamp { Timestamp(seconds: seconds) }

    package func adding(seconds: Int64) -> Timestamp {
        let (delta, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return adding(milliseconds: overflow ? (seconds < 0 ? .min : .max) : delta)
    }

    package func adding(milliseconds delta: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(delta)
        return Timestamp(milliseconds: overflow ? (delta < 0 ? .min : .max) : sum)
    }

    /// Seconds from `earlier` to this moment, negative when `earlier` lies in the future.
    package func seconds(since earlier: Timestamp) -> Int64 {
        (milliseconds - earlier.milliseconds) / 1000
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Stored as its milliseconds; a stored number is clamped like any other.
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    private static let earliest: Int64 = -62_135_596_800_000
    private static let latest: Int64 = 253_402_300_799_999
}

extension Timestamp {
    /// `2026-11-21T04:00:00Z`, or with milliseconds when there are any (`xs:dateTime` in UTC, SAML Core §1.3.3).
    package var text: String {
        let days = Calendar.floorDivide(milliseconds, 86_400_000)
        let inDay = milliseconds - days * 86_400_000
        let date = Calendar.civil(fromDays: days)
        let fraction = inDay % 1000
        let clock = inDay / 1000
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Calendar.append(date.year, 4, to: &text)
        text.append(0x2d)
        Calendar.append(date.month, 2, to: &text)
        text.append(0x2d)
        Calendar.append(date.day, 2, to: &text)
        text.append(0x54)
        Calendar.append(clock / 3600, 2, to: &text)
        text.append(0x3a)
        Calendar.append(clock / 60 % 60, 2, to: &text)
        text.append(0x3a)
        Calendar.append(clock % 60, 2, to: &text)
        if fraction != 0 {
            text.append(0x2e)
            Calendar.append(fraction, 3, to: &text)
        }
        text.append(0x5a)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`; nil for anything else. SAML times are UTC (Core §1.3.3), but peers send
    /// offsets, which are honoured. A fraction finer than milliseconds is cut, up to 12 digits of it.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 39 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for index in range {
                guard bytes[index] >= 0x30, bytes[index] <= 0x39 else { return nil }
                value = value * 10 + Int64(bytes[index] - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), bytes[4] == 0x2d, let month = number(5..<7), bytes[7] == 0x2d,
            let day = number(8..<10), bytes[10] == 0x54, let hour = number(11..<13), bytes[13] == 0x3a,
            let minute = number(14..<16), bytes[16] == 0x3a, let second = number(17..<19),
            year >= 1, (1...12).contains(month), day >= 1, day <= Calendar.days(inMonth: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if bytes[position] == 0x2e {
            let start = position + 1
            position = start
            while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
                if position - start < 3 { fraction = fraction * 10 + Int64(bytes[position] - 0x30) }
                position += 1
            }
            guard position > start, position - start <= 12 else { return nil }
            for _ in 0..<max(0, 3 - (position - start)) { fraction *= 10 }
        }
        guard position < bytes.count else { return nil }
        var offset: Int64 = 0
        switch bytes[position] {
        case 0x5a:
            guard position + 1 == bytes.count else { return nil }
        case 0x2b, 0x2d:
            guard position + 6 == bytes.count, bytes[position + 3] == 0x3a,
                let hours = number(position + 1..<position + 3), let minutes = number(position + 4..<position + 6),
                hours < 14 || (hours == 14 && minutes == 0), minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[position] == 0x2b ? 1 : -1)
        default:
            return nil
        }
        let days = Calendar.days(fromYear: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        self.init(milliseconds: seconds * 1000 + fraction)
    }
}

/// The proleptic Gregorian calendar, in days since 1970-01-01.
package enum Calendar {
    package static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    package static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    /// Decimal digits, at least `width` of them, most significant first.
    static func append(_ value: Int64, _ width: Int, to text: inout [UInt8]) {
        guard (0..<10_000).contains(value), width <= 4 else {
            let digits = String(value)
            text.append(contentsOf: repeatElement(0x30, count: max(0, width - digits.utf8.count)))
            text.append(contentsOf: digits.utf8)
            return
        }
        var scale: Int64 = 1000
        for place in stride(from: 4, to: 0, by: -1) {
            if place <= width || value >= scale { text.append(0x30 + UInt8(value / scale % 10)) }
            scale /= 10
        }
    }
}
