import Cryptography
import Testing
import Vocabulary

@Suite struct `Digests, MACs, comparison` {
    @Test(arguments: [
        (DigestAlgorithm.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (.sha384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"),
        (
            .sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ]) func `FIPS 180-4: the digest of abc`(algorithm: DigestAlgorithm, hex: String) {
        let digest = Digest.compute(algorithm, Array("abc".utf8))
        #expect(Hexadecimal.encode(digest) == hex)
        #expect(digest.count == algorithm.length)
        #expect(Digest.compute(algorithm, []).count == algorithm.length)
    }

    @Test func `RFC 4231 case 2`() {
        let tag = HMAC.sha256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(Hexadecimal.encode(tag) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(HMAC.sha256(key: [], []).count == 32)
        #expect(HMAC.sha256(key: [], [1]) != HMAC.sha256(key: [1], [1]))
    }

    @Test func `no prefix and no flipped bit of a value equals it (checklist E11, E15)`() {
        var random = SystemRandom()
        let value = random.bytes(32)
        #expect(ConstantTime.equal(value, value))
        #expect(ConstantTime.equal([], []))
        for length in 0..<32 { #expect(!ConstantTime.equal(Array(value.prefix(length)), value)) }
        for bit in 0..<256 {
            var other = value
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(!ConstantTime.equal(other, value))
        }
        #expect(!ConstantTime.equal(value, value + [0]))
    }

    @Test func `a secret shows its bytes to a borrower and matches only itself`() {
        let bytes: [UInt8] = [1, 2, 3]
        let secret = Secret(copying: bytes.span)
        let sum = secret.withBytes { span in span.indices.reduce(0) { $0 + Int(span[$1]) } }
        #expect(sum == 6)
        let same = secret.matches(bytes.span)
        #expect(same)
        for other in [[], [1, 2], [1, 2, 4], [1, 2, 3, 0]] as [[UInt8]] {
            let matches = secret.matches(other.span)
            #expect(!matches)
        }
    }
}

@Suite struct `Randomness` {
    struct Counter: RandomNumberGenerator {
        var word: UInt64 = 0
        mutating func next() -> UInt64 {
            word += 1
            return word
        }
    }

    @Test func `any generator gives as many bytes as asked, the same seed the same bytes`() {
        var one = Counter()
        var two = Counter()
        #expect(one.bytes(19) == two.bytes(19))
        #expect(one.bytes(0) == [])
        #expect(one.bytes(3).count == 3)
    }

    @Test func `the system's bytes do not repeat`() {
        var random = SystemRandom()
        let drawn = (0..<1000).map { _ in random.bytes(16) }
        #expect(Set(drawn).count == 1000)
        #expect(Set((0..<1000).map { _ in random.next() }).count == 1000)
    }
}

@Suite struct `PEM, RFC 7468` {
    @Test func `what is encoded is decoded, in order, other labels and text between passed over`() {
        let one: [UInt8] = Array(0..<200)
        let text = "subject=x\n" + PEM.encode(one, label: "A") + PEM.encode([9], label: "B") + "\n" + PEM.encode([7], label: "A")
        #expect(PEM.decode(Array(text.utf8), label: "A") == [one, [7]])
        #expect(PEM.decode(Array(text.utf8), label: "B") == [[9]])
        #expect(PEM.decode(Array(text.replacing("\n", with: "\r\n").utf8), label: "A") == [one, [7]])
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 64 })
    }

    @Test(arguments: [
        "-----BEGIN A-----\nAA==\n", "-----BEGIN A-----\nA!==\n-----END A-----", "-----BEGIN A-----\nAA==\n-----END B-----",
        "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END A-----", "AA==\n-----END A-----", "",
    ]) func `a block that is not one yields nothing`(text: String) {
        #expect(PEM.decode(Array(text.utf8), label: "A") == [])
    }
}

@Suite struct `A PIN that a token would not take` {
    @Test func `one that was refused is never tried again, another one is`() {
        let refused = RefusedPIN(Secret(text: "1234"))
        let (same, other) = (refused.matches(Secret(text: "1234")), refused.matches(Secret(text: "1235")))
        #expect(same)
        #expect(!other)
        #expect(!refused.mayTry(at: .max))
    }

    @Test func `after two failures that nobody explained ten minutes lie between two tries`() {
        let first = RefusedPIN.doubted(Secret(text: "1234"), after: nil, at: 1000)
        #expect(first.mayTry(at: 1000))
        let second = RefusedPIN.doubted(Secret(text: "1234"), after: first, at: 2000)
        #expect(!second.mayTry(at: 601_999))
        #expect(second.mayTry(at: 602_000))
        let third = RefusedPIN.doubted(Secret(text: "1234"), after: second, at: 602_000)
        #expect(!third.mayTry(at: 602_001))
    }

    @Test func `what was doubted of one PIN is not held against another`() {
        let first = RefusedPIN.doubted(Secret(text: "1234"), after: nil, at: 0)
        let other = RefusedPIN.doubted(Secret(text: "9876"), after: first, at: 0)
        #expect(other.mayTry(at: 0))
    }
}
