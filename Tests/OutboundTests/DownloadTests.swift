import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Outbound
import Testing

@Suite struct `A download` {
    /// A fresh path in the folder for temporary files.
    private static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("download-" + UUID().uuidString).path
    }

    @discardableResult
    private static func serving<Value: Sendable>(_ body: @escaping @Sendable (String) async throws -> Value) async throws -> Value {
        let router = Router()
        router.get("/list") { request, _ -> Response in
            var headers: HTTPFields = [.eTag: "\"1\"", .lastModified: "Sat, 21 Nov 2026 04:00:00 GMT"]
            headers[.contentType] = "application/pkix-crl"
            let isHeld =
                request.headers[.ifNoneMatch] == "\"1\""
                || request.headers[.ifNoneMatch] == nil && request.headers[.ifModifiedSince] == "Sat, 21 Nov 2026 04:00:00 GMT"
            guard !isHeld else { return Response(status: .notModified, headers: headers) }
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(repeating: 0x41, count: 3_000_000)))
        }
        router.get("/untold") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    for _ in 0..<40 { try await writer.write(ByteBuffer(repeating: 0x42, count: 65_536)) }
                    try await writer.finish(nil)
                })
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
        router.get("/broken") { _, _ in
            Response(
                status: .ok,
                body: .init(contentLength: 100_000) { writer in
                    try await writer.write(ByteBuffer(repeating: 0x78, count: 50_000))
                    throw CancellationError()
                })
        }
        router.get("/to") { _, _ -> Response in .redirect(to: "/list", type: .found) }
        return try await served(router, body)
    }

    private static func outbound(limit: Int = 4_000_000, seconds: Int64 = 10, redirects: Int = 0) -> Outbound {
        Outbound(
            rules: OutboundRules(
                hosts: ["127.0.0.1"], allowsPrivateAddresses: true, allowsPlainHTTP: true, limit: limit, seconds: seconds,
                redirects: redirects))
    }

    private static func size(_ path: String) -> Int? {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue
    }

    @Test(arguments: [("/list", 3_000_000), ("/untold", 2_621_440)]) func `is a whole file, closed to others`(
        page: String, bytes: Int
    ) async throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let answer = try await Self.serving { base in try await Self.outbound().download(base + page, to: path) }
        #expect(answer.status == 200 && answer.bytes == bytes && Self.size(path) == bytes)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `is not made again of what is held`() async throws {
        let path = Self.path()
        try await Self.serving { base in
            let first = try await Self.outbound().download(base + "/list", to: path)
            #expect(first.validators == OutboundValidators(etag: "\"1\"", lastModified: "Sat, 21 Nov 2026 04:00:00 GMT"))
            try FileManager.default.removeItem(atPath: path)
            for held in [first.validators, OutboundValidators(lastModified: first.validators.lastModified)] {
                let second = try await Self.outbound().download(base + "/list", to: path, unless: held)
                #expect(second.isUnchanged && second.bytes == 0)
                #expect(Self.size(path) == nil, "nothing came, so there is no file")
            }
            let third = try await Self.outbound().download(base + "/list", to: path, unless: OutboundValidators(etag: "\"0\""))
            #expect(third.status == 200 && Self.size(path) == 3_000_000)
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test(arguments: ["/list", "/untold"]) func `ends at its limit and leaves nothing`(page: String) async throws {
        let path = Self.path()
        try await Self.serving { base in
            await #expect(throws: DownloadRefusal.fetch(.tooLarge(limit: 2_500_000, status: 200))) {
                try await Self.outbound(limit: 2_500_000).download(base + page, to: path)
            }
        }
        #expect(Self.size(path) == nil)
    }

    @Test(.timeLimit(.minutes(5))) func `ends at its time and leaves nothing`() async throws {
        let path = Self.path()
        try await Self.serving { base in
            await #expect(throws: DownloadRefusal.fetch(.tooSlow(seconds: 1))) {
                try await Self.outbound(seconds: 1).download(base + "/drip", to: path)
            }
        }
        #expect(Self.size(path) == nil)
    }

    @Test func `that breaks off leaves nothing`() async throws {
        let path = Self.path()
        try await Self.serving { base in
            await #expect(throws: DownloadRefusal.self) { try await Self.outbound().download(base + "/broken", to: path) }
        }
        #expect(Self.size(path) == nil)
    }

    @Test func `of another status leaves nothing`() async throws {
        let path = Self.path()
        try await Self.serving { base in
            #expect(try await Self.outbound().download(base + "/none", to: path).status == 404)
            #expect(try await Self.outbound().download(base + "/to", to: path).status == 302)
            #expect(Self.size(path) == nil)
            let followed = try await Self.outbound(redirects: 1).download(base + "/to", to: path)
            #expect(followed.status == 200 && Self.size(path) == 3_000_000)
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func `never writes over a file, nor where there is no folder`() async throws {
        let path = Self.path()
        try Data([1]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await Self.serving { base in
            await #expect(throws: DownloadRefusal.disk("something stands at the file's place")) {
                try await Self.outbound().download(base + "/list", to: path)
            }
            await #expect(throws: DownloadRefusal.disk("the file cannot be made")) {
                try await Self.outbound().download(base + "/list", to: path + ".d/x")
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1]))
    }

    @Test func `goes to listed hosts only`() async throws {
        let path = Self.path()
        let strict = Outbound(rules: OutboundRules(hosts: ["crl.example"], allowsPlainHTTP: true))
        await #expect(throws: DownloadRefusal.fetch(.hostNotAllowed("127.0.0.1"))) {
            try await strict.download("http://127.0.0.1:1/x", to: path)
        }
        await #expect(throws: DownloadRefusal.fetch(.malformedAddress)) { try await strict.download("ldap://crl.example/x", to: path) }
        #expect(Self.size(path) == nil)
    }
}

@Suite struct `What a server said of its state` {
    @Test(arguments: ["\"a\"", "W/\"a b\"", String(repeating: "x", count: 256)]) func `is kept`(text: String) {
        #expect(OutboundValidators(etag: text).etag == text)
    }

    @Test(arguments: ["", "a\r\nHost: b", "a\u{0}", "é", String(repeating: "x", count: 257)]) func `is dropped when it is no plain line`(
        text: String
    ) {
        #expect(OutboundValidators(etag: text).etag == nil)
        #expect(OutboundValidators(lastModified: text).lastModified == nil)
    }
}

@Suite struct `Ranges of addresses` {
    @Test(arguments: [
        ("10.20.0.0/16", "10.20.255.255", true), ("10.20.0.0/16", "10.21.0.0", false), ("10.20.0.0/15", "10.21.0.1", true),
        ("0.0.0.0/0", "192.168.1.1", true), ("192.168.1.7/32", "192.168.1.7", true), ("192.168.1.7/32", "192.168.1.6", false),
        ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
        ("fd12:3456::/32", "fd12:3456:ffff::1", true), ("fd12:3456::/32", "fd12:3457::1", false), ("::/0", "::1", true),
        ("0.0.0.0/0", "::1", false), ("::ffff:10.0.0.0/104", "10.0.0.1", false),
    ])
    func `hold addresses or not`(range: String, address: String, holds: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(try #require(NetworkAddress(address))) == holds)
    }

    @Test(arguments: [
        "10.20.1.0/16", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "a/8", "fd00::1/8", "",
    ])
    func `are refused in another form`(text: String) {
        #expect(NetworkRange(text) == nil)
    }

    @Test func `open a part of what is private, and no more`() throws {
        let rules = OutboundRules(privateRanges: [try #require(NetworkRange("10.20.0.0/16"))])
        try rules.admit(try #require(WebAddress("https://10.20.3.4/")))
        #expect(throws: OutboundRefusal.privateAddress) { try rules.admit(try #require(WebAddress("https://10.21.3.4/"))) }
        #expect(throws: OutboundRefusal.privateAddress) { try rules.admit(try #require(WebAddress("https://127.0.0.1/"))) }
        #expect(throws: OutboundRefusal.hostNotAllowed("10.20.3.4")) {
            try OutboundRules(hosts: ["a.example"], privateRanges: rules.privateRanges).admit(
                try #require(WebAddress("https://10.20.3.4/")))
        }
    }
}
