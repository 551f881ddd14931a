import Cryptography
import Foundation
import Settings
import Vocabulary

struct Missing: Error {
    let what: String
}

/// A deployment folder of its own for each test, made by `Settings.initialise` once and copied; removed with the value.
final class Deployment {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Something in the repository itself.
    static func repository(_ name: String) -> URL { root.appendingPathComponent(name).resolvingSymlinksInPath() }

    static let development = DeploymentPlan(
        mode: .development, baseURL: "http://127.0.0.1:8080", listen: Endpoint(host: "127.0.0.1", port: 8080),
        tlsDoor: DeploymentPlan.Door(origin: "https://127.0.0.1:8443", listen: Endpoint(host: "127.0.0.1", port: 8443)))
    static let production = DeploymentPlan(
        mode: .production, baseURL: "https://login.example.jp", listen: Endpoint(host: "127.0.0.1", port: 8080),
        tlsDoor: DeploymentPlan.Door(origin: "https://card.example.jp", listen: Endpoint(host: "0.0.0.0", port: 8443)))

    private static let templates: [Mode: Result<String, any Error>] = [
        .development: Result { try template(development) }, .production: Result { try template(production) },
    ]

    private static func template(_ plan: DeploymentPlan) throws -> String {
        let path = fresh()
        _ = try Settings.initialise(path, plan, at: now)
        return path
    }

    static func fresh() -> String { NSTemporaryDirectory() + "/sekisho-settings-" + UUID().uuidString }

    let path: String

    init(_ mode: Mode = .development) throws {
        guard let template = Self.templates[mode] else { throw Missing(what: "template") }
        path = Self.fresh()
        try FileManager.default.copyItem(atPath: try template.get(), toPath: path)
    }

    /// An empty place, nothing made yet.
    init(emptyAt path: String) { self.path = path }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    /// Replaces text that has to be there once.
    func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try read(name)
        guard text.components(separatedBy: old).count == 2 else { throw Missing(what: "`\(old)` once in \(name)") }
        try write(name, text.replacingOccurrences(of: old, with: new))
    }

    /// The line, from 1, on which a text begins first.
    func line(of text: String, in name: String) throws -> Int {
        let whole = try read(name)
        guard let range = whole.range(of: text) else { throw Missing(what: "`\(text)` in \(name)") }
        return whole[..<range.lowerBound].utf8.count { $0 == 0x0a } + 1
    }

    func load(_ environment: [String: String] = [:], at now: Timestamp = now) throws -> Configuration {
        try Settings.load(path, environment: environment, at: now)
    }

    /// What is wrong, in the order it is told; empty when the folder is right.
    func problems(_ environment: [String: String] = [:], at now: Timestamp = now) -> [Problem] {
        do {
            _ = try Settings.load(path, environment: environment, at: now)
            return []
        } catch {
            return error.problems
        }
    }

    func codes() -> [String] { problems().map(\.code) }
}

extension Deployment {
    /// A SAML member with a key made for it.
    func addMinistry(_ name: String = "ministry", id: String = "https://ministry.example/sp", yaml: String = "") throws {
        try write("Metadata/members/\(name).xml", try Samples.metadata(id))
        try write("Metadata/members/\(name).yaml", Samples.ministry(id, metadata: name + ".xml") + yaml)
    }

    func addShop(_ name: String = "shop", id: String = "shop", openid: String = "") throws {
        try write("Metadata/members/\(name).yaml", try Samples.shop(id) + openid)
    }
}

enum Samples {
    private static let certificate: Result<[UInt8], any Error> = Result {
        try SelfSigned.certificate(
            for: try PrivateKey.generate(.ec(.p256)), commonName: "sample", notBefore: Deployment.now,
            notAfter: Deployment.now.adding(seconds: 86_400), dnsNames: [], ipAddresses: [])
    }

    static func metadata(_ id: String, location: String = "https://ministry.example/acs") throws -> String {
        """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
              <ds:X509Certificate>\(Base64.encode(try certificate.get()))</ds:X509Certificate>
            </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
            <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="\(location)"/>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>

        """
    }

    static func ministry(_ id: String, metadata: String) -> String {
        """
        id: \(id)
        kind: ministry
        names:
          ja: 見本省
          en: Sample Ministry
        accreditation:
          state: accredited
          not-before: 2026-04-01
          not-after: 2027-03-31
          purposes: [procedure]
        saml:
          metadata: \(metadata)

        """
    }

    static func shop(_ id: String) throws -> String {
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        guard let point = key.ecPoint else { throw Missing(what: "point") }
        return """
            id: \(id)
            kind: private-verifier
            names: {ja: 見本商店}
            accreditation:
              state: accredited
              not-before: 2026-04-01T00:00:00+09:00
              not-after: 2027-03-31T23:59:59Z
              purposes: [points, customer-login]
            default-purpose: points
            openid:
              redirect-uris: [https://shop.example/callback]
              authentication: private_key_jwt
              jwks: {keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}

            """
    }
}
