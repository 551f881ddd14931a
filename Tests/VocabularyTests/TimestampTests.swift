import Testing
import Vocabulary

@Suite struct `A moment` {
    /// Text, milliseconds, and the text it is printed as.
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
            ("2026-11-21T04:00:00Z", 1_795_233_600_000, "2026-11-21T04:00:00Z"),
            ("2026-11-21T13:00:00+09:00", 1_795_233_600_000, "2026-11-21T04:00:00Z"),
            ("2026-11-20T20:30:00-07:30", 1_795_233_600_000, "2026-11-21T04:00:00Z"),
            ("2026-11-21T04:00:00.5Z", 1_795_233_600_500, "2026-11-21T04:00:00.500Z"),
            ("2026-11-21T04:00:00.05Z", 1_795_233_600_050, "2026-11-21T04:00:00.050Z"),
            ("2026-11-21T04:00:00.123456789012Z", 1_795_233_600_123, "2026-11-21T04:00:00.123Z"),
            ("2026-11-21T04:00:00.000Z", 1_795_233_600_000, "2026-11-21T04:00:00Z"),
            ("2024-02-29T12:00:00Z", 1_709_208_000_000, "2024-02-29T12:00:00Z"),
            ("2000-02-29T00:00:00Z", 951_782_400_000, "2000-02-29T00:00:00Z"),
            ("2000-03-01T00:00:00Z", 951_868_800_000, "2000-03-01T00:00:00Z"),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000, "1900-03-01T00:00:00Z"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
            ("2038-01-19T03:14:08Z", 2_147_483_648_000, "2038-01-19T03:14:08Z"),
            ("2049-12-31T23:59:59Z", 2_524_607_999_000, "2049-12-31T23:59:59Z"),
            ("2027-01-01T00:00:00+14:00", 1_798_711_200_000, "2026-12-31T10:00:00Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000, "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            // An offset may lead out of the years that can be written; the end of the range stands for it.
            ("0001-01-01T00:00:00+01:00", -62_135_596_800_000, "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59-01:00", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(String, Int64, String)]) func `is read and printed`(text: String, milliseconds: Int64, printed: String) throws
    {
        let moment = try #require(Timestamp(text))
        #expect(moment.milliseconds == milliseconds)
        #expect(moment.text == printed)
        #expect(Timestamp(moment.text) == moment)
    }

    @Test(arguments: [
        "", "2026", "2026-11-21", "2026-11-21T04:00:00", "2026-11-21 04:00:00Z", "2026-11-21t04:00:00Z", "2026-11-21T04:00:00z",
        "2026-11-21T04:00Z", "2026-11-21T04:00:00.Z", "2026-11-21T04:00:00,5Z", "2026-11-21T04:00:00.1234567890123Z",
        "2026-11-21T04:00:00Zx", "2026-11-21T04:00:00Z ", " 2026-11-21T04:00:00Z", "2026-11-21T04:00:00+0900", "2026-11-21T04:00:00+09",
        "2026-11-21T04:00:00+9:00", "2026-11-21T04:00:00+09:60", "2026-11-21T04:00:00+15:00", "2026-11-21T04:00:00+14:01",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z", "0000-01-01T00:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T23:60:00Z", "2016-12-31T23:59:60Z", "-2026-11-21T04:00:00Z", "+2026-11-21T04:00:00Z",
        "12026-11-21T04:00:00Z", "2026-11-21T04:00:0\u{ff11}Z", "２０２６-11-21T04:00:00Z", "20a6-11-21T04:00:00Z", "2026/11/21T04:00:00Z",
        "2026-11-21T04-00-00Z", "2026-11-21T04:00:00\u{0}Z", "2026-11-21T04:00:00.123456789012+09:000",
    ]) func `is nothing else`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: ["2026-11-21T04:00:00.", "2026-11-21T04:00:00", "2026-11-21T04:00:00+09:00"]) func `is read in bounded work`(
        start: String
    ) {
        #expect(Timestamp(start + String(repeating: "0", count: 1_000_000)) == nil)
    }

    @Test func `of every day from 1600 to 2400 has one date`() {
        var days = Calendar.days(fromYear: 1600, month: 1, day: 1)
        for year in Int64(1600)...2400 {
            for month in Int64(1)...12 {
                for day in 1...Calendar.days(inMonth: month, of: year) {
                    guard Calendar.days(fromYear: year, month: month, day: day) == days,
                        Calendar.civil(fromDays: days) == (year, month, day)
                    else {
                        Issue.record("\(year)-\(month)-\(day)")
                        return
                    }
                    days += 1
                }
            }
        }
        #expect(days == Calendar.days(fromYear: 2401, month: 1, day: 1))
    }

    @Test(arguments: [
        (Int64.max, "9999-12-31T23:59:59.999Z"), (Int64.min, "0001-01-01T00:00:00Z"), (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
    ]) func `stays within the years that can be written`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(seconds: 0).adding(milliseconds: milliseconds).text == text)
    }

    @Test(arguments: [(Int64.max, "9999-12-31T23:59:59.999Z"), (Int64.min, "0001-01-01T00:00:00Z")])
    func `never overflows`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: 1).adding(seconds: seconds).text == text)
        #expect(Timestamp(seconds: seconds).text.hasPrefix(text.prefix(19)))
        #expect(Timestamp(milliseconds: .min).adding(milliseconds: .min).text == "0001-01-01T00:00:00Z")
    }

    /// RFC 7519 §2 `NumericDate`.
    @Test(arguments: [(0, 0), (999, 0), (1000, 1), (-1, -1), (-1000, -1), (-1001, -2)] as [(Int64, Int64)])
    func `counts whole seconds towards the past`(milliseconds: Int64, seconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).seconds == seconds)
    }

    @Test(
        arguments: [
            (1_795_233_600_999, "2026-11-21T04:00:00Z"), (1_795_233_600_000, "2026-11-21T04:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (Int64.max, "9999-12-31T23:59:59Z"), (Int64.min, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func `in whole seconds is the second that has begun, always in one form`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).wholeSeconds.text == text)
    }

    @Test func `is before and after`() {
        let early = Timestamp(seconds: 100)
        #expect(early < early.adding(milliseconds: 1))
        #expect(early.adding(seconds: 5).seconds(since: early) == 5)
        #expect(early.seconds(since: early.adding(seconds: 5)) == -5)
    }
}
