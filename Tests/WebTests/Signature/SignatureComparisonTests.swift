import HTTPTypes
import SQLiteStores
import Settings
import SignOn
import Testing
import Vocabulary
import Web

@Suite struct `A form beside the certificate, for a service that need not know what it says (R7)` {
    private func token(
        _ browser: Browser, _ handle: String = "taro", claims: String = #"{"userinfo":{"comparison":null}}"#
    ) async throws -> String {
        let question = Showing.question(claims)
        let journey = try await browser.askedWho(handle, question)
        let shown = try await browser.show(handle, at: journey)
        let end = try await browser.get(try #require(try shown.json["continue"]?.string, "\(shown.text)"))
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        let form = try question.tokenForm(code, in: browser.house.world, at: browser.house.now)
        let tokens = try await browser.post("/openid/token", form)
        return try #require(try tokens.json["access_token"]?.string, "\(tokens.text)")
    }

    private func compare(_ browser: Browser, _ token: String, _ form: JSON) async throws -> Answer {
        try await browser.post("/openid/identity/compare", json: form, [.authorization: "Bearer " + token])
    }

    @Test func `learns whether they agree, and where somebody has to look`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let token = try await token(browser)
        let good = try await compare(
            browser, token, ["name": "髙橋 太郎", "birthdate": "1975-12-24", "gender": "male", "address": "見本県川端市東三丁目4番地"])
        #expect(good.status == 200, "\(good.text)")
        #expect(try good.json == ["name": "match", "birthdate": "match", "gender": "match", "address": "match"])
        // The certificate marks the first character: it stands for one that it cannot write.
        let other = try await compare(browser, token, ["name": "高橋　太郎", "birthdate": "1975-12-25", "address": "東京都千代田区"])
        #expect(try other.json == ["name": "open", "birthdate": "different", "address": "different"])
        #expect(try await house.events().contains("identity.compared"))
        let seen = try await house.trail().joined() + house.logs.text
        for secret in ["太郎", "1975-12", "川端"] { #expect(!seen.contains(secret)) }
        let told = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token])
        #expect(try told.json["comparison"] == true && !told.text.has("太郎"))
    }

    @Test func `finds nothing out by trying`() async throws {
        let browser = Browser(try await Showing.house())
        let token = try await token(browser)
        for day in 1...5 { #expect(try await compare(browser, token, ["birthdate": .string("1975-12-0\(day)")]).status == 200) }
        let last = try await compare(browser, token, ["birthdate": "1975-12-24"])
        #expect(last.status == 429 && last.code == "identity.compare.often")
    }

    @Test func `and gets no more tries with another token or another session`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let claims = #"{"userinfo":{"comparison":null}}"#
        var token = try await token(browser)
        for day in 1...5 { #expect(try await compare(browser, token, ["birthdate": .string("1975-12-0\(day)")]).status == 200) }
        token = try await again(browser, claims)
        #expect(try await compare(browser, token, ["birthdate": "1975-12-06"]).status == 429, "the same citizen, another token")
        token = try await anew(house, claims)
        #expect(try await compare(browser, token, ["birthdate": "1975-12-07"]).status == 429, "nor another session")
    }

    @Test(arguments: [false, true]) func `nor by being made one with somebody else, nor by being two again`(undone: Bool) async throws {
        let house = try await Showing.house()
        let (one, other) = (Browser(house), Browser(house))
        let mine = try await token(one)
        let theirs = try await token(other, "hanako")
        for day in 1...5 { #expect(try await compare(one, mine, ["birthdate": .string("1975-12-0\(day)")]).status == 200) }
        #expect(try await compare(other, theirs, ["birthdate": "1990-01-01"]).status == 200, "another person, counted for herself")
        let (from, into) = (try #require(try await house.citizen("taro")), try #require(try await house.citizen("hanako")))
        let id = try #require(MergeID(String(repeating: "0a", count: 16)))
        let outcome = try await house.store.merge(
            id, from, into: into, keeping: [],
            evidence: LinkEvidence(.merged, of: into, certificate: try house.certificate("taro"), at: house.now, basis: [:]),
            recording: Record("link.merged", at: house.now), at: house.now)
        guard case .merged = outcome else {
            Issue.record("not merged")
            return
        }
        #expect(try await compare(other, theirs, ["birthdate": "1990-01-02"]).status == 429, "the person has tried today")
        guard undone else { return }
        _ = try await house.store.undo(id, recording: { _ in Record("link.merge-undone", at: house.now) }, at: house.now)
        #expect(try await compare(one, mine, ["birthdate": "1975-12-06"]).status == 429)
        #expect(try await compare(other, theirs, ["birthdate": "1990-01-03"]).status == 429)
    }

    /// A login without a page, in the session that is there.
    private func again(_ browser: Browser, _ claims: String) async throws -> String {
        let question = Showing.question(claims)
        let end = try await browser.get(question.path)
        return try await redeemed(end, question, browser)
    }

    /// A new login; the certificate is still kept.
    private func anew(_ house: House, _ claims: String) async throws -> String {
        let browser = Browser(house)
        let question = Showing.question(claims)
        return try await redeemed(try await browser.login("taro", at: try await browser.begin(question.path)), question, browser)
    }

    private func redeemed(_ end: Answer, _ question: OpenIDQuestion, _ browser: Browser) async throws -> String {
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        let form = try question.tokenForm(code, in: browser.house.world, at: browser.house.now)
        let tokens = try await browser.post("/openid/token", form)
        return try #require(try tokens.json["access_token"]?.string, "\(tokens.text)")
    }

    @Test func `needs a token that the rules and the citizen released it to, and what was shown`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let plain = try await token(browser, claims: #"{"userinfo":{"over_18":null}}"#)
        #expect(try await compare(browser, plain, ["name": "髙橋　太郎"]).code == "identity.compare.not-permitted")
        #expect(try await compare(browser, "wrong", ["name": "髙橋　太郎"]).status == 401)
        let bare = try await browser.post("/openid/identity/compare", json: ["name": "x"])
        #expect(bare.status == 401)
        // No metadata describe this resource, and those of userinfo are another's (RFC 9728 §3.3).
        #expect(bare.headers[values: .wwwAuthenticate].allSatisfy { $0.has("realm=\"identity\"") && !$0.has("resource_metadata") })
        let other = Browser(house)
        let token = try await token(other, "hanako")
        _ = try await other.post("/identity/forget", [try await other.identityMark()])
        #expect(try await compare(other, token, ["name": "関所　花子"]).code == "identity.compare.not-permitted", "deleted")
    }

    @Test(arguments: ["{}", "[]", "{\"name\":1}", "{\"name\":\"a\",\"name\":\"b\"}", "{\"passport\":\"x\"}", "nothing"])
    func `takes the four values alone`(body: String) async throws {
        let browser = Browser(try await Showing.house())
        let token = try await token(browser)
        let answer = try await browser.send(
            .post, "/openid/identity/compare", [.contentType: "application/json", .authorization: "Bearer " + token], Array(body.utf8))
        #expect(answer.status == 400 && answer.code == "identity.compare.form")
        let long = JSON.object([("name", .string(String(repeating: "a", count: 2_000)))])
        #expect(try await compare(browser, token, long).status == 400)
    }
}
