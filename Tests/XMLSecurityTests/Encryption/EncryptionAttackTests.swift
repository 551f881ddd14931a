import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

@Suite struct `Attacks on encryption` {
    /// The Base64 text of a CipherValue (0: the key's, 1: the content's) with its bytes changed.
    private func changed(_ text: String, _ place: Int, _ change: (inout [UInt8]) -> Void) throws -> String {
        let value = all("CipherValue", in: try parse(text))[place].text
        var bytes = try #require(Base64.decode(value))
        change(&bytes)
        return try text.with(value, Base64.encode(bytes))
    }

    @Test func `A20 every changed byte of an authenticated message gives the same answer`() throws {
        let text = try Encrypted.text(.aes128gcm, to: .ec(.p256))
        let keys = [try Keys.of(.ec(.p256))]
        for place in [0, 1] {
            let count = Base64.decode(all("CipherValue", in: try parse(text))[place].text)?.count ?? 0
            for index in Swift.stride(from: 0, to: count, by: place == 0 ? 1 : 17) {
                let answer = try refusal(decrypting: try changed(text, place) { $0[index] ^= 1 }, with: keys)
                #expect(answer == .undecryptable)
            }
        }
        #expect(try refusal(decrypting: text, with: keys) == nil)
    }

    @Test func `A20 CBC: all 256 last bytes, padding and content alike, give one answer`() throws {
        let text = try Encrypted.text(.aes128cbc, to: .ec(.p256))
        let keys = [try Keys.of(.ec(.p256))]
        var answers: [XMLEncryptionRefusal?: Int] = [:]
        for byte in 0..<256 {
            // The byte before the last block is xored into the padding length.
            let tampered = try changed(text, 1) { $0[$0.count - 17] ^= UInt8(byte) }
            answers[try refusal(decrypting: tampered, with: keys, allowing: .withCBC), default: 0] += 1
        }
        // Byte 0 changes nothing. Another may by chance cut behind the last `>`; none may be told apart from the rest.
        #expect(answers.keys.allSatisfy { $0 == nil || $0 == .undecryptable })
        #expect((answers[nil] ?? 0) <= 2 && (answers[.some(.undecryptable)] ?? 0) >= 254)
    }

    @Test func `A20 a key of the wrong length, a wrong block and a wrong key are one answer`() throws {
        let text = try Encrypted.text()
        let longer = try OAEPEncryptor(to: try Keys.of().publicKey, OAEP(digest: .sha1, mask: .sha1))
            .encrypt(Secret(copying: [1, 2, 3].span))
        #expect(try refusal(decrypting: try changed(text, 0) { $0 = longer }) == .undecryptable)
        #expect(try refusal(decrypting: try changed(text, 0) { $0[0] ^= 1 }) == .undecryptable)
        #expect(try refusal(decrypting: try changed(text, 0) { $0 = [UInt8](repeating: 0, count: 256) }) == .undecryptable)
        #expect(try refusal(decrypting: try changed(text, 0) { $0 = [1] }) == .undecryptable)
        #expect(try refusal(decrypting: text, with: [try Keys.ofStranger()]) == .undecryptable)
    }

    /// The answer to a wrong key takes as long as the answer to a wrong tag: both pay for the private key and for the content.
    @Test func `A20 a wrong key block is not quicker than a wrong tag`() throws {
        let text = try Encrypted.text()
        let messages = [try changed(text, 0) { $0[9] ^= 1 }, try changed(text, 1) { $0[$0.count - 1] ^= 1 }]
        var best: [Duration] = [.seconds(9), .seconds(9)]
        let clock = ContinuousClock()
        for _ in 0..<20 {
            for (index, message) in messages.enumerated() {
                let element = try parse(message)
                let keys = [try Keys.of()]
                let time = clock.measure { _ = try? XMLEncryption.decrypt(element, with: keys) }
                best[index] = min(best[index], time)
            }
        }
        // Coarse on purpose: a shared machine. An early exit before the RSA operation would differ by a factor of ten.
        #expect(best[0] * 3 > best[1] && best[1] * 3 > best[0], "\(best)")
    }

    @Test(arguments: [
        (xenc + "rsa-oaep-mgf1p", xenc + "rsa-1_5"), (xenc + "rsa-oaep-mgf1p", xenc + "kw-tripledes"),
        (xenc11 + "aes256-gcm", xenc + "tripledes-cbc"), (xenc11 + "aes256-gcm", "urn:none"),
    ])
    func `A20 rsa-1_5 and the other old ones are refused by name before any key is used`(old: String, new: String) throws {
        let text = try Encrypted.text().with(old, new)
        #expect(try refusal(decrypting: text, allowing: .withCBC) == .algorithm(new))
        #expect(try refusal(decrypting: text, with: [], allowing: .withCBC) == .algorithm(new))
    }

    @Test func `A19 an encrypted forgery is no better than a forgery in clear`() throws {
        let text = try Encrypted.text()
        let forged = try XMLEncryption.decrypt(try parse(text), with: [try Keys.of()])
        #expect(throws: XMLSignatureRefusal.noSignature) { try EnvelopedSignature.verify(forged.root, keys: [try Keys.of().publicKey]) }
    }

    @Test func `two EncryptedData, none, or one deeper down are refused`() throws {
        let text = try Encrypted.text()
        let data = try text.part("<xenc:EncryptedData", "</xenc:EncryptedData>")
        #expect(try refusal(decrypting: try text.with(data, data + data)) == .malformed("EncryptedData"))
        #expect(try refusal(decrypting: try text.with(data, "")) == .malformed("EncryptedData"))
        #expect(try refusal(decrypting: try text.with(data, "<saml:x>\(data)</saml:x>")) == .malformed("EncryptedData"))
        #expect(!XMLEncryption.isEncrypted(try parse(try text.with(data, ""))))
        #expect(XMLEncryption.isEncrypted(try parse(text)))
    }

    @Test(arguments: [
        ("<xenc:CipherValue>", "<xenc:CipherValue><!-- -->", "CipherValue"), ("<xenc:CipherValue>", "<xenc:CipherValue>*", "CipherValue"),
        ("<xenc:CipherData>", "<xenc:CipherData>text", "CipherData"), ("<xenc:EncryptionMethod", "<xenc:Other", "EncryptionMethod"),
    ])
    func `A7 comments, text and strange parts are refused`(old: String, new: String, part: String) throws {
        var text = try Encrypted.text().with(old, new)
        if new == "<xenc:Other" { text = try text.with("</xenc:EncryptionMethod>", "</xenc:Other>") }
        #expect(try refusal(decrypting: text) == .malformed(part))
    }

    @Test func `C4 a CipherReference is never followed`() throws {
        let text = try Encrypted.text()
        let value = all("CipherValue", in: try parse(text))[1].text
        let reference = try text.with("<xenc:CipherValue>\(value)</xenc:CipherValue>", "<xenc:CipherReference URI=\"http://127.0.0.1/\"/>")
        #expect(try refusal(decrypting: reference) == .algorithm("CipherReference"))
    }

    @Test func `the number of encrypted keys and the size of the content are bounded`() throws {
        let text = try Encrypted.text()
        let key = try text.part("<xenc:EncryptedKey", "</xenc:EncryptedKey>")
        let many = try text.with(key, String(repeating: key, count: 9))
        #expect(try refusal(decrypting: many) == .tooLarge)
        let few = try text.with(key, String(repeating: key, count: 3))
        #expect(try refusal(decrypting: few) == nil)
        let keys = [PrivateKey](repeating: try Keys.of(), count: 6)
        #expect(try refusal(decrypting: few, with: keys) == .tooLarge)
        let small = XMLLimits(bytes: 64, depth: 9, elements: 9, attributesPerElement: 9, namespacesInScope: 9, textBytes: 64)
        let element = try parse(text)
        #expect(throws: XMLEncryptionRefusal.tooLarge) { try XMLEncryption.decrypt(element, with: [Keys.of()], limits: small) }
    }

    @Test(arguments: ["ff", "01aa", "zz", "0"]) func `ConcatKDF parameters that are no whole bytes are refused`(bits: String) throws {
        let text = try Encrypted.text(to: .ec(.p256)).with("PartyUInfo=\"00\"", "PartyUInfo=\"\(bits)\"")
        #expect(try refusal(decrypting: text, with: [try Keys.of(.ec(.p256))]) == .malformed("ConcatKDFParams"))
    }

    @Test func `a point off the curve or on another one is no originator`() throws {
        let text = try Encrypted.text(to: .ec(.p256))
        let point = all("PublicKey", in: try parse(text))[0].text
        var bytes = try #require(Base64.decode(point))
        bytes[40] ^= 1
        let off = try text.with(point, Base64.encode(bytes))
        #expect(try refusal(decrypting: off, with: [try Keys.of(.ec(.p256))]) == .malformed("OriginatorKeyInfo"))
        #expect(try refusal(decrypting: text, with: [try Keys.of(.ec(.p384))]) == .keyMissing)
    }

    @Test func `explanations are stable and tell no secret`() {
        let all: [XMLEncryptionRefusal] = [.malformed("x"), .algorithm("u"), .keyMissing, .tooLarge, .undecryptable, .encryption]
        #expect(Set(all.map(\.explanation.code)).count == all.count)
        #expect(all.allSatisfy { $0.explanation.code.hasPrefix("xml.encryption.") })
        #expect(XMLEncryptionRefusal.undecryptable.explanation.compared.isEmpty)
    }
}

@Suite struct `Damaged encryption` {
    /// A small generator of its own, so that a failing seed can be run again.
    private struct Noise {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % max(bound, 1)
        }
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256)]) func `A37 gives a refusal or the plaintext, and never ends the process`(
        kind: KeyKind
    ) throws {
        let genuine = Array(try Encrypted.text(.aes128cbc, to: kind).utf8)
        let keys = [try Keys.of(kind)]
        let plain = Message.assertion.tag().canonicalBytes()
        var noise = Noise(state: 20_261_121)
        var (read, same) = (0, 0)
        for _ in 0..<1_500 {
            var bytes = genuine
            for _ in 0...noise.next(3) {
                let place = noise.next(bytes.count)
                switch noise.next(4) {
                case 0: bytes[place] = UInt8(noise.next(128))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[place..<min(place + noise.next(40), bytes.count)], at: place)
                default: bytes.removeSubrange(place..<min(place + noise.next(60), bytes.count))
                }
            }
            guard let document = try? XMLDocument(parsing: bytes) else { continue }
            read += 1
            if let found = try? XMLEncryption.decrypt(document.root, with: keys, allowing: .withCBC) {
                if (try? Canonical.exclusive(found.root)) == plain { same += 1 }
            }
        }
        #expect(read > 100 && same > 0)
    }
}
