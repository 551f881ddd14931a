import Vocabulary

/// Times as X.509 writes them.
enum DERTime {
    /// `YYMMDDhhmmssZ` (1950…2049) or `YYYYMMDDhhmmssZ`.
    static func read(_ text: ArraySlice<UInt8>, yearDigits: Int) throws(DERError) -> Timestamp {
        let bytes = Array(text)
        guard bytes.count == yearDigits + 11, bytes.last == 0x5a else { throw .value }
        var numbers: [Int64] = []
        var position = 0
        for width in [yearDigits, 2, 2, 2, 2, 2] {
            var number: Int64 = 0
            for byte in bytes[position..<position + width] {
                guard (0x30...0x39).contains(byte) else { throw .value }
                number = number * 10 + Int64(byte - 0x30)
            }
            numbers.append(number)
            position += width
        }
        let year = yearDigits == 4 ? numbers[0] : numbers[0] + (numbers[0] < 50 ? 2000 : 1900)
        guard year >= 1, (1...12).contains(numbers[1]), (1...Calendar.days(inMonth: numbers[1], of: year)).contains(numbers[2]),
            numbers[3] < 24, numbers[4] < 60, numbers[5] < 60
        else { throw .value }
        let days = Calendar.days(fromYear: year, month: numbers[1], day: numbers[2])
        return Timestamp(seconds: days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
    }

    /// The digits of a moment, whole seconds, without the century when `yearDigits` is 2.
    static func write(_ moment: Timestamp, yearDigits: Int) -> [UInt8] {
        let digits = Timestamp(seconds: moment.seconds).text.utf8.filter { (0x30...0x39).contains($0) }
        return Array(digits.dropFirst(4 - yearDigits)) + [0x5a]
    }

    /// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
    static func isUTC(_ moment: Timestamp) -> Bool { utcYears.contains(moment) }

    private static let utcYears =
        Timestamp(seconds: Calendar.days(fromYear: 1950, month: 1, day: 1) * 86_400)
        ..< Timestamp(seconds: Calendar.days(fromYear: 2050, month: 1, day: 1) * 86_400)
}
