import Cryptography
import Testing
import Vocabulary

@Suite struct `Public keys` {
    static let rsa = try? PrivateKey.generate(.rsa(bits: 2048)).publicKey
    static let p256 = try? PrivateKey.generate(.ec(.p256)).publicKey
    static let p384 = try? PrivateKey.generate(.ec(.p384)).publicKey
    static let p521 = try? PrivateKey.generate(.ec(.p521)).publicKey
    static let ed25519 = try? PrivateKey.generate(.ed25519).publicKey
    static let every = [rsa, p256, p384, p521, ed25519].compactMap(\.self)

    @Test(arguments: every) func `are read from their own SubjectPublicKeyInfo and are equal`(key: PublicKey) throws {
        #expect(try PublicKey(spki: key.spki) == key)
        #expect(Set([key, try PublicKey(spki: key.spki)]).count == 1)
        #expect(Self.every.filter { $0 == key }.count == 1)
    }

    @Test(arguments: every) func `are read from their own parts and are equal`(key: PublicKey) throws {
        if let (modulus, exponent) = key.rsaComponents {
            #expect(try PublicKey(rsaModulus: modulus, exponent: exponent) == key)
            #expect(try PublicKey(rsaModulus: [0] + modulus, exponent: [0, 0] + exponent) == key)
        }
        if let (curve, x, y) = key.ecPoint { #expect(try PublicKey(curve: curve, x: x, y: y) == key) }
        if let bytes = key.ed25519Bytes { #expect(try PublicKey(ed25519: bytes) == key) }
    }

    @Test(arguments: every) func `with trailing bytes, a longer length or a cut end are refused`(key: PublicKey) {
        #expect(throws: KeyError.malformed) { try PublicKey(spki: key.spki + [0]) }
        #expect(throws: KeyError.malformed) { try PublicKey(spki: []) }
        for length in stride(from: 1, to: key.spki.count, by: 7) {
            #expect(throws: KeyError.malformed) { try PublicKey(spki: Array(key.spki.prefix(length))) }
        }
    }

    @Test(arguments: every) func `never survive a flipped bit as the same key`(key: PublicKey) {
        for position in key.spki.indices {
            var other = key.spki
            other[position] ^= 0x10
            #expect((try? PublicKey(spki: other)) != key)
        }
    }

    @Test(arguments: [
        (
            "a curve we do not claim (secp256k1)",
            "3056301006072a8648ce3d020106052b8104000a0342000485139d128391b3a87848808068613b529468c2e1b2d842c141d298dcc927e867ff77c2a6bdd14287bbbbad53c39357a1fcf170db5dec60faa7e77288d47f37e5",
            KeyError.unsupported
        ),
        (
            "a compressed point",
            "3039301306072a8648ce3d020106082a8648ce3d03010703220002c8963dd339275d40ed025b8209e26ffcf0cb44656e8d43846360418aa9f37605",
            .malformed
        ),
        (
            "a curve by explicit parameters, CVE-2020-0601",
            "3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff00000001000000000000000000000000ffffffffffffffffffffffff305b0420ffffffff00000001000000000000000000000000fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b031500c49d360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101034200049d4961aa2a16cb7282d2e50092ae459e144853ef53a2b558a7c590beda1f48fbc9b869e5ce82ccc2e0fd83ab9dcd230514c894d975c7bd639786690be9851b84",
            .unsupported
        ),
        (
            "RSA of 1024 bits",
            "30819f300d06092a864886f70d010101050003818d0030818902818100c4c802926af3699e81218bc1f9bd034e0fbb817af3e5d960d7412cac707cbbbbbe03baae51dede202e8c3cbf4508f12e85c028c87805b5f1a0b1cb148fd3ac3d0c01b97d5b5b8b101e3ab6704b7e00cc1108c31d318615f8326d02a533d0824b180f939af4a431648df4b69c58358c87465c8b45ba8cfddaecaa60c2c23aa2bd0203010001",
            .weak(bits: 1024)
        ),
    ]) func `that we do not take are refused by name`(name: String, hex: String, error: KeyError) throws {
        let spki = try #require(Hexadecimal.decode(hex))
        #expect(throws: error) { try PublicKey(spki: spki) }
    }

    @Test func `an RSA key whose parameters are absent instead of NULL is a second spelling and refused`() throws {
        let key = try #require(Self.rsa)
        // 30 82 01 22 30 0d … 05 00 becomes 30 82 01 20 30 0b …
        var spki = key.spki
        spki.removeSubrange(17..<19)
        spki[3] -= 2
        spki[5] -= 2
        #expect(throws: KeyError.unsupported) { try PublicKey(spki: spki) }
    }

    @Test func `a point off the curve, a wrong width and the point at infinity are refused`() throws {
        let (_, x, y) = try #require(Self.p256?.ecPoint)
        var off = y
        off[31] ^= 1
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p256, x: x, y: off) }
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p256, x: [0] + x, y: y) }
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p256, x: Array(x.dropFirst()), y: y) }
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p384, x: x, y: y) }
        let zero = [UInt8](repeating: 0, count: 32)
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p256, x: zero, y: zero) }
        #expect(throws: KeyError.malformed) { try PublicKey(curve: .p256, x: [UInt8](repeating: 255, count: 32), y: y) }
    }

    @Test(arguments: [[], [0], [1], [4], [1, 0, 0], [UInt8](repeating: 255, count: 9)])
    func `an exponent of zero or one, an even one and a huge one are refused`(exponent: [UInt8]) throws {
        let (modulus, _) = try #require(Self.rsa?.rsaComponents)
        #expect(throws: KeyError.self) { try PublicKey(rsaModulus: modulus, exponent: exponent) }
        #expect(throws: Never.self) { try PublicKey(rsaModulus: modulus, exponent: [3]) }
    }

    @Test func `an even modulus and one past the bound are refused`() throws {
        let (modulus, exponent) = try #require(Self.rsa?.rsaComponents)
        var even = modulus
        even[255] &= 0xfe
        #expect(throws: KeyError.malformed) { try PublicKey(rsaModulus: even, exponent: exponent) }
        #expect(throws: KeyError.unsupported) { try PublicKey(rsaModulus: [UInt8](repeating: 255, count: 1025), exponent: exponent) }
        #expect(throws: KeyError.unsupported) { try PublicKey(rsaModulus: [UInt8](repeating: 255, count: 1 << 20), exponent: exponent) }
        #expect(throws: KeyError.weak(bits: 2047)) { try PublicKey(rsaModulus: [0x7f] + modulus.dropFirst(), exponent: exponent) }
    }

    @Test func `a modulus of the faulty chip generator, CVE-2017-15361, is weak whatever its length`() throws {
        // The public key of Wycheproof's json_web_key case 7.
        let text =
            "AanFpofbj7KjD4Lf-N2hVMKR7yewSyXhhbirIMTGpfYEhZ_lnt5UoK98DnKIgArXGTu3MaW_HhFw16HGaTDUHqPrId7fe4r11CqRw09yBFuW79V8sYIwHdzCaWflUI6auImYbVfoN9_nD5n8N8SY9DwXw7mwZM9wREPXoDPgOoIWl6q_MPsp7n0zs3Z5ZaiQWOOzl1S9OhwAfSiiOwz6efnXEaxuTEtPd7BjSx7NaFka8Dx9U7YqXy2RFj1O9PjyaDGuRh7YXsX3iMUSP_wSyHQg_c_qHRtKUsNSGCT7OZg0hzm2KphtjnayKJvC64vAbROBR4Ubg6Bxg9IQVZ-QYyE"
        let modulus = try #require(Base64url.decode(text))
        #expect(throws: KeyError.weak(bits: 2049)) { try PublicKey(rsaModulus: modulus, exponent: [1, 0, 1]) }
    }

    @Test func `are named by the SHA-1 of their bits`() throws {
        let bytes = try #require(Self.ed25519?.ed25519Bytes)
        #expect(try PublicKey(ed25519: bytes).keyIdentifier == Digest.compute(.sha1, bytes))
        let (_, x, y) = try #require(Self.p256?.ecPoint)
        #expect(Self.p256?.keyIdentifier == Digest.compute(.sha1, [4] + x + y))
    }

    @Test func `random bytes are never a key and never cost more than reading them`() {
        var random = SystemRandom()
        for length in 0..<400 {
            let bytes = random.bytes(length)
            #expect(throws: KeyError.self) { try PublicKey(spki: bytes) }
            #expect(throws: KeyError.malformed) { try PublicKey(spki: [0x30, 0x84, 0xff, 0xff, 0xff, 0xff] + bytes) }
        }
        #expect(throws: KeyError.malformed) { try PublicKey(spki: [UInt8](repeating: 0x30, count: 1 << 20)) }
    }
}
