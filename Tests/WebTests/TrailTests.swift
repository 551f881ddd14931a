import Cryptography
import HTTPTypes
import SQLiteStores
import Testing
import Vocabulary
import Web

/// What stays written down: of every decision who, what, why; of nobody the number, the name or a key to a door.
@Suite struct `The trail and the log` {
    @Test func `grants, refusals and cards leave records that explain themselves`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.use("jiro", at: try await browser.begin(SAMLQuestion().path))
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        var passive = OpenIDQuestion(Parties.shop, [("prompt", "none")])
        passive.state = nil
        _ = try await Browser(house).get(passive.path)
        _ = try await browser.get("/openid/authorize?client_id=nobody")
        let records = try await house.trail().map { try JSON(reading: $0) }
        #expect(
            records.map { $0["event"]?.string } == [
                "card.refused", "link.certificate", "card.accepted", "signon.granted", "signon.refused", "request.refused",
            ])
        let granted = records[3]
        #expect(granted["member"]?.string == Parties.ministry)
        #expect(granted["purpose"]?.string == "procedure")
        #expect(granted["context"]?.string == "card-pin")
        #expect(granted["mode"]?.string == "pin")
        #expect(granted["mode-stated"]?.bool == true)
        #expect(granted["carrier"]?.string == "card")
        #expect(granted["door"]?.string == "challenge")
        #expect(granted["status-source"]?.string == "crl")
        #expect(granted["rules"]?.strings == ["procedures-of-public-bodies"])
        #expect(granted["policy-version"]?.string?.isEmpty == false)
        #expect(records[2]["terminal"]?.string == "sekisho-app")
        #expect(records[2]["subject"] == granted["subject"])
        #expect(records[4]["code"]?.string == "signon.passive")
        for record in records { #expect(record["at"]?.string == house.now.text) }
        guard case .holds(let count, _) = try await house.store.verifyAudit() else {
            Issue.record("the chain is broken")
            return
        }
        #expect(count == 6)
    }

    @Test func `neither trail nor log holds a serial number, a certificate, a name, a cookie, a code or a token`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        var secrets = try house.world.secrets(of: "hanako") + house.world.secrets(of: "jiro")
        let question = OpenIDQuestion()
        let journey = try await browser.begin(question.path)
        let asked = try await browser.post(journey + "/challenge", json: [:])
        let reply = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        secrets += ["challenge", "signature", "statement", "certificate"].compactMap { reply[$0]?.string }.map { String($0.prefix(100)) }
        secrets += browser.cookies.values
        _ = try await browser.post(journey + "/answer", json: reply)
        let end = try await browser.get(journey + "/continue")
        let code = try #require(end.parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        _ = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        let saml = try await browser.get(SAMLQuestion(relayState: "relay-secret").path)
        _ = try await browser.use("jiro", at: try await Browser(house).begin(SAMLQuestion().path))
        let stranger = Browser(house)
        _ = try await stranger.use("jiro", at: try await stranger.begin(SAMLQuestion(relayState: "relay-secret").path))
        secrets += [code, question.nonce, question.verifier, "relay-secret", try #require(saml.form?.fields.first?.1)]
        secrets += try ["access_token", "id_token"].compactMap { try tokens.json[$0]?.string }
        secrets += browser.cookies.values
        secrets += stranger.cookies.values
        secrets += ["関所　花子", "花子", "山辺　次郎"]
        let written = try await house.trail().joined(separator: "\n")
        #expect(written.has("token.issued") && written.has("token.refused") && written.has("card.refused"))
        for secret in secrets {
            #expect(secret.utf8.count >= 6)
            #expect(!written.lowercased().has(secret.lowercased()), "in the trail: \(secret)")
            #expect(!house.logs.text.lowercased().has(secret.lowercased()), "in the log: \(secret)")
        }
    }

    @Test func `what fails is logged by route and kind, never by address or text`() async throws {
        let world = try await World.shared()
        let house = try House(world) { FailingStores($0, at: 1) }
        let answer = try await Browser(house).get(SAMLQuestion(relayState: "relay-secret").path)
        #expect(answer.status == 503)
        let log = house.logs.text
        #expect(log.has("/saml/sso"))
        #expect(log.has("StoreDown"))
        #expect(!log.has("SAMLRequest") && !log.has("relay-secret") && !log.has("secret detail"))
        #expect(!answer.text.has("StoreDown") && !answer.text.has("secret detail"))
    }
}

/// Checklist E19: a failing store is never a yes.
@Suite struct `When the store fails` {
    private struct Outcome {
        let failed: Answer?
        let isGranted: Bool
    }

    /// The whole journey up to the tokens, until one answer is a 503.
    private func walk(_ house: House, saml: Bool) async throws -> Outcome {
        let browser = Browser(house)
        let question = OpenIDQuestion()
        let paused = try await browser.get(saml ? SAMLQuestion().path : question.path)
        guard paused.status != 503, let journey = paused.location else { return Outcome(failed: paused, isGranted: false) }
        let page = try await browser.get(journey)
        guard page.status != 503 else { return Outcome(failed: page, isGranted: false) }
        let asked = try await browser.post(journey + "/challenge", json: [:])
        guard asked.status != 503 else { return Outcome(failed: asked, isGranted: false) }
        let reply = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        let login = try await browser.post(journey + "/answer", json: reply)
        guard login.status != 503 else { return Outcome(failed: login, isGranted: browser.sessionCookie != nil) }
        let end = try await browser.get(journey + "/continue")
        guard end.status != 503 else { return Outcome(failed: end, isGranted: end.form != nil || end.location != nil) }
        if saml { return Outcome(failed: nil, isGranted: end.form != nil) }
        let code = try #require(end.parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        guard tokens.status != 503 else { return Outcome(failed: tokens, isGranted: (try? tokens.json["access_token"]) != nil) }
        let bearer = try #require(try tokens.json["access_token"]?.string)
        let info = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer])
        return Outcome(failed: info.status == 503 ? info : nil, isGranted: info.status == 200)
    }

    @Test(arguments: [true, false])
    func `whichever call fails, the answer is 503 and nothing is granted by it`(saml: Bool) async throws {
        let world = try await World.shared()
        let whole = Published<FailingStores?>(nil)
        let house = try House(world) { store in
            let stores = FailingStores(store, at: .max)
            whole.replace(stores)
            return stores
        }
        #expect(try await walk(house, saml: saml).isGranted)
        let calls = try #require(whole.current).calls
        #expect(calls > (saml ? 12 : 15))
        for call in 1...calls {
            let house = try House(world) { FailingStores($0, at: call) }
            let outcome = try await walk(house, saml: saml)
            let failed = try #require(outcome.failed, "call \(call) of \(calls)")
            #expect(failed.status == 503)
            #expect(failed.code == "platform.unavailable")
            #expect(!outcome.isGranted, "call \(call) of \(calls)")
            #expect(failed.location == nil && failed.form == nil)
            #expect(failed.headers[.setCookie] == nil, "call \(call) of \(calls)")
            #expect(failed.headers[.cacheControl] == "no-store")
        }
    }

    @Test func `programs are told so in JSON, and when to ask again; citizens on a page`() async throws {
        let world = try await World.shared()
        func browser() throws -> Browser { Browser(try House(world) { FailingStores($0, at: 1) }) }
        let secret = String(repeating: "A", count: 43)
        let question = OpenIDQuestion()
        let tokens = try await browser().post("/openid/token", try question.tokenForm(secret, in: world, at: World.now))
        let info = try await browser().get("/openid/userinfo", [.authorization: "Bearer " + secret])
        let compared = try await browser().post(
            "/openid/identity/compare", json: ["name": "x"], [.authorization: "Bearer " + secret])
        for answer in [tokens, info, compared] {
            #expect(answer.status == 503 && answer.headers[.retryAfter] == "5")
            #expect(answer.headers[.contentType] == "application/json")
            #expect(try answer.json["error"]?.string == "server_error")
            #expect(answer.code == "platform.unavailable")
            #expect(!answer.text.has("StoreDown") && !answer.text.has("secret detail"))
        }
        #expect(info.headers[.accessControlAllowOrigin] == "*")
        #expect(tokens.headers[.accessControlAllowOrigin] == nil)
        let page = try await browser().get(question.path)
        #expect(page.status == 503 && page.headers[.contentType] == "text/html; charset=utf-8")
    }

    @Test func `after the failure the journey goes on where it was, or begins anew`() async throws {
        let world = try await World.shared()
        for call in 1...20 {
            let house = try House(world) { FailingStores($0, at: call) }
            guard try await walk(house, saml: true).failed != nil else { continue }
            #expect(try await walk(house, saml: true).isGranted, "call \(call)")
        }
    }
}
