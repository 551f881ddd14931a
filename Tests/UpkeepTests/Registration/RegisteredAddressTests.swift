import Credentials
import Foundation
import Logging
import OpenID
import Outbound
import SQLiteStores
import Settings
import SignOn
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `What is sent to a client that registered itself (checklist C14, E21)` {
    private static let now = RegistrationWorld.now

    @Test func `goes by the rules of what its registration points to, and an operator's client hears by the deployment's`() async throws {
        let world = try RegistrationWorld()
        try world.publish([RegistrationWorld.key("one")])
        let id = try await world.registered([("backchannel_logout_uri", "https://rp.example.jp/out")]).id
        let settings = try narrowed(world)
        try await end(try session(), of: id, in: world)
        let used = Published<[OutboundRules]>([])
        let courier = LogoutCourier(
            store: world.store, configuration: { settings }, clock: { Self.now },
            logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() },
            send: { (rules, request) throws(OutboundRefusal) in
                used.replace(used.current + [rules])
                return OutboundAnswer(status: 200, headers: [], body: [], address: request.address)
            })
        await courier.round()
        let rules = try #require(used.current.first)
        #expect(used.current.count == 1)
        #expect(rules == RegistrationFetch.rules(settings, limit: rules.limit))
        #expect(throws: OutboundRefusal.hostNotAllowed("evil.example")) { try rules.admit(#require(WebAddress("https://evil.example/"))) }
        #expect(throws: Never.self) { try rules.admit(#require(WebAddress("https://rp.example.jp/out"))) }
        let sponsor = try #require(MemberID("sponsor"))
        #expect(settings.rules(telling: sponsor) == settings.logoutRules && settings.logoutRules.hosts == nil)
        #expect(world.calls.current.isEmpty, "nothing was fetched for it")
    }

    /// A deployment that asks one host only, and its own clients.
    private func narrowed(_ world: RegistrationWorld) throws -> Configuration {
        let folder = world.configuration.current.folder
        let file = folder + "/sekisho.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8) + "\noutbound: {hosts: [rp.example.jp], private-addresses: false}\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let settings = try Settings.load(folder, at: Self.now)
        return settings.answering(settings.federation.following(clients: world.clients))
    }

    private func session() throws -> Session {
        let facts = AssuranceFacts(
            mode: .pin, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .crl, statusAt: Self.now,
            authenticatedAt: Self.now)
        return Session(
            id: try #require(SessionID([UInt8](repeating: 1, count: 32))), subject: try #require(SubjectID("subject-of-hanako-1")),
            authentications: [
                SessionAuthentication(restored: facts, certificate: CertificateIdentity(issuer: "aa", serial: "01"), terminal: nil)
            ],
            createdAt: Self.now, lastSeenAt: Self.now, indexSeed: [UInt8](repeating: 1, count: 32))
    }

    /// The client was in the session, which ends, and is to be told.
    private func end(_ session: Session, of client: MemberID, in world: RegistrationWorld) async throws {
        let end = Self.now.adding(seconds: 3_600)
        try await world.store.start(session, replacing: nil, expires: end)
        _ = try await world.store.join(
            Joining(
                tie: session.tie, subject: session.subject, member: client, name: .subject("hanako-at-the-shop"),
                sessionIndex: session.tie.index(for: client), at: Self.now, expiresAt: end),
            recording: Record("signon.granted", at: Self.now))
        let logout = Logout(
            id: try #require(LogoutID("logout-0000000000-1")), browser: nil, origin: .ownPage, message: [], initiator: nil,
            propagates: true, startedAt: Self.now, expiresAt: end)
        _ = try await world.store.begin(logout, ending: [session.thread], recording: Record("session.ended", at: Self.now)) { _ in
            LogoutPlan(.back)
        }
    }
}
