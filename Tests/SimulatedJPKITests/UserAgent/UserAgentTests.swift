import Outbound
import SimulatedJPKI
import Synchronization
import Testing
import Vocabulary

@Suite struct `A citizen's browser` {
    @Test func `logs in with PIN and ends at the service`() async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        let arrival = try await agent.open("https://ministry.example/login", holding: try web.holder("hanako"))
        #expect(arrival.status == 200)
        #expect(arrival.isAtService)
        #expect(arrival.address.description == "https://ministry.example/home?a=1")
        #expect(arrival.text == "Welcome to https://ministry.example")
        #expect(arrival.title == "A title")
        #expect(arrival.cardUses == [.pin])
    }

    @Test(arguments: ["taro", "misaki", "hanako-phone"]) func `takes any good card`(handle: String) async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        #expect(try await agent.open("https://ministry.example/login", holding: try web.holder(handle)).isAtService)
    }

    @Test func `enters a second service without the card`() async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        _ = try await agent.open("https://ministry.example/login", holding: try web.holder("hanako"))
        let second = try await agent.open("https://shop.example/login", holding: try web.holder("hanako"))
        #expect(second.isAtService)
        #expect(second.cardUses.isEmpty)
        var stranger = web.agent()
        #expect(try await stranger.open("https://shop.example/login", holding: try web.holder("hanako")).cardUses == [.pin])
    }

    @Test func `types the PIN when a service asks for more than the kiosk's word`() async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        let first = try await agent.open("https://shop.example/login", holding: try web.holder("hanako", .face, at: "kiosk"))
        #expect(first.cardUses == [.face])
        let second = try await agent.open("https://ministry.example/login", holding: try web.holder("hanako", .face, at: "kiosk"))
        #expect(second.isAtService)
        #expect(second.cardUses == [.pin])
    }

    @Test func `uses the card twice when the first service wants more at once`() async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        let arrival = try await agent.open("https://ministry.example/login", holding: try web.holder("hanako", .presence, at: "stb"))
        #expect(arrival.isAtService)
        #expect(arrival.cardUses == [.presence, .pin])
    }

    @Test func `stops where a PIN is needed and none was given`() async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        await #expect(throws: UserAgentRefusal.strongerLoginNeeded(minimum: "pin")) {
            try await agent.open("https://ministry.example/login", holding: try web.holder("hanako", .face, pin: nil, at: "kiosk"))
        }
    }

    @Test(arguments: [("jiro", "card.status.revoked"), ("rin", "card.status.held"), ("saburo", "card.certificate.expired")])
    func `is told by its code why a card is refused`(handle: String, code: String) async throws {
        let web = FakeWeb(try await World.copy())
        var agent = web.agent()
        do {
            _ = try await agent.open("https://shop.example/login", holding: try web.holder(handle))
            Issue.record("let in")
        } catch let UserAgentRefusal.refused(status, found, _, _) {
            #expect(status == 403)
            #expect(found == code)
        }
    }

    @Test func `stays on the login page without a card`() async throws {
        let web = FakeWeb(try await World.shared())
        var agent = web.agent()
        let arrival = try await agent.open("https://ministry.example/login")
        #expect(arrival.status == 200)
        #expect(!arrival.isAtService)
        #expect(agent.platforms == [FakeWeb.platform])
    }

    @Test func `does not sign a challenge that is for somewhere else`() async throws {
        let world = try await World.copy()
        let web = FakeWeb(world, trick: .otherOrigin)
        var agent = web.agent()
        await #expect(throws: UserAgentRefusal.challengeNotForHere) {
            try await agent.open("https://shop.example/login", holding: try web.holder("hanako"))
        }
        #expect(!web.requests.contains { $0.address.path.hasSuffix("/answer") })
    }

    @Test func `does not follow the card API to another origin`() async throws {
        let web = FakeWeb(try await World.copy(), trick: .otherContinue)
        var agent = web.agent()
        await #expect(throws: UserAgentRefusal.self) {
            try await agent.open("https://shop.example/login", holding: try web.holder("hanako"))
        }
        #expect(!web.requests.contains { $0.address.origin == "https://evil.example" })
    }

    @Test func `gives up on a platform that never has enough`() async throws {
        let web = FakeWeb(try await World.copy(), trick: .endless)
        var agent = web.agent()
        await #expect(throws: UserAgentRefusal.askedAgain(3)) {
            try await agent.open("https://shop.example/login", holding: try web.holder("hanako"))
        }
    }

    @Test func `gives up on redirects without end`() async throws {
        var agent = UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            OutboundAnswer(status: 302, headers: [.init("Location", "/again")], body: [], address: request.address)
        }
        await #expect(throws: UserAgentRefusal.tooManyHops(40)) { try await agent.open("https://loop.example/") }
    }

    @Test(arguments: ["ftp://a.example/", "javascript:alert(1)", "", "//a.example", "https://"]) func `goes to web addresses only`(
        url: String
    ) async throws {
        var agent = FakeWeb(try await World.shared()).agent()
        await #expect(throws: UserAgentRefusal.address(url)) { try await agent.open(url) }
    }

    @Test(arguments: ["ftp://a.example/", "javascript:alert(1)", "http://[::1"]) func `is not redirected to anything else`(location: String)
        async throws
    {
        var agent = UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            OutboundAnswer(status: 302, headers: [.init("Location", location)], body: [], address: request.address)
        }
        await #expect(throws: UserAgentRefusal.address(location)) { try await agent.open("https://a.example/") }
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func `repeats a post only where it must`(status: Int, method: String) async throws {
        let seen = Mutex<[String]>([])
        var agent = UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            seen.withLock {
                $0.append(request.method.rawValue + " " + request.address.path + " " + String(decoding: request.body, as: UTF8.self))
            }
            switch request.address.path {
            case "/start":
                let form =
                    "<form method=post action=/post><input type=hidden name=a value='1 &amp; 2'></form><body onload='document.forms[0].submit()'>"
                return OutboundAnswer(
                    status: 200, headers: [.init("Content-Type", "text/html")], body: Array(form.utf8), address: request.address)
            case "/post": return OutboundAnswer(status: status, headers: [.init("Location", "/end")], body: [], address: request.address)
            default:
                return OutboundAnswer(
                    status: 200, headers: [.init("Content-Type", "text/plain")], body: Array("end".utf8), address: request.address)
            }
        }
        #expect(try await agent.open("https://a.example/start").text == "end")
        let body = "a=1+%26+2"
        #expect(seen.withLock { $0 } == ["GET /start ", "POST /post \(body)", "\(method) /end \(method == "POST" ? body : "")"])
    }

    @Test func `shows what it did, decoded, without PIN and cookie values`() async throws {
        let web = FakeWeb(try await World.copy())
        let lines = Mutex<[String]>([])
        let writer = TraceWriter()
        var agent = web.agent { event in lines.withLock { $0.append(writer.text(event)) } }
        _ = try await agent.open("https://ministry.example/login", holding: try web.holder("hanako"))
        let text = lines.withLock { $0.joined(separator: "\n") }
        #expect(text.contains("SAMLResponse (12 bytes) decodes to\n       <a></a>"))
        #expect(text.contains("mode: \"pin\""))
        #expect(text.contains("card: VERIFY PIN: 90 00"))
        #expect(text.contains("sets cookies: sekisho"))
        #expect(!text.contains("1234\n") && !text.contains("session-"))
    }
}
