import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

/// OpenID Connect Core §3.1.2.1 `id_token_hint`; checklist C6, E9, E24.
@Suite struct `Hints at the expected citizen` {
    private func hint(_ federation: Federation) throws -> String {
        let (code, record) = try federation.code()
        let answer = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        return try #require(answer.body["id_token"]?.string)
    }

    @Test func `an ID token of ours names the citizen, also long after it expired`() throws {
        let federation = try Federation()
        let query = Federation.query([("id_token_hint", try hint(federation))])
        let request = try UnverifiedAuthorizationRequest(parameters: query).verified(
            for: federation.client(), at: federation.provider, at: Federation.now.adding(seconds: 86_400 * 300))
        #expect(request.ask.expected?.text == Federation.pairwise)
    }

    @Test func `a hint for another citizen ends in login_required`() throws {
        let federation = try Federation()
        let request = try federation.verified([
            ("claims", #"{"id_token":{"sub":{"value":"somebody-else-entirely-000000"}}}"#), ("prompt", "none"),
        ])
        #expect(throws: SignOnRefusal.otherCitizen) {
            try federation.grant(request.ask, member: federation.member(), session: federation.session())
        }
        let location = try request.location(refusing: .otherCitizen, at: federation.provider)
        #expect(Federation.parameters(of: location)["error"] == "login_required")
    }

    @Test func `a hint encrypted to a key of ours that does not answer is no fault of the client's`() throws {
        let federation = try Federation()
        var random = SystemRandom()
        let sealed = try JWE.encrypt(
            Array(hint(federation).utf8), to: EncryptionKeys.provider.jwk, algorithm: .ecdhESA256KW, content: .a256GCM, contentType: "JWT",
            using: &random)
        let away = federation.provider.with(decryptionKeys: [try EncryptionKeys.away()])
        let asked = #expect(throws: AuthorizationRefusal.self) {
            try UnverifiedAuthorizationRequest(parameters: Federation.query([("id_token_hint", sealed)])).verified(
                for: federation.client(), at: away, at: Federation.now)
        }
        #expect(asked?.error == .serverError && asked?.explanation.code == "openid.hint.key-away")
        for named in [[], [("client_id", "shop")]] {
            let left = #expect(throws: LogoutRefusal.self) {
                try UnverifiedLogoutRequest(parameters: Federation.form(named + [("id_token_hint", sealed)]), at: away)
                    .verified(for: named.isEmpty ? nil : federation.client(), at: away)
            }
            #expect(left?.explanation.code == "openid.hint.key-away")
        }
        let waiting = try federation.refusal {
            _ = try UnverifiedBackchannelRequest(federation.form([Federation.openid, ("id_token_hint", sealed)])).verified(
                for: federation.proven(federation.waitingClient()), at: away, at: Federation.now)
        }
        #expect(waiting?.error == .serverError && waiting?.status == 500)
        #expect(waiting?.explanation.code == "openid.hint.key-away")
    }

    @Test func `hint and sub claim must not contradict each other`() throws {
        let federation = try Federation()
        let refusal = try federation.refusal(
            Federation.query([
                ("id_token_hint", try hint(federation)), ("claims", #"{"id_token":{"sub":{"value":"somebody-else-entirely-000000"}}}"#),
            ]))
        #expect(refusal?.explanation.code == "openid.request.subject")
    }

    @Test(arguments: ["stranger", "type", "no type", "issuer", "audience", "nobody", "tampered", "none"])
    func `anything but an ID token we made for this client is refused`(how: String) throws {
        let federation = try Federation()
        let keys = federation.keys
        func claims(iss: String = Federation.issuer, aud: String = "shop", sub: JSON? = .string(Federation.pairwise)) -> JSON {
            .object([("iss", .string(iss)), ("aud", .string(aud))] + (sub.map { [("sub", $0)] } ?? []))
        }
        let genuine = try keys.providerES256.signed(claims(), type: "JWT")
        #expect(try federation.refusal(Federation.query([("id_token_hint", genuine)])) == nil)
        let forged =
            switch how {
            case "stranger": try keys.strangerES256.signed(claims(), type: "JWT")
            // Checklist E24: another kind of token under our own key.
            case "type": try keys.providerES256.signed(claims(), type: "at+jwt")
            case "no type": try keys.providerES256.signed(claims(), type: nil)
            case "issuer": try keys.providerES256.signed(claims(iss: Federation.issuer + "/"), type: "JWT")
            case "audience": try keys.providerES256.signed(claims(aud: "other"), type: "JWT")
            case "nobody": try keys.providerES256.signed(claims(sub: nil), type: "JWT")
            case "tampered": genuine.replacingFirst(after: ".")
            default: Base64url.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8)) + "." + Base64url.encode(claims().bytes) + "."
            }
        let refusal = try #require(try federation.refusal(Federation.query([("id_token_hint", forged)])))
        #expect(refusal.explanation.code == "openid.request.id-token-hint")
        #expect(Federation.parameters(of: refusal.location(issuer: Federation.issuer) ?? "")["error"] == "invalid_request")
    }

    @Test func `a retired key still proves a hint`() throws {
        let federation = try Federation()
        let old = federation.keys.strangerES256
        let provider = Provider(
            issuer: Federation.issuer, signingKeys: [federation.keys.providerES256],
            retiredKeys: [JWK(old.key.publicKey, keyID: "old", algorithm: .es256)])
        let key = SigningKey(keyID: "old", algorithm: .es256, key: old.key)
        let hint = try key.signed(
            .object([("iss", .string(Federation.issuer)), ("aud", "shop"), ("sub", .string(Federation.pairwise))]), type: "JWT")
        let request = try UnverifiedAuthorizationRequest(parameters: Federation.query([("id_token_hint", hint)]))
        #expect(try request.verified(for: federation.client(), at: provider, at: Federation.now).ask.expected != nil)
        #expect(provider.jwks(at: Federation.now)["keys"]?.array?.count == 2)
    }
}

extension String {
    /// Changes the character behind the first separator.
    func replacingFirst(after separator: Character) -> String {
        guard let index = firstIndex(of: separator) else { return self }
        let next = self.index(after: index)
        return String(self[..<next]) + (self[next] == "e" ? "f" : "e") + String(self[self.index(after: next)...])
    }
}
