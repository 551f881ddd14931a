import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Back-channel authentication request, CIBA Core §7.1 (O14)` {
    let federation: Federation

    init() throws { federation = try Federation() }

    @Test func `is answered with an auth_req_id of 256 bits, bound to client and citizen`() throws {
        let (grant, answer) = federation.begun(
            try federation.backchannelRequest([Federation.openid, Federation.hint, ("binding_message", "W4SCT")]))
        let id = try #require(answer["auth_req_id"]?.string)
        #expect(Base64url.decode(id)?.count == 32)
        #expect(Ticket.digest(of: id) == grant.secretDigest)
        #expect(answer["expires_in"]?.integer == 300)
        #expect(answer["interval"]?.integer == 5)
        let link = try #require(answer["approval_uri"]?.string)
        #expect(link.hasPrefix("https://login.example/approve/"))
        #expect(Ticket.digest(of: String(link.dropFirst("https://login.example/approve/".count))) == grant.handle)
        #expect(grant.message == "W4SCT")
        #expect(grant.addressee?.pairwise.text == Federation.pairwise)
        #expect(grant.notification == nil)
        #expect(AwaitedGrant(json: grant.json) == grant)
        #expect(!grant.json.text.contains(id))
        let ask = grant.ask(at: Federation.now.adding(seconds: 60), of: nil)
        #expect(ask.expected?.text == Federation.pairwise)
        #expect(ask.maximumAge == 300)
    }

    @Test(arguments: [(nil, 300, false), (60, 60, false), (600, 300, false), (0, 0, true)] as [(Int64?, Int64, Bool)])
    func `a client's default_max_age asks for a newer login, never for an older one`(age: Int64?, oldest: Int64, isFresh: Bool) throws {
        let client = try federation.waitingClient(maximumAge: age)
        let request = try federation.backchannelRequest([Federation.openid, Federation.hint], client: client)
        let ask = federation.begun(request).grant.ask(at: Federation.now, of: client)
        #expect(ask.maximumAge == oldest && ask.forceAuthentication == isFresh)
    }

    @Test(
        arguments: [
            ([("login_hint", Federation.pairwise)], "invalid_scope"),
            ([("scope", "profile"), ("login_hint", Federation.pairwise)], "invalid_scope"),
            ([("scope", "openid")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("login_hint", Federation.pairwise)], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("id_token_hint", "a.b.c")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", "short")], "unknown_user_id"),
            ([("scope", "openid"), ("login_hint", "hanako yamada of osaka")], "unknown_user_id"),
            ([("scope", "openid"), ("id_token_hint", "a.b.c")], "invalid_request"),
            ([("scope", "openid"), ("login_hint_token", "a.b.c")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("user_code", "1234")], "invalid_user_code"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("request_uri", "urn:x")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("requested_expiry", "0")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("requested_expiry", "-5")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("requested_expiry", "1.5")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("requested_expiry", "9999999999")], "invalid_request"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("resource", "https://api.example/")], "invalid_target"),
            ([("scope", "openid"), ("login_hint", Federation.pairwise), ("authorization_details", "[]")], "invalid_authorization_details"),
        ] as [([(String, String)], String)])
    func `for another device is refused without one known hint, or with a faulty word`(fields: [(String, String)], error: String) throws {
        #expect(try federation.refusal { _ = try federation.backchannelRequest(fields) }?.error.rawValue == error)
    }

    @Test func `is off unless the registration turns it on`() throws {
        let client = try federation.waitingClient(grants: [.deviceCode])
        let refusal = try federation.refusal {
            _ = try federation.backchannelRequest([Federation.openid, Federation.hint], client: client)
        }
        #expect(refusal?.error == .unauthorizedClient)
    }

    @Test(arguments: [("30", 30), ("300", 300), ("900", 900), ("3600", 900), ("999999999", 900)])
    func `lives as long as asked, at most a quarter of an hour`(asked: String, lifetime: Int64) throws {
        let (grant, answer) = federation.begun(
            try federation.backchannelRequest([Federation.openid, Federation.hint, ("requested_expiry", asked)]))
        #expect(answer["expires_in"]?.integer == lifetime)
        #expect(grant.expiresAt == Federation.now.adding(seconds: lifetime))
    }

    @Test(arguments: [
        "W4SCT", "受付 12番", "お支払い ¥1,200 – 見本商店", "Zürich, Straße 5", "請求書No.3（確認）", String(repeating: "あ", count: 64), "a",
        "№5 ① 〒100-0001 ㈱見本", "x²+y²",
    ])
    func `takes a binding message that every screen shows alike`(message: String) throws {
        let request = try federation.backchannelRequest([Federation.openid, Federation.hint, ("binding_message", message)])
        #expect(federation.begun(request).grant.message == message)
    }

    @Test(arguments: [
        String(repeating: "あ", count: 65), "1234 👍🏿 品川", "a\u{202e}b", "a\u{200b}b", "a\nb", "a\u{0}b", " a", "a ", "\u{3000}", "a\u{2028}b",
        "a\u{e000}b", "a\u{feff}b",
        "❤", "a\u{ad}b", "a\u{a0}b", "a\u{3164}b",
    ])
    func `refuses a binding message that could be shown as another (H12)`(message: String) throws {
        let refusal = try federation.refusal {
            _ = try federation.backchannelRequest([Federation.openid, Federation.hint, ("binding_message", message)])
        }
        #expect(refusal?.error == .invalidBindingMessage)
    }

    @Test func `markup in a binding message is text like any other, for the page to escape`() throws {
        let message = "<script>alert(1)</script>"
        let request = try federation.backchannelRequest([Federation.openid, Federation.hint, ("binding_message", message)])
        #expect(federation.begun(request).grant.message == message)
    }

    @Test func `a name that nobody has is answered like any other (H9)`() throws {
        let known = federation.begun(try federation.backchannelRequest([Federation.openid, Federation.hint]))
        let unknown = federation.begun(
            try federation.backchannelRequest([Federation.openid, ("login_hint", "nobody7nobody7nobody7nobody7nobo")]))
        #expect(known.answer.members?.map(\.0) == unknown.answer.members?.map(\.0))
        #expect(known.answer["expires_in"] == unknown.answer["expires_in"])
        #expect(known.grant.json.members?.map(\.0) == unknown.grant.json.members?.map(\.0))
    }
}

@Suite struct `Pings, CIBA Core §5, §7.1, §10.2` {
    let federation: Federation
    let client: Client

    init() throws {
        federation = try Federation()
        client = try federation.waitingClient(
            ciba: .init(delivery: .ping, notificationEndpoint: "https://shop.example/ciba"))
    }

    @Test(arguments: ["8d67dc78-7faa-4d41-aabd-67707b374255", String(repeating: "a", count: 1_024), "abc==", "a.b-c_d~e+f/g"])
    func `need a notification token, which is kept beside the record only`(token: String) throws {
        let (grant, answer) = federation.begun(
            try federation.backchannelRequest(
                [Federation.openid, Federation.hint, ("client_notification_token", token)], client: client))
        #expect(grant.notification?.token == token)
        #expect(grant.notification?.requestID == answer["auth_req_id"]?.string)
        #expect(!grant.json.text.contains(token) || token.utf8.count < 8)
    }

    @Test(arguments: [nil, String(repeating: "a", count: 1_025), "a b", "a\r\nX-Evil: 1", "=", "ä", "a,b"])
    func `are refused without a fit one`(token: String?) throws {
        let refusal = try federation.refusal {
            _ = try federation.backchannelRequest(
                [Federation.openid, Federation.hint] + (token.map { [("client_notification_token", $0)] } ?? []), client: client)
        }
        #expect(refusal?.error == .invalidRequest)
    }

    @Test func `a polling client's token is not kept`() throws {
        let request = try federation.backchannelRequest([Federation.openid, Federation.hint, ("client_notification_token", "abcdefgh")])
        #expect(federation.begun(request).grant.notification == nil)
    }

    @Test(arguments: [
        (200, BackchannelPing.Verdict.delivered), (204, .delivered), (301, .refused), (302, .refused), (307, .refused), (400, .refused),
        (401, .refused), (403, .refused), (404, .refused), (410, .refused), (408, .tryAgain), (429, .tryAgain), (500, .tryAgain),
        (502, .tryAgain), (503, .tryAgain),
    ])
    func `are tried again only when the other side is in trouble`(status: Int, verdict: BackchannelPing.Verdict) {
        #expect(BackchannelPing.verdict(status: status) == verdict)
    }

    @Test func `are sent four times at most, ever more seldom`() {
        #expect((1...5).map { BackchannelPing.pause(after: $0) } == [3, 15, 60, nil, nil])
    }

    @Test func `say nothing but the auth_req_id`() throws {
        let ping = AwaitedPing(
            secretDigest: [1], client: try Federation.memberID("shop"), notification: .init(token: "token", requestID: "id-1"), attempts: 1,
            expiresAt: Federation.now)
        #expect(String(decoding: BackchannelPing.body(for: ping), as: UTF8.self) == "{\"auth_req_id\":\"id-1\"}")
    }
}
