import Cryptography
import Hummingbird
import Logging
import NIOCore
import Outbound
import Synchronization
import Testing
import Trust
import Upkeep
import Vocabulary

let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// OCSP responders over real HTTP, `/main` and `/other`, each behaving as the test tells it.
final class RespondingServer: Sendable {
    enum Behaviour: Sendable {
        case answers(SmallAuthority.Answer)
        case declines(OCSPResponderStatus)
        case status(Int)
        case bytes([UInt8])
        /// Nothing, until it behaves otherwise.
        case held
        case knowsOnly(DigestAlgorithm)
        /// `malformedRequest` for any request with a nonce.
        case cannotReadNonces
        /// By GET this, as a cache would; by POST the responder itself.
        case cached(SmallAuthority.Answer)
        /// 405 for GET.
        case knowsNoGet
    }

    struct Asked: Sendable {
        let path: String
        let digest: ObjectIdentifier
        let hasNonce: Bool
        var isGet = false
    }

    private struct State {
        var behaviours: [String: Behaviour] = [:]
        var asked: [Asked] = []
    }

    private let state = Mutex(State())
    let authority: SmallAuthority

    init(_ authority: SmallAuthority, _ behaviours: [String: Behaviour]) {
        self.authority = authority
        state.withLock { $0.behaviours = behaviours }
    }

    func set(_ path: String, _ behaviour: Behaviour) { state.withLock { $0.behaviours[path] = behaviour } }

    private func behaviour(_ path: String) -> Behaviour? { state.withLock { $0.behaviours[path] } }

    var asked: [Asked] { state.withLock { $0.asked } }
    func count(_ path: String) -> Int { asked.count { $0.path == path } }

    private func answer(_ path: String, _ request: [UInt8], isGet: Bool = false) async throws -> (Int, [UInt8]) {
        let asked = try OCSPAsked(request)
        state.withLock { $0.asked.append(Asked(path: path, digest: asked.digest, hasNonce: asked.nonce != nil, isGet: isGet)) }
        while case .held = behaviour(path) { try await Task.sleep(for: .milliseconds(10)) }
        let behaviour = behaviour(path)
        switch behaviour {
        case .answers(let answer): return (200, try authority.respond(to: request, answer))
        case .declines(let status): return (200, SmallAuthority.declined(status))
        case .status(let status): return (status, [])
        case .bytes(let bytes): return (200, bytes)
        case .held: return (500, [])
        case .knowsOnly(let digest) where digest.objectIdentifier != asked.digest: return (200, SmallAuthority.declined(.unauthorized))
        case .cannotReadNonces where asked.nonce != nil: return (200, SmallAuthority.declined(.malformedRequest))
        case .cached(let answer) where isGet: return (200, try authority.respond(to: request, answer))
        case .knowsNoGet where isGet: return (405, [])
        case .knowsOnly, .cannotReadNonces, .cached, .knowsNoGet: return (200, try authority.respond(to: request))
        case nil: return (404, [])
        }
    }

    /// Runs `body` with the address of the server.
    func serving<Value: Sendable>(_ body: @escaping @Sendable (String) async throws -> Value) async throws -> Value {
        let router = Router()
        router.post("**") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 16)
            let (status, body) = try await self.answer(request.uri.path, Array(bytes.readableBytesView))
            return Response(
                status: .init(code: status), headers: [.contentType: "application/ocsp-response"],
                body: .init(byteBuffer: ByteBuffer(bytes: body)))
        }
        // RFC 6960 §A.1.1: one segment behind the responder's own path.
        router.get("**") { request, _ in
            let text: String = request.uri.path
            guard let slash = text.lastIndex(of: "/") else { return Response(status: .badRequest) }
            let escaped = String(text[text.index(after: slash)...])
            let segment = escaped.replacing("%2B", with: "+").replacing("%2F", with: "/").replacing("%3D", with: "=")
            guard let der = Base64.decode(segment) else { return Response(status: .badRequest) }
            let (status, body) = try await self.answer(String(text[..<slash]), der, isGet: true)
            return Response(
                status: .init(code: status), headers: [.contentType: "application/ocsp-response"],
                body: .init(byteBuffer: ByteBuffer(bytes: body)))
        }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: silent)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                return try await body("http://127.0.0.1:\(try #require(await iterator.next()))")
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
    }
}

/// Keeps revocations for the time of a test; fails when told to.
final class VolatileMemory: RevocationMemory {
    struct Outage: Error {}

    private struct State {
        var kept: [RevocationKey: RememberedRevocation] = [:]
        var recalls = 0
        var isBroken = false
    }

    private let state = Mutex(State())

    func fail() { state.withLock { $0.isBroken = true } }
    var count: Int { state.withLock { $0.kept.count } }

    func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation {
        try state.withLock { state in
            guard !state.isBroken else { throw Outage() }
            if let earlier = state.kept[revocation.key], !revocation.replaces(earlier) { return earlier }
            state.kept[revocation.key] = revocation
            return revocation
        }
    }

    func recall(_ key: RevocationKey) async throws -> RememberedRevocation? {
        try state.withLock { state in
            guard !state.isBroken else { throw Outage() }
            return state.kept[key]
        }
    }
}

/// A desk at work in a test.
struct DeskForm {
    var lists = Published(RevocationLists())
    var main: String?
    var fallBack: String?
    var hosts: Set<String>? = ["127.0.0.1"]
    /// Long: a busy machine must not turn an answer into a slow one.
    var seconds: Int64 = 60
    var memory: any RevocationMemory = VolatileMemory()
    var order = StatusRules.Order.listFirst
    var listAge: Int64? = 36 * 3600
    var maximumAge: Int64 = 3600
    var responderStatus = OCSPRules.ResponderStatus.unlessRevoked
    var nonce = StatusRules.NonceUse.sent
    var method = StatusRules.Method.post
    var fallBackMethod = StatusRules.Method.post
    var digest = DigestAlgorithm.sha256
    var rest = StatusRules.Rest()
    var patience: Int64 = 600
    var capacity = 100
    var isOnLine = true

    var desk: StatusDesk {
        StatusDesk(
            lists: lists,
            onLine: isOnLine
                ? StatusDesk.OnLine(
                    url: main, fallBack: fallBack,
                    outbound: Outbound(
                        rules: OutboundRules(hosts: hosts, allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: seconds))) : nil,
            memory: memory,
            rules: StatusRules(
                order: order, listAge: listAge, answer: OCSPRules(maximumAge: maximumAge, responderStatus: responderStatus), digest: digest,
                nonce: nonce, method: method, fallBackMethod: fallBackMethod,
                patience: patience, rest: rest, capacity: capacity),
            logger: silent)
    }
}
