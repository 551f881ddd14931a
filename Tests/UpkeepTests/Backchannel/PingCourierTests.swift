import Credentials
import Cryptography
import Foundation
import JOSE
import Logging
import OpenID
import Outbound
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import Upkeep
import Vocabulary

/// A deployment with two clients that want pings.
private struct PingWorld: Sendable {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let clients = ["RP00000014", "RP00000015"]
    static func endpoint(_ client: String) -> String { "https://\(client.lowercased()).example.jp/ciba" }

    static func configuration() async throws -> Configuration { try await made.value }

    private static let made = Task {
        let folder = path()
        var random = SystemRandom()
        let simulator = try await Simulator.make(
            at: path(), cards: TestCard.all(at: now).filter { $0.handle == "hanako" }, at: now, using: &random)
        _ = try Settings.initialise(
            folder,
            DeploymentPlan(mode: .development, baseURL: "https://login.example.jp", listen: Endpoint(host: "127.0.0.1", port: 8080)),
            at: now)
        for file in try simulator.deployment() { try write(file.bytes, folder + "/Keys/" + file.name) }
        let point = try #require(try PrivateKey.generate(.ec(.p256)).publicKey.ecPoint)
        let jwks = "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
        for client in clients {
            let text = """
                id: "\(client)"
                kind: private-verifier
                names: {ja: "見本"}
                accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2027-03-31, purposes: [points]}
                openid:
                  authentication: private_key_jwt
                  jwks: \(jwks)
                  grants: [ciba]
                  ciba: {delivery: ping, notification-endpoint: "\(endpoint(client))"}

                """
            try write(Array(text.utf8), folder + "/Metadata/members/" + client.lowercased() + ".yaml")
        }
        return try Settings.load(folder, at: now)
    }

    private static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-pings-" + UUID().uuidString).path
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}

/// Requests that citizens have refused, so that their clients are to be told, and what those clients answer.
private final class PingScene: Sendable {
    let store: SQLiteStore
    private let path: String
    private let configuration: Configuration
    private let time = Published(PingWorld.now)
    private let sent = Mutex<[OutboundRequest]>([])
    private let rules = Mutex<[OutboundRules]>([])
    private let lines = Mutex<[String]>([])
    private let answer: @Sendable (OutboundRequest) throws(OutboundRefusal) -> Int

    init(_ answer: @escaping @Sendable (OutboundRequest) throws(OutboundRefusal) -> Int = { _ in 204 }) async throws {
        configuration = try await PingWorld.configuration()
        path = FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-pings-" + UUID().uuidString + ".sqlite").path
        store = try SQLiteStore(path: path, durability: .normal)
        self.answer = answer
    }

    deinit { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }

    var now: Timestamp { time.current }
    func pass(_ seconds: Int64) { time.replace(now.adding(seconds: seconds)) }
    var requests: [OutboundRequest] { sent.withLock { $0 } }
    var usedRules: [OutboundRules] { rules.withLock { $0 } }
    var log: String { lines.withLock { $0.joined(separator: "\n") } }

    func decided(_ number: Int, _ client: String = PingWorld.clients[0]) async throws {
        func digest(_ name: String) -> JSON { .string(Base64url.encode(Digest.sha256(Array("\(name) \(number)".utf8)))) }
        let json = JSON.object([
            ("kind", "backchannel"), ("digest", digest("secret")), ("handle", digest("handle")), ("client", .string(client)),
            ("scopes", ["openid"]), ("acr", .array([])), ("resources", .array([])), ("message", .null), ("sector", .string(client)),
            ("pairwise", .string("pairwise-of-\(number)-and-longer")), ("from", .null), ("asked", .integer(now.milliseconds)),
            ("expires", .integer(now.adding(seconds: 300).milliseconds)), ("interval", 5),
        ])
        let grant = try #require(
            AwaitedGrant(json: json, notification: .init(token: "token-\(number)", requestID: "request-\(number)")))
        _ = try await store.open(grant, claiming: [], mostWaiting: 3, recording: Record("awaited.begun", at: now), at: now)
        _ = try await store.settle(grant.handle, .backchannel, as: .denied, recording: Record("awaited.denied", at: now), at: now)
    }

    func courier() -> PingCourier {
        PingCourier(
            store: store, configuration: { self.configuration }, clock: { self.now },
            logger: Logger(label: "pings") { _ in Handler(scene: self) },
            send: { rules, request throws(OutboundRefusal) in
                self.sent.withLock { $0.append(request) }
                self.rules.withLock { $0.append(rules) }
                let status = try self.answer(request)
                return OutboundAnswer(
                    status: status, headers: [OutboundRequest.Header("Location", "https://evil.example/")],
                    body: Array("{\"ignored\": true}".utf8), address: request.address)
            })
    }

    func results() async throws -> [String] {
        try await store.audit(from: 1, limit: 999).map { try JSON(reading: $0.body) }.filter { $0["event"]?.string == "awaited.pinged" }
            .map { ($0["result"]?.string ?? "") + " \($0["attempts"]?.integer ?? 0)" }
    }

    func trail() async throws -> String { try await store.audit(from: 1, limit: 99).map(\.body).joined(separator: "\n") }

    private struct Handler: LogHandler {
        let scene: PingScene
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { scene.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") } }
    }
}

@Suite struct `The ping courier, CIBA Core §10.2 (O14, E21)` {
    @Test func `tells the client once, with its bearer token and nothing but the auth_req_id`() async throws {
        let scene = try await PingScene()
        try await scene.decided(1)
        await scene.courier().round()
        let request = try #require(scene.requests.first)
        #expect(request.address.description == PingWorld.endpoint(PingWorld.clients[0]))
        #expect(request.method == .post)
        #expect(request.headers.contains(OutboundRequest.Header("Authorization", "Bearer token-1")))
        #expect(request.headers.contains(OutboundRequest.Header("Content-Type", "application/json")))
        #expect(String(decoding: request.body, as: UTF8.self) == "{\"auth_req_id\":\"request-1\"}")
        #expect(try await scene.results() == ["delivered 1"])
        scene.pass(100)
        await scene.courier().round()
        #expect(scene.requests.count == 1)
    }

    @Test(arguments: [200, 204])
    func `takes an answer with or without a body`(status: Int) async throws {
        let scene = try await PingScene { _ in status }
        try await scene.decided(1)
        await scene.courier().round()
        #expect(try await scene.results() == ["delivered 1"])
    }

    @Test(arguments: [301, 302, 303, 307, 308, 400, 401, 403, 404])
    func `follows no redirect and tries nothing again that was refused`(status: Int) async throws {
        let scene = try await PingScene { _ in status }
        try await scene.decided(1)
        for _ in 0..<3 {
            await scene.courier().round()
            scene.pass(100)
        }
        #expect(scene.requests.count == 1)
        #expect(try await scene.results() == ["refused 1"])
    }

    @Test func `tries a client in trouble four times, after 3, 15 and 60 seconds, then never`() async throws {
        let scene = try await PingScene { _ in 503 }
        try await scene.decided(1)
        var counts: [Int] = []
        for seconds: Int64 in [0, 2, 1, 14, 1, 59, 1, 200] {
            scene.pass(seconds)
            await scene.courier().round()
            counts.append(scene.requests.count)
        }
        #expect(counts == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(try await scene.results() == ["unreachable 4"])
    }

    @Test(arguments: [OutboundRefusal.tooSlow(seconds: 5), .failed(what: "connect"), .privateAddress, .unknownHost("x"), .plainHTTP])
    func `is not led into our own network, and gives up what it may not reach`(refusal: OutboundRefusal) async throws {
        let scene = try await PingScene { _ throws(OutboundRefusal) in throw refusal }
        try await scene.decided(1)
        for _ in 0..<8 {
            await scene.courier().round()
            scene.pass(61)
        }
        #expect(scene.requests.count <= 4)
        #expect(try await scene.results().count == 1)
        let rules = try #require(scene.usedRules.first)
        #expect(rules.redirects == 0)
        #expect(rules.seconds == 5)
    }

    @Test(arguments: [(200, "delivered 1"), (500, "unreachable 4"), (403, "refused 1")])
    func `too long an answer counts by its status alone`(status: Int, result: String) async throws {
        let scene = try await PingScene { _ throws(OutboundRefusal) in throw .tooLarge(limit: 1, status: status) }
        try await scene.decided(1)
        for _ in 0..<5 {
            await scene.courier().round()
            scene.pass(61)
        }
        #expect(try await scene.results() == [result])
    }

    @Test func `a client that is slow holds up nobody else`() async throws {
        let scene = try await PingScene { request throws(OutboundRefusal) in
            if request.address.host.hasPrefix("rp00000014") { throw .tooSlow(seconds: 5) }
            return 204
        }
        // More than are taken in one round.
        for number in 1...70 { try await scene.decided(number, PingWorld.clients[0]) }
        try await scene.decided(71, PingWorld.clients[1])
        await scene.courier().round()
        #expect(try await scene.results() == ["delivered 1"])
        #expect(scene.requests.count { $0.address.host.hasPrefix("rp00000014") } == 8)
    }

    @Test func `a courier that died leaves its ping to the next`() async throws {
        let scene = try await PingScene()
        try await scene.decided(1)
        _ = try await scene.store.takePings(lease: scene.now.adding(seconds: 30), limit: 9, at: scene.now)
        await scene.courier().round()
        #expect(scene.requests.isEmpty)
        scene.pass(30)
        await scene.courier().round()
        #expect(try await scene.results() == ["delivered 2"])
    }

    @Test func `neither trail nor log holds the bearer token or the auth_req_id, and the store forgets them`() async throws {
        let scene = try await PingScene { _ in 500 }
        try await scene.decided(1)
        for _ in 0..<5 {
            await scene.courier().round()
            scene.pass(61)
        }
        #expect(!scene.log.isEmpty)
        for secret in ["token-1", "request-1"] {
            #expect(!(try await scene.trail()).contains(secret))
            #expect(!scene.log.contains(secret))
        }
        let handle = Digest.sha256(Array("handle 1".utf8))
        #expect(try await scene.store.awaited(handle, .backchannel, at: PingWorld.now)?.grant.notification == nil)
    }

    @Test func `a client that is registered no more is told nothing`() async throws {
        let scene = try await PingScene()
        try await scene.decided(1, "RP00000099")
        await scene.courier().round()
        #expect(scene.requests.isEmpty)
        #expect(try await scene.results() == ["no-endpoint 1"])
    }
}
