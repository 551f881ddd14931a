import Credentials
import Cryptography
import Foundation
import JOSE
import Logging
import OpenID
import Outbound
import SAML
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML
import XMLSecurity

/// One deployment with members that are told without a browser, made once through the front doors.
struct LogoutWorld: Sendable {
    static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)
    static let clinic = "https://clinic.example.jp/sp"
    static let clinicSOAP = "https://clinic.example.jp/soap"
    static let surgery = "https://surgery.example.jp/sp"
    static let surgerySOAP = "https://surgery.example.jp/soap"
    static let cafe = "RP00000003"
    static let cafeBackchannel = "https://cafe.example.jp/backchannel"

    let configuration: Configuration
    /// Signs for every member.
    let key: PrivateKey

    static func shared() async throws -> LogoutWorld { try await made.value }

    private static let made = Task {
        let folder = path()
        var random = SystemRandom()
        let simulator = try await Simulator.make(
            at: path(), cards: TestCard.all(at: now).filter { $0.handle == "hanako" }, at: now, using: &random)
        _ = try Settings.initialise(
            folder,
            DeploymentPlan(mode: .development, baseURL: "https://login.example.jp", listen: Endpoint(host: "127.0.0.1", port: 8080)),
            at: now)
        for file in try simulator.deployment() { try write(file.bytes, folder + "/Keys/" + file.name) }
        let key = try PrivateKey.generate(.ec(.p256))
        let point = try #require(key.publicKey.ecPoint)
        let jwks = "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
        for (name, id, soap) in [("clinic", clinic, clinicSOAP), ("surgery", surgery, surgerySOAP)] {
            try write(Array(metadata(id, soap, key).utf8), folder + "/Metadata/members/\(name).xml")
            try write(Array(member(id, "saml:\n  metadata: \(name).xml\n").utf8), folder + "/Metadata/members/\(name).yaml")
        }
        let openID =
            "openid:\n  redirect-uris: [\"https://cafe.example.jp/cb\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n"
            + "  backchannel-logout-uri: \"\(cafeBackchannel)\"\n"
        try write(Array(member(cafe, openID).utf8), folder + "/Metadata/members/cafe.yaml")
        return LogoutWorld(configuration: try Settings.load(folder, at: now), key: key)
    }

    private static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-logout-" + UUID().uuidString).path
    }

    private static func write(_ bytes: [UInt8], _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    private static func member(_ id: String, _ rest: String) -> String {
        """
        id: "\(id)"
        kind: private-verifier
        names: {ja: "見本"}
        accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2027-03-31, purposes: [points]}
        \(rest)
        """
    }

    private static func metadata(_ id: String, _ soap: String, _ key: PrivateKey) throws -> String {
        let certificate = try SelfSigned.certificate(for: key, commonName: "m", notBefore: now, notAfter: now.adding(seconds: 86_400))
        let bindings = "urn:oasis:names:tc:SAML:2.0:bindings:"
        return """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                  <ds:X509Certificate>\(Base64.encode(certificate))</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                <md:SingleLogoutService Binding="\(bindings)SOAP" Location="\(soap)"/>
                <md:AssertionConsumerService index="0" Binding="\(bindings)HTTP-POST" Location="\(id)/acs"/>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
    }
}

/// A store, a clock that the test turns, and members that answer as the test says.
final class LogoutScene: Sendable {
    typealias Answering = @Sendable (LogoutScene, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    let world: LogoutWorld
    let store: SQLiteStore
    let path: String
    let time = Published(LogoutWorld.now)
    private let sent = Mutex<[OutboundRequest]>([])
    private let answering: Mutex<Answering>

    init(_ answering: @escaping Answering = LogoutScene.well) async throws {
        world = try await LogoutWorld.shared()
        path = FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-courier-" + UUID().uuidString + ".sqlite").path
        store = try SQLiteStore(path: path, durability: .normal)
        self.answering = Mutex(answering)
    }

    deinit { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }

    var now: Timestamp { time.current }
    func pass(_ seconds: Int64) { time.replace(now.adding(seconds: seconds)) }
    func answers(_ new: @escaping Answering) { answering.withLock { $0 = new } }
    var requests: [OutboundRequest] { sent.withLock { $0 } }
    func requests(to address: String) -> [OutboundRequest] { requests.filter { $0.address.description == address } }

    func courier(on other: SQLiteStore? = nil) -> LogoutCourier {
        let (configuration, time) = (world.configuration, time)
        return LogoutCourier(
            store: other ?? store, configuration: { configuration }, clock: { time.current },
            logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() },
            send: { [self] (_, request) throws(OutboundRefusal) in
                sent.withLock { $0.append(request) }
                return try await answering.withLock { $0 }(self, request)
            })
    }

    /// A citizen's session with these members, ended.
    func begun(_ members: [String], origin: Logout.Origin = .ownPage, seed: UInt8 = 1) async throws -> Logout {
        let session = try self.session(seed)
        try await store.start(session, replacing: nil, expires: now.adding(seconds: 28_800))
        for member in members { try await join(session, member) }
        let federation = world.configuration.federation
        let logout = Logout(
            id: try #require(LogoutID("logout-0000000000-\(seed)")), browser: [1], origin: origin, message: [], initiator: nil,
            propagates: true, startedAt: now, expiresAt: now.adding(seconds: Logout.lifetime))
        _ = try await store.begin(logout, ending: [session.thread], recording: Record("session.ended", at: now)) {
            federation.logoutPlan(for: $0, at: self.now)
        }
        return logout
    }

    func session(_ seed: UInt8) throws -> Session {
        Session(
            id: try #require(SessionID([UInt8](repeating: seed, count: 32))), subject: try #require(SubjectID("subject-of-hanako-\(seed)")),
            authentications: [
                SessionAuthentication(
                    restored: AssuranceFacts(
                        mode: .pin, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .crl, statusAt: now,
                        authenticatedAt: now), certificate: CertificateIdentity(issuer: "aa", serial: "01"), terminal: nil)
            ], createdAt: now, lastSeenAt: now, indexSeed: [UInt8](repeating: seed, count: 32))
    }

    func join(_ session: Session, _ member: String) async throws {
        let id = try #require(MemberID(member))
        let name: MemberName =
            member == LogoutWorld.cafe
            ? .subject("hanako-at-the-cafe") : .nameID("hanako-at-" + member, format: nil, nameQualifier: nil, spNameQualifier: member)
        _ = try await store.join(
            Joining(
                tie: session.tie, subject: session.subject, member: id, name: name, sessionIndex: session.tie.index(for: id), at: now,
                expiresAt: now.adding(seconds: 28_800)), recording: Record("signon.granted", at: now))
    }

    func results(_ logout: Logout) async throws -> [String: String] {
        let progress = try #require(try await store.progress(of: logout.id, at: now))
        return Dictionary(
            uniqueKeysWithValues: progress.legs.map { ($0.member.text, $0.state.rawValue + ($0.reason.map { " " + $0.rawValue } ?? "")) })
    }

    /// Until a running courier has told the member: a busy machine may take longer than a request waits. Gives up before a slow member answers.
    func wait(for member: String, in logout: Logout) async throws {
        for _ in 0..<200 where try await results(logout)[member] != "ended" { try await Task.sleep(for: .milliseconds(100)) }
    }

    // MARK: - Members

    /// Each member proves what it got as its protocol says, and ends its session.
    static let well: Answering = { (scene, request) throws(OutboundRefusal) in
        do {
            return request.address.description == LogoutWorld.cafeBackchannel
                ? try scene.cafe(request) : try scene.soap(request, "Success")
        } catch {
            Issue.record("a member could not read its message: \(error)")
            throw .failed(what: "test")
        }
    }

    func cafe(_ request: OutboundRequest) throws -> OutboundAnswer {
        let form = String(decoding: request.body, as: UTF8.self)
        try #require(form.hasPrefix("logout_token="))
        let keys = try JWKSet(reading: world.configuration.openIDProvider.jwks(at: now))
        let token = try UnverifiedJWS(compact: String(form.dropFirst(13))).verified(by: keys.keys, allowed: [.es256])
        let claims = try JSON(reading: token.payload)
        #expect(token.type == "logout+jwt")
        #expect(claims["sub"]?.string == "hanako-at-the-cafe")
        return try answer(request, 200, [])
    }

    func soap(
        _ request: OutboundRequest, _ status: String, signed: Bool = true, from member: String? = nil, inResponseTo: String? = nil
    ) throws -> OutboundAnswer {
        let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let body = try SOAPEnvelope.body(of: request.body)
        let ours = world.configuration.identityProvider.signingKey(at: now).key.publicKey
        let asked = try EnvelopedSignature.verify(body, keys: [ours]).element
        #expect(asked.name.local == "LogoutRequest")
        let address = request.address.description
        #expect(asked.attribute("Destination") == address)
        #expect(request.headers.contains { $0.name == "SOAPAction" && $0.value == "\"http://www.oasis-open.org/committees/security\"" })
        let own = address == LogoutWorld.clinicSOAP ? LogoutWorld.clinic : LogoutWorld.surgery
        #expect(asked.child(XMLName(saml, "NameID"))?.text == "hanako-at-" + own)
        #expect(asked.child(XMLName(saml, "NameID"))?.attribute("Format") == nil, "absent stays absent")
        let code = XMLTag(
            "samlp", samlp, "StatusCode", attributes: [("Value", "urn:oasis:names:tc:SAML:2.0:status:" + status)])
        var random = SystemRandom()
        let response = XMLTag(
            "samlp", samlp, "LogoutResponse",
            attributes: [
                ("ID", "_" + Hexadecimal.encode(random.bytes(16))), ("Version", "2.0"), ("IssueInstant", now.text),
                ("InResponseTo", inResponseTo ?? asked.attribute("ID") ?? ""),
            ],
            children: [
                .element(XMLTag("saml", saml, "Issuer", text: member ?? own)),
                .element(XMLTag("samlp", samlp, "Status", children: [.element(code)])),
            ])
        let sent = signed ? try XMLSigner(key: world.key, algorithm: .ecdsa(.sha256)).sign(response) : response
        return try answer(request, 200, SOAPEnvelope.wrap(sent))
    }

    func answer(_ request: OutboundRequest, _ status: Int, _ body: [UInt8]) throws -> OutboundAnswer {
        OutboundAnswer(status: status, headers: [], body: body, address: request.address)
    }
}
