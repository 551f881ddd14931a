import Credentials
import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import SAML
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import Trust
import Vocabulary
import Web

/// A platform as the roof puts it together, with a real store in a file of its own and a clock that the test turns.
final class House: Sendable {
    let world: World
    let store: SQLiteStore
    let logs: LogBook
    let platform: Platform
    /// What stands at the addresses of clients that register themselves.
    let registrations: Registrations
    private let path: String
    private let time: Published<Timestamp>
    private let main: RouterResponder<DoorContext>
    private let card: RouterResponder<DoorContext>

    init(
        _ world: World, stores: ((SQLiteStore) -> any Stores)? = nil, trust: @escaping @Sendable () -> JSON? = { nil },
        fetch: @escaping @Sendable (ArtifactQuestion) async throws -> [UInt8] = { _ in
            throw SAMLRefusal.Reason.artifactUnresolved("no answer")
        },
        correspond: @escaping @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord = { _, _ in .silent },
        deliver: @escaping @Sendable (SQLiteStore, LogoutID, Timestamp) async -> Void = { _, _, _ in },
        refresh: @escaping CardDesk.Refresh = { _, _ in .unknown },
        console: (Published<Configuration>, SQLiteStore) -> ConsoleFeeds = { _, _ in ConsoleFeeds() }, sharing other: House? = nil,
        isShared: Bool = false, sandbox: Sandbox? = nil
    ) throws {
        let path = other?.path ?? World.database()
        let store = try SQLiteStore(path: path, durability: .normal, isShared: isShared || other != nil)
        let logs = LogBook()
        let time = Published(World.now)
        let logger = Logger(label: "web") { _ in logs.handler }
        let registrations = Registrations()
        let configuration = Published(
            world.configuration.answering(
                world.configuration.federation.following(
                    clients: StoredClients(store: store, settings: world.configuration, clock: { time.current }))))
        let lists = world.lists
        let desk = CardDesk(
            recognise: { (certificate, now) throws(CredentialRefusal) in
                let cards = configuration.current.cards
                return try cards.profile.recognise(
                    certificate: certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
            },
            answerChallenge: { login, challenge, signature, statement, now in
                let cards = configuration.current.cards
                return try login.authentication(
                    answering: challenge, signature: signature, statement: statement, terminals: cards.terminals,
                    rules: cards.challengeRules, status: lists.status(of: login.chain, at: now), at: now)
            },
            acceptHandshake: { login, now in
                try login.authenticationOverTLS(
                    rules: configuration.current.cards.tlsRules, status: lists.status(of: login.chain, at: now), at: now)
            },
            presentIdentity: { answer, challenge, logins, now in
                let cards = configuration.current.cards
                let certificate = try cards.identity.profile.recognise(
                    certificate: answer.certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
                let beside = try answer.login.map { login in
                    let recognised = try cards.profile.recognise(
                        certificate: login.certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
                    return LoginBeside(
                        certificate: recognised, signature: login.signature, status: lists.status(of: recognised.chain, at: now))
                }
                return try certificate.identity(
                    answering: challenge, signature: answer.signature, beside: beside, statement: answer.statement, logins: logins,
                    terminals: cards.terminals, rules: cards.identity.rules, status: lists.status(of: certificate.chain, at: now), at: now)
            },
            refresh: refresh)
        var platform = Platform(
            configuration: configuration, stores: stores?(store) ?? store, cards: desk, clock: { time.current }, logger: logger,
            trust: trust, deliver: { await deliver(store, $0, time.current) }, fetch: fetch, correspond: correspond,
            fetchDocument: { address, limit in registrations.document(address, limit) },
            learnKeys: { await registrations.learnKeys(of: $0, in: store, at: time.current) }, sandbox: sandbox)
        platform.console = console(configuration, store)
        self.registrations = registrations
        self.world = world
        self.platform = platform
        self.path = path
        self.store = store
        self.logs = logs
        self.time = time
        main = Doors.main(platform).buildResponder()
        card = Doors.card(platform).buildResponder()
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    static func ordinary() async throws -> House { try House(await World.shared()) }

    var now: Timestamp { time.current }
    func pass(_ seconds: Int64) { time.replace(time.current.adding(seconds: seconds)) }

    var isSecure: Bool { world.configuration.isSecure }
    var sessionCookieName: String { isSecure ? "__Host-sekisho" : "sekisho" }
    func transactionCookieName(_ journey: String) -> String { sessionCookieName + "-" + Self.transaction(journey) }
    static func transaction(_ journey: String) -> String { String(journey.split(separator: "/").last ?? "") }

    func send(_ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: [UInt8]?) async throws -> Answer {
        try await Self.send(main, method, path, headers, body)
    }

    func sendToCardListener(_ path: String) async throws -> Answer { try await Self.send(card, .get, path, [:], nil) }

    private static func send(
        _ responder: RouterResponder<DoorContext>, _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: [UInt8]?
    ) async throws -> Answer {
        let channel = NIOAsyncTestingChannel()
        let context = DoorContext(
            source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }))
        let request = Request(
            head: HTTPRequest(method: method, scheme: "https", authority: "login.example.jp", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
        let response = try await responder.respond(to: request, context: context)
        let bytes = Published<[UInt8]>([])
        try await response.body.write(Collector(bytes: bytes))
        return Answer(status: response.status.code, headers: response.headers, body: bytes.current)
    }

    /// What the card and the terminal answer to a challenge of ours.
    func answer(to asked: JSON, _ handle: String, _ journey: String, _ mode: CardMode, _ terminal: String?) throws -> JSON {
        let text = try #require(asked["text"]?.string)
        let challenge = try #require(
            ChallengeText(
                text, id: asked["challenge"]?.string ?? "", base: world.configuration.baseURL, transaction: Self.transaction(journey)))
        var random = SystemRandom()
        let holder = CardHolder(
            try world.simulator.card(handle), mode: mode, pin: "1234", terminal: try terminal.map { try world.simulator.terminal($0) })
        return try holder.answer(
            challenge, mode: mode, algorithms: asked["algorithms"]?.strings ?? [], at: now, using: &random
        ).json(for: challenge)
    }

    /// The whole trail as text, one record a line.
    func trail() async throws -> [String] {
        let bodies = try await store.audit(from: 1, limit: 10_000).map(\.body)
        try RecordedDecisions.check(bodies, under: world.configuration.policy)
        return bodies
    }
    func events() async throws -> [String] {
        try await trail().map { try JSON(reading: $0)["event"]?.string ?? "" }
    }
}

private struct Collector: ResponseBodyWriter {
    let bytes: Published<[UInt8]>

    mutating func write(_ buffer: ByteBuffer) async throws { bytes.replace(bytes.current + Array(buffer: buffer)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

/// Everything that was logged, down to the smallest level.
final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var handler: any LogHandler { Handler(book: self) }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            book.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}
