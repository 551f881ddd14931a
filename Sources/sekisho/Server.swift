import Credentials
import Cryptography
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import OpenID
import Outbound
import SQLiteStores
import ServiceLifecycle
import Settings
import SignOn
import Trust
import Upkeep
import Vocabulary
import Web

/// Everything that runs for one deployment folder, put together.
struct Server {
    let configuration: Published<Configuration>
    let store: SQLiteStore
    let services: [any Service]
    let keys: KeyKeeping

    init(folder: String, logger: Logger) async throws {
        var loaded = try Deployment.load(folder)
        for notice in loaded.notices { logger.notice("settings", metadata: ["notice": "\(notice.description)"]) }
        try FileManager.default.createDirectory(
            atPath: (loaded.store.path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var random = SystemRandom()
        // The first start makes it, and reads the folder again with it.
        if try DeploymentSecret.ensure(beside: loaded.store.path, using: &random) { loaded = try Deployment.load(folder) }
        configuration = Published(loaded)
        let attendance = Attendance()
        store = try SQLiteStore(
            path: loaded.store.path, durability: loaded.store.synchronous == .full ? .full : .normal, attendance: attendance)

        let revocation = loaded.cards.revocation
        let keeping = TrustKeeping(configuration: configuration, logger: logger)
        await keeping.lists.open()
        let members = MetadataKeeping(configuration: configuration, logger: logger)
        configuration.replace(members.joined(loaded))
        await members.keeper.open()
        MemberFileWatch(logger: logger).noteLater(loaded)
        let desk = StatusDesk(
            lists: keeping.lists.published,
            onLine: revocation.onLine.map {
                StatusDesk.OnLine(
                    url: $0.url, fallBack: $0.fallback, outbound: Outbound(rules: loaded.outboundRules(seconds: $0.timeout)))
            },
            memory: try await SQLiteRevocationMemory(store), rules: revocation.statusRules, logger: logger)

        let watch = keeping.watch { desk.health }
        let courier = LogoutCourier(
            store: store, configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        let pings = PingCourier(
            store: store, configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        keys = KeyKeeping(configuration: configuration, logger: logger)
        KeyKeeping.note(loaded, logger)
        let artifacts = ArtifactFetch(configuration: { [configuration] in configuration.current }, logger: logger)
        let platform = Platform(
            configuration: configuration, stores: store, cards: Self.cards(configuration, desk, watch.unknownIssuers),
            clock: SystemClock.now, logger: logger, attendance: attendance, witness: keys.witness, trust: { watch.health().summary },
            members: { members.summary }, judge: Self.clientJudge(configuration, keeping.lists.published),
            deliver: { await courier.deliver($0) }, fetch: { try await artifacts($0) }, notify: { pings.ring() })
        let store = store
        var services: [any Service] = [
            Self.application(Doors.main(platform), loaded.listen, .http1(configuration: .init(idleTimeout: .seconds(60))), logger),
            courier,
            pings,
            keeping.lists,
            members.keeper,
            watch,
            Periodic("sweep", every: 30, logger: logger) {
                while try await store.sweep(at: SystemClock.now()) >= 500 { await Task.yield() }
            },
            keys.service,
            TokenWatch(configuration: configuration, logger: logger).service,
            Reloader(folder: folder, configuration: configuration, members: members, logger: logger),
        ]
        if let door = loaded.tlsDoor {
            services.append(
                Self.application(
                    Doors.card(platform), door.listen,
                    try CardListener.server(certificateFile: door.certificateFile, keyFile: door.keyFile), logger))
        }
        if let listen = loaded.mutualTLS?.listen {
            services.append(
                Self.application(
                    Doors.mutualTLS(platform), listen, try MutualTLSListener.server(configuration, logger: logger), logger))
        }
        self.services = services
    }

    /// A client's certificate, by the trust profile that its registration names.
    private static func clientJudge(
        _ configuration: Published<Configuration>, _ lists: Published<RevocationLists>
    ) -> PresentedCertificate.Judge {
        { der, others, name, now in
            configuration.current.profiles[name]?.verdict(onClient: der, with: others, lists: lists.current, at: now)
                ?? .refused("there is no profile of this name")
        }
    }

    private static func application(
        _ router: Router<DoorContext>, _ listen: Endpoint, _ server: HTTPServerBuilder, _ logger: Logger
    ) -> some Service {
        Application(
            router: router, server: server,
            configuration: ApplicationConfiguration(address: .hostname(listen.host, port: listen.port), backlog: 1024), logger: logger)
    }

    private static func cards(
        _ configuration: Published<Configuration>, _ desk: StatusDesk, _ unknownIssuers: UnknownIssuers
    ) -> CardDesk {
        CardDesk(
            recognise: { (certificate, now) throws(CredentialRefusal) in
                let cards = configuration.current.cards
                do throws(CredentialRefusal) {
                    return try cards.profile.recognise(
                        certificate: certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
                } catch {
                    unknownIssuers.note(certificate, unlessOf: cards.anchorList, at: now)
                    throw error
                }
            },
            answerChallenge: { login, challenge, signature, statement, now in
                let cards = configuration.current.cards
                let status = await desk.status(of: login, at: now)
                return try login.authentication(
                    answering: challenge, signature: signature, statement: statement, terminals: cards.terminals,
                    rules: cards.challengeRules, status: status, at: now)
            },
            acceptHandshake: { login, now in
                let status = await desk.status(of: login, at: now)
                return try login.authenticationOverTLS(rules: configuration.current.cards.tlsRules, status: status, at: now)
            })
    }
}

extension Configuration {
    /// A citizen waits for an on-line answer, and it is small.
    func outboundRules(seconds: Int64, limit: Int = 1 << 20, pace: Int? = nil) -> OutboundRules {
        OutboundRules(
            hosts: outbound.hosts, allowsPrivateAddresses: outbound.allowsPrivateAddresses, allowsPlainHTTP: true, limit: limit,
            seconds: seconds, redirects: 0, pace: pace)
    }
}

extension Configuration.Revocation {
    fileprivate var statusRules: StatusRules {
        StatusRules(
            order: order == .listFirst ? .listFirst : .onlineFirst, listAge: ages.list,
            answer: OCSPRules(maximumAge: ages.answer, skew: skew), digest: onLine?.digest == .sha1 ? .sha1 : .sha256,
            nonce: onLine.flatMap { StatusRules.NonceUse(rawValue: $0.nonce.rawValue) } ?? .sent, patience: 2 * (onLine?.timeout ?? 3))
    }
}
