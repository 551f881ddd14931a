import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `Keys to encrypt to, RFC 7517 §4` {
    static let moment = Timestamp(seconds: 1_790_000_000)

    private func reading(_ key: PublicKey, _ more: [(String, JSON)]) throws(JWKRefusal) -> JWK {
        let names = Set(more.map(\.0) + ["alg", "use", "kid"])
        let bare = JWK(key, keyID: "k", encryption: nil).json.members ?? []
        return try JWK(reading: .object(bare.filter { !names.contains($0.0) } + more))
    }

    @Test func `serve what their owner said and what fits`() throws {
        let rsa = try PrivateKey.generate(.rsa(bits: 2048)).publicKey
        let ec = try PrivateKey.generate(.ec(.p384)).publicKey
        let free = try reading(rsa, [])
        #expect(JWEAlgorithm.allCases.filter(free.serves) == [.rsaOAEP, .rsaOAEP256, .rsaOAEP384, .rsaOAEP512])
        #expect(free.serves(JWSAlgorithm.rs256))
        let bound = try reading(rsa, [("alg", "RSA-OAEP-256")])
        #expect(JWEAlgorithm.allCases.filter(bound.serves) == [.rsaOAEP256])
        #expect(JWSAlgorithm.allCases.filter(bound.serves) == [])
        #expect(JWEAlgorithm.allCases.filter(try reading(rsa, [("alg", "RS256")]).serves) == [])
        #expect(JWEAlgorithm.allCases.filter(try reading(rsa, [("use", "sig")]).serves) == [])
        let agreement: [JWEAlgorithm] = [.ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW]
        let curve = try reading(ec, [("use", "enc"), ("key_ops", ["deriveBits"])])
        #expect(JWEAlgorithm.allCases.filter(curve.serves) == agreement)
        #expect(JWEAlgorithm.allCases.filter(try reading(ec, [("key_ops", ["verify"])]).serves) == [])
        let signing = try PrivateKey.generate(.ed25519).publicKey
        #expect(JWEAlgorithm.allCases.filter(try reading(signing, []).serves) == [])
    }

    @Test func `that contradict themselves are refused by name`() throws {
        let rsa = try PrivateKey.generate(.rsa(bits: 2048)).publicKey
        let wrongs: [([(String, JSON)], JWKRefusal)] = [
            ([("alg", "ECDH-ES")], .contradiction(member: "alg")), ([("alg", "RSA-OAEP"), ("use", "sig")], .contradiction(member: "use")),
            ([("alg", "RS256"), ("use", "enc")], .contradiction(member: "use")),
            ([("alg", "RSA1_5"), ("use", "enc")], .unsupported(member: "alg", value: "RSA1_5")),
            ([("alg", "dir")], .unsupported(member: "alg", value: "dir")),
            ([("alg", "A128KW")], .unsupported(member: "alg", value: "A128KW")),
        ]
        for (members, refusal) in wrongs { #expect(throws: refusal) { try reading(rsa, members) } }
    }

    @Test func `in a set: the one that says enc comes first`() throws {
        let (one, two) = (try PrivateKey.generate(.ec(.p256)).publicKey, try PrivateKey.generate(.ec(.p256)).publicKey)
        let set = JWKSet([
            JWK(one, keyID: "s", algorithm: .es256), try reading(one, [("kid", "free")]), try reading(two, [("kid", "e"), ("use", "enc")]),
        ])
        #expect(set.encryptionKey(for: .ecdhES)?.keyID == "e")
        #expect(set.encryptionKey(for: .rsaOAEP) == nil)
        #expect(JWKSet([set.keys[0], set.keys[1]]).encryptionKey(for: .ecdhES)?.keyID == "free")
        #expect(JWKSet([set.keys[0]]).encryptionKey(for: .ecdhES) == nil)
        let published = JWKSet([DecryptionKey(keyID: "o", key: try .generate(.ec(.p256)), algorithm: .ecdhESA256KW).jwk]).json
        let again = try JWKSet(reading: published)
        #expect(again.encryptionKey(for: .ecdhESA256KW)?.keyID == "o" && again.keys[0].use == "enc")
        #expect(again.encryptionKey(for: .ecdhES) == nil)
    }

    // RFC 7517 §4.7, §4.9; RFC 8705 §2.2 knows a client by these.
    @Test func `show the certificates that stand beside them, when they are theirs`() throws {
        let (key, other) = (try PrivateKey.generate(.ec(.p256)), try PrivateKey.generate(.ec(.p256)))
        let made = try [key, other].map {
            try SelfSigned.certificate(for: $0, commonName: "tls", notBefore: Self.moment, notAfter: Self.moment.adding(seconds: 3600))
        }
        let (own, strange) = (made[0], made[1])
        let text = { (der: [UInt8]) in JSON.string(Base64.encode(der)) }
        let print = { (der: [UInt8]) in JSON.string(Base64url.encode(Digest.sha256(der))) }
        let read = try reading(key.publicKey, [("x5c", [text(own), text(strange)])])
        #expect(read.certificates == [own, strange])
        #expect(read.certificateThumbprint == Base64url.encode(Digest.sha256(own)))
        let again = try JWK(reading: read.json)
        #expect(again.certificates == read.certificates && again.certificateThumbprint == read.certificateThumbprint)
        #expect(try reading(key.publicKey, [("x5t#S256", print(own))]).certificateThumbprint == read.certificateThumbprint)
        #expect(try reading(key.publicKey, []).certificateThumbprint == nil)
        let wrongs: [([(String, JSON)], JWKRefusal)] = [
            ([("x5c", [text(strange)])], .contradiction(member: "x5c")),
            ([("x5c", [text(strange), text(own)])], .contradiction(member: "x5c")),
            ([("x5c", [text(own)]), ("x5t#S256", print(strange))], .contradiction(member: "x5t#S256")),
            ([("x5c", [])], .malformed(member: "x5c")), ([("x5c", text(own))], .malformed(member: "x5c")),
            ([("x5c", [.string(Base64url.encode(own))])], .malformed(member: "x5c")), ([("x5c", ["AAAA"])], .malformed(member: "x5c")),
            ([("x5c", .array(Array(repeating: text(own), count: 9)))], .malformed(member: "x5c")),
            ([("x5t#S256", "AAAA")], .malformed(member: "x5t#S256")), ([("x5t#S256", 1)], .malformed(member: "x5t#S256")),
        ]
        for (members, refusal) in wrongs { #expect(throws: refusal) { try reading(key.publicKey, members) } }
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521), .ed25519, .x25519])
    func `in their private form are read where a command asks for that, and halves must match`(kind: KeyKind) throws {
        let (key, other) = (try PrivateKey.generate(kind), try PrivateKey.generate(kind))
        let json = try Self.privateJSON(key)
        let read = try PrivateJWK(reading: json)
        #expect(read.key.publicKey == key.publicKey && read.jwk.keyID == "p")
        #expect(throws: JWKRefusal.secret(member: "d")) { try JWK(reading: json) }
        let strange = try Self.privateJSON(other)
        // RSA signs with its primes; `d` is what the others have.
        let swapped = JSON.object((json.members ?? []).map { ($0.0, ["d", "p", "q"].contains($0.0) ? strange[$0.0] ?? .null : $0.1) })
        #expect(throws: JWKRefusal.self) { try PrivateJWK(reading: swapped) }
        let withoutHalf = JSON.object((json.members ?? []).filter { $0.0 != "d" })
        #expect(throws: JWKRefusal.self) { try PrivateJWK(reading: withoutHalf) }
        #expect(throws: JWKRefusal.unsupported(member: "oth", value: "more than two primes")) {
            try PrivateJWK(reading: .object((json.members ?? []) + [("oth", [])]))
        }
    }

    /// The numbers of a PKCS#8 key as a JWK.
    static func privateJSON(_ key: PrivateKey) throws -> JSON {
        var info = try DERReader.whole(key.exportPKCS8())
        _ = try info.expect(DERTag.integer)
        _ = try info.expect(DERTag.sequence)
        let inner = try info.expect(DERTag.octetString).content
        var members = JWK(key.publicKey, keyID: "p", encryption: nil).json.members?.filter { $0.0 != "use" } ?? []
        let text = { (bytes: [UInt8]) in JSON.string(Base64url.encode(bytes)) }
        switch key.publicKey.kind {
        case .rsa:
            var reader = try DERReader.whole(inner)
            let numbers = try (0..<9).map { _ in try reader.expect(DERTag.integer).content.drop { $0 == 0 } }
            for (name, index) in [("d", 3), ("p", 4), ("q", 5), ("dp", 6), ("dq", 7), ("qi", 8)] {
                members.append((name, text(Array(numbers[index]))))
            }
        case .ec:
            var reader = try DERReader.whole(inner)
            _ = try reader.expect(DERTag.integer)
            members.append(("d", text(Array(try reader.expect(DERTag.octetString).content))))
        case .ed25519, .x25519:
            members.append(("d", text(Array(inner.dropFirst(2)))))
        }
        return .object(members)
    }
}
