import Cryptography
import Testing
import Vocabulary

@Suite struct `X25519, RFC 7748` {
    private static func key(_ number: String) throws -> PrivateKey {
        try PrivateKey(pkcs8: try hex("302e020100300506032b656e04220420" + number))
    }

    private static func hex(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.decode(text)) }

    @Test(arguments: [
        // RFC 7748 §5.2.
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
        ),
        // RFC 7748 §6.1, RFC 8037 A.6: Bob's number and Alice's public key.
        (
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
        ),
    ])
    func `agrees on what the RFC says`(number: String, other: String, shared: String) throws {
        let (key, sent) = (try Self.key(number), try Self.hex(other))
        #expect(try bytes(key.agree(with: PublicKey(x25519: sent))) == Self.hex(shared))
        var unmasked = sent
        unmasked[31] |= 0x80
        #expect(try bytes(key.agree(with: PublicKey(x25519: unmasked))) == Self.hex(shared))
    }

    @Test func `the public half follows from the number`() throws {
        let bob = try Self.key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
        #expect(try bob.publicKey.x25519Bytes == Self.hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
    }

    @Test func `a key for one agreement agrees with the key it was made for, and with no other kind`() throws {
        let reader = try PrivateKey.generate(.x25519)
        let once = try EphemeralKey(for: .x25519)
        let sent = try PublicKey(x25519: once.point())
        let (ours, theirs) = (bytes(try once.agree(with: reader.publicKey)), bytes(try reader.agree(with: sent)))
        #expect(ours == theirs && ours.count == 32)
        let curve = try PrivateKey.generate(.ec(.p256))
        #expect(throws: KeyError.unsupported) { _ = try reader.agree(with: curve.publicKey) }
        #expect(throws: KeyError.unsupported) { _ = try curve.agree(with: reader.publicKey) }
        #expect(throws: KeyError.unsupported) { _ = try EphemeralKey(for: .x25519).agree(with: curve.publicKey) }
        #expect(throws: KeyError.unsupported) { _ = try EphemeralKey(for: .ed25519) }
    }

    /// RFC 7748 §6.1, §7: everybody agrees with them on zero, so whoever sends one knows what was agreed on.
    @Test(
        arguments: [
            String(repeating: "00", count: 32), "01" + String(repeating: "00", count: 31),
            "ec" + String(repeating: "ff", count: 30) + "7f", "ed" + String(repeating: "ff", count: 30) + "7f",
            "ee" + String(repeating: "ff", count: 30) + "7f", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ])
    func `points of small order are no keys, whatever the bit says that means nothing`(point: String) throws {
        var bytes = try Self.hex(point)
        #expect(throws: KeyError.malformed) { try PublicKey(x25519: bytes) }
        bytes[31] |= 0x80
        #expect(throws: KeyError.malformed) { try PublicKey(x25519: bytes) }
    }

    @Test func `its key has 32 bytes, is spelled in one way, signs nothing and verifies nothing`() throws {
        let key = try PrivateKey.generate(.x25519)
        let spki = key.publicKey.spki
        #expect(try PublicKey(spki: spki, agreeing: true) == key.publicKey)
        // What certificates, officers and metadata bring is for verifying.
        #expect(throws: KeyError.unsupported) { try PublicKey(spki: spki) }
        #expect(throws: KeyError.malformed) { try PublicKey(spki: spki + [0], agreeing: true) }
        #expect(throws: KeyError.malformed) { try PublicKey(x25519: [UInt8](repeating: 9, count: 31)) }
        #expect(throws: KeyError.unsupported) { try key.sign([1], .ed25519) }
        #expect(!key.publicKey.verifies([UInt8](repeating: 0, count: 64), over: [1], .ed25519))
        let read = try PrivateKey(pkcs8: key.exportPKCS8())
        #expect(read.publicKey == key.publicKey)
        #expect(throws: KeyError.unsupported) {
            try SelfSigned.certificate(
                for: key, commonName: "x", notBefore: Timestamp(seconds: 0), notAfter: Timestamp(seconds: 1), dnsNames: [],
                ipAddresses: [])
        }
    }
}
