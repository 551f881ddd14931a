import Vocabulary

/// Times of list entries, eight digits at a time: a list of a nation has ten million.
enum RevocationTime {
    /// Seconds since 1970 of the UTCTime or GeneralizedTime at `offset`; nil when there is none in the one form that RFC 5280 §4.1.2.5
    /// allows, as `DERTime` reads it.
    @inline(__always) static func read(_ bytes: FixedBytes, at offset: Int) -> Int64? {
        read(bytes, at: offset, header: bytes.word(at: offset))
    }

    /// The same for a caller that has the first eight bytes already.
    @inline(__always) static func read(_ bytes: FixedBytes, at offset: Int, header: UInt64) -> Int64? {
        switch header & 0xffff {
        case 0x0d17: return utc(bytes.word(at: offset &+ 2), bytes.word(at: offset &+ 10))
        case 0x0f18: return generalized(bytes.word(at: offset &+ 2), bytes.word(at: offset &+ 10))
        default: return nil
        }
    }

    /// `YYMMDDhh`, `mmssZ`.
    @inline(__always) static func utc(_ front: UInt64, _ back: UInt64) -> Int64? {
        let day = front ^ zeros
        let clock = (back ^ zeros) & 0xffff_ffff
        guard isDigits(day), isDigits(clock), back >> 32 & 0xff == 0x5a else { return nil }
        let days = pairs(day)
        let times = pairs(clock)
        let year = Int64(days & 0xff)
        return seconds(
            year: year < 50 ? year &+ 2000 : year &+ 1900, month: Int64(days >> 16 & 0xff), day: Int64(days >> 32 & 0xff),
            hour: Int64(days >> 48), minute: Int64(times & 0xff), second: Int64(times >> 16 & 0xff))
    }

    /// `YYYYMMDD`, `hhmmssZ`.
    private static func generalized(_ front: UInt64, _ back: UInt64) -> Int64? {
        let day = front ^ zeros
        let clock = (back ^ zeros) & 0xffff_ffff_ffff
        guard isDigits(day), isDigits(clock), back >> 48 & 0xff == 0x5a else { return nil }
        let days = pairs(day)
        let times = pairs(clock)
        return seconds(
            year: Int64(days & 0xff) &* 100 &+ Int64(days >> 16 & 0xff), month: Int64(days >> 32 & 0xff), day: Int64(days >> 48),
            hour: Int64(times & 0xff), minute: Int64(times >> 16 & 0xff), second: Int64(times >> 32 & 0xff))
    }

    /// Eight times the digit 0. A digit and only a digit becomes a number below ten by exclusive or with it.
    private static let zeros: UInt64 = 0x3030_3030_3030_3030

    @inline(__always) private static func isDigits(_ digits: UInt64) -> Bool {
        (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080 == 0
    }

    /// Four numbers of two digits, in the bytes 0, 2, 4 and 6.
    @inline(__always) private static func pairs(_ digits: UInt64) -> UInt64 {
        (digits &* 10 &+ digits >> 8) & 0x00ff_00ff_00ff_00ff
    }

    @inline(__always) private static func seconds(
        year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64
    ) -> Int64? {
        guard year >= 1, month >= 1, month <= 12, day >= 1, hour < 24, minute < 60, second < 60 else { return nil }
        guard day <= 28 || day <= Calendar.days(inMonth: month, of: year) else { return nil }
        // March is the first month, so that the leap day is the last; then all but the leap years is a straight line (`Calendar`).
        let shifted = month <= 2 ? year &- 1 : year
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let days = shifted &* 365 &+ shifted / 4 &- shifted / 100 &+ shifted / 400 &+ dayOfYear &- 719_468
        return days &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second
    }
}
