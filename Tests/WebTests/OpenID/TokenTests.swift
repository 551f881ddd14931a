import Cryptography
import HTTPTypes
import JOSE
import OpenID
import Settings
import Testing
import Vocabulary

/// A relying party with keys of its own, at the doors.
private struct Holder {
    let house: House
    let question: OpenIDQuestion
    let key: PrivateKey

    init(_ house: House, _ client: String = Parties.app) throws {
        self.house = house
        var question = OpenIDQuestion(client)
        question.callback = client == Parties.app ? Parties.appCallback : Parties.walletCallback
        question.more = [("prompt", "consent")]
        self.question = question
        key = try PrivateKey.generate(.ec(.p256))
    }

    var form: [(String, String)] { question.form.map { $0.0 == "scope" ? ("scope", "openid offline_access") : $0 } }

    /// The code of a fresh login.
    func code(_ more: [(String, String)] = []) async throws -> String {
        let browser = Browser(house)
        let journey = try await browser.begin("/openid/authorize?" + Form.text(form + more))
        let end = try await browser.login("hanako", at: journey)
        return try #require(end.parameter("code"), "\(end.location ?? end.text)")
    }

    func redemption(_ code: String, _ more: [(String, String)] = []) throws -> [(String, String)] {
        try question.tokenForm(code, in: house.world, at: house.now) + more
    }

    func refreshing(_ token: String, _ more: [(String, String)] = []) throws -> [(String, String)] {
        let form = try question.tokenForm("", in: house.world, at: house.now).filter {
            !["code", "redirect_uri", "code_verifier"].contains($0.0)
        }
        return form.map { $0.0 == "grant_type" ? ("grant_type", "refresh_token") : $0 } + [("refresh_token", token)] + more
    }

    func proof(
        _ method: String = "POST", _ path: String = "/openid/token", token: String? = nil, nonce: String? = nil, jti: String? = nil
    ) throws -> String {
        var random = SystemRandom()
        var claims: [(String, JSON)] = [
            ("jti", .string(jti ?? Base64url.encode(random.bytes(12)))), ("htm", .string(method)),
            ("htu", .string(house.world.configuration.baseURL + path)), ("iat", .integer(house.now.seconds)),
        ]
        if let token { claims.append(("ath", .string(Base64url.encode(Digest.sha256(Array(token.utf8)))))) }
        if let nonce { claims.append(("nonce", .string(nonce))) }
        let point = try #require(key.publicKey.ecPoint)
        let jwk = JSON.object([
            ("kty", "EC"), ("crv", "P-256"), ("x", .string(Base64url.encode(point.x))), ("y", .string(Base64url.encode(point.y))),
        ])
        let header = JSON.object([("typ", "dpop+jwt"), ("alg", "ES256"), ("jwk", jwk)])
        let input = Base64url.encode(header.bytes) + "." + Base64url.encode(JSON.object(claims).bytes)
        return input + "." + Base64url.encode(try key.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw))
    }

    func post(_ form: [(String, String)], to path: String = "/openid/token", dpop: String? = nil) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let dpop { headers[try #require(HTTPField.Name("DPoP"))] = dpop }
        return try await Browser(house).post(path, form, headers)
    }

    func userInfo(_ scheme: String, _ token: String, dpop: String? = nil) async throws -> Answer {
        var headers: HTTPFields = [.authorization: scheme + " " + token]
        if let dpop { headers[try #require(HTTPField.Name("DPoP"))] = dpop }
        return try await Browser(house).get("/openid/userinfo", headers)
    }
}

extension Answer {
    fileprivate func string(_ name: String) throws -> String { try #require(try json[name]?.string, "\(text)") }
    fileprivate var nonce: String? { HTTPField.Name("DPoP-Nonce").flatMap { headers[$0] } }
}

@Suite struct `The token endpoint: refresh (checklist C19, E18, O17)` {
    @Test func `a refresh gives new tokens, once more within the grace, and then ends everything`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let first = try await holder.post(try holder.redemption(try await holder.code()))
        #expect(first.status == 200)
        #expect(first.headers[.cacheControl] == "no-store")
        let old = try first.string("refresh_token")
        let second = try await holder.post(try holder.refreshing(old))
        let again = try await holder.post(try holder.refreshing(old))
        #expect(second.status == 200 && again.status == 200, "\(again.text)")
        #expect(try second.string("refresh_token") == again.string("refresh_token"))
        #expect(try second.string("refresh_token") != old)
        for answer in [first, second, again] { #expect(try await holder.userInfo("Bearer", answer.string("access_token")).status == 200) }
        #expect(try holder.question.claims(second, in: house.world)["nonce"] == nil)
        house.pass(31)
        let late = try await holder.post(try holder.refreshing(old))
        #expect(late.status == 400)
        #expect(late.code == "openid.token.refresh-reused")
        for answer in [first, second, again] { #expect(try await holder.userInfo("Bearer", answer.string("access_token")).status == 401) }
        #expect(try await holder.post(try holder.refreshing(second.string("refresh_token"))).code == "openid.token.refresh-unknown")
    }

    @Test func `two that refresh at once get the same`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let old = try await holder.post(try holder.redemption(try await holder.code())).string("refresh_token")
        let forms = try [holder.refreshing(old), holder.refreshing(old)]
        async let left = holder.post(forms[0])
        async let right = holder.post(forms[1])
        let answers = try await [left, right]
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(try answers[0].string("refresh_token") == answers[1].string("refresh_token"))
    }

    @Test func `after a logout nothing is refreshed (checklist E18)`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let browser = Browser(house)
        let journey = try await browser.begin("/openid/authorize?" + Form.text(holder.form))
        let code = try #require(try await browser.login("hanako", at: journey).parameter("code"))
        let first = try await holder.post(try holder.redemption(code))
        let token = try first.string("refresh_token")
        #expect(try await holder.post(try holder.refreshing(token)).status == 200)
        _ = try await browser.post("/openid/logout", [("id_token_hint", try first.string("id_token"))])
        let next = try await holder.post(try holder.refreshing(token))
        #expect(next.status == 400)
        #expect(next.code == "openid.token.refresh-unknown")
        #expect(try await holder.userInfo("Bearer", first.string("access_token")).status == 401)
    }

    @Test func `an assertion of a refused request is used up like any other (checklist E16)`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let token = try await holder.post(try holder.redemption(try await holder.code())).string("refresh_token")
        let good = try holder.refreshing(token)
        let wrong = good.map { $0.0 == "refresh_token" ? ("refresh_token", "none-of-ours") : $0 }
        #expect(try await holder.post(wrong).code == "openid.token.refresh-unknown")
        #expect(try await holder.post(good).code == "openid.client.assertion-replayed")
        #expect(try await holder.post(try holder.refreshing(token)).status == 200)
    }

    @Test(arguments: [("grant_type", "password"), ("grant_type", ""), ("code_verifier", "short"), ("redirect_uri", ""), ("code", "")])
    func `so is that of a request whose grant could not be read`(name: String, value: String) async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let code = try await holder.code()
        let good = try holder.redemption(code)
        let refused = try await holder.post(good.map { $0.0 == name ? (name, value) : $0 })
        #expect(refused.status == 400 && refused.code != "openid.client.assertion-replayed", "\(refused.text)")
        #expect(try await holder.post(good).code == "openid.client.assertion-replayed")
        #expect(try await holder.post(try holder.redemption(code)).status == 200, "the code was not used up")
    }

    @Test func `a replayed client assertion refreshes nothing (checklist E16)`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let token = try await holder.post(try holder.redemption(try await holder.code())).string("refresh_token")
        let form = try holder.refreshing(token)
        let first = try await holder.post(form)
        #expect(first.status == 200)
        let replay = try await holder.post(form)
        #expect(replay.status == 401)
        #expect(replay.code == "openid.client.assertion-replayed")
        #expect(try await holder.post(try holder.refreshing(first.string("refresh_token"))).status == 200)
    }

    @Test func `each kind of token opens its own door only (checklist E24)`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let token = try await holder.post(try holder.redemption(try await holder.code())).string("refresh_token")
        for (name, wrong) in [("refresh_token", try await holder.code()), ("code", token)] {
            let form =
                name == "code" ? try holder.redemption(wrong) : try holder.refreshing(wrong)
            #expect(try await holder.post(form).status == 400)
        }
        #expect(try await holder.userInfo("Bearer", token).status == 401)
    }
}

@Suite struct `The token endpoint: DPoP (RFC 9449; checklist O6)` {
    @Test func `a bound token is good with its key only`() async throws {
        let house = try await House.ordinary()
        let (holder, thief) = (try Holder(house, Parties.wallet), try Holder(house, Parties.wallet))
        let answer = try await holder.post(try holder.redemption(try await holder.code()), dpop: try holder.proof())
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.string("token_type") == "DPoP")
        #expect(answer.nonce != nil, "nonces are offered")
        let token = try answer.string("access_token")
        func proof(_ holder: Holder) throws -> String { try holder.proof("GET", "/openid/userinfo", token: token) }
        for scheme in ["DPoP", "dpop", "DPOP"] {
            #expect(try await holder.userInfo(scheme, token, dpop: try proof(holder)).status == 200)
        }
        let stolen = try await holder.userInfo("DPoP", token, dpop: try proof(thief))
        #expect(stolen.status == 401)
        #expect(stolen.headers[.wwwAuthenticate]?.contains("DPoP") == true)
        #expect(try await holder.userInfo("DPoP", token).status == 401)
        #expect(try await holder.userInfo("Bearer", token, dpop: try proof(holder)).status == 401)
        let once = try proof(holder)
        #expect(try await holder.userInfo("DPoP", token, dpop: once).status == 200)
        #expect(try await holder.userInfo("DPoP", token, dpop: once).status == 401)
        #expect(try await !house.trail().joined().contains(token))
    }

    @Test func `without a proof, with a used one, or one for elsewhere there is no token`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house, Parties.wallet)
        let missing = try await holder.post(try holder.redemption(try await holder.code()))
        #expect(missing.status == 400)
        #expect(missing.code == "openid.token.sender-constraint")
        let used = try holder.proof()
        #expect(try await holder.post(try holder.redemption(try await holder.code()), dpop: used).status == 200)
        let code = try await holder.code()
        let replay = try await holder.post(try holder.redemption(code), dpop: used)
        #expect(replay.status == 400)
        #expect(replay.code == "openid.dpop.replayed")
        #expect(try replay.json["error"]?.string == "invalid_dpop_proof")
        let elsewhere = try await holder.post(try holder.redemption(code), dpop: try holder.proof("POST", "/openid/userinfo"))
        #expect(elsewhere.code == "openid.dpop.htu")
        // What authenticated a request with a bad proof authenticates none with a good one.
        let caught = try holder.redemption(code)
        #expect(try await holder.post(caught, dpop: try holder.proof("GET")).code == "openid.dpop.htm")
        #expect(try await holder.post(caught, dpop: try holder.proof()).code == "openid.client.assertion-replayed")
        // Neither used the code up.
        #expect(try await holder.post(try holder.redemption(code), dpop: try holder.proof()).status == 200)
    }

    @Test func `a nonce of ours is accepted, another is answered with one`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house, Parties.wallet)
        let code = try await holder.code()
        let told = try await holder.post(try holder.redemption(code), dpop: try holder.proof(nonce: "another server's"))
        #expect(told.status == 400)
        #expect(try told.json["error"]?.string == "use_dpop_nonce")
        let nonce = try #require(told.nonce)
        #expect(try await holder.post(try holder.redemption(code), dpop: try holder.proof(nonce: nonce)).status == 200)
    }

    @Test(arguments: ["/openid/token", "/openid/par"])
    func `for want of a nonce alone nothing is used up: the same form goes on with another proof (RFC 9449 §8)`(path: String) async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house, Parties.wallet)
        let form = path == "/openid/par" ? try holder.question.pushForm(in: house) : try holder.redemption(try await holder.code())
        let told = try await holder.post(form, to: path, dpop: try holder.proof("POST", path, nonce: "another server's"))
        #expect(try told.status == 400 && told.json["error"]?.string == "use_dpop_nonce")
        let nonce = try #require(told.nonce)
        let again = try await holder.post(form, to: path, dpop: try holder.proof("POST", path, nonce: nonce))
        #expect(again.status == (path == "/openid/par" ? 201 : 200), "\(again.text)")
        #expect(try await holder.post(form, to: path, dpop: try holder.proof("POST", path)).status == 401, "and once (E16)")
    }

    @Test func `a code that was asked for with dpop_jkt is redeemed with that key`() async throws {
        let house = try await House.ordinary()
        let (holder, thief) = (try Holder(house), try Holder(house))
        let thumbprint = JWK(holder.key.publicKey, keyID: "", algorithm: .es256).thumbprint
        for (who, status) in [(thief, 400), (holder, 200)] {
            let code = try await holder.code([("dpop_jkt", thumbprint)])
            #expect(try await holder.post(try holder.redemption(code), dpop: try who.proof()).status == status)
        }
        let bare = try await holder.post(try holder.redemption(try await holder.code([("dpop_jkt", thumbprint)])))
        #expect(bare.code == "openid.token.binding")
    }
}

@Suite struct `The token endpoint: JWT access tokens (RFC 9068, RFC 8707; checklist O18, O19)` {
    @Test func `they open userinfo, or are for the resource that was named`() async throws {
        let house = try await House.ordinary()
        let holder = try Holder(house)
        let answer = try await holder.post(try holder.redemption(try await holder.code()))
        let token = try answer.string("access_token")
        #expect(token.split(separator: ".").count == 3)
        #expect(try await holder.userInfo("Bearer", token).status == 200)
        let named = try await holder.post(
            try holder.redemption(try await holder.code(), [("resource", "https://api.example.jp/records")]))
        let payload = try named.string("access_token").split(separator: ".").dropFirst().first.map(String.init) ?? ""
        let claims = try JSON(reading: try #require(Base64url.decode(payload)))
        #expect(claims["aud"]?.string == "https://api.example.jp/records")
        let other = try await holder.post(
            try holder.redemption(try await holder.code(), [("resource", "https://other.example.jp/")]))
        #expect(try other.json["error"]?.string == "invalid_target")
        // An ID token opens nothing (checklist E24).
        #expect(try await holder.userInfo("Bearer", answer.string("id_token")).status == 401)
    }
}
