import Outbound
import SimulatedJPKI
import Synchronization
import Testing
import Vocabulary

@Suite struct `Cookies, RFC 6265 and its successor draft` {
    /// Opens `set`, which answers with these cookies, then `next`; gives the cookies of the second request.
    static func cookies(_ headers: [String], from set: String, to next: String, at times: (Timestamp, Timestamp) = (World.now, World.now))
        async throws -> String?
    {
        let sent = Mutex<String?>(nil)
        let time = Mutex(times.0)
        var agent = UserAgent(clock: { time.withLock { $0 } }) { (request) throws(OutboundRefusal) in
            sent.withLock { $0 = request.headers.first { $0.name == "Cookie" }?.value }
            return OutboundAnswer(
                status: 200, headers: request.address.description == set ? headers.map { .init("set-cookie", $0) } : [], body: [],
                address: request.address)
        }
        _ = try await agent.open(set)
        time.withLock { $0 = times.1 }
        _ = try await agent.open(next)
        return sent.withLock { $0 }
    }

    @Test(arguments: [
        ("a=1", "https://h.example/x/y", "https://h.example/x/z", true), ("a=1", "https://h.example/x/y", "https://h.example/z", false),
        ("a=1; Path=/", "https://h.example/x/y", "https://h.example/z", true),
        ("a=1; Path=/x", "https://h.example/x", "https://h.example/xy", false),
        ("a=1; Path=/x", "https://h.example/x", "https://h.example/x/y", true),
        ("a=1", "https://h.example/", "https://sub.h.example/", false),
        ("a=1; Domain=h.example", "https://h.example/", "https://sub.h.example/", true),
        ("a=1; Domain=.h.example", "https://sub.h.example/", "https://other.h.example/", true),
        ("a=1; Domain=sub.h.example", "https://h.example/", "https://sub.h.example/", false),
        ("a=1; Domain=example", "https://h.example/", "https://h.example/", false),
        ("a=1; Domain=other.example", "https://h.example/", "https://other.example/", false),
        ("a=1; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1/", false),
        ("a=1; Secure", "https://h.example/", "http://h.example/", false),
        ("a=1; Secure", "http://h.example/", "https://h.example/", false),
        ("a=1; Secure", "http://127.0.0.1:8080/", "http://127.0.0.1:8081/", true),
        ("a=1; Secure", "http://localhost/", "http://localhost/", true),
        ("a=1", "http://127.0.0.1:8080/", "http://127.0.0.1:9090/", true),
        ("a=1; Max-Age=0", "https://h.example/", "https://h.example/", false),
        ("a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT", "https://h.example/", "https://h.example/", false),
        ("a=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT", "https://h.example/", "https://h.example/", true),
        ("a=1; Expires=Wed, 21-Oct-99 07:28:00 GMT", "https://h.example/", "https://h.example/", false),
        ("a=1; Expires=nonsense", "https://h.example/", "https://h.example/", true),
        ("a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Max-Age=60", "https://h.example/", "https://h.example/", true),
        ("a=1; SameSite=None", "https://h.example/", "https://h.example/", false),
        ("a=1; SameSite=None; Secure", "https://h.example/", "https://h.example/", true),
        ("=1", "https://h.example/", "https://h.example/", false),
        ("a", "https://h.example/", "https://h.example/", false), ("  a  =  1  ;path=/", "https://h.example/", "https://h.example/", true),
    ])
    func `go where they belong`(header: String, from: String, to: String, isSent: Bool) async throws {
        #expect(try await Self.cookies([header], from: from, to: to) == (isSent ? "a=1" : nil))
    }

    @Test(arguments: [
        ("__Host-a=1; Secure; Path=/", true), ("__Host-a=1; Path=/", false), ("__Host-a=1; Secure", false),
        ("__Host-a=1; Secure; Path=/x", false),
        ("__Host-a=1; Secure; Path=/; Domain=h.example", false), ("__Secure-a=1; Secure", true), ("__Secure-a=1", false),
    ])
    func `keep the promises of their names`(header: String, isKept: Bool) async throws {
        let sent = try await Self.cookies([header], from: "https://h.example/x/y", to: "https://h.example/x/z")
        #expect((sent != nil) == isKept)
    }

    @Test func `expire`() async throws {
        let page = "https://h.example/"
        let later = (World.now, World.now.adding(seconds: 60))
        #expect(try await Self.cookies(["a=1; Max-Age=61"], from: page, to: page, at: later) == "a=1")
        #expect(try await Self.cookies(["a=1; Max-Age=60"], from: page, to: page, at: later) == nil)
    }

    @Test func `replace one another by name, host and path; longer paths come first`() async throws {
        let sent = try await Self.cookies(
            ["a=1; Path=/", "a=2; Path=/", "b=3; Path=/x", "a=4; Path=/x"], from: "https://h.example/", to: "https://h.example/x")
        #expect(sent == "b=3; a=4; a=2")
    }

    /// Sets one cookie at b.example, then lets a page of `origin` post a form to it.
    static func postedFrom(_ origin: String, _ attributes: String) async throws -> String? {
        let sent = Mutex<String?>(nil)
        var agent = UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            let html: String
            var headers: [OutboundRequest.Header] = [.init("Content-Type", "text/html")]
            switch (request.address.origin, request.address.path) {
            case (_, "/set"):
                headers.append(.init("Set-Cookie", "c=1; Path=/; " + attributes))
                html = ""
            case (_, "/form"):
                html =
                    "<form method=post action=https://b.example/post><input type=hidden name=x></form><script>document.forms[0].submit()</script>"
            default:
                sent.withLock { $0 = request.headers.first { $0.name == "Cookie" }?.value }
                html = "end"
            }
            return OutboundAnswer(status: 200, headers: headers, body: Array(html.utf8), address: request.address)
        }
        _ = try await agent.open("https://b.example/set")
        _ = try await agent.open(origin + "/form")
        return sent.withLock { $0 }
    }

    @Test(arguments: [
        ("https://a.example", "SameSite=Lax", false), ("https://a.example", "SameSite=Strict", false), ("https://a.example", "", false),
        ("https://a.example", "SameSite=None; Secure", true), ("https://b.example", "SameSite=Strict", true),
        ("https://www.b.example", "", true),
        ("http://b.example", "", false),
    ])
    func `of another site come with its posts only if they say so`(origin: String, attributes: String, isSent: Bool) async throws {
        #expect(try await Self.postedFrom(origin, attributes) == (isSent ? "c=1" : nil))
    }
}
