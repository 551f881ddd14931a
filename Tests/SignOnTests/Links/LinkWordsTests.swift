import SignOn
import Testing
import Vocabulary

@Suite struct `The code of a letter` {
    private let code = LinkCode(secret: Array("secret".utf8), nonce: Array("nonce".utf8))

    @Test func `is twelve characters that nobody mistakes, the same for the same number`() {
        #expect(code.text.utf8.count == 14 && code.text.split(separator: "-").map(\.count) == [4, 4, 4])
        #expect(code.text.allSatisfy { "0123456789ABCDEFGHJKMNPQRSTVWXYZ-".contains($0) })
        #expect(LinkCode(secret: Array("secret".utf8), nonce: Array("nonce".utf8)) == code)
        #expect(LinkCode(secret: Array("other".utf8), nonce: Array("nonce".utf8)) != code)
        #expect(LinkCode(secret: Array("secret".utf8), nonce: Array("other".utf8)) != code)
    }

    @Test func `is read as people type it`() {
        let plain = String(code.text.filter { $0 != "-" })
        for typed in [code.text, plain, code.text.lowercased(), " " + plain + " ", plain.map { String($0) }.joined(separator: "\u{3000}")] {
            #expect(LinkCode(typed: typed)?.digest == code.digest, "\(typed)")
        }
        let wide = String(String.UnicodeScalarView(plain.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xfee0) }))
        #expect(LinkCode(typed: wide)?.digest == code.digest)
        #expect(LinkCode(typed: "OIL0-0000-0000")?.text == "0110-0000-0000")
    }

    @Test(arguments: ["", "0000-0000-000", "0000-0000-00000", "UUUU-0000-0000", "0000_0000_0000", "あああああああああああ", "0000-0000-000\u{0}"])
    func `is nothing else`(typed: String) {
        #expect(LinkCode(typed: typed) == nil)
    }

    @Test func `is not so long that reading it costs`() {
        #expect(LinkCode(typed: String(repeating: "-", count: 1_000_000) + code.text) == nil)
    }
}

@Suite struct `A customer's number` {
    @Test(arguments: ["1", "A-0001", "お客様 7", String(repeating: "x", count: 128)]) func `is the member's own word`(text: String) {
        #expect(CustomerID(text)?.text == text)
    }

    @Test(arguments: [
        "", " A", "A ", "A\nB", "A\u{0}", "A\u{202e}B", String(repeating: "x", count: 129), String(repeating: "あ", count: 43),
    ])
    func `is not empty, long, or written so that it looks like another`(text: String) {
        #expect(CustomerID(text) == nil)
    }
}

@Suite struct `A list of customers, as bytes` {
    private func lines(_ pieces: [String], longest: Int = 8) -> [String] {
        var reader = LineReader(longest: longest)
        var lines: [[UInt8]] = []
        for piece in pieces { lines += reader.take(Array(piece.utf8)) }
        return (lines + reader.end()).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ["a\nb\n"], ["a", "\n", "b"], ["a\r\nb\r\n"], ["\n\na\n \nb"], ["a\nb"],
    ]) func `is cut into lines wherever it comes apart`(pieces: [String]) {
        #expect(lines(pieces) == ["a", "b"])
    }

    @Test func `holds no more than a line of what is too long`() {
        #expect(lines([String(repeating: "x", count: 5_000), String(repeating: "x", count: 5_000) + "\nok"]) == ["xxxxxxxxx", "ok"])
    }

    @Test(arguments: [
        #"{"customer":"A"}"#: LinkProposal.Wish.code, #"{"customer":"A","end":true}"#: .end,
    ]) func `has a wish in each line`(line: String, wish: LinkProposal.Wish) {
        #expect(LinkLine(Array(line.utf8)).proposal?.wish == wish)
    }

    @Test(arguments: [
        "", "null", "{}", #"{"customer":7}"#, #"{"customer":"A","sub":7}"#, #"{"customer":"A","again":"yes"}"#,
        #"{"customer":"A","name":"花子"}"#, #"{"customer":"A","sub":"0123456789abcdef","end":true}"#,
    ]) func `or is refused by that line alone`(line: String) {
        let read = LinkLine(Array(line.utf8))
        #expect(read.proposal == nil)
        #expect(read.answer(nil)["result"] == "malformed")
    }
}

@Suite struct `Evidence as a chain` {
    @Test func `breaks where a word of it is changed`() throws {
        let subject = try #require(SubjectID("citizen-000000001"))
        let start = KeptEvidence.start(subject)
        let body = #"{"kind":"first"}"#
        let kept = KeptEvidence(number: 1, subject: subject, body: body, previous: start, hash: KeptEvidence.link(start, body))
        #expect(kept.holds)
        #expect(!KeptEvidence(number: 1, subject: subject, body: #"{"kind":"both-seen"}"#, previous: start, hash: kept.hash).holds)
        #expect(!KeptEvidence(number: 1, subject: subject, body: body, previous: kept.hash, hash: kept.hash).holds)
        #expect(KeptEvidence.start(try #require(SubjectID("citizen-000000002"))) != start)
    }
}
