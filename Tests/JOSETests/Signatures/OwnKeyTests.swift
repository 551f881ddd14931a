import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `Proof by a token's own key, RFC 9449 §4.2` {
    static let allowed: Set<JWSAlgorithm> = [.es256, .ps256, .eddsa]

    let key: PrivateKey

    init() throws { key = try .generate(.ec(.p256)) }

    private func members(_ jwk: JSON?) -> [(String, JSON)] {
        [("typ", "dpop+jwt"), ("alg", "ES256")] + (jwk.map { [("jwk", $0)] } ?? [])
    }

    private func token(_ jwk: JSON?, by key: PrivateKey? = nil) throws -> String {
        let input = Base64url.encode(JSON.object(members(jwk)).bytes) + "." + Base64url.encode(#"{"jti":"1"}"#.utf8)
        return input + "." + Base64url.encode(try (key ?? self.key).sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw))
    }

    private var own: JSON { JWK(key.publicKey, keyID: "own", algorithm: .es256).json }

    private func bare(_ json: JSON) -> JSON {
        .object((json.members ?? []).filter { ["kty", "crv", "x", "y", "n", "e"].contains($0.0) })
    }

    @Test func `gives the key as a name, and nothing that verifies anybody else`() throws {
        let proof = try UnverifiedJWS(compact: token(bare(own))).verifiedByOwnKey(allowed: Self.allowed)
        #expect(proof.key.thumbprint == JWK(key.publicKey, keyID: "other", algorithm: .es256).thumbprint)
        #expect(proof.type == "dpop+jwt" && proof.payload == Array(#"{"jti":"1"}"#.utf8))
        // The same token where a registered key is asked for: its own key is not looked at (checklist E10).
        let registered = JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: "r", algorithm: .es256)
        #expect(throws: JWSRefusal.signature) {
            try UnverifiedJWS(compact: token(bare(own))).verified(by: [registered], allowed: Self.allowed)
        }
        #expect(throws: JWSRefusal.keyMissing(keyID: nil)) {
            try UnverifiedJWS(compact: token(bare(own))).verified(by: [], allowed: Self.allowed)
        }
    }

    @Test func `is refused for another key's signature, a changed text and an algorithm not allowed`() throws {
        let stranger = try PrivateKey.generate(.ec(.p256))
        #expect(throws: JWSRefusal.signature) {
            try UnverifiedJWS(compact: token(bare(own), by: stranger)).verifiedByOwnKey(allowed: Self.allowed)
        }
        let changed = try token(bare(own)).exchanging(part: 1, for: Base64url.encode(#"{"jti":"2"}"#.utf8))
        #expect(throws: JWSRefusal.signature) { try UnverifiedJWS(compact: changed).verifiedByOwnKey(allowed: Self.allowed) }
        #expect(throws: JWSRefusal.algorithmNotAllowed(.es256)) {
            try UnverifiedJWS(compact: token(bare(own))).verifiedByOwnKey(allowed: [.ps256])
        }
    }

    @Test func `is refused without a key, and with one that is secret, weak or of another kind`() throws {
        let x = own["x"] ?? .null
        let wrongs: [(JSON?, JWSRefusal)] = [
            (nil, .headerMember("jwk")), (.null, .ownKey(.malformed(member: ""))), ("key", .ownKey(.malformed(member: ""))),
            (.object((bare(own).members ?? []) + [("d", x)]), .ownKey(.secret(member: "d"))),
            (["kty": "oct", "k": x], .ownKey(.secret(member: "k"))),
            (["kty": "RSA", "n": "AQ", "e": "AQAB"], .ownKey(.key(.weak(bits: 1)))),
            (["kty": "EC", "crv": "P-256", "x": x, "y": x], .ownKey(.key(.malformed))),
            (bare(JWK(try PrivateKey.generate(.ec(.p384)).publicKey, keyID: "", algorithm: .es384).json), .keyMissing(keyID: nil)),
            (.object((bare(own).members ?? []) + [("use", "enc")]), .keyMissing(keyID: nil)),
        ]
        for (jwk, refusal) in wrongs {
            #expect(throws: refusal) { try UnverifiedJWS(compact: token(jwk)).verifiedByOwnKey(allowed: Self.allowed) }
        }
    }

    // RFC 9864 §2.2: `Ed25519` is what `EdDSA` meant here.
    @Test func `reads Ed25519 and EdDSA as one algorithm and sends the name that was registered`() throws {
        let key = SigningKey(keyID: "e", algorithm: .eddsa, key: try .generate(.ed25519))
        let renamed = try #require(key.named(.ed25519))
        let (old, new) = (try key.signed([:]), try renamed.signed([:]))
        #expect(try UnverifiedJWS(compact: old).header["alg"] == "EdDSA")
        #expect(try UnverifiedJWS(compact: new).header["alg"] == "Ed25519")
        for text in [old, new] {
            for jwk in [key.jwk, renamed.jwk] {
                for name in [JWSAlgorithm.eddsa, .ed25519] {
                    #expect(throws: Never.self) { try UnverifiedJWS(compact: text).verified(by: [jwk], allowed: [name]) }
                }
                #expect(throws: JWSRefusal.self) { try UnverifiedJWS(compact: text).verified(by: [jwk], allowed: [.es256]) }
            }
        }
        #expect(key.named(.es256) == nil && key.named(.eddsa) != nil)
        #expect(JWSAlgorithm.eddsa.tokenHash == .sha512 && JWSAlgorithm.ed25519.tokenHash == .sha512)
        #expect(!JWSAlgorithm.es256.isSame(as: .es384))
    }
}
