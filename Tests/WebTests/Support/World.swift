import Credentials
import Cryptography
import Foundation
import JOSE
import Settings
import SimulatedJPKI
import Trust
import Vocabulary

/// One simulated card PKI and one deployment, made once through the front doors; every test has a store, a clock and a log of its own.
struct World: Sendable {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let base = "https://login.example.jp"
    static let cardOrigin = "https://card.example.jp"

    let simulator: Simulator
    let configuration: Configuration
    let lists: RevocationLists
    let parties: Parties

    /// The ordinary deployment, behind a TLS proxy.
    static func shared() async throws -> World { try await secure.value }
    /// Plain http on this machine, for development.
    static func plain() async throws -> World { try await insecure.value }

    /// Takes registrations of clients.
    static func registering() async throws -> World { try await registrar.value }

    /// Its rules oblige to something (`Duty.rules`).
    static func dutiful() async throws -> World { try await obliging.value }

    /// Its rules tell who somebody is (`Showing.rules`).
    static func showing() async throws -> World { try await telling.value }

    /// Asks whoever comes with a certificate that nobody is known by, and tells services their own numbers (`Knots.rules`).
    static func asking() async throws -> World { try await linking.value }
    /// Its ladder lets an app on another device reach every context.
    static func pairing() async throws -> World { try await pairs.value }
    /// Nobody vouches for its TLS door, which proves presence only; and a citizen agrees before he is told of (`Showing.asking`).
    static func unvouched() async throws -> World { try await presence.value }
    /// The same door where whoever comes with a new certificate is asked.
    static func unvouchedAsking() async throws -> World { try await presenceAsking.value }
    private static let presenceAsking = Task { try await made(base: base, rules: Knots.rules, asks: true, asksForThePIN: false) }
    private static let presence = Task { try await made(base: base, rules: Showing.asking, asksForThePIN: false) }
    private static let pairs = Task { try await made(base: base, pairs: true) }
    private static let linking = Task { try await made(base: base, rules: Knots.rules, asks: true) }
    private static let telling = Task { try await made(base: base, rules: Showing.rules) }
    private static let obliging = Task { try await made(base: base, rules: Duty.rules) }
    private static let registrar = Task { try await made(base: base, more: Registrations.settings) }
    private static let secure = Task { try await made(base: base) }
    private static let insecure = Task { try await made(base: "http://127.0.0.1:8080") }

    private static let simulated = Task {
        var random = SystemRandom()
        let cast = ["hanako", "hanako-phone", "taro", "jiro", "misaki", "minoru", "kenji"]
        return try await Simulator.make(
            at: path("jpki"), cards: TestCard.all(at: now).filter { cast.contains($0.handle) }, at: now, using: &random)
    }

    private static func path(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-web-" + name + "-" + UUID().uuidString).path
    }

    private static func made(
        base: String, more: String = "", rules: String? = nil, asks: Bool = false, pairs: Bool = false, asksForThePIN: Bool = true
    ) async throws -> World {
        let simulator = try await simulated.value
        let folder = path("deployment")
        let plan = DeploymentPlan(
            mode: .development, baseURL: base, listen: Endpoint(host: "127.0.0.1", port: 8080),
            tlsDoor: .init(
                origin: cardOrigin, listen: Endpoint(host: "127.0.0.1", port: 8443), everyClientAsksForThePIN: asksForThePIN),
            phonePolicies: [simulator.profile.policy(.user, onPhone: true).dotted])
        _ = try Settings.initialise(folder, plan, at: now)
        try Parties.allowRefresh(in: folder, more: more)
        if asks { try Knots.ask(in: folder) }
        if pairs {
            let ladder = folder + "/Policies/ladder.yaml"
            let text = try String(contentsOfFile: ladder, encoding: .utf8)
            try write(
                Array(text.replacing("    needs-statement:", with: "    doors: [tls, challenge, other-device]\n    needs-statement:").utf8),
                ladder)
        }
        for file in try simulator.deployment([.user, .sign]) { try write(file.bytes, folder + "/Keys/" + file.name) }
        for (name, text) in Parties.detailsTypes { try write(Array(text.utf8), folder + "/Metadata/authorization-details/" + name) }
        let parties = Parties(key: SigningKey(keyID: "one", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256))), base: base)
        let members = path("members")
        for (name, text) in try parties.files() { try write(Array(text.utf8), members + "/" + name) }
        var configuration = try Settings.load(folder, at: now)
        for name in try parties.files().map(\.name).filter({ $0.hasSuffix(".yaml") }) {
            configuration = try Settings.add(member: members + "/" + name, to: folder, at: now).configuration
        }
        // A rule may name a member that is there, and no other.
        if let rules {
            try write(Array(rules.utf8), folder + "/Policies/duties.yaml")
            configuration = try Settings.load(folder, at: now)
        }
        return World(
            simulator: simulator, configuration: configuration, lists: try lists(of: simulator, configuration), parties: parties)
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// The simulator's own lists, proven as the night shift proves them.
    private static func lists(of simulator: Simulator, _ configuration: Configuration) throws -> RevocationLists {
        let desk = StatusDesk(simulator)
        return RevocationLists(
            try simulator.authorities.compactMap { authority in
                try desk.list(authority.purpose, authority.generation, "full", at: now).map {
                    try UnverifiedRevocationList(der: $0).verified(issuer: authority.certificate, at: now)
                }
            })
    }

    /// A file that no other test uses.
    static func database() -> String { path("store") + ".sqlite" }

    /// The number and the name that must never leave the platform.
    func secrets(of handle: String) throws -> [String] {
        let certificate = try simulator.identity(handle, .user).certificate
        return [certificate.serialText, certificate.subject.text, Base64.encode(certificate.der.prefix(60))]
    }
}
