import Cryptography
import OpenID
import Testing
import Vocabulary

@Suite struct `User codes, RFC 8628 §6.1 (O13, H8)` {
    @Test(arguments: UserCodeForm.allCases)
    func `are drawn from their own alphabet, all of it, and read back as shown`(form: UserCodeForm) {
        var random = SystemRandom()
        var seen: Set<Character> = []
        for _ in 0..<400 {
            let code = UserCode.fresh(form, using: &random)
            #expect(UserCode(typed: code.shown) == code)
            seen.formUnion(code.text)
        }
        let all = form == .letters ? "BCDFGHJKLMNPQRSTVWXZ" : "0123456789"
        #expect(seen == Set(all))
    }

    @Test(arguments: [
        "BCDF-GHJK", "bcdf-ghjk", "BCDFGHJK", " b c d f g h j k ", "ＢＣＤＦＧＨＪＫ", "ｂｃｄｆ－ｇｈｊｋ", "BCDF ー GHJK", "BCDF–GHJK", "BCDF\u{3000}GHJK",
        "BCDF−GHJK",
    ])
    func `are taken however people type them`(typed: String) {
        #expect(UserCode(typed: typed)?.text == "BCDFGHJK")
        #expect(UserCode(typed: typed)?.shown == "BCDF-GHJK")
    }

    @Test func `are taken as digits from a remote control`() {
        #expect(UserCode(typed: "0123 4567 8901")?.shown == "0123-4567-8901")
        #expect(UserCode(typed: "０１２３－４５６７－８９０１")?.text == "012345678901")
    }

    @Test(arguments: [
        "", "BCDFGHJ", "BCDFGHJKL", "ACDFGHJK", "BCDFGHJ1", "01234567890", "0123456789012", "BCDF<GHJK", "BCDF\u{202e}GHJK", "ВCDFGHJK",
        String(repeating: "B", count: 8_000), "BCDFGHJ\u{0327}K",
    ])
    func `are refused when they are anything else`(typed: String) {
        #expect(UserCode(typed: typed) == nil)
    }

    @Test func `differ from each other, and so do their digests`() {
        var random = SystemRandom()
        let codes = (0..<1_000).map { _ in UserCode.fresh(.letters, using: &random) }
        #expect(Set(codes.map(\.digest)).count == Set(codes).count)
        #expect(Set(codes).count > 998)
    }
}

@Suite struct `Guessing codes, RFC 8628 §5.1 (H8)` {
    static let now = Federation.now

    @Test func `tries of one person are not forgotten when two records become one, or one becomes two`() throws {
        let (one, other, third) = (
            try #require(SubjectID("citizen-one-0123456789")), try #require(SubjectID("citizen-two-0123456789")),
            try #require(SubjectID("citizen-three-0123456789"))
        )
        var attempts = CodeAttempts()
        let now = Timestamp(seconds: 1_795_233_600)
        let before = (0..<10).map { _ in attempts.taken(by: .citizen(one), at: now) } + [attempts.taken(by: .citizen(other), at: now)]
        #expect(before.allSatisfy { $0 == .go })
        attempts.carry(between: other, one)
        let after = [other, one, third].map { attempts.taken(by: .citizen($0), at: now) }
        #expect(after == [.wait(60), .wait(60), .go], "and nobody else's")
    }

    @Test func `is stopped for an address after ten wrong ones, and goes on slowly`() {
        var attempts = CodeAttempts()
        let stranger = CodeAttempts.Guesser.stranger(address: "203.0.113.7")
        let first = (0..<10).map { _ in attempts.taken(by: stranger, at: Self.now) }
        #expect(first.allSatisfy { $0 == .go })
        let verdict1 = attempts.taken(by: stranger, at: Self.now)
        #expect(verdict1 == .wait(30))
        let verdict2 = attempts.taken(by: stranger, at: Self.now.adding(seconds: 29))
        #expect(verdict2 == .wait(30))
        let verdict3 = attempts.taken(by: stranger, at: Self.now.adding(seconds: 30))
        #expect(verdict3 == .go)
        let verdict4 = attempts.taken(by: stranger, at: Self.now.adding(seconds: 30))
        #expect(verdict4 == .wait(30))
    }

    @Test func `right codes cost nothing`() {
        var attempts = CodeAttempts()
        let stranger = CodeAttempts.Guesser.stranger(address: "203.0.113.7")
        for _ in 0..<1_000 {
            let verdict5 = attempts.taken(by: stranger, at: Self.now)
            #expect(verdict5 == .go)
            attempts.returned(by: stranger)
        }
    }

    @Test func `from ever new addresses is stopped for all strangers together, who then have to show a card`() {
        var attempts = CodeAttempts()
        let verdicts = (0..<1_000).map { attempts.taken(by: .stranger(address: "2001:db8::\($0)"), at: Self.now) }
        #expect(verdicts.count { $0 == .go } <= 300)
        #expect(verdicts.last == .card)
        // Behind a proxy everybody has the same address, which says nothing.
        let verdict6 = attempts.taken(by: .stranger(address: nil), at: Self.now)
        #expect(verdict6 == .card)
    }

    @Test func `by strangers locks no citizen out, and a citizen has an allowance of his own`() throws {
        var attempts = CodeAttempts()
        for index in 0..<2_000 { _ = attempts.taken(by: .stranger(address: "198.51.100.\(index)"), at: Self.now) }
        let hanako = CodeAttempts.Guesser.citizen(try #require(SubjectID("subject-of-hanako-0001")))
        let first = (0..<10).map { _ in attempts.taken(by: hanako, at: Self.now) }
        #expect(first.allSatisfy { $0 == .go })
        let verdict7 = attempts.taken(by: hanako, at: Self.now)
        #expect(verdict7 == .wait(60))
    }

    @Test func `in ten minutes strangers have at most the tries that the documentation says`() {
        var attempts = CodeAttempts()
        var tries = 0
        for second in 0..<600 {
            for index in 0..<20
            where attempts.taken(by: .stranger(address: "\(second).\(index)"), at: Self.now.adding(seconds: Int64(second))) == .go {
                tries += 1
            }
        }
        #expect(tries <= 600)
        #expect(tries > 500)
    }

    @Test func `needs memory that does not grow`() {
        // Two places: whoever comes, somebody is there already.
        var attempts = CodeAttempts(places: 2)
        let verdicts = (0..<100).map { attempts.taken(by: .stranger(address: "\($0)"), at: Self.now) }
        #expect(verdicts.count { $0 == .go } == 20)
    }

    @Test func `a clock that jumps traps nobody`() {
        var attempts = CodeAttempts()
        for moment in [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max), Self.now, Timestamp(milliseconds: 0)] {
            _ = attempts.taken(by: .stranger(address: "a"), at: moment)
            attempts.returned(by: .stranger(address: "a"))
        }
        let verdict8 = attempts.taken(by: .stranger(address: "b"), at: Timestamp(milliseconds: .max))
        #expect(verdict8 == .go)
    }
}

@Suite struct `How often a client may ask, RFC 8628 §3.5, CIBA Core §11` {
    static let now = Federation.now

    @Test func `every five seconds is in time, sooner is not, and makes the interval five longer for good`() {
        var pace = AwaitedPace(interval: 5)
        let asked9 = pace.asked(at: Self.now)
        #expect(asked9)
        let asked10 = pace.asked(at: Self.now.adding(seconds: 5))
        #expect(asked10)
        let asked11 = pace.asked(at: Self.now.adding(seconds: 7))
        #expect(!asked11)
        #expect(pace.interval == 10)
        let asked12 = pace.asked(at: Self.now.adding(seconds: 12))
        #expect(!asked12)
        #expect(pace.interval == 15)
        let asked13 = pace.asked(at: Self.now.adding(seconds: 27))
        #expect(asked13)
        #expect(pace.interval == 15)
    }

    @Test func `a second too early is on time, and nobody waits for ever`() {
        var pace = AwaitedPace(interval: 5)
        let asked14 = pace.asked(at: Self.now)
        #expect(asked14)
        let asked15 = pace.asked(at: Self.now.adding(milliseconds: 4_001))
        #expect(asked15)
        for _ in 0..<100 { _ = pace.asked(at: Self.now.adding(milliseconds: 4_100)) }
        #expect(pace.interval == 120)
    }
}
