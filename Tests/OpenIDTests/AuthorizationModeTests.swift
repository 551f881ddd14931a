import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Response modes (checklist C5, O4, E7, E24)` {
    private func answers(_ changes: [(String, String?)], _ client: Client) throws -> [AuthorizationAnswer] {
        let federation = try Federation()
        let request = try federation.judged(Federation.query(changes), client)
        var random = Seeded()
        let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
        let yes = try request.code(for: grant, at: federation.rich, at: Federation.now, using: &random).answer
        let no = try request.answer(refusing: .cancelled, at: federation.rich, at: Federation.now, using: &random)
        let refusal = try #require(federation.judgedRefusal(Federation.query(changes + [("response_type", "token")]), client))
        return [yes, no, try #require(try refusal.answer(at: federation.rich, at: Federation.now, using: &random))]
    }

    @Test func `query puts code, error, state and iss into the address`() throws {
        for (answer, name) in zip(try answers([], Federation().rp()), ["code", "error", "error"]) {
            guard case .redirect = answer else { throw Missing() }
            let parameters = try answer.parameters()
            #expect(parameters[name]?.isEmpty == false)
            #expect(parameters["state"] == "s-1")
            #expect(parameters["iss"] == Federation.issuer)
            #expect(parameters["response"] == nil)
        }
    }

    @Test func `form_post carries the same in a form, and nothing in the address`() throws {
        for (answer, name) in zip(try answers([("response_mode", "form_post")], Federation().rp()), ["code", "error", "error"]) {
            guard case .form(let action, _) = answer else { throw Missing() }
            #expect(action == Federation.callback)
            let parameters = try answer.parameters()
            #expect(parameters[name]?.isEmpty == false)
            #expect(parameters["state"] == "s-1")
            #expect(parameters["iss"] == Federation.issuer)
        }
    }

    @Test func `a state that is markup stays text in the form`() throws {
        let state = "\"><script>alert(1)</script>"
        let answer = try #require(try answers([("response_mode", "form_post"), ("state", state)], Federation().rp()).first)
        #expect(try answer.parameters()["state"] == state, "the page escapes; see AuthorizeTests of Web")
    }

    @Test(arguments: ["jwt", "query.jwt", "form_post.jwt"])
    func `a signed answer is one object with iss, aud, exp and all parameters, for errors too`(mode: String) throws {
        let federation = try Federation()
        for (answer, name) in zip(try answers([("response_mode", mode)], federation.rp()), ["code", "error", "error"]) {
            let parameters = try answer.parameters()
            #expect(Array(parameters.keys) == ["response"], "nothing beside the object: no state, no iss, no code")
            let jws = try UnverifiedJWS(compact: parameters["response"] ?? "")
            let verified = try jws.verified(by: [federation.keys.providerES256.jwk], allowed: [.es256])
            #expect(verified.type == nil, "JARM names none, and libraries refuse one that they do not know")
            let claims = try JSON(reading: verified.payload)
            #expect(claims["iss"] == .string(Federation.issuer))
            #expect(claims["aud"] == "shop")
            let exp = try #require(claims["exp"]?.integer)
            #expect((Federation.now.seconds + 60...Federation.now.seconds + 600).contains(exp), "JARM §2.1: ten minutes at most")
            #expect(claims[name]?.string?.isEmpty == false)
            #expect(claims["state"] == "s-1")
            if case .form(let action, _) = answer { #expect(action == Federation.callback && mode == "form_post.jwt") }
        }
    }

    @Test func `without state there is none in a signed answer`() throws {
        let federation = try Federation()
        let answer = try #require(try answers([("response_mode", "jwt"), ("state", nil)], federation.rp()).first)
        let jws = try UnverifiedJWS(compact: try answer.parameters()["response"] ?? "")
        #expect(try JSON(reading: jws.unverifiedPayload)["state"] == nil)
    }

    @Test func `an answer is encrypted to the client that registered for it, signed inside`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.authorizationEncryption = Encryption(algorithm: .ecdhESA256KW, content: .a256GCM) }
        let answer = try #require(try answers([("response_mode", "jwt")], client).first)
        let sealed = try UnverifiedJWE(compact: try answer.parameters()["response"] ?? "")
        let opened = try sealed.decrypted(by: [EncryptionKeys.client], allowed: [.ecdhESA256KW])
        #expect(opened.contentType == "jwt")
        let verified = try UnverifiedJWS(compact: opened.text ?? "")
            .verified(by: [federation.keys.providerES256.jwk], allowed: [.es256])
        #expect(try JSON(reading: verified.payload)["code"]?.string?.isEmpty == false)
        #expect(throws: JWERefusal.self) { try sealed.decrypted(by: [EncryptionKeys.provider], allowed: [.ecdhESA256KW]) }
    }

    @Test func `answers that would be encrypted and not signed cannot be registered (JARM §2.2)`() throws {
        let federation = try Federation()
        let refusal = #expect(throws: ClientRefusal.self) {
            try federation.rp {
                $0.authorizationSigning = nil
                $0.authorizationEncryption = Encryption(algorithm: .ecdhESA256KW, content: .a256GCM)
            }
        }
        #expect(refusal?.explanations.map(\.code) == ["openid.client.authorization-encryption"])
    }

    /// Checklist E24: our signature is on it, and it is no ID token.
    @Test func `a signed answer is no hint`() throws {
        let federation = try Federation()
        let answer = try #require(try answers([("response_mode", "jwt")], federation.rp()).first)
        let response = try answer.parameters()["response"] ?? ""
        let refusal = try #require(try federation.refusal(Federation.query([("id_token_hint", response)])))
        #expect(refusal.explanation.code == "openid.request.id-token-hint")
        #expect(throws: LogoutRefusal.self) {
            try UnverifiedLogoutRequest(parameters: Federation.form([("id_token_hint", response), ("client_id", "shop")]))
                .verified(for: federation.client(), at: federation.provider)
        }
    }

    @Test func `a client that registered no algorithm gets no signed answer, and is told in plain`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.authorizationSigning = nil }
        for mode in ["jwt", "query.jwt", "form_post.jwt"] {
            let error = try #require(federation.judgedRefusal(Federation.query([("response_mode", mode)]), client))
            #expect(error.explanation.code == "openid.request.response-mode-unregistered")
            #expect(Federation.parameters(of: error.location(issuer: Federation.issuer) ?? "")["error"] == "invalid_request")
        }
    }

    @Test func `where we have no key of the registered algorithm the request fails with our name on it`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.authorizationSigning = .es384 }
        let error = try #require(federation.judgedRefusal(Federation.query([("response_mode", "jwt")]), client))
        #expect(error.error == .serverError)
        #expect(error.explanation.code == "openid.provider.answer-key")
    }

    @Test func `message signing signs when nothing is asked, and refuses to do without`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2MessageSigning)
        func mode(_ mode: String?) throws -> ResponseMode {
            let object = try federation.requestObject([("response_mode", mode.map { .string($0) })])
            let push = try federation.pushed([("request", object)], client)
            return try push.request.verified(for: client, at: federation.rich, at: Federation.now).target.mode
        }
        #expect(try mode(nil) == .queryJWT)
        #expect(try mode("form_post.jwt") == .formPostJWT)
        for plain in ["query", "form_post"] {
            let refusal = try #require(
                try federation.pushRefusal([("request", federation.requestObject([("response_mode", .string(plain))]))], client))
            #expect(refusal.explanation.code == "openid.request.response-mode-plain")
        }
    }

    /// Checklist C2: off, and refused by name.
    @Test(arguments: ["code id_token", "id_token", "code token", "id_token token", "token", "none", "code code"])
    func `hybrid and implicit are unsupported_response_type`(type: String) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query([("response_type", type)])))
        #expect(refusal.error == .unsupportedResponseType)
    }
}
