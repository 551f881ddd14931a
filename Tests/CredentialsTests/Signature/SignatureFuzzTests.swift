import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

/// Whatever stands in the names of a certificate that an authority signed, reading it ends in attributes that hold their own laws, or in a
/// refusal by name; never in a trap, and within a bound.
@Suite struct `Names of a certificate, mutated` {
    @Test(arguments: 0..<8) func `give attributes that keep their laws, or a refusal`(round: Int) throws {
        var dice = Dice(UInt64(round) &* 7919 &+ 1)
        var (accepted, refused) = (0, 0)
        for _ in 0..<40 {
            var card = SignatureCard()
            for _ in 0...Int.random(in: 0...3, using: &dice) { Self.mutate(&card, &dice) }
            do {
                let certificate = try card.recognised()
                accepted += 1
                _ = certificate.identity
            } catch is IdentityRefusal {
                refused += 1
            }
        }
        #expect(accepted + refused == 40)
        #expect(refused > 0)
    }

    private static func mutate(_ card: inout SignatureCard, _ dice: inout Dice) {
        guard !card.values.isEmpty else { return }
        let index = Int.random(in: card.values.indices, using: &dice)
        switch Int.random(in: 0..<9, using: &dice) {
        case 0: card.values.remove(at: index)
        case 1: card.values.append(card.values[index])
        case 2: card.values[index].tag = UInt8.random(in: 1...30, using: &dice)
        case 3: card.values[index].content = (0..<Int.random(in: 0...40, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
        case 4: card.values[index].number = Int.random(in: 0...9, using: &dice)
        case 5 where !card.values[index].content.isEmpty:
            let place = Int.random(in: card.values[index].content.indices, using: &dice)
            card.values[index].content[place] ^= 1 << UInt8.random(in: 0...7, using: &dice)
        case 6: card.values.swapAt(0, index)
        case 7: card.values[index].content += Array("０花\u{202e}".utf8)
        default: card.values[index].content = Array(String(Int.random(in: 0...999_999_999, using: &dice)).utf8)
        }
    }

    /// Every date that nine digits can spell near the edges is read as the calendar has it, or refused.
    @Test func `every birth date of nine digits is a day, a part of one, or refused`() {
        var dice = Dice(4)
        for _ in 0..<300 {
            let era = Int.random(in: 0...6, using: &dice)
            let year = [0, 1868, 1900, 1912, 1926, 1989, 2000, 2019, 2025, 9999].randomElement(using: &dice) ?? 0
            let (month, day) = (Int.random(in: 0...13, using: &dice), Int.random(in: 0...32, using: &dice))
            func padded(_ number: Int, _ width: Int) -> String {
                String(repeating: "0", count: width - String(number).count) + String(number)
            }
            let text = "\(era)" + padded(year, 4) + padded(month, 2) + padded(day, 2)
            let exists =
                BirthDate(year: year == 0 ? nil : Int64(year), month: month == 0 ? nil : Int64(month), day: day == 0 ? nil : Int64(day))
                != nil
            do {
                _ = try SignatureCard().with(4, text).recognised()
                #expect(exists && era <= 5, "\(text)")
            } catch {
                guard case .attributes(let fault) = error as? IdentityRefusal else {
                    Issue.record("\(error)")
                    return
                }
                if !exists { #expect(fault == .birthDate || era > 5, "\(text)") }
            }
        }
    }

    @Test(arguments: 0..<4) func `an answer of a card client, mutated, is read or not, and nothing else`(round: Int) throws {
        var dice = Dice(UInt64(round) + 99)
        let whole = JSON.object([
            ("challenge", "abcdefghijklmnop"), ("certificate", "AAAA"), ("signature", "AAAA"),
            ("login", ["certificate": "AAAA", "signature": "AAAA"]), ("statement", "a.b.c"),
        ]).bytes
        #expect(IdentityAnswer(whole)?.login?.signature == [0, 0, 0])
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...2, using: &dice) {
                guard !bytes.isEmpty else { break }
                let place = Int.random(in: bytes.indices, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &dice)
                default: bytes.insert(UInt8.random(in: 0x20...0x7e, using: &dice), at: place)
                }
            }
            _ = IdentityAnswer(bytes)
        }
        #expect(IdentityAnswer([UInt8](repeating: 0x5b, count: 40_000)) == nil)
        for text in [
            "{}", "[]", "{\"challenge\":\"abcdefghijklmnop\",\"certificate\":\"AAAA\"}",
            "{\"challenge\":\"abcdefghijklmnop\",\"certificate\":\"AAAA\",\"signature\":\"AAAA\",\"login\":{}}",
            "{\"challenge\":\"abcdefghijklmnop\",\"certificate\":\"AAAA\",\"signature\":\"AAAA\",\"login\":{\"certificate\":\"AAAA\",\"signature\":1}}",
            "{\"challenge\":\"abcdefghijklmnop\",\"certificate\":\"AAAA\",\"signature\":\"AAAA\",\"statement\":7}",
            "{\"challenge\":\"x\",\"certificate\":\"AAAA\",\"signature\":\"AAAA\"}",
        ] { #expect(IdentityAnswer(Array(text.utf8)) == nil, "\(text)") }
    }
}
