import Testing
import Vocabulary

@Suite struct `A date of birth` {
    @Test(
        arguments: [
            (1990, 4, 2, true), (2000, 2, 29, true), (1900, 2, 29, false), (1991, 2, 29, false), (1990, 13, 1, false), (1990, 4, 31, false),
            (1990, nil, nil, true), (1990, 4, nil, true), (1990, nil, 4, false), (nil, 2, 29, true), (nil, 2, 30, false),
            (nil, nil, nil, true),
            (0, 1, 1, false), (10_000, 1, 1, false), (1990, 0, nil, false), (1990, 1, 0, false), (Int64.max, 1, 1, false),
            (Int64.min, nil, nil, false), (1990, Int64.max, nil, false), (1990, 1, Int64.max, false),
        ] as [(Int64?, Int64?, Int64?, Bool)]) func `is a day that exists, or a part of one`(
            year: Int64?, month: Int64?, day: Int64?, exists: Bool
        )
    {
        #expect((BirthDate(year: year, month: month, day: day) != nil) == exists)
    }

    @Test(
        arguments: [
            // On the birthday, by Japan's day: 00:00 JST is 15:00Z of the day before.
            (2008, 11, 21, "2026-11-20T14:59:59Z", false), (2008, 11, 21, "2026-11-20T15:00:00Z", true),
            (2008, 11, 22, "2026-11-21T04:00:00Z", false), (2008, 11, 20, "2026-11-21T04:00:00Z", true),
            // The leap day: on 1 March in common years.
            (2008, 2, 29, "2026-02-28T14:59:59Z", false), (2008, 2, 29, "2026-02-28T15:00:00Z", true),
            (2008, 12, 31, "2026-12-30T15:00:00Z", true), (2008, 1, 1, "2025-12-31T15:00:00Z", true),
        ] as [(Int64, Int64, Int64, String, Bool)]) func `tells the age on the day that it is in Japan`(
            year: Int64, month: Int64, day: Int64, now: String, is18: Bool
        ) throws
    {
        let birth = try #require(BirthDate(year: year, month: month, day: day))
        let moment = try #require(Timestamp(now))
        #expect(birth.isAtLeast(18, at: moment) == is18)
    }

    static let now = Timestamp(seconds: 1_795_233_600)  // 2026-11-21T13:00 in Japan

    @Test(
        arguments: [
            (nil, nil, nil, nil), (nil, 1, 1, nil), (2008, nil, nil, nil), (2008, 11, nil, nil), (2007, nil, nil, true),
            (2009, nil, nil, false),
            (2008, 10, nil, true), (2008, 12, nil, false), (2008, 11, 21, true), (2008, 11, 22, false),
        ] as [(Int64?, Int64?, Int64?, Bool?)]) func `says nothing where the unknown part leaves it open`(
            year: Int64?, month: Int64?, day: Int64?, is18: Bool?
        ) throws
    {
        let birth = try #require(BirthDate(year: year, month: month, day: day))
        #expect(birth.isAtLeast(18, at: Self.now) == is18)
    }

    /// Against counting birthdays one by one: every day around the eighteenth.
    @Test func `agrees with counting days`() throws {
        for year in [Int64(2007), 2008] {
            for month in Int64(1)...12 {
                for day in 1...Calendar.days(inMonth: month, of: year) {
                    let birth = try #require(BirthDate(year: year, month: month, day: day))
                    let reached = Calendar.days(fromYear: year + 18, month: month, day: day)
                    for offset in Int64(-1)...1 {
                        let today = Timestamp(seconds: (reached + offset) * 86_400 - 9 * 3600)
                        #expect(birth.isAtLeast(18, at: today) == (offset >= 0), "\(year)-\(month)-\(day) \(offset)")
                    }
                }
            }
        }
    }

    /// What a part leaves open is exactly what its days disagree about.
    @Test func `in part says what all its days say`() throws {
        for month in Int64(1)...12 {
            let part = try #require(BirthDate(year: 2008, month: month, day: nil))
            let all = Set(
                try (1...Calendar.days(inMonth: month, of: 2008)).map {
                    try #require(BirthDate(year: 2008, month: month, day: $0)).isAtLeast(18, at: Self.now)
                })
            #expect(part.isAtLeast(18, at: Self.now) == (all.count == 1 ? all.first ?? nil : nil))
        }
    }
}

@Suite struct `The four attributes` {
    static let birth = BirthDate(year: 1990, month: 1, day: 1)

    @Test(
        arguments: [
            ("関", [false], true), ("", [], false), ("関", [], false), ("関", [false, true], false), ("関\u{0}", [false, false], false),
            ("関\u{200b}", [false, false], false),
        ] as [(String, [Bool], Bool)]) func `are a text with one mark for each character`(name: String, marks: [Bool], exists: Bool) throws
    {
        let birth = try #require(Self.birth)
        let attributes = BasicAttributes(
            name: name, nameSubstitutes: marks, birth: birth, sex: .male, address: "見", addressSubstitutes: [false])
        #expect((attributes != nil) == exists)
    }

    @Test func `show nothing of themselves when they are printed`() throws {
        let birth = try #require(Self.birth)
        let attributes = try #require(
            BasicAttributes(
                name: "関所", nameSubstitutes: [false, false], birth: birth, sex: .male, address: "見本県",
                addressSubstitutes: [false, false, false]))
        var dumped = ""
        dump(attributes, to: &dumped)
        #expect(!("\(attributes)" + String(reflecting: attributes) + "\([attributes])" + dumped).contains("関所"))
    }
}
