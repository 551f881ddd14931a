import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import SignOn
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `A counter asks a citizen, CIBA Core 1.0 (O14, R12, R17)` {
    @Test func `who finds the request on our page, agrees, and the counter gets tokens`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let name = try await waiter.name()
        let asked = try await waiter.asked([("login_hint", name), ("binding_message", "受付 12番")])
        #expect(try await waiter.poll(asked).json["error"]?.string == "authorization_pending")

        let phone = Browser(waiter.house)
        #expect(try await phone.get("/approve").text.has("ログインしてください"))
        #expect(try await waiter.enter("hanako", in: phone).location == World.base + "/approve")
        #expect(try await phone.get("/").text.has("承認待ちの依頼：1"))
        let list = try await phone.get("/approve")
        #expect(list.text.has("見本窓口"))
        #expect(list.text.has("受付 12番"))
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        #expect(try await phone.get(journey + "/continue").location == journey + "/confirm")
        let page = try await phone.get(journey + "/confirm")
        #expect(page.text.has("受付 12番"))
        #expect(page.text.has("いま、ご自身がこのサービスに依頼したときだけ承認してください"))
        #expect(try await waiter.decide("approve", at: journey, in: phone).text.has("承認しました"))

        waiter.house.pass(5)
        let tokens = try await waiter.poll(asked)
        #expect(tokens.status == 200)
        let claims = try OpenIDQuestion(waiter.client).claims(tokens, in: waiter.house.world)
        #expect(claims["sub"]?.string == name)
        #expect(try await waiter.poll(asked).json["error"]?.string == "invalid_grant")
        #expect(try await waiter.listed(in: phone).isEmpty)
        let trail = try await waiter.house.trail().joined()
        for secret in [asked.requestID, asked.ticket, "受付"] { #expect(!trail.contains(secret)) }
        for event in ["awaited.begun", "awaited.approved", "token.issued"] { #expect(try await waiter.house.events().contains(event)) }
    }

    @Test func `a no reaches the counter, and time that runs out does`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let name = try await waiter.name()
        let refused = try await waiter.asked([("login_hint", name)])
        let phone = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: phone)
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        #expect(try await waiter.decide("deny", at: journey, in: phone).text.has("断りました"))
        #expect(try await waiter.poll(refused).json["error"]?.string == "access_denied")
        let late = try await waiter.asked([("login_hint", name), ("requested_expiry", "30")])
        waiter.house.pass(30)
        #expect(try await waiter.listed(in: phone).isEmpty)
        #expect(try await waiter.poll(late).json["error"]?.string == "expired_token")
    }

    @Test func `the link that the counter shows leads the citizen who was named to the request`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        let phone = Browser(waiter.house)
        #expect(try await phone.get("/approve/" + asked.ticket).text.has("value=\"" + asked.ticket + "\""))
        let opened = try #require(try await waiter.enter("hanako", in: phone, ticket: asked.ticket).location)
        #expect(opened.hasSuffix("/continue"))
        let confirm = try #require(try await phone.get(opened).location)
        #expect(confirm.hasSuffix("/confirm"))
        #expect(try await phone.get(confirm).text.has("見本窓口"))
        // Logged in already, the link alone leads there.
        #expect(try #require(try await phone.get("/approve/" + asked.ticket).location).hasSuffix("/continue"))
    }

    @Test func `and tells anybody else nothing, as if there were none (H9)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        var seen: Set<String> = []
        for ticket in [asked.ticket, "nobody-made-this-ticket-of-any-length-here", "x"] {
            let stranger = Browser(waiter.house)
            let before = try await stranger.get("/approve/" + ticket)
            #expect(!before.text.has("見本窓口"))
            let entered = try await waiter.enter("taro", in: stranger, ticket: ticket)
            let direct = try await stranger.get("/approve/" + ticket)
            seen.insert("\(entered.location ?? "") \(direct.location ?? "") " + (try await stranger.get("/approve").text))
        }
        #expect(seen.count == 1)
        #expect(try await waiter.poll(asked).json["error"]?.string == "authorization_pending")
    }

    @Test func `another citizen's request cannot be opened, whatever is sent`() async throws {
        let waiter = try await Waiter(Parties.counter)
        _ = try await waiter.asked([("login_hint", try await waiter.name())])
        let (hanako, taro) = (Browser(waiter.house), Browser(waiter.house))
        _ = try await waiter.enter("hanako", in: hanako)
        _ = try await waiter.enter("taro", in: taro)
        let request = try #require(try await waiter.listed(in: hanako).first)
        #expect(try await waiter.listed(in: taro).isEmpty)
        #expect(try await taro.post("/approve/open", [("request", request)]).location == World.base + "/approve")
        #expect(try await Browser(waiter.house).post("/approve/open", [("request", request)]).location == World.base + "/approve")
        _ = try await waiter.open(request, in: hanako)
    }

    @Test func `when somebody else logs in at the same browser, the page is not his (H2)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        let shared = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: shared)
        let journey = try await waiter.open(try #require(try await waiter.listed(in: shared).first), in: shared)
        _ = try await shared.post("/session/end")
        _ = try await waiter.enter("taro", in: shared)
        let shown = try await shared.get(journey + "/confirm")
        #expect(shown.location == World.base + "/approve")
        #expect(!shown.text.has("見本窓口"))
        let said1 = try await waiter.decide("approve", at: journey, in: shared)
        #expect(!said1.text.has("承認しました"))
        let said2 = try await waiter.decide("deny", at: journey, in: shared)
        #expect(!said2.text.has("断りました"))
        #expect(try await waiter.poll(asked).json["error"]?.string == "authorization_pending")
    }

    @Test func `a card that was used long ago is used again`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let name = try await waiter.name()
        let phone = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: phone)
        waiter.house.pass(301)
        let asked = try await waiter.asked([("login_hint", name)])
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        #expect(try await phone.get(journey + "/confirm").location == journey)
        // A no needs no card.
        #expect(try await phone.login("hanako", at: journey).location == journey + "/confirm")
        _ = try await waiter.decide("approve", at: journey, in: phone)
        #expect(try await waiter.poll(asked).status == 200)
    }

    @Test func `a name that nobody has waits like any other, until it runs out (H9)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let known = try await waiter.ask([("login_hint", try await waiter.name())])
        let unknown = try await waiter.ask([("login_hint", "abcdefghijklmnopqrstuvwxyz234567")])
        #expect(known.status == unknown.status)
        #expect(try known.json.members?.map(\.0) == unknown.json.members?.map(\.0))
        #expect(try known.json["expires_in"] == unknown.json["expires_in"])
        let asked = try waiter.asked(unknown)
        #expect(try await waiter.poll(asked).json["error"]?.string == "authorization_pending")
        waiter.house.pass(300)
        #expect(try await waiter.poll(asked).json["error"]?.string == "expired_token")
    }

    @Test func `a citizen is not worn down: three wait, the fourth is refused`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let name = try await waiter.name()
        for _ in 0..<3 { _ = try await waiter.asked([("login_hint", name)]) }
        let fourth = try await waiter.ask([("login_hint", name)])
        #expect(fourth.status == 403)
        #expect(try fourth.json["error"]?.string == "access_denied")
        // The same for a name that nobody has.
        for _ in 0..<3 { _ = try await waiter.asked([("login_hint", "abcdefghijklmnopqrstuvwxyz234567")]) }
        #expect(try await waiter.ask([("login_hint", "abcdefghijklmnopqrstuvwxyz234567")]).status == 403)
    }

    @Test func `its auth_req_id is worth nothing to another client (E5)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        #expect(try await waiter.poll(asked, as: Parties.pinger).json["error"]?.string == "invalid_grant")
        #expect(try await waiter.poll(asked, as: Parties.shop).json["error"]?.string == "unauthorized_client")
        #expect(try await waiter.poll(.init(requestID: asked.ticket, ticket: "")).json["error"]?.string == "invalid_grant")
        #expect(try await waiter.poll(asked).json["error"]?.string == "authorization_pending")
    }

    @Test func `words to compare are shown as text (H12)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let message = "<img src=x onerror=\"alert(1)\"> & 'x'"
        _ = try await waiter.asked([("login_hint", try await waiter.name()), ("binding_message", message)])
        let phone = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: phone)
        let list = try await phone.get("/approve")
        #expect(!list.text.has("<img"))
        #expect(list.text.has("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;x&#39;"))
        let bidirectional = try await waiter.ask([("login_hint", "abcdefghijklmnopqrstuvwxyz234567"), ("binding_message", "a\u{202e}b")])
        #expect(try bidirectional.json["error"]?.string == "invalid_binding_message")
    }

    @Test func `a face that was compared at a counter suffices where policy says so, and logs the citizen out there (R5, R20)`()
        async throws
    {
        let waiter = try await Waiter(Parties.counter)
        let asked = try await waiter.asked([("login_hint", try await waiter.name())])
        let kiosk = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: kiosk, .face, terminal: "kiosk")
        let journey = try await waiter.open(try #require(try await waiter.listed(in: kiosk).first), in: kiosk)
        #expect(try await waiter.decide("approve", at: journey, in: kiosk).text.has("共用の端末のため、ログアウトしました"))
        #expect(kiosk.sessionCookie == nil)
        #expect(try await waiter.poll(asked).status == 200)
    }

    @Test func `a member whose standing ends asks nobody, and is told nothing (H10)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        let name = try await waiter.name()
        let asked = try await waiter.asked([("login_hint", name)])
        let phone = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: phone)
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        try waiter.change("counter.yaml", "state: accredited", to: "state: suspended")
        #expect(try await waiter.ask([("login_hint", name)]).json["error"]?.string == "unauthorized_client")
        let said3 = try await waiter.decide("approve", at: journey, in: phone)
        #expect(!said3.text.has("承認しました"))
        #expect(try await waiter.poll(asked).json["error"]?.string == "access_denied")
    }
}

@Suite struct `A counter that signs and wants pings, CIBA Core §7.1.1, §10.2 (FAPI-CIBA)` {
    @Test func `asks by a signed request, once`() async throws {
        let waiter = try await Waiter(Parties.pinger)
        let name = try await waiter.name(callback: Parties.pingerCallback)
        let request = try waiter.object([("login_hint", .string(name)), ("client_notification_token", "notify-me")])
        let first = try await waiter.post("/openid/ciba", [("request", request)])
        #expect(first.status == 200, "\(first.text)")
        let replayed = try await waiter.post("/openid/ciba", [("request", request)])
        #expect(replayed.code == "openid.ciba.request-replayed")
        let unsigned = try await waiter.ask([("login_hint", name), ("client_notification_token", "notify-me")])
        #expect(try unsigned.json["error"]?.string == "invalid_request")
        let tokenless = try await waiter.post("/openid/ciba", [("request", try waiter.object([("login_hint", .string(name))]))])
        #expect(try tokenless.json["error"]?.string == "invalid_request")
    }

    @Test(arguments: ["approve", "deny"])
    func `has a ping due as soon as the citizen has decided, with what it needs and no more`(decision: String) async throws {
        let waiter = try await Waiter(Parties.pinger)
        let house = waiter.house
        let name = try await waiter.name(callback: Parties.pingerCallback)
        let request = try waiter.object([("login_hint", .string(name)), ("client_notification_token", "notify-me")])
        let asked = try waiter.asked(try await waiter.post("/openid/ciba", [("request", request)]))
        let lease = house.now.adding(seconds: 60)
        #expect(try await house.store.takePings(lease: lease, limit: 9, at: house.now).isEmpty)
        let phone = Browser(house)
        _ = try await waiter.enter("hanako", in: phone)
        let journey = try await waiter.open(try #require(try await waiter.listed(in: phone).first), in: phone)
        _ = try await waiter.decide(decision, at: journey, in: phone)
        let pings = try await house.store.takePings(lease: lease, limit: 9, at: house.now)
        #expect(pings.map(\.notification) == [.init(token: "notify-me", requestID: asked.requestID)])
        #expect(pings.map(\.client.text) == [Parties.pinger])
        let trail = try await house.trail().joined()
        #expect(!trail.contains("notify-me"))
        #expect(!house.logs.text.contains("notify-me"))
        let answer = try await waiter.poll(asked)
        #expect(answer.status == (decision == "approve" ? 200 : 400))
        #expect(try answer.json["error"]?.string == (decision == "approve" ? nil : "access_denied"))
    }

    @Test func `the metadata says what there is`() async throws {
        let document = try await Browser(House.ordinary()).get("/.well-known/openid-configuration").json
        #expect(document["backchannel_authentication_endpoint"]?.string == World.base + "/openid/ciba")
        #expect(document["backchannel_token_delivery_modes_supported"]?.strings == ["poll", "ping"])
        #expect(document["backchannel_user_code_parameter_supported"]?.bool == false)
    }
}
