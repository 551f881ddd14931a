import Cryptography
package import Hummingbird
package import JOSE
import Synchronization
package import Vocabulary

/// A private company's service: an OpenID relying party in the shape of Japan's Digital Authentication App (code, PKCE S256, nonce,
/// `private_key_jwt`).
package final class OpenIDService: Sendable {
    /// Posts a form to our provider, or gets a document from it: address, form (nil: GET), bearer token.
    package typealias Fetch = @Sendable (_ url: String, _ form: String?, _ bearer: String?) async throws -> (status: Int, body: [UInt8])
    /// What the service knows of whoever arrives, by the identifier and the claims it was told: lines for its page.
    package typealias Greeting = @Sendable (_ subject: String, _ claims: JSON) -> [(String, String)]

    private struct Waiting {
        let nonce: String
        let verifier: String
        let since: Timestamp
    }

    /// What the service asks for, beside a login.
    package struct Wishes: Sendable {
        package let scope: String
        /// The `claims` parameter (OpenID Connect Core §5.5).
        package let claims: JSON?
        /// It asks again later, without the citizen, with a refresh token.
        package let later: Bool

        package init(scope: String = "openid", claims: JSON? = nil, later: Bool = false) {
            self.scope = scope
            self.claims = claims
            self.later = later
        }
    }

    package let title: ServiceTitle
    package let clientID: String
    private let issuer: String
    private let key: SigningKey
    private let wishes: Wishes
    private let fetch: Fetch
    private let clock: @Sendable () -> Timestamp
    /// Shown every ID token, for the demonstration's narration.
    private let watch: @Sendable (_ idToken: String) -> Void
    private let greet: Greeting
    private let waiting = Mutex<[String: Waiting]>([:])
    /// The refresh token of the last citizen who came.
    private let kept = Mutex<String?>(nil)

    package init(
        _ title: ServiceTitle, clientID: String, issuer: String, key: SigningKey, wishes: Wishes = Wishes(),
        clock: @escaping @Sendable () -> Timestamp, watch: @escaping @Sendable (_ idToken: String) -> Void = { _ in },
        greet: @escaping Greeting = { _, _ in [] }, fetch: @escaping Fetch
    ) {
        self.title = title
        self.clientID = clientID
        self.issuer = issuer
        self.key = key
        self.wishes = wishes
        self.clock = clock
        self.watch = watch
        self.greet = greet
        self.fetch = fetch
    }

    package var callback: String { title.address + "/callback" }

    package func add(to router: Router<BasicRequestContext>) {
        router.get(RouterPath(title.path + "/")) { [title] _, _ in
            Shown.page(title.japanese + " " + title.english, [("login", title.path + "/start")], link: title.path + "/start")
        }
        router.get(RouterPath(title.path + "/start")) { [self] request, _ in
            Response(status: .seeOther, headers: [.location: authorize(more: request.uri.query ?? "")])
        }
        router.get(RouterPath(title.path + "/callback")) { [self] request, _ in
            await shown("ようこそ Welcome") { try await consume(query: request.uri.query ?? "") }
        }
        guard wishes.later else { return }
        // What its own office runs at night; a page here, so that it can be watched.
        router.get(RouterPath(title.path + "/later")) { [self] _, _ in await shown("あとからの確認 Asked later") { try await refreshed() } }
    }

    private func shown(_ title: String, _ facts: () async throws -> [(String, String)]) async -> Response {
        do {
            return Shown.page(self.title.japanese + ": " + title, try await facts())
        } catch let refusal as PartyRefusal {
            return Shown.page(self.title.japanese + ": 受け付けられません", refusal.facts, status: .forbidden)
        } catch {
            return Shown.page(self.title.japanese + ": 受け付けられません", [("refused", "\(error)")], status: .forbidden)
        }
    }

    /// `more` goes to the provider as it is; claims of its own take the place of the service's.
    private func authorize(more: String) -> String {
        var random = SystemRandom()
        let state = Base64url.encode(random.bytes(16))
        let now = clock()
        let pending = Waiting(nonce: Base64url.encode(random.bytes(16)), verifier: Base64url.encode(random.bytes(32)), since: now)
        waiting.withLock { waiting in
            waiting = waiting.filter { now.seconds(since: $0.value.since) < 900 }
            waiting[state] = pending
        }
        var url = issuer + "/openid/authorize?response_type=code&scope=" + Shown.escaped(wishes.scope) + "&client_id="
        url += Shown.escaped(clientID) + "&redirect_uri=" + Shown.escaped(callback) + "&state=" + state + "&nonce=" + pending.nonce
        url += "&code_challenge_method=S256&code_challenge=" + Base64url.encode(Digest.sha256(Array(pending.verifier.utf8)))
        if let claims = wishes.claims, Shown.field("claims", of: more) == nil { url += "&claims=" + Shown.escaped(claims.text) }
        if wishes.later { url += "&prompt=consent" }
        return more.isEmpty ? url : url + "&" + more
    }

    private func consume(query: String) async throws -> [(String, String)] {
        guard Shown.field("iss", of: query) == issuer else { throw PartyRefusal(why: "iss is not our provider (RFC 9207)") }
        guard let state = Shown.field("state", of: query), let pending = waiting.withLock({ $0.removeValue(forKey: state) }) else {
            throw PartyRefusal(why: "state is not a request of ours")
        }
        guard let code = Shown.field("code", of: query) else {
            throw PartyRefusal(
                why: Shown.field("error", of: query) ?? "no code", more: [("message", Shown.field("error_description", of: query) ?? "")])
        }
        var form = "grant_type=authorization_code&code=" + Shown.escaped(code) + "&redirect_uri=" + Shown.escaped(callback)
        form += "&code_verifier=" + pending.verifier
        let answer = try await tokens(form)
        return try await facts(of: answer, nonce: pending.nonce)
    }

    private func refreshed() async throws -> [(String, String)] {
        guard let token = kept.withLock({ $0 }) else { throw PartyRefusal(why: "nobody came yet") }
        return try await facts(of: try await tokens("grant_type=refresh_token&refresh_token=" + Shown.escaped(token)), nonce: nil)
    }

    // MARK: At the provider

    private func tokens(_ form: String) async throws -> JSON {
        var random = SystemRandom()
        let now = clock().seconds
        let endpoint = issuer + "/openid/token"
        let assertion = try key.signed(
            [
                "iss": .string(clientID), "sub": .string(clientID), "aud": .string(endpoint), "iat": .integer(now),
                "exp": .integer(now + 120), "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        let whole =
            form + "&client_id=" + Shown.escaped(clientID) + "&client_assertion_type="
            + Shown.escaped("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") + "&client_assertion=" + assertion
        return try Self.json(await fetch(endpoint, whole, nil))
    }

    private static func json(_ answer: (status: Int, body: [UInt8])) throws -> JSON {
        let json = (try? JSON(reading: answer.body)) ?? .null
        guard answer.status == 200 else {
            throw PartyRefusal(
                why: json["error"]?.string ?? "status \(answer.status)", more: [("message", json["error_description"]?.string ?? "")])
        }
        return json
    }

    private func facts(of answer: JSON, nonce: String?) async throws -> [(String, String)] {
        var claims = try await verified(answer["id_token"]?.string, nonce: nonce)
        let subject = claims["sub"]?.string ?? ""
        if let token = answer["refresh_token"]?.string { kept.withLock { $0 = token } }
        if wishes.claims?["userinfo"] != nil, let token = answer["access_token"]?.string {
            let told = try Self.json(await fetch(issuer + "/openid/userinfo", nil, token))
            guard told["sub"]?.string == subject else { throw PartyRefusal(why: "userinfo speaks of somebody else") }
            claims = .object((claims.members ?? []) + (told.members ?? []).filter { claims[$0.0] == nil })
        }
        return greet(subject, claims)
            + (claims.members ?? []).filter { !["nonce", "at_hash", "jti"].contains($0.0) }.map { ($0.0, $0.1.string ?? $0.1.text) }
    }

    /// The claims of an ID token that is for us, of our provider, and new.
    private func verified(_ compact: String?, nonce: String?) async throws -> JSON {
        guard let compact else { throw PartyRefusal(why: "no ID token") }
        watch(compact)
        let keys = try JWKSet(reading: try Self.json(await fetch(issuer + "/openid/jwks", nil, nil)))
        let token = try UnverifiedJWS(compact: compact).verified(by: keys.keys, allowed: [.es256, .rs256])
        let claims = try JSON(reading: token.payload)
        guard claims["iss"]?.string == issuer, claims["aud"]?.string == clientID, nonce == nil || claims["nonce"]?.string == nonce,
            let expires = claims["exp"]?.integer, clock().seconds < expires
        else { throw PartyRefusal(why: "iss, aud, nonce or exp") }
        return claims
    }
}
