import Cryptography
package import Hummingbird
package import JOSE
import Synchronization
package import Vocabulary

/// A private company's point service: an OpenID relying party in the shape of Japan's Digital Authentication App (code, PKCE S256, nonce,
/// `private_key_jwt`).
package final class PrivateService: Sendable {
    /// Posts a form to our provider, or gets a document from it: address, form (nil: GET), bearer token; body of a 200.
    package typealias Fetch = @Sendable (_ url: String, _ form: String?, _ bearer: String?) async throws -> [UInt8]

    private struct Waiting {
        let nonce: String
        let verifier: String
        let since: Timestamp
    }

    package let origin: String
    package let clientID: String
    private let issuer: String
    private let key: SigningKey
    private let fetch: Fetch
    private let clock: @Sendable () -> Timestamp
    /// Shown every ID token, for the demonstration's narration.
    private let watch: @Sendable (_ idToken: String) -> Void
    private let waiting = Mutex<[String: Waiting]>([:])

    package init(
        origin: String, clientID: String, issuer: String, key: SigningKey, clock: @escaping @Sendable () -> Timestamp,
        watch: @escaping @Sendable (_ idToken: String) -> Void = { _ in }, fetch: @escaping Fetch
    ) {
        self.origin = origin
        self.clientID = clientID
        self.issuer = issuer
        self.key = key
        self.clock = clock
        self.watch = watch
        self.fetch = fetch
    }

    private var callback: String { origin + "/callback" }

    package func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in Shown.page("ポイントサービス Point service (sample)", [("login", "/start")], link: "/start") }
        router.get("/start") { [self] request, _ in
            Response(status: .seeOther, headers: [.location: authorize(more: request.uri.query.map { "&" + $0 } ?? "")])
        }
        router.get("/callback") { [self] request, _ in
            do {
                return Shown.page("ポイントサービス: ようこそ Welcome", try await consume(query: request.uri.query ?? ""))
            } catch let refusal as PartyRefusal {
                return Shown.page("ポイントサービス: ログインできません", [("refused", refusal.why)], status: .forbidden)
            }
        }
        return router
    }

    private func authorize(more: String) -> String {
        var random = SystemRandom()
        let state = Base64url.encode(random.bytes(16))
        let now = clock()
        let pending = Waiting(nonce: Base64url.encode(random.bytes(16)), verifier: Base64url.encode(random.bytes(32)), since: now)
        waiting.withLock { waiting in
            waiting = waiting.filter { now.seconds(since: $0.value.since) < 900 }
            waiting[state] = pending
        }
        return issuer + "/openid/authorize?response_type=code&scope=openid&client_id=" + Shown.escaped(clientID) + "&redirect_uri="
            + Shown.escaped(callback) + "&state=" + state + "&nonce=" + pending.nonce + "&code_challenge_method=S256&code_challenge="
            + Base64url.encode(Digest.sha256(Array(pending.verifier.utf8))) + more
    }

    private func consume(query: String) async throws -> [(String, String)] {
        guard Shown.field("iss", of: query) == issuer else { throw PartyRefusal(why: "iss is not our provider (RFC 9207)") }
        guard let state = Shown.field("state", of: query), let pending = waiting.withLock({ $0.removeValue(forKey: state) }) else {
            throw PartyRefusal(why: "state is not a request of ours")
        }
        guard let code = Shown.field("code", of: query) else {
            throw PartyRefusal(
                why: (Shown.field("error", of: query) ?? "no code") + ": " + (Shown.field("error_description", of: query) ?? ""))
        }
        let endpoint = issuer + "/openid/token"
        let answer = try JSON(reading: try await fetch(endpoint, try form(code, pending.verifier, endpoint), nil))
        let keys = try JWKSet(reading: try JSON(reading: try await fetch(issuer + "/openid/jwks", nil, nil)))
        guard let compact = answer["id_token"]?.string else { throw PartyRefusal(why: "no ID token") }
        watch(compact)
        let token = try UnverifiedJWS(compact: compact).verified(by: keys.keys, allowed: [.es256, .rs256])
        let claims = try JSON(reading: token.payload)
        guard claims["iss"]?.string == issuer, claims["aud"]?.string == clientID, claims["nonce"]?.string == pending.nonce,
            let expires = claims["exp"]?.integer, clock().seconds < expires
        else { throw PartyRefusal(why: "iss, aud, nonce or exp") }
        return (claims.members ?? []).filter { !["nonce", "at_hash", "jti"].contains($0.0) }.map { ($0.0, $0.1.string ?? $0.1.text) }
    }

    private func form(_ code: String, _ verifier: String, _ endpoint: String) throws -> String {
        var random = SystemRandom()
        let now = clock().seconds
        let assertion = try key.signed(
            [
                "iss": .string(clientID), "sub": .string(clientID), "aud": .string(endpoint), "iat": .integer(now),
                "exp": .integer(now + 120), "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        return "grant_type=authorization_code&code=" + Shown.escaped(code) + "&redirect_uri=" + Shown.escaped(callback)
            + "&code_verifier=" + verifier + "&client_id=" + Shown.escaped(clientID)
            + "&client_assertion_type=" + Shown.escaped("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            + "&client_assertion=" + assertion
    }
}
