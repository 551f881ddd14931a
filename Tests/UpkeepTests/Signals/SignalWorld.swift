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
import Signals
import SimulatedJPKI
import Synchronization
import Testing
import Trust
import TrustFramework
import Upkeep
import Vocabulary

/// The simulated authority has purposes of its own.
typealias WatchPurpose = TrustFramework.Purpose

/// One deployment with an insurer that watches for changes, a shop that does not, a clinic that speaks SAML, and a hospital that speaks SAML
/// and watches too; made once.
struct SignalWorld: Sendable {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let insurer = "insurer"
    static let shop = "shop"
    static let clinic = "https://clinic.example.jp/sp"
    static let hospital = "https://hospital.example.jp/sp"
    static let hook = "https://insurer.example.jp/events"
    static let ward = "https://hospital.example.jp/events"

    let configuration: Configuration
    /// The same, with an end to its patience for silent receivers: two hours.
    let impatient: Configuration
    let cards: String
    /// Reads what is encrypted to the hospital.
    let reader: DecryptionKey

    static func shared() async throws -> SignalWorld { try await made.value }

    private static let made = Task {
        let (folder, cards) = (path(), path())
        var random = SystemRandom()
        let cast = ["hanako", "hanako-phone", "taro"]
        let simulator = try await Simulator.make(
            at: cards, cards: TestCard.all(at: now).filter { cast.contains($0.handle) }, at: now, using: &random)
        _ = try Settings.initialise(
            folder,
            DeploymentPlan(
                mode: .development, baseURL: "https://login.example.jp", listen: Endpoint(host: "127.0.0.1", port: 8080),
                phonePolicies: [simulator.profile.policy(.user, onPhone: true).dotted]),
            at: now)
        for file in try simulator.deployment([.user, .sign]) { try write(file.bytes, folder + "/Keys/" + file.name) }
        let key = try PrivateKey.generate(.ec(.p256))
        let point = try #require(key.publicKey.ecPoint)
        let jwks = "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
        let events = EventType.onRequest.map(\.word).joined(separator: ", ")
        func client(_ name: String, _ more: String) -> String {
            "openid:\n  redirect-uris: [\"https://\(name).example.jp/cb\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n"
                + "  backchannel-logout-uri: \"https://\(name).example.jp/bye\"\n" + more
        }
        try member(
            insurer, "change-watch", client(insurer, "  signals: {events: [\(events)], push: [\"\(hook)\"]}\n"), folder)
        try member(shop, "points", client(shop, "  signals: {events: [session-revoked]}\n"), folder)
        try write(Array(metadata(clinic, "https://clinic.example.jp").utf8), folder + "/Metadata/members/clinic.xml")
        try member(clinic, "points", "saml:\n  metadata: clinic.xml\n", folder, file: "clinic")
        try write(Array(metadata(hospital, "https://hospital.example.jp").utf8), folder + "/Metadata/members/hospital.xml")
        let watching = """
            saml:
              metadata: hospital.xml
              signals:
                events: [\(events)]
                push: ["\(ward)"]
                authentication: private_key_jwt
                jwks: \(jwks)
                encryption: {alg: ECDH-ES, enc: A256GCM}
            """
        try member(hospital, "change-watch", watching + "\n", folder, file: "hospital")
        let configuration = try Settings.load(folder, at: now)
        let file = folder + "/sekisho.yaml"
        try write(Array((try String(contentsOfFile: file, encoding: .utf8) + "signals: {inactivity-timeout: 2h}\n").utf8), file)
        return SignalWorld(
            configuration: configuration, impatient: try Settings.load(folder, at: now), cards: cards,
            reader: DecryptionKey(keyID: "one", key: key))
    }

    static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-signals-" + UUID().uuidString).path
    }

    static func write(_ bytes: [UInt8], _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private static func member(_ id: String, _ purpose: String, _ rest: String, _ folder: String, file: String? = nil) throws {
        let text = """
            id: "\(id)"
            kind: private-verifier
            names: {ja: "見本"}
            accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2027-03-31, purposes: [\(purpose)]}
            \(rest)
            """
        try write(Array(text.utf8), folder + "/Metadata/members/\(file ?? id).yaml")
    }

    private static func metadata(_ id: String, _ base: String) -> String {
        """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="\(base)/soap"/>
            <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="\(id)/acs"/>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>

        """
    }
}

/// A store, a clock, cards of its own, and lists that are published when the test says so.
final class SignalScene: Sendable {
    let world: SignalWorld
    let simulator: Simulator
    let store: SQLiteStore
    let path: String
    private let folder: String
    let configuration: Published<Configuration>
    let lists = Published(RevocationLists([]))
    private let time = Published(SignalWorld.now)
    private let sent = Mutex<[OutboundRequest]>([])
    private let status = Mutex(202)
    private let isTooLong = Mutex(false)

    init() async throws {
        world = try await SignalWorld.shared()
        folder = SignalWorld.path()
        try FileManager.default.copyItem(atPath: world.cards, toPath: folder)
        simulator = try Simulator(opening: folder)
        path = SignalWorld.path() + ".sqlite"
        store = try SQLiteStore(path: path, durability: .normal)
        configuration = Published(world.configuration)
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    var now: Timestamp { time.current }
    func pass(_ seconds: Int64) { time.replace(now.adding(seconds: seconds)) }
    static let silent = Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }

    // MARK: The night shift

    func watch(on other: SQLiteStore? = nil) async throws -> NightWatch {
        let store = other ?? store
        return NightWatch(
            store: store, lists: lists, memory: try await SQLiteRevocationMemory(store),
            configuration: { [configuration] in
                configuration.current
            }, clock: { [time] in time.current }, logger: Self.silent)
    }

    func courier(on other: SQLiteStore? = nil) -> SignalCourier {
        SignalCourier(
            store: other ?? store, configuration: { [configuration] in configuration.current }, clock: { [time] in time.current },
            logger: Self.silent,
            send: { [self] (_, request) throws(OutboundRefusal) in
                sent.withLock { $0.append(request) }
                let status = status.withLock { $0 }
                guard status > 0 else { throw .tooSlow(seconds: 5) }
                guard !isTooLong.withLock({ $0 }) else { throw .tooLarge(limit: 262_144, status: status) }
                return OutboundAnswer(
                    status: status, headers: [], body: Array(#"{"err":"invalid_audience"}"#.utf8), address: request.address)
            })
    }

    func answers(_ status: Int, isTooLong: Bool = false) {
        self.status.withLock { $0 = status }
        self.isTooLong.withLock { $0 = isTooLong }
    }
    var requests: [OutboundRequest] { sent.withLock { $0 } }

    /// The simulated authority's lists as they are at this moment, proven.
    func publish() throws {
        let desk = SimulatedJPKI.StatusDesk(simulator)
        lists.replace(
            RevocationLists(
                try simulator.authorities.compactMap { authority in
                    try desk.list(authority.purpose, authority.generation, "full", at: now).map {
                        try UnverifiedRevocationList(der: $0).verified(issuer: authority.certificate, at: now)
                    }
                }))
    }

    // MARK: Citizens

    func member(_ text: String) throws -> MemberID { try #require(MemberID(text)) }
    func subject(_ name: String = "hanako") throws -> SubjectID { try #require(SubjectID("subject-of-" + name + "-00000000")) }

    func identity(_ handle: String, _ purpose: SimulatedJPKI.Purpose = .user) throws -> CertificateIdentity {
        let certificate = try simulator.identity(handle, purpose).certificate
        let issuer = try #require(
            simulator.authorities.first {
                $0.purpose == purpose && $0.certificate.subject == certificate.issuer
                    && certificate.isSigned(by: $0.certificate.publicKey)
            }?.certificate)
        return CertificateIdentity(
            issuer: Hexadecimal.encode(Digest.sha256(issuer.publicKey.spki + issuer.subject.der)),
            serial: Hexadecimal.encode(certificate.serial))
    }

    /// A citizen who logged in with this card, in this many browsers, at these members.
    @discardableResult func login(
        _ handle: String = "hanako", at members: [String] = [SignalWorld.insurer], seed: UInt8 = 1, of name: String = "hanako"
    ) async throws -> Session {
        let (subject, certificate) = (try subject(name), try identity(handle))
        _ = try await store.link(certificate, to: subject, at: now)
        let session = Session(
            id: try #require(SessionID([UInt8](repeating: seed, count: 32))), subject: subject,
            authentications: [
                SessionAuthentication(
                    restored: AssuranceFacts(
                        mode: .pin, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .crl, statusAt: now,
                        authenticatedAt: now), certificate: certificate, terminal: nil)
            ], createdAt: now, lastSeenAt: now, indexSeed: [UInt8](repeating: seed, count: 32))
        try await store.start(session, replacing: nil, expires: now.adding(seconds: 28_800))
        for text in members {
            let id = try member(text)
            let sector = try #require(configuration.current.federation.member(id)).sector
            let name = try await store.pairwise(
                subject, sector: sector, orElse: try #require(PairwiseID("\(name)-at-\(text)-000000000000")), at: now)
            let isSAML = text == SignalWorld.clinic || text == SignalWorld.hospital
            _ = try await store.join(
                Joining(
                    tie: session.tie, subject: subject, member: id,
                    name: isSAML ? .nameID(name.text, format: nil) : .subject(name.text), sessionIndex: session.tie.index(for: id),
                    at: now, expiresAt: now.adding(seconds: 28_800)), recording: Record("signon.granted", at: now))
        }
        return session
    }

    /// The citizen's yes to the watch of the insurer or another, as the rules of the deployment are worded; `rules`: as others were.
    func agree(_ name: String = "hanako", to watcher: String = SignalWorld.insurer, rules: [Rule]? = nil) async throws {
        let purpose = try #require(WatchPurpose("change-watch"))
        let consent = Consent(
            subject: try subject(name), member: try member(watcher), purpose: purpose,
            given: [.revocationSource, .revocationTime], declined: [],
            meaning: Self.meaning(rules ?? configuration.current.policy.rules.filter { $0.id == "change-watch" }, purpose),
            policyVersion: configuration.current.policy.version, at: now)
        try await store.give(consent, recording: Record("consent.given", at: now))
    }

    /// Written here once more, so that a change of what a consent means is seen.
    private static func meaning(_ rules: [Rule], _ purpose: WatchPurpose) -> [UInt8] {
        var text = "sekisho consent meaning 1\n" + purpose.text + "\n"
        for rule in rules.sorted(by: { $0.id < $1.id }) {
            text += "rule " + rule.id + "\nbasis " + rule.basis + "\n"
            for (language, sentence) in rule.says.sorted(by: { $0.key < $1.key }) { text += language + " " + sentence + "\n" }
        }
        return Digest.sha256(Array(text.utf8))
    }

    /// The member's stream for every event that it may have.
    @discardableResult func stream(
        _ text: String = SignalWorld.insurer, push: Bool = false, header: String? = "Bearer theirs"
    ) async throws -> SignalStream {
        var random = SystemRandom()
        let stream = SignalStream(
            id: try #require(StreamID.fresh(using: &random)), member: try member(text),
            delivery: push
                ? .push(endpoint: text == SignalWorld.hospital ? SignalWorld.ward : SignalWorld.hook, authorization: header) : .poll,
            requested: Set(EventType.onRequest.map(\.rawValue)), createdAt: now, changedAt: now)
        _ = try await store.open(stream, most: 4, recording: Record("signal.stream-opened", at: now))
        return stream
    }

    func waiting(_ stream: SignalStream) async throws -> [QueuedSignal] {
        try await store.waiting(in: stream.id, of: stream.member, limit: 100, at: now).signals
    }

    func words(_ stream: SignalStream) async throws -> [String] { try await waiting(stream).map(\.type.word).sorted() }

    func status(_ stream: SignalStream) async throws -> StreamStatus? {
        try await store.stream(stream.id, of: stream.member)?.status
    }

    func trail() async throws -> [String] { try await store.audit(from: 1, limit: 10_000).map(\.body) }
}
