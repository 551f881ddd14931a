import Foundation
import Testing
import Vocabulary

@Suite struct `A budget` {
    @Test func `is spent and then refuses`() throws {
        var budget = Budget("elements", limit: 3)
        try budget.spend()
        try budget.spend(2)
        #expect(budget.remaining == 0)
        #expect(throws: BudgetExceeded(name: "elements", limit: 3)) { try budget.spend() }
        try budget.spend(0)
        #expect(budget.remaining == 0)
    }

    @Test(arguments: [-1, Int.min, 4, Int.max]) func `refuses what it does not hold and keeps what it has`(amount: Int) {
        var budget = Budget("bytes", limit: 3)
        #expect(throws: BudgetExceeded.self) { try budget.spend(amount) }
        #expect(budget.remaining == 3)
    }
}

@Suite struct `An explanation` {
    @Test(arguments: [
        ("plain text, 日本語, é, 😀", "plain text, 日本語, é, 😀"),
        ("a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"),
        ("\u{0}\u{1b}[31m\u{7f}\u{85}", "\\u{0}\\u{1b}[31m\\u{7f}\\u{85}"),
        ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
        ("\u{2066}\u{2069}\u{200f}\u{61c}", "\\u{2066}\\u{2069}\\u{200f}\\u{61c}"),
        ("\u{feff}\u{200b}\u{e0041}", "\\u{feff}\\u{200b}\\u{e0041}"),
        ("\u{e000}\u{10ffff}", "\\u{e000}\\u{10ffff}"),
    ]) func `shows what cannot be seen`(value: String, shown: String) {
        #expect(Explanation.redacted(value) == shown)
        #expect(Explanation.Compared("found", value).value == shown)
    }

    @Test func `is short whatever was sent`() {
        #expect(Explanation.redacted(String(repeating: "a", count: 200)) == String(repeating: "a", count: 200))
        #expect(Explanation.redacted(String(repeating: "a", count: 201)) == String(repeating: "a", count: 200) + "…")
        #expect(Explanation.redacted(String(repeating: "\u{10ffff}", count: 1_000_000)).utf8.count < 200 * 12 + 4)
        // One letter with a million accents is one character of Swift's, and still short.
        #expect(Explanation.redacted("a" + String(repeating: "\u{301}", count: 1_000_000)).unicodeScalars.count == 201)
    }
}

@Suite struct `An identifier` {
    @Test(arguments: ["", String(repeating: "a", count: 1025), "a\nb", "a\u{0}", "\u{7f}"]) func `of a member has a gate`(text: String) {
        #expect(MemberID(text) == nil)
    }

    @Test(arguments: ["https://rp.example/saml", "a", String(repeating: "a", count: 1024), "日本"]) func `of a member passes it`(text: String)
    {
        #expect(MemberID(text)?.text == text)
        #expect(MemberID(text)?.description == text)
    }

    @Test(arguments: [
        "", "short", "0123456789abcde", "0123456789abcde/", "0123456789abcde.", "0123456789abcdé", String(repeating: "a", count: 65),
    ])
    func `of a visit is safe in a path`(text: String) {
        #expect(TransactionID(text) == nil)
    }

    @Test func `of a visit, a terminal, a subject`() {
        #expect(TransactionID("0123456789abcDE_-")?.text == "0123456789abcDE_-")
        #expect(TerminalID("kiosk-1")?.text == "kiosk-1")
        #expect(TerminalID("") == nil)
        #expect(TerminalID("kiosk 1") == nil)
        #expect(TerminalID(String(repeating: "k", count: 65)) == nil)
        #expect(SubjectID("0123456789abcdef") != nil)
        #expect(SubjectID("0123456789abcde") == nil)
        #expect(PairwiseID(String(repeating: "p", count: 256)) != nil)
        #expect(PairwiseID(String(repeating: "p", count: 257)) == nil)
    }

    /// Checklist E1: whoever compares bytes sees two names, so we do.
    @Test(arguments: [
        ("https://rp.example/K", "https://rp.example/\u{212a}"), ("https://rp.example/;", "https://rp.example/\u{37e}"),
        ("https://rp.example/`", "https://rp.example/\u{1fef}"), ("caf\u{e9}", "cafe\u{301}"),
    ]) func `is compared byte for byte`(one: String, other: String) throws {
        let registered = try #require(MemberID(one))
        let sent = try #require(MemberID(other))
        #expect(registered != sent)
        #expect([registered: 1][sent] == nil)
        #expect(!one.hasSameBytes(as: other))
        #expect(one == other, "the reason for this test: Swift compares by canonical equivalence")
        #expect(MemberID(one) == registered)
        #expect([registered: 1][registered] == 1)
    }

    @Test func `that was stored passes its gate again`() throws {
        let id = try #require(TransactionID("0123456789abcdef"))
        let stored = try JSONEncoder().encode([id])
        #expect(String(decoding: stored, as: UTF8.self) == "[\"0123456789abcdef\"]")
        #expect(try JSONDecoder().decode([TransactionID].self, from: stored) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([TransactionID].self, from: Data("[\"../../etc/passwd\"]".utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([TerminalID].self, from: Data("[\"\"]".utf8)) }
    }

    @Test(
        arguments: [("5", 5), ("-9223372036854775808", -62_135_596_800_000), ("9223372036854775807", 253_402_300_799_999)]
            as [(String, Int64)])
    func `of a moment that was stored is a moment`(text: String, milliseconds: Int64) throws {
        let moment = try JSONDecoder().decode([Timestamp].self, from: Data("[\(text)]".utf8))
        #expect(moment == [Timestamp(milliseconds: milliseconds)])
        #expect(try JSONEncoder().encode(moment) == Data("[\(milliseconds)]".utf8))
        #expect(moment.first?.text.utf8.count ?? 0 >= 20)
    }
}

@Suite struct `A record` {
    @Test func `is one line of JSON in the order the facts were learnt`() {
        let record = Record("card.refused", at: Timestamp(seconds: 0), [("why", "line\nbreak")]).adding([("door", "tls")])
        #expect(record.json.text == #"{"event":"card.refused","at":"1970-01-01T00:00:00Z","why":"line\nbreak","door":"tls"}"#)
        #expect(record == Record("card.refused", at: Timestamp(seconds: 0), [("why", "line\nbreak"), ("door", "tls")]))
        #expect(record != Record("card.refused", at: Timestamp(seconds: 0), [("door", "tls"), ("why", "line\nbreak")]))
    }
}

@Suite struct `A published value` {
    @Test func `is the newest, for every reader`() async {
        let published = Published(0)
        await withTaskGroup { group in
            for value in 1...100 { group.addTask { published.replace(value) } }
        }
        #expect((1...100).contains(published.current))
        published.replace(-1)
        #expect(published.current == -1)
    }
}
