import Hummingbird
import NIOCore
import Outbound
import Testing

@Suite struct `A fetch` {
    /// A server that answers well and badly, on a port of its own.
    @discardableResult
    static func serving<Value: Sendable>(_ body: @escaping @Sendable (String) async throws -> Value) async throws -> Value {
        let router = Router()
        router.get("/hello") { request, _ in "hello " + (request.headers[.accept] ?? "") }
        router.post("/echo") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .created, headers: [.contentType: request.headers[.contentType] ?? ""], body: .init(byteBuffer: bytes))
        }
        router.get("/large") { _, _ in String(repeating: "x", count: 100_000) }
        router.get("/broken") { _, _ in
            Response(status: .internalServerError, body: .init(byteBuffer: ByteBuffer(repeating: 0x78, count: 100_000)))
        }
        router.get("/endless") { _, _ in
            Response(
                status: .ok, body: .init { writer in while true { try await writer.write(ByteBuffer(repeating: 0x78, count: 65_536)) } })
        }
        router.get("/drip") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    while true {
                        try await writer.write(ByteBuffer(repeating: 0x78, count: 1))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                })
        }
        router.get("/silent") { _, _ -> String in
            try await Task.sleep(for: .seconds(60))
            return ""
        }
        router.get("/to") { request, _ -> Response in .redirect(to: String(request.uri.queryParameters["url"] ?? ""), type: .found) }
        return try await served(router, body)
    }

    static func rules(limit: Int = 50_000, seconds: Int64 = 10, redirects: Int = 0) -> OutboundRules {
        OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, limit: limit, seconds: seconds, redirects: redirects)
    }

    @Test func `brings headers, status and body back`() async throws {
        let answer = try await Self.serving { base in
            try await Outbound(rules: Self.rules()).get(base + "/hello", headers: [.init("Accept", "text/x")])
        }
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello text/x")
        #expect(answer.type == "text/plain")
    }

    @Test func `posts bytes with their type`() async throws {
        let answer = try await Self.serving { base in
            try await Outbound(rules: Self.rules()).post(base + "/echo", type: "application/ocsp-request", body: [1, 2, 3])
        }
        #expect(answer.status == 201)
        #expect(answer.body == [1, 2, 3])
        #expect(answer.type == "application/ocsp-request")
    }

    @Test func `takes any status for an answer`() async throws {
        let answer = try await Self.serving { base in try await Outbound(rules: Self.rules()).get(base + "/none") }
        #expect(answer.status == 404)
    }

    @Test(arguments: ["/large", "/endless"]) func `ends at its limit of bytes`(path: String) async throws {
        try await Self.serving { base in
            await #expect(throws: OutboundRefusal.tooLarge(limit: 50_000, status: 200)) {
                try await Outbound(rules: Self.rules()).get(base + path)
            }
        }
        let whole = try await Self.serving { base in try await Outbound(rules: Self.rules(limit: 100_000)).get(base + "/large") }
        #expect(whole.body.count == 100_000)
    }

    @Test func `says under which status too much came`() async throws {
        try await Self.serving { base in
            await #expect(throws: OutboundRefusal.tooLarge(limit: 50_000, status: 500)) {
                try await Outbound(rules: Self.rules()).get(base + "/broken")
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["/silent", "/drip"]) func `ends at its limit of time`(path: String) async throws {
        try await Self.serving { base in
            await #expect(throws: OutboundRefusal.tooSlow(seconds: 1)) {
                try await Outbound(rules: Self.rules(seconds: 1)).get(base + path)
            }
        }
    }

    @Test func `does not follow redirects unless told to`() async throws {
        let answer = try await Self.serving { base in try await Outbound(rules: Self.rules()).get(base + "/to?url=/hello") }
        #expect(answer.status == 302)
        #expect(answer.header("LOCATION") == "/hello")
    }

    @Test func `judges every redirect by its rules`() async throws {
        try await Self.serving { base in
            let host = String(base.dropFirst("http://".count))
            let rules = OutboundRules(hosts: [host], allowsPrivateAddresses: true, allowsPlainHTTP: true, redirects: 1)
            let outbound = Outbound(rules: rules)
            let followed = try await outbound.get(base + "/to?url=\(base)/hello")
            #expect(followed.status == 200)
            await #expect(throws: OutboundRefusal.hostNotAllowed("127.0.0.1")) {
                try await outbound.get(base + "/to?url=http://127.0.0.1:1/")
            }
            await #expect(throws: OutboundRefusal.redirectMalformed) { try await outbound.get(base + "/to?url=file:///etc/passwd") }
            await #expect(throws: OutboundRefusal.redirectMalformed) { try await outbound.get(base + "/to?url=hello") }
            let path = try await outbound.get(base + "/to?url=/hello")
            #expect(path.address.description == base + "/hello")
            await #expect(throws: OutboundRefusal.tooManyRedirects(limit: 1)) {
                try await outbound.get(base + "/to?url=\(base)/to?url=\(base)/hello")
            }
        }
    }

    @Test func `refuses private addresses before it connects, by number and by name`() async throws {
        try await Self.serving { base in
            let strict = Outbound(rules: OutboundRules(allowsPlainHTTP: true))
            await #expect(throws: OutboundRefusal.privateAddress) { try await strict.get(base + "/hello") }
            let port = base.split(separator: ":").last ?? ""
            await #expect(throws: OutboundRefusal.privateAddress) { try await strict.get("http://localhost:\(port)/hello") }
        }
    }

    @Test func `names what went wrong`() async throws {
        let outbound = Outbound(rules: Self.rules(seconds: 3))
        await #expect(throws: OutboundRefusal.malformedAddress) { try await outbound.get("gopher://x") }
        await #expect(throws: OutboundRefusal.self) { try await outbound.get("http://127.0.0.1:1/") }
        await #expect(throws: OutboundRefusal.unknownHost("nowhere.invalid")) {
            try await Outbound(rules: OutboundRules(seconds: 5)).get("https://nowhere.invalid/")
        }
    }
}
