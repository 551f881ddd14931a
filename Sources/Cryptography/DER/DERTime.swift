import Vocabulary

/// Times as X.509 writes them.
enum DERTime {
    /// `YYMMDDhhmmssZ` (1950…2049) or `YYYYMMDDhhmmssZ`. Allocates nothing: a long list has millions.
    static func read(_ text: ArraySlice<UInt8>, yearDigits: Int) throws(DERError) -> Timestamp {
        guard text.count == yearDigits + 11, text.last == 0x5a else { throw .value }
        var position = text.startIndex
        func number(_ width: Int) throws(DERError) -> Int64 {
            var number: Int64 = 0
            for byte in text[position..<position + width] {
                guard (0x30...0x39).contains(byte) else { throw .value }
                number = number * 10 + Int64(byte - 0x30)
            }
            position += width
            return number
        }
        let written = try number(yearDigits)
        let year = yearDigits == 4 ? written : written + (written < 50 ? 2000 : 1900)
        let month = try number(2)
        let day = try number(2)
        let hour = try number(2)
        let minute = try number(2)
        let second = try number(2)
        guard year >= 1, (1...12).contains(month), (1...Calendar.days(inMonth: month, of: year)).contains(day), hour < 24, minute < 60,
            second < 60
        else { throw .value }
        let days = Calendar.days(fromYear: year, month: month, day: day)
        return Timestamp(seconds: days * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// The digits of a moment, whole seconds, without the century when `yearDigits` is 2.
    static func write(_ moment: Timestamp, yearDigits: Int) -> [UInt8] {
        let digits = Timestamp(seconds: moment.seconds).text.utf8.filter { (0x30...0x39).contains($0) }
        return Array(digits.dropFirst(4 - yearDigits)) + [0x5a]
    }

    /// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
    static func isUTC(_ moment: Timestamp) -> Bool { utcYears.contains(moment) }

    private static let utcYears =
        Timestamp(
            seconds: Calendar.days(fromYear: 1950, month: 1, day: 1) * 86_400)..<Timestamp(
            seconds: Calendar.days(fromYear: 2050, month: 1, day: 1) * 86_400)
}
