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
import TrustFramework
import Upkeep
import Vocabulary

/// A deployment that takes registrations, its store, a network of the test's own, and a clock that it turns.
final class RegistrationWorld: Sendable {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let address = "https://rp.example.jp/jwks"

    let store: SQLiteStore
    let clients: RegisteredClients
    let fetch: RegistrationFetch
    let keeper: RegistrationKeeper
    let configuration: Published<Configuration>
    let clock = Published(now)
    let calls = Published<[OutboundRules]>([])
    let documents = Published<[String: OutboundAnswer]>([:])
    private let folder: String

    init(mode: String = "development", state: String = "accredited", more: String = "") throws {
        let folder = Self.path()
        self.folder = folder
        _ = try Settings.initialise(
            folder,
            DeploymentPlan(mode: .development, baseURL: "https://login.example.jp", listen: Endpoint(host: "127.0.0.1", port: 8080)),
            at: Self.now)
        let file = folder + "/sekisho.yaml"
        var text = try String(contentsOfFile: file, encoding: .utf8)
        text = text.replacingOccurrences(of: "#openid:", with: "openid:\n  registration: {by: [token]\(more)}\n#openid:")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let member = """
            id: "sponsor"
            kind: private-verifier
            names: {ja: "見本"}
            accreditation: {state: \(state), not-before: 2026-04-01, not-after: 2027-03-31, purposes: [points]}
            openid:
              redirect-uris: ["https://rp.example.jp/cb"]
              authentication: client_secret_basic
              secret-sha256: "0000000000000000000000000000000000000000000000000000000000000000"

            """
        try member.write(toFile: folder + "/Metadata/members/sponsor.yaml", atomically: true, encoding: .utf8)
        configuration = Published(try Settings.load(folder, at: Self.now))
        store = try SQLiteStore(path: folder + "/store.sqlite", durability: .normal)
        let logger = Logger(label: "registration") { _ in SwiftLogNoOpLogHandler() }
        let (configuration, clock, calls, documents) = (configuration, clock, calls, documents)
        clients = RegisteredClients(store: store, configuration: { configuration.current }, clock: { clock.current }, logger: logger)
        fetch = RegistrationFetch(
            configuration: { configuration.current }, clock: { clock.current }, logger: logger,
            ask: { (rules, request) throws(OutboundRefusal) in
                calls.replace(calls.current + [rules])
                guard let answer = documents.current[request.address.description] else { throw .failed(what: "nobody is there") }
                guard answer.body.count <= rules.limit else { throw .tooLarge(limit: rules.limit, status: answer.status) }
                return answer
            })
        keeper = RegistrationKeeper(
            store: store, clients: clients, fetch: fetch, configuration: { configuration.current }, clock: { clock.current }, logger: logger
        )
        configuration.replace(configuration.current.answering(configuration.current.federation.following(clients: clients)))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-registration-" + UUID().uuidString).path
    }

    static func key(_ name: String) throws -> JWK { JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: name, algorithm: .es256) }

    func publish(_ keys: [JWK], status: Int = 200, at address: String = address) throws {
        let page = try #require(WebAddress(address))
        documents.replace([address: OutboundAnswer(status: status, headers: [], body: JWKSet(keys).json.bytes, address: page)])
    }

    func registered(_ changes: [(String, JSON)] = []) async throws -> RegistrationRecord {
        let provider = configuration.current.openIDProvider
        let rules = try #require(provider.registration)
        let sponsor = try #require(MemberID("sponsor"))
        let purpose = try #require(Purpose("points"))
        let terms = RegistrationTerms(sponsor: sponsor, kind: .privateVerifier, purposes: [purpose], defaultPurpose: purpose)
        let token = InitialAccess(
            digest: Digest.sha256([1]), terms: terms, uses: 1, madeAt: Self.now, expiresAt: Self.now.adding(seconds: 60))
        let plain: [(String, JSON)] = [
            ("redirect_uris", ["https://rp.example.jp/cb"]), ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks_uri", .string(Self.address)),
            ("client_name", "店"), ("id_token_signed_response_alg", "ES256"),
        ]
        let request = try UnverifiedRegistration(
            body: JSON.object(plain.filter { name, _ in !changes.contains { $0.0 == name } } + changes).bytes)
        let inForce = try #require(
            configuration.current.federation.member(sponsor).map {
                Member(
                    id: $0.id, kind: $0.kind, displayName: $0.displayName,
                    accreditation: Accreditation(
                        state: .accredited, notBefore: $0.accreditation.notBefore, notAfter: $0.accreditation.notAfter,
                        purposes: $0.accreditation.purposes), defaultPurpose: purpose)
            })
        let authority = try request.authorized(
            by: token, bearsToken: true, under: rules, at: provider, sponsor: { _ in inForce }, at: Self.now)
        var random = SystemRandom()
        let done = try request.verified(
            by: authority, with: .init(keys: documents.current[Self.address]?.body), under: rules, at: provider, at: Self.now,
            using: &random)
        let outcome = try await store.register(
            done.record, using: nil, within: rules.bounds, recording: Record("client.registered", at: Self.now), at: Self.now)
        try #require(outcome == .registered)
        return done.record
    }

    func keys(of id: MemberID) -> [String] {
        (configuration.current.federation.client(id)?.keys?.keys ?? []).compactMap(\.keyID)
    }
}

@Suite struct `Clients that registered themselves, as members` {
    @Test func `are in force at once, and gone at once`() async throws {
        let world = try RegistrationWorld()
        try world.publish([RegistrationWorld.key("one")])
        let stranger = try #require(MemberID("dyn-" + String(repeating: "A", count: 32)))
        #expect(world.configuration.current.federation.client(stranger) == nil)
        let id = try await world.registered().id
        let member = try #require(world.configuration.current.federation.member(id))
        #expect(member.standing(at: RegistrationWorld.now) == .inForce && member.displayName["ja"] == "店（見本）")
        #expect(world.keys(of: id) == ["one"])
        #expect(
            try await world.store.remove(
                id, knowing: nil, recording: Record("client.revoked", at: RegistrationWorld.now), at: RegistrationWorld.now))
        #expect(world.configuration.current.federation.client(id) == nil && world.configuration.current.federation.member(id) == nil)
    }

    @Test func `what another process does is seen within a second`() async throws {
        let world = try RegistrationWorld()
        try world.publish([RegistrationWorld.key("one")])
        let id = try await world.registered().id
        #expect(world.configuration.current.federation.client(id) != nil)
        let other = try SQLiteStore(path: world.configuration.current.folder + "/store.sqlite", durability: .normal)
        #expect(
            try await other.remove(
                id, knowing: nil, recording: Record("client.revoked", at: RegistrationWorld.now), at: RegistrationWorld.now))
        world.clock.replace(RegistrationWorld.now.adding(seconds: 1))
        #expect(world.configuration.current.federation.client(id) == nil)
    }

    @Test func `fall with their sponsor`() async throws {
        let world = try RegistrationWorld(state: "suspended")
        try world.publish([RegistrationWorld.key("one")])
        let id = try await world.registered().id
        #expect(world.configuration.current.federation.member(id)?.standing(at: RegistrationWorld.now) == .suspended)
        let alone = world.configuration.current.federation.removing(try #require(MemberID("sponsor")))
        world.configuration.replace(world.configuration.current.answering(alone))
        #expect(world.configuration.current.federation.member(id) == nil)
    }
}

@Suite struct `Keys that a registered client publishes (checklist C4, E21)` {
    @Test func `an unknown key is fetched for, a bounded number of times`() async throws {
        let world = try RegistrationWorld()
        try world.publish([RegistrationWorld.key("one")])
        let id = try await world.registered().id
        #expect(world.keys(of: id) == ["one"])
        try world.publish([RegistrationWorld.key("two")])
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id) == ["two"])
        for _ in 0..<20 { await world.keeper.learnKeys(of: id) }
        #expect(world.calls.current.count == RegistrationKeeper.burst)
        world.clock.replace(RegistrationWorld.now.adding(seconds: RegistrationKeeper.pause))
        for _ in 0..<20 { await world.keeper.learnKeys(of: id) }
        #expect(world.calls.current.count == RegistrationKeeper.burst + 1)
        #expect(try await world.store.audit(from: 1, limit: 9).map(\.body).filter { $0.contains("client.keys-changed") }.count == 1)
    }

    @Test func `nothing is fetched for somebody who did not register`() async throws {
        let world = try RegistrationWorld()
        for text in ["sponsor", "dyn-" + String(repeating: "A", count: 32)] {
            await world.keeper.learnKeys(of: try #require(MemberID(text)))
        }
        #expect(world.calls.current.isEmpty)
    }

    @Test func `a client that cannot be reached keeps the keys it had`() async throws {
        let world = try RegistrationWorld()
        let one = try RegistrationWorld.key("one")
        try world.publish([one])
        let id = try await world.registered().id
        world.documents.replace([:])
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id) == ["one"])
        try world.publish([one], status: 500)
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id) == ["one"])
        try world.publish([])
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id) == ["one"])
    }

    @Test func `a set without a key that the client needs takes none away, and is asked for again in ten minutes`() async throws {
        let world = try RegistrationWorld()
        try world.publish([RegistrationWorld.key("one")])
        let id = try await world.registered([("token_endpoint_auth_signing_alg", "ES256")]).id
        let half = JWK(try PrivateKey.generate(.ec(.p384)).publicKey, keyID: "half", algorithm: .es384)
        try world.publish([half])
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id) == ["one"])
        try world.publish([half, RegistrationWorld.key("two")])
        await world.keeper.round()
        #expect(world.keys(of: id) == ["one"])
        world.clock.replace(RegistrationWorld.now.adding(seconds: 601))
        await world.keeper.round()
        #expect(world.keys(of: id).sorted() == ["half", "two"])
    }

    /// It may be stolen: what is left need not be enough, and brings nothing new.
    @Test func `a key that its owner takes back is gone at once, though the client cannot do without`() async throws {
        let world = try RegistrationWorld()
        let rest = JWK(try PrivateKey.generate(.ec(.p384)).publicKey, keyID: "rest", algorithm: .es384)
        try world.publish([RegistrationWorld.key("one"), rest])
        let id = try await world.registered([("token_endpoint_auth_signing_alg", "ES256")]).id
        try world.publish([rest])
        await world.keeper.learnKeys(of: id)
        #expect(world.keys(of: id).isEmpty, "without it nobody knows the client")
        try world.publish([RegistrationWorld.key("two"), rest])
        world.clock.replace(RegistrationWorld.now.adding(seconds: 601))
        await world.keeper.round()
        #expect(world.keys(of: id).sorted() == ["rest", "two"])
    }

    @Test func `the published set is fetched again when it is due, and a key that was taken back goes`() async throws {
        let world = try RegistrationWorld(more: ", keys-lifetime: 1h")
        try world.publish([RegistrationWorld.key("one"), RegistrationWorld.key("two")])
        let id = try await world.registered().id
        try world.publish([RegistrationWorld.key("two")])
        await world.keeper.round()
        #expect(world.calls.current.isEmpty)
        world.clock.replace(RegistrationWorld.now.adding(seconds: 3_700))
        await world.keeper.round()
        #expect(world.calls.current.count == 1 && world.keys(of: id) == ["two"])
        await world.keeper.round()
        #expect(world.calls.current.count == 1)
    }

    @Test func `what nobody used is swept, what somebody looked up is not`() async throws {
        let world = try RegistrationWorld(more: ", unused: 1d")
        try world.publish([RegistrationWorld.key("one")])
        let (idle, busy) = (try await world.registered().id, try await world.registered().id)
        world.clock.replace(RegistrationWorld.now.adding(seconds: 80_000))
        #expect(world.configuration.current.federation.client(busy) != nil)
        await world.keeper.round()
        world.clock.replace(RegistrationWorld.now.adding(seconds: 90_000))
        await world.keeper.round()
        #expect(world.configuration.current.federation.client(idle) == nil)
        #expect(world.configuration.current.federation.client(busy) != nil)
        #expect(try await world.store.audit(from: 1, limit: 20).map(\.body).filter { $0.contains("client.swept") }.count == 1)
    }

    @Test func `rules of a fetch: one address, nothing private, no redirect, small, soon (E21)`() throws {
        let world = try RegistrationWorld()
        let settings = world.configuration.current
        let rules = try #require(RegistrationFetch.rules(settings, limit: 1_000))
        #expect(rules.redirects == 0 && rules.limit == 1_000 && rules.seconds == RegistrationFetch.patience)
        // Development fetches from this machine; production, whatever it says, has public addresses over TLS.
        let strict = OutboundRules(
            hosts: nil, allowsPrivateAddresses: false, allowsPlainHTTP: false, limit: rules.limit, seconds: rules.seconds,
            redirects: rules.redirects)
        for text in [
            "http://rp.example.jp/jwks", "https://127.0.0.1/jwks", "https://[::1]/jwks", "https://10.0.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://192.168.1.1/", "https://172.16.0.1/", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/",
            "https://100.64.0.1/",
        ] {
            let address = try #require(WebAddress(text))
            #expect(throws: OutboundRefusal.self, "\(text)") { try strict.admit(address) }
        }
        #expect(throws: Never.self) { try strict.admit(#require(WebAddress("https://rp.example.jp/jwks"))) }
    }

    @Test func `production asks public addresses over TLS only`() async throws {
        let world = try RegistrationWorld()
        let file = world.configuration.current.folder + "/sekisho.yaml"
        var text = try String(contentsOfFile: file, encoding: .utf8)
        text += "\noutbound: {hosts: [rp.example.jp], private-addresses: false}\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let settings = try Settings.load(world.configuration.current.folder, at: RegistrationWorld.now)
        let rules = try #require(RegistrationFetch.rules(settings, limit: 1))
        #expect(!rules.allowsPrivateAddresses && rules.hosts == ["rp.example.jp"])
        #expect(throws: OutboundRefusal.hostNotAllowed("evil.example")) { try rules.admit(#require(WebAddress("https://evil.example/"))) }
        // A real network: the name of this machine is looked up, judged, and not asked.
        let strict = OutboundRules(hosts: nil, allowsPrivateAddresses: false, allowsPlainHTTP: true, limit: 10, seconds: 3)
        await #expect(throws: OutboundRefusal.privateAddress) { try await Outbound(rules: strict).get("http://localhost:9/jwks") }
    }

    @Test(arguments: [(false, true, false), (false, false, true), (true, true, true)])
    func `any host is any public host, outside of development`(isDevelopment: Bool, fetchesFromAnyHost: Bool, isAdmitted: Bool) throws {
        let outbound = try RegistrationWorld().configuration.current.outbound
        try #require(outbound.allowsPrivateAddresses)
        let registration = RegistrationRules(ways: [.token], isDevelopment: isDevelopment, fetchesFromAnyHost: fetchesFromAnyHost)
        let rules = RegistrationFetch.rules(registration, within: outbound, limit: 1)
        #expect(rules.allowsPrivateAddresses == isAdmitted)
    }

    @Test func `one host is asked so often and no more, whoever names it`() async throws {
        let world = try RegistrationWorld()
        for number in 0..<50 { _ = await world.fetch.document("https://victim.example/\(number)", limit: 10) }
        #expect(world.calls.current.count == Int(RegistrationFetch.burst))
        _ = await world.fetch.document("https://other.example/", limit: 10)
        #expect(world.calls.current.count == Int(RegistrationFetch.burst) + 1)
        world.clock.replace(RegistrationWorld.now.adding(seconds: RegistrationFetch.pause))
        for _ in 0..<5 { _ = await world.fetch.document("https://victim.example/", limit: 10) }
        #expect(world.calls.current.count == Int(RegistrationFetch.burst) + 2)
    }

    @Test func `at most so many fetches at one time`() async throws {
        let world = try RegistrationWorld()
        let gate = AsyncStream.makeStream(of: Void.self)
        let count = Mutex(0)
        let settings = world.configuration
        let fetch = RegistrationFetch(
            configuration: { settings.current }, clock: { RegistrationWorld.now },
            logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() },
            ask: { (_, _) throws(OutboundRefusal) in
                count.withLock { $0 += 1 }
                for await _ in gate.stream {}
                throw .failed(what: "done")
            })
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<30 { group.addTask { _ = await fetch.document("https://rp\(number).example.jp/jwks", limit: 10) } }
            while count.withLock({ $0 }) < RegistrationFetch.most { await Task.yield() }
            for _ in 0..<200 { await Task.yield() }
            #expect(count.withLock { $0 } == RegistrationFetch.most)
            gate.continuation.finish()
        }
    }
}
