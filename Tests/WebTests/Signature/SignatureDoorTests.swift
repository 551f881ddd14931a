import Credentials
import Cryptography
import Foundation
import HTTPTypes
import SQLiteStores
import Settings
import SimulatedJPKI
import Testing
import TrustFramework
import Vocabulary
import Web

@Suite struct `Showing the signature certificate (R7)` {
    @Test func `is asked for in plain words, with what will be told, and needs no script`() async throws {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.askedWho()
        let page = try await browser.get(journey + "/identity")
        #expect(page.status == 200)
        for words in ["署名用電子証明書の暗証番号", "6文字以上16文字以下", "5回", "氏名", "生年月日", "住所", "提示しない", "暗号化して保存", "18歳以上かどうか"] {
            #expect(page.text.has(words), "\(words)")
        }
        #expect(page.hasOnlyOwnScripts)
        #expect(page.headers[.contentSecurityPolicy]?.has("default-src 'none'") == true)
        #expect(page.headers[.cacheControl] == "no-store")
    }

    @Test func `leads to the answer, with the four attributes and what follows from them`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let question = Showing.question()
        let journey = try await browser.askedWho("hanako", question)
        let shown = try await browser.show("hanako", at: journey)
        #expect(shown.status == 200, "\(shown.text)")
        let end = try await browser.get(try #require(try shown.json["continue"]?.string))
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        #expect(try question.claims(tokens, in: house.world)["over_18"] == true)
        #expect(try question.claims(tokens, in: house.world)["name"] == nil, "asked for at userinfo alone")
        let token = try #require(try tokens.json["access_token"]?.string)
        let told = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token]).json
        #expect(told["name"] == "関所　花子")
        #expect(told["name_substitution"] == "00000", "a name never goes without its marks")
        #expect(told["birthdate"] == "1990-04-02")
        #expect(told["gender"] == "female")
        #expect(told["address"]?["formatted"] == "見本県関町市本町一丁目２番３号")
        #expect(told["over_18"] == true && told["over_65"] == false)
        #expect(told["prefecture"] == "見本県" && told["municipality"] == "関町市" && told["birth_year"] == 1990)
    }

    @Test func `tells no more than the rules release and the request names`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let question = Showing.question(#"{"userinfo":{"over_18":null,"municipality":null}}"#)
        let journey = try await browser.askedWho("hanako", question)
        let page = try await browser.get(journey + "/identity")
        #expect(page.text.has("18歳以上かどうか") && !page.text.has("<li>氏名"))
        let shown = try await browser.show("hanako", at: journey)
        let end = try await browser.get(try #require(try shown.json["continue"]?.string, "\(shown.text)"))
        let tokens = try await browser.post(
            "/openid/token", try question.tokenForm(try #require(end.parameter("code")), in: house.world, at: house.now))
        let token = try #require(try tokens.json["access_token"]?.string)
        let told = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token])
        #expect(try told.json["over_18"] == true)
        for secret in ["花子", "1990", "本町", "female"] { #expect(!told.text.has(secret) && !tokens.text.has(secret)) }
    }

    @Test func `is not asked for by a service that asks for nothing of the person`() async throws {
        let browser = Browser(try await Showing.house())
        let end = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion(Parties.bank).path))
        #expect(end.parameter("code") != nil)
        #expect(try await !browser.house.trail().contains { $0.contains("identity.") })
    }

    @Test func `is remembered for that service and purpose, in its time`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        #expect(try await browser.show("hanako", at: journey).status == 200)
        _ = try await browser.get(journey + "/continue")
        #expect(try await browser.get(Showing.question().path).parameter("code") != nil, "no second time")
        house.pass(house.world.configuration.cards.identity.lifetime)
        let again = try await browser.begin(Showing.question().path)
        let next = try await browser.login("hanako", at: again)
        #expect(next.location == again + "/identity", "its time is over")
    }

    @Test func `stands in no trail, log, page or address, and in no row that can be read`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        let shown = try await browser.show("hanako", at: journey)
        let end = try await browser.get(try #require(try shown.json["continue"]?.string))
        #expect(end.parameter("code") != nil)
        #expect(try await house.events().contains("identity.presented"))
        let seen = try await house.trail().joined() + house.logs.text + (end.location ?? "") + shown.text
        let certificate = try house.world.simulator.identity("hanako", .sign).certificate
        for secret in ["花子", "19900402", "1990-04-02", "本町", certificate.serialText, Base64.encode(certificate.der.prefix(60))] {
            #expect(!seen.contains(secret), "\(secret)")
        }
    }

    /// Decision 0063.
    @Test func `asks a client that can say more for what would let the certificate lead a new card to its citizen`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        let asked = try await browser.post(journey + "/identity/challenge", json: [:]).json
        #expect(asked["tie"] == "journey" && asked["tie_wished"] == "card")
        #expect(house.world.configuration.links.relinkTie == .card)
        let shown = try house.presented(asked, "hanako", journey, wished: .card)
        #expect(shown["statement"] != nil && shown["login"]?["certificate"] != nil)
        #expect(shown["login"]?["signature"] == nil, "nothing more is asked of the citizen")
        #expect(try await browser.post(journey + "/identity/answer", json: shown).status == 200)
        #expect(try await house.trail().contains { $0.contains("identity.presented") && $0.contains(#""tie":"card""#) })
    }

    /// docs/card-clients.md is all that makers of apps, kiosks and set-top boxes have.
    @Test func `is asked for and answered in members that the page for makers of card clients names`() async throws {
        let page = try String(contentsOf: WrittenWords.root.appending(path: "docs/card-clients.md"), encoding: .utf8)
        let browser = Browser(try await Showing.house())
        let login = try await browser.begin(Showing.question().path)
        var answers = [
            try await browser.post(login + "/challenge", json: [:]), try await browser.post(login + "/readiness", json: ["reader": false]),
            try await browser.post(login + "/answer", json: [:]),
        ]
        let journey = try await browser.askedWho()
        answers.append(try await browser.post(journey + "/identity/challenge", json: [:]))
        answers.append(try await browser.show("hanako", at: journey))
        var names: Set<String> = []
        for answer in answers {
            guard case .object(let members) = try answer.json else {
                Issue.record("\(answer.text)")
                continue
            }
            for (name, value) in members {
                names.insert(name)
                if name == "explanation", case .object(let inner) = value { names.formUnion(inner.map(\.0)) }
            }
        }
        #expect(names.count > 20 && names.isSuperset(of: ["challenge", "advice", "continue", "tie_wished", "clause"]))
        #expect(names.filter { !page.contains("`" + $0 + "`") } == [])
    }

    @Test func `tells a citizen what the catalogue has for him, and one general sentence where that speaks to developers`() async throws {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.askedWho()
        let general = "カードを確認できませんでした。もう一度お試しください。"
        let malformed = try await browser.post(journey + "/identity/answer", json: [:])
        #expect(malformed.code == "identity.api.malformed")
        #expect(try malformed.json["message"]?["ja"]?.string == general)
        let stranger = Browser(browser.house)
        let needless = try await stranger.post(
            try await stranger.begin(OpenIDQuestion(Parties.bank).path) + "/identity/challenge", json: [:])
        #expect(needless.code == "identity.needless")
        // What helps is for the app's developer, and stands at the code.
        #expect(try needless.json["message"]?["ja"]?.string == "ここでは署名用電子証明書を求めていません。")
    }

    // MARK: Who is at the card

    @Test func `of a card whose signature certificate is revoked is refused, though it logs in`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho("minoru")
        let shown = try await browser.show("minoru", at: journey)
        #expect(shown.status == 403)
        #expect(shown.code == "card.status.revoked")
        #expect(try await house.events().contains("identity.refused"))
        #expect(try await browser.get(journey + "/continue").location == journey + "/identity", "nothing was kept")
    }

    @Test(arguments: [IdentityTie.keys, .card]) func `with the evidence of another card beside it is refused`(tie: IdentityTie) async throws
    {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.askedWho("hanako")
        let shown = try await browser.show("taro", at: journey, tie: tie)
        #expect(shown.status == 403)
        #expect(shown.code == "identity.other-citizen")
        #expect(try await browser.show("hanako", at: journey, tie: tie).status == 200)
    }

    @Test func `after a login of long ago takes the login key as well`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion(Parties.bank).path))
        house.pass(house.world.configuration.cards.identity.rules.loginAge + 1)
        let journey = try #require(try await browser.get(Showing.question().path).location)
        #expect(try await browser.get(journey).location == journey + "/identity")
        let asked = try await browser.post(journey + "/identity/challenge", json: [:])
        #expect(try asked.json["login"] == "needed")
        let alone = try await browser.post(journey + "/identity/answer", json: try house.presented(try asked.json, "hanako", journey))
        #expect(alone.code == "identity.login.old")
        #expect(try await browser.show("hanako", at: journey, tie: .keys).status == 200)
    }

    @Test func `of a person with another birth date than before is refused`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho("hanako")
        #expect(try await browser.show("hanako", at: journey).status == 200)
        _ = try await browser.get(journey + "/continue")
        // The same citizen for the shop: another purpose, so it is asked for anew, and somebody lends a card.
        let shop = try await browser.begin(OpenIDQuestion(Parties.shop, [("claims", #"{"id_token":{"over_18":null}}"#)]).path)
        #expect(try await browser.get(shop).location == shop + "/identity")
        let shown = try await browser.show("taro", at: shop)
        #expect(shown.code == "identity.other-person")
        #expect(try await browser.show("hanako", at: shop).status == 200)
    }

    // MARK: The door

    @Test func `takes each declaration once, right or wrong`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        let asked = try await browser.post(journey + "/identity/challenge", json: [:]).json
        let good = try house.presented(asked, "hanako", journey)
        let wrong = JSON.object((good.members ?? []).map { $0.0 == "signature" ? ($0.0, .string(Base64.encode([1, 2, 3]))) : $0 })
        #expect(try await browser.post(journey + "/identity/answer", json: wrong).code == "identity.signature.wrong")
        #expect(try await browser.post(journey + "/identity/answer", json: good).code == "identity.challenge.unknown")
    }

    @Test func `takes no declaration of another journey, and no login challenge`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        let other = try await browser.begin(Showing.question().path)
        let asked = try await browser.post(other + "/identity/challenge", json: [:]).json
        let answer = try house.presented(asked, "hanako", other)
        #expect(try await browser.post(journey + "/identity/answer", json: answer).code == "identity.challenge.elsewhere")
        // A login door gives no declaration, and an identity door no login challenge.
        #expect(try await browser.post(journey + "/challenge", json: [:]).status == 409)
        let fresh = try await Browser(house).begin(Showing.question().path)
        #expect(try await Browser(house).post(fresh + "/identity/challenge", json: [:]).status == 403, "another browser")
    }

    @Test func `is closed to whoever was not asked`() async throws {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.begin(Showing.question().path)
        #expect(try await browser.post(journey + "/identity/challenge", json: [:]).code == "identity.needless", "nobody is logged in")
        #expect(try await browser.get(journey + "/identity").location == journey + "/continue")
        #expect(try await browser.post(journey + "/identity/refuse").location == journey + "/continue")
    }

    @Test(arguments: ["{}", "[", "{\"challenge\":\"x\"}", ""]) func `takes well-formed JSON alone`(body: String) async throws {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.askedWho()
        let answer = try await browser.send(
            .post, journey + "/identity/answer", [.contentType: "application/json"], Array(body.utf8))
        #expect(answer.status == 400 && answer.code == "identity.api.malformed")
        let form = try await browser.send(.post, journey + "/identity/answer", [.contentType: "text/plain"], Array(body.utf8))
        #expect(form.status == 415)
        let large = try await browser.send(
            .post, journey + "/identity/answer", [.contentType: "application/json"], [UInt8](repeating: 0x20, count: 40_000))
        #expect(large.status == 413)
    }

    @Test func `may be refused, and the service is told`() async throws {
        let browser = Browser(try await Showing.house())
        let journey = try await browser.askedWho()
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.post(journey + "/identity/refuse", [], [site: "cross-site"]).status == 400)
        let end = try await browser.post(journey + "/identity/refuse")
        #expect(end.parameter("error") == "access_denied")
    }

    @Test func `shows no page to a request that forbids any`() async throws {
        let browser = Browser(try await Showing.house())
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion(Parties.bank).path))
        var question = Showing.question()
        question.more.append(("prompt", "none"))
        let end = try await browser.get(question.path)
        #expect(end.parameter("error") == "interaction_required", "\(end.location ?? end.text)")
    }

    // MARK: What is derived

    @Test func `tells an age in the place of a birth date, where the rules derive it`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let question = OpenIDQuestion(Parties.shop, [("claims", #"{"id_token":{"birthdate":null}}"#)])
        let journey = try await browser.askedWho("hanako", question)
        let shown = try await browser.show("hanako", at: journey)
        let end = try await browser.get(try #require(try shown.json["continue"]?.string))
        let tokens = try await browser.post(
            "/openid/token", try question.tokenForm(try #require(end.parameter("code")), in: house.world, at: house.now))
        let claims = try question.claims(tokens, in: house.world)
        #expect(claims["over_18"] == true)
        #expect(claims["birthdate"] == nil)
    }

    @Test func `says nothing that a birth date known in part leaves open`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let question = Showing.question()
        let journey = try await browser.askedWho("kenji", question)
        let shown = try await browser.show("kenji", at: journey)
        let end = try await browser.get(try #require(try shown.json["continue"]?.string, "\(shown.text)"))
        let tokens = try await browser.post(
            "/openid/token", try question.tokenForm(try #require(end.parameter("code")), in: house.world, at: house.now))
        let token = try #require(try tokens.json["access_token"]?.string)
        let told = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + token]).json
        #expect(told["birthdate"] == "1950")
        #expect(told["over_18"] == true && told["over_65"] == true)
        #expect(told["address_substitution"]?.string?.contains("1") == true)
    }
}

@Suite struct `What is kept of a signature certificate` {
    @Test func `is listed for its citizen without what it says, and deleted at his word`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        #expect(try await browser.show("hanako", at: journey).status == 200)
        let list = try await browser.get("/identity")
        #expect(list.status == 200)
        #expect(list.text.has("identity-check") && list.text.has("いま削除する"))
        #expect(!list.text.has("花子") && !list.text.has("1990"))
        #expect(list.hasOnlyOwnScripts, "nor what a service calls itself")
        #expect(try await Browser(house).get("/identity").text.has("ログインすると確認できます"), "nobody else sees it")
        // A half of a name deletes nothing.
        let mark = try await browser.identityMark()
        _ = try await browser.post("/identity/forget", [mark, ("service", Parties.bank)])
        #expect(try await browser.get("/identity").text.has("いま削除する"))
        _ = try await browser.post("/identity/forget", [mark, ("service", Parties.bank), ("for", "identity-check")])
        #expect(try await !browser.get("/identity").text.has("いま削除する"))
        #expect(try await house.events().contains("identity.forgotten"))
        #expect(try await browser.get(journey + "/continue").location == journey + "/identity", "it is asked for anew")
    }

    @Test func `is deleted by its citizen's own form alone`() async throws {
        let house = try await Showing.house()
        let browser = Browser(house)
        let journey = try await browser.askedWho()
        #expect(try await browser.show("hanako", at: journey).status == 200)
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let mark = try await browser.identityMark()
        #expect(try await browser.post("/identity/forget", [mark], [site: "cross-site"]).status == 400)
        _ = try await Browser(house).post("/identity/forget", [mark])
        for forged in ["", "AAAA"] { _ = try await browser.post("/identity/forget", [("form", forged)]) }
        _ = try await browser.post("/identity/forget", [])
        #expect(try await browser.get("/identity").text.has("いま削除する"))
        _ = try await browser.post("/identity/forget", [mark])
        #expect(try await !browser.get("/identity").text.has("いま削除する"), "all of them")
    }

    @Test func `is not kept when the disk fails, and nobody goes on without it`() async throws {
        let world = try await World.showing()
        for call in 1...40 {
            let house = try House(world, stores: { FailingStores($0, at: 0) })
            let failing = try #require(house.platform.stores as? FailingStores)
            let browser = Browser(house)
            let journey = try await browser.askedWho()
            let asked = try await browser.post(journey + "/identity/challenge", json: [:]).json
            failing.breaks(at: failing.calls + call)
            let before = failing.calls
            let shown = try await browser.post(journey + "/identity/answer", json: try house.presented(asked, "hanako", journey))
            guard failing.calls - before >= call else {
                #expect(shown.status == 200 && call > 3)
                break
            }
            #expect(shown.status >= 500, "call \(call)")
            #expect(try await house.store.counts()["identity_records"] == 0)
        }
    }
}
