import Cryptography
import Foundation
import Hummingbird
import JOSE
import Logging
import Outbound
import SAML
import SampleParties
import ServiceLifecycle
import Settings
import SimulatedJPKI
import TrustFramework
import Vocabulary

/// Everything the demonstration needs, in one temporary folder and on loopback only.
struct DemoWorld: Sendable {
    let folder: String
    let base: String
    let tlsOrigin: String
    let simulator: Simulator
    let deployment: String
    let ministry: SAMLService
    let shop: OpenIDService
    let situations: SituationServices
    let services: [any Service]
    private let isKept: Bool
    /// The ID token of the latest OpenID login, as it came.
    let latestIDToken: Published<String?>

    /// `keeping`: an empty folder that stays, in place of a temporary one.
    init(port: Int, keeping kept: String? = nil, logger: Logger) async throws {
        let folder = kept ?? NSTemporaryDirectory() + "sekisho-demo-\(ProcessInfo.processInfo.processIdentifier)"
        isKept = kept != nil
        let base = "http://127.0.0.1:\(port)"
        let jpki = "http://127.0.0.1:\(port + 620)"
        let now = SystemClock.now()
        self.folder = folder
        self.base = base
        tlsOrigin = "https://127.0.0.1:\(port + 363)"
        let latest = Published<String?>(nil)
        latestIDToken = latest
        var random = SystemRandom()

        Console.say("making a simulated JPKI, its cards and its citizens …")
        simulator = try await Simulator.make(at: folder + "/jpki", base: jpki, at: now, using: &random)
        try DemoTerminals.make(in: simulator, at: now)

        let deployment = folder + "/deployment"
        self.deployment = deployment
        let plan = DeploymentPlan(
            mode: .development, baseURL: base, listen: Endpoint(host: "127.0.0.1", port: port),
            tlsDoor: .init(
                origin: tlsOrigin, listen: Endpoint(host: "127.0.0.1", port: port + 363), everyClientAsksForThePIN: true),
            revocationLists: (1...3).map { "\(jpki)/crl/user/\($0)/full.crl" },
            phonePolicies: [SimulatedProfile().policy(.user, onPhone: true).dotted])
        _ = try Settings.initialise(deployment, plan, at: now)
        try Self.equip(deployment, with: simulator)
        // The lists must be there when Sekisho starts; the simulator's service starts with it.
        let status = StatusService.application(StatusDesk(simulator), port: port + 620, logger: logger, clock: SystemClock.now)

        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 10))
        let loaded = try Deployment.load(deployment)
        let platformKey = loaded.identityProvider.signingKey(at: now).key.publicKey
        ministry = SAMLService(
            ServiceTitle("総務手続サービス", "Ministry procedures (sample)", origin: "http://127.0.0.1:\(port + 1)"),
            identityProvider: loaded.identityProvider.entityID.text, singleSignOn: base + "/saml/sso", identityProviderKey: platformKey,
            key: try PrivateKey.generate(.rsa(bits: 2048)), clock: SystemClock.now)
        let shopKey = SigningKey(keyID: "shop-1", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        let fetch: OpenIDService.Fetch = { url, form, bearer in
            let answer =
                if let form {
                    try await outbound.post(url, type: "application/x-www-form-urlencoded", body: Array(form.utf8))
                } else {
                    try await outbound.get(url, headers: bearer.map { [.init("Authorization", "Bearer " + $0)] } ?? [])
                }
            return (answer.status, answer.body)
        }
        shop = OpenIDService(
            ServiceTitle("ポイントサービス", "Point service (sample)", origin: "http://127.0.0.1:\(port + 2)"), clientID: "RP00000001",
            issuer: base, key: shopKey, clock: SystemClock.now, watch: { latest.replace($0) }, fetch: fetch)
        let members = DemoMembers(folder: deployment + "/Metadata/members")
        try members.register(
            ministry,
            DemoMember(
                id: ministry.entityID, kind: "ministry", japanese: "総務手続サービス（見本）", english: "Ministry procedures (sample)",
                purpose: "procedure"), as: "ministry")
        try members.register(
            shop,
            DemoMember(
                id: shop.clientID, kind: "private-verifier", japanese: "ポイントサービス（見本）", english: "Point service (sample)",
                purpose: "points"), key: shopKey, as: "shop")
        situations = try SituationServices(
            origin: "http://127.0.0.1:\(port + 3)",
            .init(base: base, identityProvider: loaded.identityProvider.entityID.text, key: platformKey, fetch: fetch), into: members)
        // What is wrong with a member's file is told before anything starts.
        _ = try Deployment.load(deployment)

        services = [
            status,
            Self.application(port + 1, logger) { [ministry] in ministry.add(to: $0) },
            Self.application(port + 2, logger) { [shop] in shop.add(to: $0) },
            Application(
                router: situations.router(), configuration: .init(address: .hostname("127.0.0.1", port: port + 3)), logger: logger),
            LateServer(folder: deployment, waitingFor: jpki + "/crl/user/1/full.crl", outbound: outbound, logger: logger),
        ]
    }

    private static func application(
        _ port: Int, _ logger: Logger, _ add: (Router<BasicRequestContext>) -> Void
    ) -> some Service {
        let router = Router()
        add(router)
        return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
    }

    /// Anchors of both certificates, the terminals, and what the situations need of `sekisho.yaml`: an insurer asks again with refresh tokens.
    private static func equip(_ deployment: String, with simulator: Simulator) throws {
        for file in try simulator.deployment([.user, .sign]) {
            let path = deployment + "/Keys/" + file.name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(file.name.hasPrefix("terminals/") ? DemoTerminals.registered(file) : file.bytes).write(to: URL(fileURLWithPath: path))
        }
        try SituationSettings(deployment).add("openid:\n  scopes: [openid, offline_access]\n  refresh-tokens: true\n")
    }

    /// What each rule of the deployment says of itself to a citizen, in Japanese, by its id.
    func sentences() throws -> [String: String] {
        Dictionary(
            try Deployment.load(deployment).policy.rules.compactMap { rule in rule.says["ja"].map { (rule.id, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Waits until the whole house answers.
    func untilReady() async throws {
        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 5))
        for url in [base + "/health", ministry.title.origin + "/", shop.title.origin + "/", situations.origin + "/"] {
            for attempt in 0... {
                if let answer = try? await outbound.get(url), answer.status == 200 { break }
                guard attempt < 1_200 else { throw DemoRefusal(what: url + " does not answer; is its port taken? try --port") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    func remove() {
        guard !isKept else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

struct DemoRefusal: Error, CustomStringConvertible {
    let what: String
    var description: String { what }
}

/// Sekisho itself, started once the simulated JPKI can be asked for its lists.
struct LateServer: Service {
    let folder: String
    let waitingFor: String
    let outbound: Outbound
    let logger: Logger

    func run() async throws {
        for _ in 0..<200 {
            if let answer = try? await outbound.get(waitingFor), answer.status == 200 { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        let server = try await Server(folder: folder, logger: logger)
        let running = try RunningServer.begin(in: folder)
        defer {
            RunningServer.end(in: folder)
            withExtendedLifetime((server, running)) {}
        }
        let group = ServiceGroup(configuration: .init(services: server.services.map { .init(service: $0) }, logger: logger))
        try await group.run()
    }
}
