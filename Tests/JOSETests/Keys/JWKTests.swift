import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `JSON Web Keys, RFC 7517` {
    static let elliptic: JSON = [
        "kty": "EC", "crv": "P-256", "x": "04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY",
        "y": "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw", "kid": "a", "use": "sig", "alg": "ES256",
    ]

    static func changed(_ changes: JSON) -> JSON {
        let names = Set(changes.members?.map(\.0) ?? [])
        return .object((elliptic.members ?? []).filter { !names.contains($0.0) } + (changes.members ?? []).filter { $0.1 != .null })
    }

    /// A good key with these members changed (`null`: removed), and why it is none any more.
    static let broken: [(JSON, JWKRefusal)] = [
        (["kty": "oct", "k": "AA"], JWKRefusal.secret(member: "k")), (["kty": "oct"], .secret(member: "kty")),
        (["d": "AA"], .secret(member: "d")), (["d": ""], .secret(member: "d")), (["kty": "DSA"], .unsupported(member: "kty", value: "DSA")),
        (["kty": .null], .malformed(member: "kty")), (["kty": "ec"], .unsupported(member: "kty", value: "ec")),
        (["crv": "P-256K"], .unsupported(member: "crv", value: "P-256K")), (["crv": "P-384"], .malformed(member: "x")),
        (["x": "AA"], .malformed(member: "x")), (["x": 1], .malformed(member: "x")), (["y": .null], .malformed(member: "y")),
        (["x": "ANODdMYttYbIcrwaeyNeu7GxP216sqpAD33n3ZJTDu8G"], .malformed(member: "x")),
        (["x": "04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY="], .malformed(member: "x")),
        (["y": "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgnw"], .key(.malformed)),
        (["alg": "ES521"], .unsupported(member: "alg", value: "ES521")), (["alg": "none"], .unsupported(member: "alg", value: "none")),
        (["alg": "HS256"], .unsupported(member: "alg", value: "HS256")), (["alg": "ES384"], .contradiction(member: "alg")),
        (["alg": "RS256"], .contradiction(member: "alg")), (["alg": 1], .malformed(member: "alg")),
        (["use": "both"], .unsupported(member: "use", value: "both")), (["key_ops": ["encrypt"]], .contradiction(member: "key_ops")),
        (["use": "enc", "key_ops": ["verify"]], .contradiction(member: "key_ops")), (["key_ops": "verify"], .malformed(member: "key_ops")),
        (["key_ops": ["verify", "verify"]], .malformed(member: "key_ops")), (["kid": 7], .malformed(member: "kid")),
        (["kid": ""], .malformed(member: "kid")), (["kty": "RSA", "n": "AQ", "e": "AQAB"], .key(.weak(bits: 1))),
        (["kty": "RSA", "n": "AAE", "e": "AQAB"], .malformed(member: "n")), (["kty": "OKP"], .unsupported(member: "crv", value: "P-256")),
        (["kty": "OKP", "crv": "Ed25519", "x": "AA"], .key(.malformed)),
        (["kty": "OKP", "crv": "Ed25519", "x": .null], .malformed(member: "x")),
    ]

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521), .ed25519])
    func `are written and read back as the same key`(kind: KeyKind) throws {
        let algorithm = try #require(JWSAlgorithm.allCases.first { $0.fits(kind) })
        let key = JWK(try PrivateKey.generate(kind).publicKey, keyID: "k1", algorithm: algorithm)
        let again = try JWK(reading: JSON(reading: key.json.text))
        #expect(again.key == key.key)
        #expect(again.keyID == "k1")
        #expect(again.algorithm == algorithm)
        #expect(again.use == "sig")
        #expect(again.thumbprint == key.thumbprint)
        let names = try #require(key.json.members).map(\.0)
        for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] { #expect(!names.contains(secret)) }
    }

    @Test func `have the thumbprint of RFC 7638 §3.1`() throws {
        let key = try JWK(reading: [
            "kty": "RSA",
            "n":
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        ])
        #expect(key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test func `have the thumbprint of RFC 8037 appendix A.3`() throws {
        let key = try JWK(reading: ["kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"])
        #expect(key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }

    @Test(arguments: broken) func `that are not one are refused by name`(changes: JSON, refusal: JWKRefusal) {
        #expect(throws: refusal) { try JWK(reading: Self.changed(changes)) }
        #expect(throws: Never.self) { try JWK(reading: Self.elliptic) }
    }

    @Test(arguments: [.null, "x", [], 1] as [JSON]) func `that are not objects are refused`(json: JSON) {
        #expect(throws: JWKRefusal.malformed(member: "")) { try JWK(reading: json) }
        #expect(throws: JWKSetRefusal.malformed) { try JWKSet(reading: json) }
        #expect(throws: JWKSetRefusal.malformed) { try JWKSet(reading: ["keys": json == [] ? "x" : json]) }
    }

    @Test func `in a set: what we cannot use is passed over and reported, the rest stays`() throws {
        let set = try JWKSet(reading: [
            "keys": [
                Self.elliptic, Self.changed(["kid": "b", "crv": "secp256k1"]), Self.changed(["kid": "c", "alg": "RSA-OAEP", "use": "enc"]),
                Self.changed(["kid": "d", "kty": "new"]), Self.changed(["kid": .null, "x": "AA"]),
            ]
        ])
        #expect(set.keys.map(\.keyID) == ["a"])
        #expect(set.ignored.map(\.keyID) == ["b", "c", "d", nil])
        #expect(try JWKSet(reading: set.json).keys.map(\.key) == set.keys.map(\.key))
    }

    @Test func `in a set: a secret, a second key of one name and use, and too many keys refuse the whole set`() throws {
        let secret = Self.changed(["kid": "s", "d": "AA"])
        #expect(throws: JWKSetRefusal.secret(keyID: "s", member: "d")) { try JWKSet(reading: ["keys": [Self.elliptic, secret]]) }
        let other = JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: "a", algorithm: .es256).json
        #expect(throws: JWKSetRefusal.duplicateKeyID("a")) { try JWKSet(reading: ["keys": [Self.elliptic, other]]) }
        // One that says no use, or that we cannot use, might have made the signature too.
        for doubtful in [Self.changed(["use": .null, "x": "AA"]), Self.changed(["crv": "secp256k1"])] {
            #expect(throws: JWKSetRefusal.duplicateKeyID("a")) { try JWKSet(reading: ["keys": [doubtful, other]]) }
        }
        let many = JSON.array((0..<65).map { Self.changed(["kid": .string("k\($0)")]) })
        #expect(throws: JWKSetRefusal.tooManyKeys(limit: 64)) { try JWKSet(reading: ["keys": many]) }
    }

    @Test func `in a set: one name does for two uses, and for one key twice`() throws {
        let reader = JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: "a", encryption: .ecdhES).json
        let uses = try JWKSet(reading: ["keys": [Self.elliptic, reader]])
        #expect(uses.keys.map(\.use) == ["sig", "enc"] && uses.encryptionKey(for: .ecdhES)?.use == "enc")
        // The same key, once bound to an algorithm and once to none.
        let twice = try JWKSet(reading: ["keys": [Self.elliptic, Self.elliptic, Self.changed(["alg": .null, "use": .null])]])
        #expect(twice.keys.count == 3 && Set(twice.keys.map(\.thumbprint)).count == 1)
        // Three keys of two uses are one too many.
        let third = JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: "a", encryption: .ecdhES).json
        #expect(throws: JWKSetRefusal.duplicateKeyID("a")) { try JWKSet(reading: ["keys": [Self.elliptic, reader, third]]) }
    }

    /// What Web Cryptography exports: `key_ops` is empty for the public half of an agreement.
    @Test func `with an empty list of operations are for what else they say`() throws {
        let members: JSON = ["alg": .null, "use": .null, "key_ops": []]
        let exported = try JWK(reading: Self.changed(members))
        #expect(exported.operations == nil && exported.serves(JWEAlgorithm.ecdhES))
        #expect(exported.json["key_ops"] == nil)
        #expect(try JWK(reading: Self.changed(["alg": .null, "use": "enc", "key_ops": []])).use == "enc")
        let verifier = try JWK(reading: Self.changed(["alg": .null, "use": .null, "key_ops": ["verify"]]))
        #expect(!verifier.serves(JWEAlgorithm.ecdhES))
    }

    @Test func `serve only what their owner said`() throws {
        let free = try JWK(reading: Self.changed(["alg": .null, "use": .null]))
        #expect(JWSAlgorithm.allCases.filter(free.serves) == [.es256])
        let encryption = try JWK(reading: Self.changed(["alg": .null, "use": "enc"]))
        #expect(JWSAlgorithm.allCases.filter(encryption.serves) == [])
        let operations = try JWK(reading: Self.changed(["alg": .null, "use": .null, "key_ops": ["deriveKey"]]))
        #expect(JWSAlgorithm.allCases.filter(operations.serves) == [])
        let rsa = try PrivateKey.generate(.rsa(bits: 2048)).publicKey
        #expect(JWSAlgorithm.allCases.filter(JWK(rsa, keyID: "r", algorithm: .ps256).serves) == [.ps256])
    }
}
