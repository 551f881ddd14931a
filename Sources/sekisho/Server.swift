import Credentials
import Cryptography
import EventLoops
import Foundation
import Logging
import OpenID
import Outbound
import SQLiteStores
import ServiceLifecycle
import Settings
import SignOn
import Trust
import TrustFramework
import UnixSignals
import Upkeep
import Vocabulary
import Web

/// Everything that runs for one deployment folder, put together.
struct Server {
    let configuration: Published<Configuration>
    let store: SQLiteStore
    let services: [any Service]
    let keys: KeyKeeping
    let seat: NodeSeat

    init(folder: String, logger: Logger) async throws {
        // Whoever finds this server running may signal it, long before it can answer.
        let signals = await UnixSignalsSequence(trapping: .sighup)
        let read = Reloader.print(of: folder)
        var loaded = try Deployment.load(folder)
        for notice in loaded.notices { logger.notice("settings", metadata: ["notice": "\(notice.description)"]) }
        try FileManager.default.createDirectory(
            atPath: (loaded.store.path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        var random = SystemRandom()
        try DeploymentSecret.ensure(beside: loaded.store.path, using: &random)
        // At the first start, of this process or of another node meanwhile, the folder is read again with it.
        if !loaded.hasSecret { loaded = try Deployment.load(folder) }
        configuration = Published(loaded)
        let gate = try NodeSeat.gate(loaded.store)
        defer { withExtendedLifetime(gate) {} }
        seat = try NodeSeat(loaded.store)
        let attendance = Attendance()
        store = try SQLiteStore(
            path: loaded.store.path, durability: loaded.store.synchronous == .full ? .full : .normal, attendance: attendance,
            identityKey: DeploymentSecret.key(for: "sekisho identity records", beside: loaded.store.path),
            isShared: loaded.store.isShared)

        let revocation = loaded.cards.revocation
        let keeping = TrustKeeping(configuration: configuration, logger: logger)
        await keeping.lists.open()
        let clients = ClientKeeping(configuration: configuration, store: store, logger: logger)
        let members = MetadataKeeping(configuration: configuration, clients: clients.book, logger: logger)
        configuration.replace(members.joined(loaded))
        await members.keeper.open()
        MemberFileWatch(logger: logger).noteLater(loaded)
        // Nobody is answered before what answers is in the archive.
        try await PolicyArchiving(trail: store, logger: logger).settle(configuration.current, changedBy: nil, at: SystemClock.now())
        let revocations = try await SQLiteRevocationMemory(store)
        let desk = StatusDesk(
            lists: keeping.lists.published,
            onLine: revocation.onLine.map {
                StatusDesk.OnLine(
                    url: $0.url, fallBack: $0.fallback, outbound: Outbound(rules: loaded.outboundRules(seconds: $0.timeout)))
            },
            memory: revocations, rules: revocation.statusRules, logger: logger)

        let watch = keeping.watch { desk.health }
        let nightWatch = NightWatch(
            store: store, lists: keeping.lists.published, memory: revocations,
            configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        let signalCourier = SignalCourier(
            store: store, configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        let courier = LogoutCourier(
            store: store, configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        let pings = PingCourier(
            store: store, configuration: { [configuration] in configuration.current }, clock: SystemClock.now, logger: logger)
        keys = KeyKeeping(configuration: configuration, logger: logger)
        KeyKeeping.note(loaded, logger)
        let settingsAlarm = SettingsAlarm()
        let shadow = ShadowDesk(configuration: configuration, clock: SystemClock.now, logger: logger)
        let artifacts = ArtifactFetch(configuration: { [configuration] in configuration.current }, logger: logger)
        let reloader = Reloader(
            folder: folder, read: read, signals: signals, configuration: configuration, members: members, trail: store,
            alarm: settingsAlarm, logger: logger)
        let deadlines = DeadlineKeeper(
            configuration: configuration, folder: (loaded.store.path as NSString).deletingLastPathComponent, clock: SystemClock.now,
            logger: logger)
        let correspondence = CorrespondenceSource(configuration: { [configuration] in configuration.current }, logger: logger)
        let linkKeeper = LinkKeeper(
            store: store, settings: { [configuration] in configuration.current.links },
            correspond: { await correspondence.word(on: $0, at: $1) }, ended: { nightWatch.ended($0, at: $1) }, clock: SystemClock.now,
            logger: logger)
        var platform = Platform(
            configuration: configuration, stores: store, cards: Self.cards(configuration, desk, watch.unknownIssuers, nightWatch),
            clock: SystemClock.now, logger: logger, attendance: attendance, witness: keys.witness, trust: { watch.health().summary },
            members: { members.summary }, judge: Self.clientJudge(configuration, keeping.lists.published),
            deliver: { await courier.deliver($0) }, fetch: { try await artifacts($0) },
            correspond: { await correspondence.word(on: $0, at: $1) }, notify: { pings.ring() },
            fetchDocument: { await clients.fetch.document($0, limit: $1) }, learnKeys: { await clients.keeper.learnKeys(of: $0) },
            observe: { shadow.observe($0, of: $1) }, settingsHealth: { settingsAlarm.summary }, shadow: { shadow.summary },
            sandbox: try SandboxKeeping.sandbox(of: loaded, at: SystemClock.now()))
        platform.console =
            ConsoleFeeding(
                folder: folder, configuration: configuration, store: store, alarm: settingsAlarm, deadlines: deadlines, reloader: reloader
            ).feeds
        let store = store
        let connections = ConnectionBound.share(of: EventLoops.openDescriptors(ConnectionBound.wanted))
        var services: [any Service] = [
            courier,
            pings,
            signalCourier,
            nightWatch,
            linkKeeper,
            clients.keeper,
            keeping.lists,
            members.keeper,
            watch,
            LedgerKeeping.service(configuration, store, logger),
            Periodic("sweep", every: 30, logger: logger) {
                while !Task.isCancelled, try await store.sweep(at: SystemClock.now()) >= 500 { await Task.yield() }
            },
            keys.service,
            TokenWatch(configuration: configuration, logger: logger).service,
            shadow,
            reloader,
            Periodic("deadlines", every: 3600, logger: logger) { await offPool { _ = deadlines.round() } },
            Periodic("metering", every: 60, logger: logger) {
                while !Task.isCancelled, try await store.meter(limit: 2_000) >= 2_000 { await Task.yield() }
            },
        ]
        if let door = loaded.tlsDoor {
            services.append(
                Listener(
                    Doors.card(platform), at: door.listen,
                    try CardListener.server(certificateFile: door.certificateFile, keyFile: door.keyFile), connections: connections,
                    logger: logger))
        }
        if let listen = loaded.mutualTLS?.listen {
            services.append(
                Listener(
                    Doors.mutualTLS(platform), at: listen, try MutualTLSListener.server(configuration, logger: logger),
                    connections: connections, logger: logger))
        }
        // Stopped one after the other from the last: who asks is answered first, and then what answers them needs ends.
        services.append(
            Listener(Doors.main(platform), at: loaded.listen, MainListener.server(), connections: connections, logger: logger))
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

    private static func cards(
        _ configuration: Published<Configuration>, _ desk: StatusDesk, _ unknownIssuers: UnknownIssuers,
        _ nightWatch: NightWatch
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
                nightWatch.saw(login.identity, status)
                return try login.authentication(
                    answering: challenge, signature: signature, statement: statement, terminals: cards.terminals,
                    rules: cards.challengeRules, status: status, at: now)
            },
            acceptHandshake: { login, now in
                let status = await desk.status(of: login, at: now)
                nightWatch.saw(login.identity, status)
                return try login.authenticationOverTLS(rules: configuration.current.cards.tlsRules, status: status, at: now)
            },
            presentIdentity: { answer, challenge, logins, now in
                let cards = configuration.current.cards
                let certificate = try cards.identity.profile.recognise(
                    certificate: answer.certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
                var beside: LoginBeside?
                if let login = answer.login {
                    let recognised: LoginCertificate
                    do throws(CredentialRefusal) {
                        recognised = try cards.profile.recognise(
                            certificate: login.certificate, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
                    } catch {
                        throw IdentityRefusal.besideIt(error)
                    }
                    beside = LoginBeside(
                        certificate: recognised, signature: login.signature, status: await desk.status(of: recognised, at: now))
                }
                // The leaf's word stands first.
                let status = await desk.status(of: certificate.chain, at: now).first ?? .unknown(checkedAt: now)
                return try certificate.identity(
                    answering: challenge, signature: answer.signature, beside: beside, statement: answer.statement, logins: logins,
                    terminals: cards.terminals, rules: cards.identity.rules, status: status, at: now)
            },
            refresh: { need, now in await refreshed(need, configuration.current.cards, desk, nightWatch, at: now) })
    }

    /// The word of a responder on a certificate that was shown before, else of the lists; what is no certificate of ours any more is unknown.
    private static func refreshed(
        _ need: StatusNeed, _ cards: Configuration.Cards, _ desk: StatusDesk, _ nightWatch: NightWatch, at now: Timestamp
    ) async -> RefreshedStatus {
        let login = try? cards.profile.recognise(
            certificate: need.der, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: now)
        guard let login else { return .unknown }
        let status = await desk.status(of: login, order: .onlineFirst, notOlderThan: need.maximumAge, at: now)
        nightWatch.saw(login.identity, status)
        switch status.verdict {
        case .revoked: return .revoked
        case .unknown: return .unknown
        case .good:
            guard let source = TrustFramework.StatusSource(rawValue: status.source.rawValue), let moment = status.thisUpdate else {
                return .unknown
            }
            return .good(source, at: moment)
        }
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
            nonce: onLine.flatMap { StatusRules.NonceUse(rawValue: $0.nonce.rawValue) } ?? .sent,
            method: onLine?.method == .get ? .get : .post, fallBackMethod: onLine?.fallbackMethod == .get ? .get : .post,
            patience: 2 * (onLine?.timeout ?? 3))
    }
}
