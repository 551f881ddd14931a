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
import Synchronization
import Vocabulary

/// Everything the demonstration needs, in one temporary folder and on loopback only.
struct DemoWorld: Sendable {
    let folder: String
    let base: String
    let tlsOrigin: String
    let simulator: Simulator
    let ministry: MinistryService
    let shop: PrivateService
    let services: [any Service]
    /// The ID token of the latest OpenID login, as it came.
    let latestIDToken: Published<String?>

    init(port: Int, logger: Logger) async throws {
        let folder = NSTemporaryDirectory() + "sekisho-demo-\(ProcessInfo.processInfo.processIdentifier)"
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

        let deployment = folder + "/deployment"
        let plan = DeploymentPlan(
            mode: .development, baseURL: base, listen: Endpoint(host: "127.0.0.1", port: port),
            tlsDoor: .init(
                origin: tlsOrigin, listen: Endpoint(host: "127.0.0.1", port: port + 363), everyClientAsksForThePIN: true),
            revocationLists: (1...3).map { "\(jpki)/crl/user/\($0)/full.crl" },
            phonePolicies: [SimulatedProfile().policy(.user, onPhone: true).dotted])
        _ = try Settings.initialise(deployment, plan, at: now)
        for file in try simulator.deployment() {
            let path = deployment + "/Keys/" + file.name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(file.bytes).write(to: URL(fileURLWithPath: path))
        }
        // The lists must be there when Sekisho starts; the simulator's service starts with it.
        let status = StatusService.application(StatusDesk(simulator), port: port + 620, logger: logger, clock: SystemClock.now)

        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 10))
        let loaded = try Deployment.load(deployment)
        ministry = MinistryService(
            origin: "http://127.0.0.1:\(port + 1)", identityProvider: loaded.identityProvider.entityID.text,
            singleSignOn: base + "/saml/sso", identityProviderKey: loaded.identityProvider.signingKey(at: now).key.publicKey,
            key: try PrivateKey.generate(.rsa(bits: 2048)), clock: SystemClock.now)
        let shopKey = SigningKey(keyID: "shop-1", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        shop = PrivateService(
            origin: "http://127.0.0.1:\(port + 2)", clientID: "RP00000001", issuer: base, key: shopKey, clock: SystemClock.now,
            watch: { latest.replace($0) },
            fetch: { url, form, bearer in
                let answer =
                    if let form {
                        try await outbound.post(url, type: "application/x-www-form-urlencoded", body: Array(form.utf8))
                    } else {
                        try await outbound.get(url, headers: bearer.map { [.init("Authorization", "Bearer " + $0)] } ?? [])
                    }
                guard answer.status == 200 else {
                    throw DemoRefusal(what: "\(answer.status): " + String(decoding: answer.body, as: UTF8.self))
                }
                return answer.body
            })
        try Self.register(ministry, shop, shopKey, in: folder, deployment)

        services = [
            status,
            Application(
                router: ministry.router(), configuration: .init(address: .hostname("127.0.0.1", port: port + 1)), logger: logger),
            Application(router: shop.router(), configuration: .init(address: .hostname("127.0.0.1", port: port + 2)), logger: logger),
            LateServer(folder: deployment, waitingFor: jpki + "/crl/user/1/full.crl", outbound: outbound, logger: logger),
        ]
    }

    private static func register(
        _ ministry: MinistryService, _ shop: PrivateService, _ shopKey: SigningKey, in folder: String, _ deployment: String
    ) throws {
        let members = folder + "/members"
        try FileManager.default.createDirectory(atPath: members, withIntermediateDirectories: true)
        func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: members + "/" + name)) }
        func member(_ id: String, _ kind: String, _ ja: String, _ en: String, _ purpose: String, _ rest: String) -> [UInt8] {
            Array(
                """
                id: "\(id)"
                kind: \(kind)
                names: {ja: \(ja), en: \(en)}
                accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2099-03-31, purposes: [\(purpose)]}
                \(rest)
                """.utf8)
        }
        try write("ministry.xml", ministry.metadata)
        try write(
            "ministry.yaml",
            member(
                ministry.entityID, "ministry", "総務手続サービス（見本）", "Ministry procedures (sample)", "procedure",
                "saml:\n  metadata: ministry.xml\n"))
        try write(
            "shop.jwks.json", JSON.object([("keys", .array([JWK(shopKey.key.publicKey, keyID: "shop-1", algorithm: .es256).json]))]).bytes)
        try write(
            "shop.yaml",
            member(
                shop.clientID, "private-verifier", "ポイントサービス（見本）", "Point service (sample)", "points",
                """
                openid:
                  redirect-uris: ["\(shop.origin)/callback"]
                  authentication: private_key_jwt
                  jwks-file: shop.jwks.json
                """))
        for file in ["ministry.yaml", "shop.yaml"] {
            do throws(SettingsProblems) {
                _ = try Settings.add(member: members + "/" + file, to: deployment, at: SystemClock.now())
            } catch {
                throw DemoRefusal(what: error.description)
            }
        }
    }

    /// Waits until the whole house answers.
    func untilReady() async throws {
        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 5))
        for url in [base + "/health", ministry.origin + "/", shop.origin + "/"] {
            for attempt in 0... {
                if let answer = try? await outbound.get(url), answer.status == 200 { break }
                guard attempt < 300 else { throw DemoRefusal(what: url + " does not answer; is its port taken? try --port") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
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
        try RunningServer.begin(in: folder)
        let group = ServiceGroup(configuration: .init(services: server.services.map { .init(service: $0) }, logger: logger))
        try await group.run()
    }
}
