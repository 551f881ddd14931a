import Cryptography
import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Revocation (RFC 7009; checklist O12, E24)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    private func revoking(_ token: String, _ found: RevocableToken?, by client: Client? = nil) throws -> VerifiedRevocation {
        let (authenticated, form) = try agencies.authenticated(
            client ?? agencies.portalClient(), [("token", token), ("token_type_hint", "x")])
        return try authenticated.revoking(TokenReference(form), found, at: agencies.provider)
    }

    private static func refresh(_ token: String) throws -> RefreshTokenRecord {
        let record = RefreshTokenRecord(
            json: [
                "digest": .string(Base64url.encode(Agencies.digest(token))),
                "family": .string(Base64url.encode([UInt8](repeating: 5, count: 32))),
                "client": .string(Agencies.portal), "nonce": .null, "pairwise": .string(Agencies.subject), "scopes": ["openid"],
                "acr": "urn:x:acr:pin",
                "amr": ["pin"], "auth": .integer(Agencies.now.milliseconds), "claims": [:], "sid": .null,
                "session": .integer(Agencies.now.milliseconds + 1_000_000), "issued": .integer(Agencies.now.milliseconds),
                "expires": .integer(Agencies.now.milliseconds + 1_000_000),
            ])
        guard let record else { throw Missing() }
        return record
    }

    @Test func `an access token ends alone, a refresh token with its whole family`() throws {
        guard case .accessToken(let digest) = try revoking(Agencies.token, .access(Agencies.record())) else { throw Missing() }
        #expect(digest == Agencies.digest(Agencies.token))
        guard case .family(let family) = try revoking("r", .refresh(Self.refresh("r"))) else { throw Missing() }
        #expect(family == [UInt8](repeating: 5, count: 32))
    }

    @Test func `what is not there is nothing, and no error`() throws {
        for text in ["unknown", "a.b.c", String(repeating: "x", count: 9_000)] {
            guard case .nothing = try revoking(text, nil) else { throw Missing() }
        }
    }

    @Test func `another client's tokens stay`() throws {
        let other = try agencies.townClient()
        for found in [RevocableToken.access(try Agencies.record()), .refresh(try Self.refresh(Agencies.token))] {
            do {
                _ = try revoking(Agencies.token, found, by: other)
                Issue.record("revoked")
            } catch let refusal as TokenRefusal {
                #expect(refusal.error == .invalidGrant && refusal.explanation.code == "openid.revocation.other-client")
            }
        }
        // A resource server ends nothing that was only made for it.
        #expect(throws: TokenRefusal.self) { try revoking("t", .access(Agencies.handedOn("t")), by: other) }
    }

    /// Userinfo and authorization answers have no `typ`.
    @Test(arguments: ["JWT", "logout+jwt", nil, "token-introspection+jwt"] as [String?])
    func `statements of ours cannot be revoked (E24)`(type: String?) throws {
        let statement = try agencies.federation.keys.providerES256.signed(["iss": .string(Federation.issuer)], type: type)
        do {
            _ = try revoking(statement, nil)
            Issue.record("revoked")
        } catch let refusal as TokenRefusal {
            #expect(refusal.error == .unsupportedTokenType && refusal.status == 400)
        }
        // Somebody else's is just unknown.
        let foreign = try agencies.federation.keys.strangerES256.signed(["iss": .string(Federation.issuer)], type: type)
        guard case .nothing = try revoking(foreign, nil) else { throw Missing() }
    }

    @Test func `an access token in JWT form that has ended is unknown, no statement`() throws {
        let token = try agencies.federation.keys.providerES256.signed(["iss": .string(Federation.issuer)], type: "at+jwt")
        guard case .nothing = try revoking(token, nil) else { throw Missing() }
    }

    @Test func `a store that fails is no success (E19)`() {
        #expect(TokenRefusal.revocationUnavailable.status == 503)
    }
}
