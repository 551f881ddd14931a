import Cryptography
import Foundation
import HTTPTypes
import Hummingbird
import JOSE
import Logging
import NIOCore
import NIOEmbedded
import OpenID
import SQLiteStores
import Settings
import Testing
import Vocabulary
import Web

/// A deployment whose clients show certificates, with the keys they hold: one client per method.
struct ClientsWorld {
    static let shared = Task { try await ClientsWorld() }
    static let origin = "https://mtls.login.example.jp"
    static let proxy = "192.0.2.7"

    let folder: String
    let configuration: Configuration
    let parties: Parties
    private let own: PrivateKey
    private let ownCertificate: [UInt8]
    let stranger: (key: PrivateKey, certificate: [UInt8])

    private init() async throws {
        let world = try await World.shared()
        parties = world.parties
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-web-mtls-" + UUID().uuidString).path
        let plan = DeploymentPlan(mode: .development, baseURL: World.base, listen: Endpoint(host: "127.0.0.1", port: 8080))
        _ = try Settings.initialise(folder, plan, at: World.now)
        (own, ownCertificate) = try Self.pair("Portal")
        let other = try Self.pair("Stranger")
        stranger = (other.0, other.1)
        try Self.write(Self.pair("mtls.login.example.jp", names: ["mtls.login.example.jp"]), to: folder)
        let settings = """
            openid:
              mutual-tls:
                base-url: \(Self.origin)
                listen: {host: 127.0.0.1, port: 0}
                certificate-profile: login
                forwarded-certificate: {from: [\(Self.proxy)]}

            """
        let file = folder + "/sekisho.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8).replacingOccurrences(of: "#  refresh-tokens: false", with: settings)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let point = try #require(parties.key.key.publicKey.ecPoint)
        let jwks = "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
        let digest = Hexadecimal.encode(Digest.sha256(ownCertificate))
        for (name, lines) in [
            ("pinned", "authentication: self_signed_tls_client_auth\n  certificates-sha256: [\"\(digest)\"]"),
            ("named", "authentication: tls_client_auth\n  tls-client-auth: {subject-dn: CN=Portal}"),
            ("signing", "authentication: private_key_jwt\n  jwks: \(jwks)"),
        ] {
            let member = Parties.member(
                name, "private-verifier", name, "points", "openid:\n  redirect-uris: [\"https://\(name).example/cb\"]\n  \(lines)\n")
            try Data(member.utf8).write(to: URL(fileURLWithPath: folder + "/Metadata/members/\(name).yaml"))
        }
        configuration = try Settings.load(folder, at: World.now)
    }

    static func pair(_ name: String, names: [String] = []) throws -> (PrivateKey, [UInt8]) {
        let key = try PrivateKey.generate(.ec(.p256))
        return (
            key,
            try SelfSigned.certificate(
                for: key, commonName: name, notBefore: World.now.adding(seconds: -86_400 * 400),
                notAfter: World.now.adding(seconds: 86_400 * 400), dnsNames: names)
        )
    }

    /// The listener's own pair.
    static func write(_ pair: (PrivateKey, [UInt8]), to folder: String) throws {
        try Data(pair.0.exportPEM()).write(to: URL(fileURLWithPath: folder + "/Keys/mutual-tls.key.pem"))
        try Data(PEM.encode(pair.1, label: "CERTIFICATE").utf8).write(to: URL(fileURLWithPath: folder + "/Keys/mutual-tls.crt.pem"))
    }

    var certificate: [UInt8] { ownCertificate }

    /// Arguments for `openssl s_client`.
    func arguments(ofStranger: Bool = false) throws -> [String] {
        let (key, certificate) = ofStranger ? (stranger.key, stranger.certificate) : (own, ownCertificate)
        let stem = folder + (ofStranger ? "/stranger" : "/portal")
        try Data(key.exportPEM()).write(to: URL(fileURLWithPath: stem + ".key"))
        try Data(PEM.encode(certificate, label: "CERTIFICATE").utf8).write(to: URL(fileURLWithPath: stem + ".crt"))
        return ["-cert", stem + ".crt", "-key", stem + ".key"]
    }

    func platform(
        _ configuration: Published<Configuration>? = nil, store: SQLiteStore? = nil,
        judge: @escaping PresentedCertificate.Judge = { _, _, profile, _ in profile == "login" ? .trusted : .refused("another profile") }
    ) async throws -> Platform {
        let house = try await House.ordinary()
        return Platform(
            configuration: configuration ?? Published(self.configuration),
            stores: try store ?? SQLiteStore(path: World.database(), durability: .normal), cards: house.platform.cards,
            clock: { World.now }, logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }, judge: judge)
    }

    /// A request that any client may make and nobody else: a revocation of a token that is not there.
    static func form(_ client: String) -> String { "client_id=\(client)&token=none" }

    func assertion(_ audience: String, jti: String = "j") throws -> String {
        let text = try parties.key.signed(
            [
                "iss": "signing", "sub": "signing", "aud": .string(audience), "iat": .integer(World.now.seconds),
                "exp": .integer(World.now.seconds + 60), "jti": .string(jti),
            ], type: "JWT")
        return "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" + text
            + "&token=none"
    }
}

extension Platform {
    func get(_ path: String) async throws -> Answer { try await post(path, "", method: .get) }

    /// Through the main listener's router, from a peer at this address.
    func post(
        _ path: String, _ body: String, _ headers: [(String, String)] = [], from peer: String = "198.51.100.1",
        method: HTTPRequest.Method = .post
    ) async throws -> Answer {
        let channel = NIOAsyncTestingChannel()
        channel.remoteAddress = try SocketAddress(ipAddress: peer, port: 50_000)
        let context = DoorContext(
            source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }))
        var fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        for (name, value) in headers { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        let request = Request(
            head: HTTPRequest(method: method, scheme: "https", authority: "login.example.jp", path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let response = try await Doors.main(self).buildResponder().respond(to: request, context: context)
        let bytes = Published<[UInt8]>([])
        try await response.body.write(BodyCollector(bytes: bytes))
        return Answer(status: response.status.code, headers: response.headers, body: bytes.current)
    }
}

private struct BodyCollector: ResponseBodyWriter {
    let bytes: Published<[UInt8]>

    mutating func write(_ buffer: ByteBuffer) async throws { bytes.replace(bytes.current + Array(buffer: buffer)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
