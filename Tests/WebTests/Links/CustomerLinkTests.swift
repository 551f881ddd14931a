import Credentials
import Cryptography
import HTTPTypes
import JOSE
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// R10; wish 5.
@Suite struct `Customers' numbers of services` {
    private struct Known {
        let house: House
        let browser: Browser
        let sub: String
    }

    /// hanako, logged in, whom the bank knows.
    private func known() async throws -> Known {
        let house = try await Knots.house()
        let browser = Browser(house)
        let question = OpenIDQuestion(Parties.bank)
        let claims = try await browser.subject(try await browser.first("hanako", question), question)
        return Known(house: house, browser: browser, sub: try #require(claims["sub"]?.string))
    }

    @Test func `wait for the citizen, several at once, and are told to their own service alone`() async throws {
        let known = try await known()
        let (house, browser) = (known.house, known.browser)
        let lines = #"{"customer":"A-1","sub":"\#(known.sub)"}"# + "\n" + #"{"customer":"A-2","sub":"\#(known.sub)"}"# + "\n"
        let answer = try await browser.list(lines)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.lines.map { $0["result"]?.string } == ["proposed", "proposed"])
        let question = Knots.question
        let before = try await browser.subject(try await browser.get(question.path), question)
        #expect(before["customer_id"] == nil, "nobody said yes yet")
        try await browser.atLinks("hanako")
        let page = try await browser.get("/me/links")
        #expect(page.text.has("A-1") && page.text.has("A-2") && page.hasOnlyOwnScripts)
        let keys = page.text.components(between: "name=\"link\" value=\"", and: "\"").prefix(2).map { ("link", Form.unescaped($0)) }
        #expect(try await browser.press("/me/links/confirm", Array(keys)).saysAtLinks("confirmed-several"))
        let asked = Knots.question
        let tokens = try await tokens(browser, asked)
        let told = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + tokens]).json
        #expect(told["customer_id"] == ["A-1", "A-2"])
        let shop = OpenIDQuestion(Parties.shop, [("claims", Knots.claims)])
        #expect(try await browser.subject(try await browser.get(shop.path), shop)["customer_id"] == nil)
        let subject = try #require(try await house.citizen("hanako"))
        #expect(
            try await house.store.entries(of: subject, before: house.now.adding(seconds: 1), limit: 9).contains {
                $0.told.contains("customer-id")
            }, "and it stands in the ledger")
        #expect(try await !house.trail().joined().contains("A-1"), "a customer's number is not for the trail")
    }

    private func tokens(_ browser: Browser, _ question: OpenIDQuestion) async throws -> String {
        let end = try await browser.get(question.path)
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: browser.house.world, at: browser.house.now))
        return try #require(try tokens.json["access_token"]?.string, "\(tokens.text)")
    }

    @Test func `are told in a SAML assertion too, each as a value of its own`() async throws {
        let known = try await known()
        let club = try #require(MemberID(Parties.club))
        let terms = ProposalTerms(member: club, sector: Parties.club, codeLifetime: 3_600)
        let subject = try #require(try await known.house.citizen("hanako"))
        let now = known.house.now
        for number in ["K-1", "K-2"] {
            let line = LinkProposal(customer: try #require(CustomerID(number)), wish: .code)
            let outcome = try await known.house.store.propose(
                [line], under: terms, recording: { LinkLine.record($0, of: club, by: "operator", at: now) }, at: now
            )
            let code = try #require(outcome.first?.code)
            _ = try await known.house.store.redeem(
                code.digest, by: subject, recording: { _ in Record("link.confirmed", at: now) }, at: now)
        }
        var question = SAMLQuestion(Parties.club)
        question.consumer = nil
        let answer = try await known.browser.get(question.path)
        let reading = try SAMLReading(answer, in: known.house.world)
        #expect(reading.xml.has(">K-1<") && reading.xml.has(">K-2<"), "\(reading.xml)")
    }

    @Test func `what was done with them is said to who did it, and to nobody by a link from elsewhere`() async throws {
        let known = try await known()
        let browser = known.browser
        _ = try await browser.list(#"{"customer":"A-1","sub":"\#(known.sub)"}"#)
        try await browser.atLinks("hanako")
        let key = Form.unescaped(try #require(try await browser.get("/me/links").between("name=\"link\" value=\"", "\"")))
        let real = try #require(try await browser.press("/me/links/end", [("link", key)]).location)
        #expect(try await browser.get(real).text.has("連携を解除しました"))
        let other = Browser(known.house)
        try await other.first("taro")
        try await other.atLinks("taro")
        for link in [real, World.base + "/me/links?done=ended", World.base + "/me/links?done=ended-0000000000000000"] {
            #expect(try await !other.get(link).text.has("連携を解除しました"), "\(link)")
        }
    }

    @Test func `are told no more once the citizen ends the link, though a token is still good`() async throws {
        let known = try await known()
        let browser = known.browser
        _ = try await browser.list(#"{"customer":"A-1","sub":"\#(known.sub)"}"#)
        try await browser.atLinks("hanako")
        let key = Form.unescaped(try #require(try await browser.get("/me/links").between("name=\"link\" value=\"", "\"")))
        _ = try await browser.press("/me/links/confirm", [("link", key)])
        let token = try await tokens(browser, Knots.question)
        #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token]).json["customer_id"] == ["A-1"])
        #expect(try await browser.press("/me/links/end", [("link", key)]).saysAtLinks("ended"))
        #expect(try await browser.press("/me/links/end", [("link", key)]).status == 303, "twice is as good as once")
        #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token]).json["customer_id"] == nil)
        let list = try await browser.send(.get, "/links", try browser.headers(Parties.bank), nil)
        #expect(try list.lines.first?["state"] == "ended" && list.lines.first?["ended_by"] == "citizen")
        #expect(try await browser.list(#"{"customer":"A-1","sub":"\#(known.sub)"}"#).lines.first?["result"] == "ended")
    }

    @Test func `keep a letter's code that was typed when the login ended, and in no address`() async throws {
        let known = try await known()
        let browser = known.browser
        let code = try #require(try await browser.list("{\"customer\":\"B-9\"}").lines.first?["code"]?.string)
        try await browser.atLinks("hanako")
        _ = try await browser.post("/session/end", [("scope", "here")])
        let over = try await browser.post("/me/links/code", [("form", "of before"), ("code", code)])
        #expect(over.status == 403 && over.text.has(code + "</textarea>") && over.location == nil, "\(over.text)")
        let ended = try await browser.post("/me/links/end", [("form", "of before"), ("link", "1:xB-9")])
        #expect(ended.location?.hasSuffix("/me/links") == true, "a form without a secret leads to the login as before")
        try await browser.atLinks("hanako")
        let stale = try await browser.post("/me/links/code", [("form", "of before"), ("code", code)])
        #expect(stale.status == 409 && stale.text.has(code + "</textarea>"), "once more, in view of the new login: \(stale.text)")
        #expect(try await browser.press("/me/links/code", [("code", code)]).saysAtLinks("confirmed"))
    }

    @Test func `are linked by the code of a letter, typed as people type`() async throws {
        let known = try await known()
        let browser = known.browser
        let answer = try await browser.list("{\"customer\":\"B-1\"}\r\n\n{\"customer\":\"B-2\"}\n")
        let codes = try answer.lines.compactMap { $0["code"]?.string }
        #expect(codes.count == 2 && Set(codes).count == 2)
        #expect(try await browser.list("{\"customer\":\"B-1\"}").lines.first?["code"]?.string == codes.first, "the same code again")
        try await browser.atLinks("hanako")
        let typed = codes[0].lowercased().replacing("-", with: " ") + "\n" + codes[1]
        #expect(try await browser.press("/me/links/code", [("code", typed)]).saysAtLinks("confirmed-several"))
        let page = try await browser.get("/me/links")
        #expect(page.text.has("B-1") && page.text.has("B-2"))
        let other = Browser(known.house)
        try await other.first("taro")
        try await other.atLinks("taro")
        let refused = try await other.press("/me/links/code", [("code", codes[0])])
        #expect(refused.status == 400 && refused.text.has(codes[0]), "what was typed is not lost (H7)")
        #expect(try await other.get("/me/links").text.has("B-1") == false)
    }

    @Test func `are not found by trying codes (H8)`() async throws {
        let known = try await known()
        let browser = known.browser
        try await browser.atLinks("hanako")
        var statuses: [Int] = []
        for number in 0..<12 {
            statuses.append(try await browser.press("/me/links/code", [("code", "0000-0000-00" + String(10 + number))]).status)
        }
        #expect(statuses.contains(429), "\(statuses)")
    }

    @Test func `of others are not to be confirmed, ended or seen (H3, H17)`() async throws {
        let known = try await known()
        _ = try await known.browser.list(#"{"customer":"A-1","sub":"\#(known.sub)"}"#)
        let key = String(Parties.bank.utf8.count) + ":" + Parties.bank + "A-1"
        let other = Browser(known.house)
        try await other.first("taro")
        try await other.atLinks("taro")
        #expect(try await other.get("/me/links").text.has("A-1") == false)
        _ = try await other.press("/me/links/confirm", [("link", key)])
        _ = try await other.press("/me/links/end", [("link", key)])
        let subject = try #require(try await known.house.citizen("hanako"))
        #expect(try await known.house.store.customerLinks(of: subject).map(\.state) == [.proposed])
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        try await known.browser.atLinks("hanako")
        let form = [("form", try await known.browser.mark("/me/links")), ("link", key)]
        for door in ["confirm", "end", "code", "add", "undo"] {
            #expect(try await known.browser.post("/me/links/" + door, form, [name: "cross-site"]).code == "http.cross-site")
            #expect(
                try await known.browser.post("/me/links/" + door, [("form", "AAAA"), ("link", key)]).location == World.base + "/me/links")
        }
        #expect(try await known.house.store.customerLinks(of: subject).map(\.state) == [.proposed])
    }

    // MARK: The list itself

    @Test(arguments: [
        #"{"customer":""}"#, #"{"customer":"A","sub":"short"}"#, #"{"customer":"A","end":"yes"}"#,
        #"{"customer":"A","sub":"x","end":true}"#,
        #"{"customer":"A","mynumber":"123456789012"}"#, "[]", "nonsense", #"{"sub":"0123456789abcdef"}"#,
    ])
    func `have lines that are refused one by one`(line: String) async throws {
        let house = try await Knots.house()
        let answer = try await Browser(house).list(line + "\n" + #"{"customer":"good"}"#)
        #expect(try answer.lines.map { $0["result"]?.string } == ["malformed", "proposed"])
    }

    @Test func `name no citizen of another sector (H17)`() async throws {
        let known = try await known()
        let answer = try await known.browser.list(#"{"customer":"A-1","sub":"\#(known.sub)"}"#, as: Parties.shop)
        #expect(try answer.lines.first?["result"] == "unknown-citizen")
    }

    @Test func `are taken from nobody who does not prove who he is`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        var bare = HTTPFields()
        bare[.contentType] = "application/jsonl"
        #expect(try await browser.send(.post, "/links", bare, Array(#"{"customer":"A"}"#.utf8)).status == 401)
        let forged = SigningKey(keyID: "one", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        #expect(try await browser.list(#"{"customer":"A"}"#, key: forged).status == 401)
        let headers = try browser.headers(Parties.bank)
        #expect(try await browser.send(.post, "/links", headers, Array(#"{"customer":"A"}"#.utf8)).status == 200)
        #expect(
            try await browser.send(.post, "/links", headers, Array(#"{"customer":"B"}"#.utf8)).status == 401, "an assertion serves once")
        #expect(try await browser.list(#"{"customer":"A"}"#, type: "text/plain").code == "link.list.content-type")
        #expect(try await house.store.countCustomerLinks().map(\.links) == [1])
    }

    @Test func `come in thousands, in parts that stay taken`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        let lines = (1...1_234).map { #"{"customer":"C-\#($0)"}"# }
        let half = try await browser.list(lines.prefix(700).joined(separator: "\n"))
        #expect(try half.lines.count == 700)
        let whole = try await browser.list(lines.joined(separator: "\n"))
        let words = try whole.lines.map { $0["result"]?.string ?? "" }
        #expect(words.count { $0 == "waiting" } == 700 && words.count { $0 == "proposed" } == 534)
        let codes = try (half.lines.map { $0["code"] }, whole.lines.prefix(700).map { $0["code"] })
        #expect(codes.0 == codes.1)
        let first = try await browser.send(.get, "/links", try browser.headers(Parties.bank), nil)
        #expect(try first.lines.count == 1_000)
    }
}
