import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import Testing
import Vocabulary

@Suite struct `Pushed requests at the doors (RFC 9126; checklist O2, H1, E25)` {
    @Test func `a push, a login, a code: and then the request is used up`() async throws {
        let house = try await House.ordinary()
        let question = OpenIDQuestion.mover()
        let address = try await question.push(to: house)
        let browser = Browser(house)
        let answer = try await browser.login("hanako", at: browser.begin(address))
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix(Parties.moverCallback + "?code=") == true)
        #expect(answer.parameter("state") == "s-1")
        #expect(answer.parameter("iss") == house.world.configuration.baseURL)
        // Even the session of this very browser cannot bring it again.
        let again = try await browser.get(address)
        #expect(again.status == 400)
        #expect(again.code == "openid.pushed.unknown")
        #expect(again.location == nil)
    }

    @Test func `before the login it may be brought twice, and the first tab that completes has it`() async throws {
        let house = try await House.ordinary()
        let address = try await OpenIDQuestion.mover().push(to: house)
        let browser = Browser(house)
        let (one, other) = (try await browser.begin(address), try await browser.begin(address))
        #expect(one != other)
        let answer = try await browser.login("hanako", at: other)
        #expect(answer.parameter("code") != nil)
        let late = try await browser.get(one)
        #expect(late.status == 400)
        #expect(late.code == "openid.pushed.finished")
        #expect(late.location == nil)
        #expect(try await house.events().filter { $0 == "signon.granted" }.count == 1)
    }

    @Test func `a login that takes longer than the request lives still completes`() async throws {
        let house = try await House.ordinary()
        let address = try await OpenIDQuestion.mover().push(to: house)
        let (patient, late) = (Browser(house), Browser(house))
        let journey = try await patient.begin(address)
        house.pass(120)
        _ = try await house.store.sweep(at: house.now)
        #expect(try await late.get(address).code == "openid.pushed.unknown", "no browser may bring it any more")
        #expect(try await patient.login("hanako", at: journey).parameter("code") != nil)
    }

    @Test func `a refusal is an answer too: the request gets no second one`() async throws {
        let house = try await House.ordinary()
        let address = try await OpenIDQuestion.mover().push(to: house)
        let browser = Browser(house)
        let (one, other) = (try await browser.begin(address), try await browser.begin(address))
        let no = try await browser.post(one + "/cancel")
        #expect(no.parameter("error") == "access_denied")
        #expect(try await browser.get(address).code == "openid.pushed.unknown")
        #expect(try await browser.login("hanako", at: other).code == "openid.pushed.finished")
        let passive = try await OpenIDQuestion.mover([("prompt", "none")]).push(to: house)
        #expect(try await Browser(house).get(passive).parameter("error") == "login_required")
        #expect(try await Browser(house).get(passive).code == "openid.pushed.unknown")
    }

    /// Checklist H1: the journey belongs to the browser that began it, whoever pushed.
    @Test func `a journey begun in one browser fails in another`() async throws {
        let house = try await House.ordinary()
        let attacker = Browser(house)
        let journey = try await attacker.begin(try await OpenIDQuestion.mover().push(to: house))
        let victim = Browser(house)
        #expect(try await victim.get(journey).code == "journey.unknown")
        #expect(try await victim.get(journey + "/continue").code == "journey.unknown")
        #expect(try await victim.use("hanako", at: journey).status != 200)
        #expect(try await attacker.login("hanako", at: journey).parameter("code") != nil)
    }

    /// Checklist E25: what waits is not what a browser says.
    @Test(arguments: ["%00", "%00%7B%22digest%22", "client_id=RP00000072&x=%00", "\u{0}"])
    func `nobody can make up a paused request`(query: String) async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).post("/openid/authorize", [(query, "x")])
        #expect(answer.status == 400)
        #expect(answer.location == nil)
        #expect(try await house.store.counts()["transactions"] == 0)
    }

    @Test func `another client's request_uri is refused on a page`() async throws {
        let house = try await House.ordinary()
        let address = try await OpenIDQuestion.mover().push(to: house)
        let answer = try await Browser(house).get(address.split(separator: Parties.mover).joined(separator: Parties.signer))
        #expect(answer.status == 400)
        #expect(answer.code == "openid.pushed.other-client")
        #expect(answer.location == nil)
    }

    @Test func `a client that has to push is sent back with an error when it does not`() async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).get(OpenIDQuestion.mover().path)
        #expect(answer.location?.hasPrefix(Parties.moverCallback + "?error=invalid_request") == true)
        #expect(answer.parameter("iss") == house.world.configuration.baseURL)
        #expect(try await house.store.counts()["transactions"] == 0)
    }

    @Test func `the endpoint answers 201 without storing, and nothing else than an authenticated POST of a form`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion.mover()
        let good = try await browser.post("/openid/par", try question.pushForm(in: house))
        #expect(good.status == 201)
        #expect(good.headers[.cacheControl] == "no-store")
        #expect(try good.json["expires_in"] == 60)
        #expect(try good.json.members?.map(\.0) == ["request_uri", "expires_in"])

        for method in [HTTPRequest.Method.get, .put, .delete, .patch] {
            let answer = try await browser.send(method, "/openid/par", [:], nil)
            #expect(answer.status == 405)
            #expect(HTTPField.Name("Allow").flatMap { answer.headers[$0] } == "POST")
        }
        let unauthenticated = try await browser.post("/openid/par", question.form)
        #expect(unauthenticated.status == 401)
        #expect(try unauthenticated.json["error"] == "invalid_client")
        let asJSON = try await browser.post("/openid/par", json: .object(question.form.map { ($0.0, .string($0.1)) }))
        #expect(asJSON.status == 400)
        #expect(asJSON.code == "openid.pushed.content-type")
        let large = try await browser.post(
            "/openid/par", try question.pushForm(in: house) + [("login_hint", String(repeating: "a", count: 40_000))])
        #expect(large.status == 413)
        let nested = try await browser.post(
            "/openid/par", try question.pushForm(in: house) + [("request_uri", "urn:ietf:params:oauth:request_uri:x")])
        #expect(nested.status == 400)
        #expect(try nested.json["error"] == "invalid_request")
        let twice = try await browser.post("/openid/par", try question.pushForm(in: house) + [("scope", "openid")])
        #expect(twice.status == 400)
        #expect(twice.code == "openid.request.repeated")
        #expect(try await house.store.counts()["pushed_requests"] == 1)
    }

    /// Checklist E16.
    @Test func `one assertion pushes one request`() async throws {
        let house = try await House.ordinary()
        let form = try OpenIDQuestion.mover().pushForm(in: house)
        #expect(try await Browser(house).post("/openid/par", form).status == 201)
        let again = try await Browser(house).post("/openid/par", form)
        #expect(again.status == 401)
        #expect(again.code == "openid.client.assertion-replayed")
        #expect(try await house.store.counts()["pushed_requests"] == 1)
    }

    @Test func `neither store nor trail nor log has the reference or the assertion`() async throws {
        let house = try await House.ordinary()
        let question = OpenIDQuestion.mover()
        let form = try question.pushForm(in: house)
        let answer = try await Browser(house).post("/openid/par", form)
        let uri = try #require(try answer.json["request_uri"]?.string)
        let browser = Browser(house)
        let done = try await browser.login(
            "hanako", at: browser.begin("/openid/authorize?" + Form.text([("client_id", question.client), ("request_uri", uri)])))
        #expect(done.parameter("code") != nil)
        let secret = try #require(uri.split(separator: ":").last.map(String.init))
        let told = try await house.trail().joined() + house.logs.text
        #expect(!told.contains(secret))
        #expect(!told.contains(form.last?.1 ?? ""))
    }
}

@Suite struct `Answers of the authorization endpoint at the doors (checklist C5, O3, O4, E7, E8)` {
    private func answered(_ question: OpenIDQuestion, _ house: House) async throws -> Answer {
        let browser = Browser(house)
        return try await browser.login("hanako", at: browser.begin(question.path))
    }

    @Test func `form_post is a page that posts itself, and has a button where scripts are off`() async throws {
        let house = try await House.ordinary()
        var question = OpenIDQuestion.signer([("response_mode", "form_post")])
        question.state = "\"><script>alert('1')</script>&amp;"
        let answer = try await answered(question, house)
        #expect(answer.status == 200)
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[.contentSecurityPolicy]?.contains("script-src 'sha256-") == true)
        #expect(answer.headers[.contentSecurityPolicy]?.contains("unsafe") == false)
        #expect(answer.text.has("<button type=\"submit\">"))
        #expect(!answer.text.has("<script>alert"))
        let form = try #require(answer.form)
        #expect(form.action == Parties.signerCallback)
        #expect(Set(form.fields.map(\.0)) == ["code", "state", "iss"])
        #expect(form.fields.first { $0.0 == "state" }?.1 == question.state)
        #expect(answer.location == nil)
    }

    @Test func `an error by form_post is a form too`() async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).get(OpenIDQuestion.signer([("response_mode", "form_post"), ("prompt", "none")]).path)
        let form = try #require(answer.form)
        #expect(form.fields.first { $0.0 == "error" }?.1 == "login_required")
        #expect(form.fields.contains { $0.0 == "iss" })
    }

    @Test(arguments: ["jwt", "form_post.jwt"]) func `a signed answer verifies with the published key`(mode: String) async throws {
        let house = try await House.ordinary()
        let answer = try await answered(OpenIDQuestion.signer([("response_mode", mode)]), house)
        let compact = try #require(answer.parameter("response") ?? answer.form?.fields.first { $0.0 == "response" }?.1)
        let keys = try JWKSet(reading: house.world.configuration.openIDProvider.jwks(at: house.now))
        let claims = try JSON(reading: UnverifiedJWS(compact: compact).verified(by: keys.keys, allowed: [.es256]).payload)
        #expect(claims["aud"] == .string(Parties.signer))
        #expect(claims["code"]?.string?.isEmpty == false)
        #expect(answer.location?.contains("code=") != true)
    }

    @Test func `a signed request is read, and survives the pause`() async throws {
        let house = try await House.ordinary()
        let question = OpenIDQuestion.signer()
        let path = "/openid/authorize?" + Form.text([("client_id", question.client), ("request", try question.object(in: house))])
        let browser = Browser(house)
        let journey = try await browser.begin(path)
        // The object runs out while the citizen looks for the card; it was judged when it came.
        house.pass(300)
        let answer = try await browser.login("hanako", at: journey)
        #expect(answer.parameter("code") != nil)
        #expect(answer.parameter("state") == "s-1")
        let late = try await Browser(house).get(path)
        #expect(late.status == 400, "no address outside of the object to answer to")
        #expect(late.code == "openid.request-object.exp")
    }

    /// Checklist E8.
    @Test func `a POST is answered by 303`() async throws {
        let house = try await House.ordinary()
        let begun = try await Browser(house).post("/openid/authorize", OpenIDQuestion.signer().form, crossSite: true)
        #expect(begun.status == 303)
        let refused = try await Browser(house).post("/openid/authorize", OpenIDQuestion.signer([("response_type", "token")]).form)
        #expect(refused.status == 400 || refused.status == 303)
    }

    @Test func `hybrid and implicit are refused at the client's address`() async throws {
        let house = try await House.ordinary()
        let form = OpenIDQuestion.signer().form.filter { $0.0 != "response_type" } + [("response_type", "code id_token")]
        let answer = try await Browser(house).get("/openid/authorize?" + Form.text(form))
        #expect(answer.parameter("error") == "unsupported_response_type")
    }
}

@Suite struct `Authorization details on the page (RFC 9396; checklist O5, H12)` {
    private static let filing = #"[{"type":"agency-filing","locations":["https://town.example.jp/api"],"procedure":"move"}]"#

    @Test func `are read to the citizen in words, are not granted by a session, and stand in the trail`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: browser.begin(OpenIDQuestion.signer().path))
        #expect(try await browser.get(OpenIDQuestion.signer().path).parameter("code") != nil, "a plain request passes by the session")
        let journey = try await browser.begin(OpenIDQuestion.signer([("authorization_details", Self.filing)]).path)
        let page = try await browser.get(journey)
        #expect(page.status == 200)
        for word in ["役所への届出", "引越し", "https://town.example.jp/api"] {
            #expect(page.text.has(word))
        }
        #expect(try await browser.login("hanako", at: journey).parameter("code") != nil)
        let granted = try #require(try await house.trail().last { $0.contains("signon.granted") })
        #expect(granted.contains(#""authorization-details":[{"type":"agency-filing","locations":["https://town.example.jp/api"]}]"#))
        #expect(!granted.contains("procedure"))
    }

    @Test func `a request without them shows none`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let page = try await browser.get(browser.begin(OpenIDQuestion.signer().path))
        #expect(!page.text.has("次の内容も許可したことになります"))
    }

    @Test func `with prompt=none nobody is asked, so nothing is granted`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: browser.begin(OpenIDQuestion.signer().path))
        let question = OpenIDQuestion.signer([("authorization_details", Self.filing), ("prompt", "none")])
        #expect(try await browser.get(question.path).parameter("error") == "interaction_required")
    }

    @Test(arguments: ["[]", #"[{"type":"unknown"}]"#, #"[{"type":"agency-filing","locations":["http://town.example.jp"]}]"#])
    func `what its type does not know is invalid_authorization_details`(details: String) async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).get(OpenIDQuestion.signer([("authorization_details", details)]).path)
        #expect(answer.parameter("error") == "invalid_authorization_details")
    }
}
