import Cryptography
import Testing
import Vocabulary

@Suite struct `Ciphers` {
    /// The examples of RFC 3394 §4 whose key encryption keys and keys are AES's.
    @Test(arguments: [
        (
            "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF",
            "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"
        ),
        (
            "000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF",
            "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"
        ),
        (
            "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
            "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
            "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
        ),
    ])
    func `wrap keys as RFC 3394 §4 does`(outer: String, inner: String, expected: String) throws {
        let (key, plain, wrapped) = (try hex(outer), try hex(inner), try hex(expected))
        #expect(try AES.wrap(secret(plain), with: secret(key)) == wrapped)
        #expect(try shown { try AES.unwrap(wrapped, with: secret(key)) } == plain)
        var changed = wrapped
        changed[3] ^= 1
        #expect(try shown { try AES.unwrap(changed, with: secret(key)) } == nil)
    }

    /// NIST SP 800-38D's validation suite, as McGrew and Viega number them: cases 3 and 15.
    @Test(arguments: [
        (
            "feffe9928665731c6d6a8f9467308308",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
            "4d5c2af327cd64a62cf35abd2ba6fab4"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                + "a7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
            "b094dac5d93471bdec1a502270e3cc6c"
        ),
    ])
    func `seal as the GCM specification does`(key: String, ciphertext: String, tag: String) throws {
        let plain = try hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255")
        let nonce = try hex("cafebabefacedbaddecaf888")
        let sealed = try hex(ciphertext) + hex(tag)
        #expect(try AES.sealGCM(plain, key: secret(try hex(key)), nonce: nonce) == sealed)
        #expect(try AES.openGCM(sealed, key: secret(try hex(key)), nonce: nonce) == plain)
        for place in [0, sealed.count - 1] {
            var changed = sealed
            changed[place] ^= 0x80
            #expect(try AES.openGCM(changed, key: secret(try hex(key)), nonce: nonce) == nil)
        }
    }

    @Test func `SP 800-38A F.2.1 and F.2.5 in CBC`() throws {
        let plain = try hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
        let vector = try hex("000102030405060708090a0b0c0d0e0f")
        let pairs = [
            ("2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
            ),
        ]
        for (key, expected) in pairs {
            #expect(try AES.sealCBC(plain, key: secret(try hex(key)), vector: vector) == (try hex(expected)))
            #expect(try AES.openCBC(try hex(expected), key: secret(try hex(key)), vector: vector) == plain)
        }
    }

    @Test func `refuse every other length`() throws {
        let key = secret([UInt8](repeating: 1, count: 16))
        #expect(throws: CipherError.length) { try AES.openGCM([1, 2, 3], key: secret([1]), nonce: [UInt8](repeating: 0, count: 12)) }
        #expect(throws: CipherError.length) { try AES.sealGCM([], key: secret([UInt8](repeating: 0, count: 17)), nonce: [1]) }
        #expect(throws: CipherError.length) { try AES.openCBC([1], key: secret([UInt8](repeating: 0, count: 16)), vector: [1]) }
        #expect(shown { try? AES.unwrap([UInt8](repeating: 0, count: 16), with: key) } == nil)
        #expect(throws: CipherError.length) { try AES.wrap(secret([1, 2, 3]), with: secret([UInt8](repeating: 1, count: 16))) }
        #expect(try AES.openGCM([UInt8](repeating: 0, count: 16), key: key, nonce: [UInt8](repeating: 0, count: 12)) == nil)
    }

    /// RFC 7518 appendix C: Alice's fresh key and Bob's, with the other information spelled out.
    @Test func `ECDH and ConcatKDF give RFC 7518's key`() throws {
        let shared = try hex("9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4")
        let alice: [UInt8] = [0, 0, 0, 5] + Array("Alice".utf8)
        let bob: [UInt8] = [0, 0, 0, 3] + Array("Bob".utf8)
        let information = [0, 0, 0, 7] + Array("A128GCM".utf8) + alice + bob + [0, 0, 0, 128]
        let key = try ConcatKDF.derive(secret(shared), .sha256, knowing: information, length: 16)
        #expect(Base64url.encode(bytes(key)) == "VqqN6vgjbSBcIijNcacQGg")
        let longer = try ConcatKDF.derive(secret(shared), .sha256, knowing: information, length: 33)
        #expect(bytes(longer).starts(with: bytes(key)) && bytes(longer).count == 33)
        #expect(shown { try? ConcatKDF.derive(secret(shared), .sha256, knowing: [], length: 65) } == nil)
    }

    @Test func `both parties agree, on one curve only`() throws {
        let (one, two) = (try PrivateKey.generate(.ec(.p256)), try PrivateKey.generate(.ec(.p256)))
        #expect(bytes(try one.agree(with: two.publicKey)) == bytes(try two.agree(with: one.publicKey)))
        let other = try PrivateKey.generate(.ec(.p384))
        let rsa = try PrivateKey.generate(.rsa(bits: 2048))
        for curve in EllipticCurve.allCases {
            let reader = try PrivateKey.generate(.ec(curve))
            let once = try EphemeralKey(on: curve)
            let point = try once.point()
            let sent = try PublicKey(curve: curve, x: Array(point[1...curve.width]), y: Array(point[(1 + curve.width)...]))
            let (one, other) = (bytes(try once.agree(with: reader.publicKey)), bytes(try reader.agree(with: sent)))
            #expect(point.first == 4 && one == other)
            #expect(throws: KeyError.unsupported) { _ = try EphemeralKey(on: curve).agree(with: rsa.publicKey) }
        }
        #expect(throws: KeyError.unsupported) { _ = try one.agree(with: other.publicKey) }
        #expect(throws: KeyError.unsupported) { _ = try rsa.agree(with: one.publicKey) }
    }

    @Test func `OAEP goes both ways with every pair of digests, and never twice the same`() throws {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        let stranger = try PrivateKey.generate(.rsa(bits: 2048))
        for digest in DigestAlgorithm.allCases {
            for mask in DigestAlgorithm.allCases {
                let scheme = OAEP(digest: digest, mask: mask)
                let encryptor = try OAEPEncryptor(to: key.publicKey, scheme)
                let content = secret(Array(0..<32))
                let (first, second) = (try encryptor.encrypt(content), try encryptor.encrypt(content))
                #expect(first != second)
                #expect(try shown { try key.decrypt(first, scheme) } == Array(0..<32))
                #expect(try shown { try key.decrypt(second, scheme) } == Array(0..<32))
                #expect(try shown { try stranger.decrypt(first, scheme) } == nil)
                #expect(try shown { try key.decrypt(Array(first.dropLast()), scheme) } == nil)
            }
        }
        #expect(throws: KeyError.unsupported) {
            _ = try OAEPEncryptor(to: PrivateKey.generate(.ec(.p256)).publicKey, OAEP(digest: .sha1, mask: .sha1))
        }
        #expect(throws: KeyError.unsupported) { _ = try PrivateKey.generate(.ec(.p256)).decrypt([1], OAEP(digest: .sha1, mask: .sha1)) }
    }

    private func hex(_ text: String) throws -> [UInt8] { try #require(Hexadecimal.decode(text)) }
}
