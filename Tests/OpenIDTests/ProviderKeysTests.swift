import Cryptography
import JOSE
import OpenID
import Testing
import Vocabulary

@Suite struct `Our keys for tokens, checklist C12` {
    private static let promotion = Federation.now.adding(seconds: 3600)
    private static let end = promotion.adding(seconds: 2 * 86_400)

    private static func key(_ name: String, _ kind: KeyKind = .ec(.p256), _ algorithm: JWSAlgorithm = .es256) throws -> SigningKey {
        SigningKey(keyID: name, algorithm: algorithm, key: try PrivateKey.generate(kind))
    }

    private func provider(_ old: SigningKey, _ new: SigningKey, revoked: Timestamp? = nil) -> Provider {
        Provider(
            issuer: Federation.issuer,
            keys: [
                ProviderKey(old, life: KeyLife(from: .init(seconds: 0), succeeded: Self.promotion, until: Self.end, revoked: revoked)),
                ProviderKey(new, life: KeyLife(from: Self.promotion)),
            ])
    }

    private func published(_ provider: Provider, _ now: Timestamp) throws -> [String] {
        try JWKSet(reading: provider.jwks(at: now)).keys.compactMap(\.keyID)
    }

    @Test func `change at their moment, and are in the key set before it and after it`() throws {
        let provider = try provider(Self.key("old"), Self.key("new"))
        #expect(provider.signingKey(for: .es256, at: Self.promotion.adding(seconds: -1))?.keyID == "old")
        #expect(provider.signingKey(for: .es256, at: Self.promotion)?.keyID == "new")
        #expect(try published(provider, Federation.now) == ["old", "new"])
        #expect(try published(provider, Self.promotion) == ["new", "old"], "the one that signs stands first")
        #expect(try published(provider, Self.end) == ["new"])
        #expect(provider.signingKey(for: .rs256, at: Self.promotion) == nil)
    }

    @Test func `are offered as long as they sign`() throws {
        let retired = KeyLife(from: .init(seconds: 0), succeeded: Self.promotion, until: Self.end)
        let waiting = KeyLife(from: Self.promotion)
        let provider = Provider(
            issuer: Federation.issuer,
            keys: [
                ProviderKey(try Self.key("old"), life: retired), ProviderKey(try Self.key("rsa", .rsa(bits: 2048), .rs256), life: waiting),
            ])
        func offered(_ now: Timestamp) -> [String]? {
            provider.discovery(ladder: Federation.ladder, at: now)["id_token_signing_alg_values_supported"]?.strings
        }
        #expect(offered(Self.promotion.adding(seconds: -1)) == ["ES256"])
        #expect(offered(Self.promotion) == ["RS256"])
        let resource = provider.userInfoResource(at: Self.promotion)["resource_signing_alg_values_supported"]?.strings
        #expect(resource == ["RS256"])
    }

    @Test func `let a token of the last second be verified by the set of the next`() throws {
        let provider = try provider(Self.key("old"), Self.key("new"))
        let token = try #require(provider.signingKey(for: .es256, at: Self.promotion.adding(seconds: -1))).signed(["sub": "x"])
        let after = try JWKSet(reading: provider.jwks(at: Self.promotion.adding(seconds: 60))).keys
        #expect(throws: Never.self) { try UnverifiedJWS(compact: token).verified(by: after, allowed: [.es256]) }
        let gone = try JWKSet(reading: provider.jwks(at: Self.end)).keys
        #expect(throws: (any Error).self) { try UnverifiedJWS(compact: token).verified(by: gone, allowed: [.es256]) }
    }

    @Test func `are nowhere when they are revoked`() throws {
        let provider = try provider(Self.key("old"), Self.key("new"), revoked: Federation.now)
        #expect(try published(provider, Federation.now) == ["new"])
        #expect(provider.signingKey(for: .es256, at: Federation.now) == nil, "the other is not due yet; Settings refuses such a folder")
    }

    @Test(arguments: [
        (KeyKind.rsa(bits: 2048), JWSAlgorithm.ps256), (.ec(.p384), .es384), (.ed25519, .eddsa), (.rsa(bits: 2048), .rs256),
    ]) func `may be of each algorithm that a client may want`(kind: KeyKind, algorithm: JWSAlgorithm) throws {
        let key = try Self.key("one", kind, algorithm)
        let provider = Provider(issuer: Federation.issuer, keys: [ProviderKey(key, life: .always)])
        let signing = provider.algorithms(at: Federation.now)
        #expect(Client.idTokenAlgorithms.contains(algorithm) && signing.contains(algorithm))
        #expect(signing.allSatisfy { $0.isSame(as: algorithm) }, "under another name of the same at most")
        let token = try #require(provider.signingKey(for: algorithm, at: Federation.now)).signed(["sub": "x"])
        let keys = try JWKSet(reading: provider.jwks(at: Federation.now)).keys
        #expect(throws: Never.self) { try UnverifiedJWS(compact: token).verified(by: keys, allowed: [algorithm]) }
    }
}
