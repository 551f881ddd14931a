import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Vocabulary
import Web

/// The sandbox of a deployment that has `sandbox: true`: its keys lie in `sandbox/` beside the store, made at the first start.
enum SandboxKeeping {
    /// The name behind the platform's origin: issuer and entityID begin so.
    static let path = "/sandbox"

    static func sandbox(of configuration: Configuration, at now: Timestamp) throws -> Sandbox? {
        guard configuration.hasSandbox else { return nil }
        let folder = (configuration.store.path as NSString).deletingLastPathComponent + "/sandbox"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let base = configuration.baseURL + path
        guard let entityID = MemberID(base + "/saml/metadata") else { throw SandboxFault.name(base) }
        let saml = try kept("saml", in: folder) { () throws(KeyError) in try PrivateKey.generate(.rsa(bits: 2048)) }
        let certificate = try kept("saml.crt.pem", in: folder, mode: 0o644) {
            Array(PEM.encode(try self.certificate(of: saml, "messages", at: now), label: "CERTIFICATE").utf8)
        }
        return Sandbox(
            identityProvider: IdentityProvider(
                entityID: entityID, endpoints: Endpoints(base: base),
                signingKeys: SigningKeys(
                    try SAMLSigningKey(key: saml, certificate: try Certificate(pem: certificate).der, algorithm: .rsaPKCS1(.sha256)))),
            provider: Provider(
                issuer: base,
                signingKeys: try algorithms.map { name, algorithm, kind in
                    SigningKey(
                        keyID: "sandbox-" + name, algorithm: algorithm,
                        key: try kept(name, in: folder) { () throws(KeyError) in try PrivateKey.generate(kind) })
                }, scopes: configuration.openIDProvider.scopes
            ).with(nonces: configuration.openIDProvider.nonces, authorization: configuration.openIDProvider.authorization),
            samlStranger: try stranger(at: now),
            strangers: Provider(
                issuer: base,
                signingKeys: try algorithms.map { name, algorithm, kind in
                    SigningKey(keyID: "stranger-" + name, algorithm: algorithm, key: try PrivateKey.generate(kind))
                }))
    }

    private static let algorithms: [(String, JWSAlgorithm, KeyKind)] = [
        ("es256", .es256, .ec(.p256)), ("rs256", .rs256, .rsa(bits: 2048)), ("ps256", .ps256, .rsa(bits: 2048)),
        ("es384", .es384, .ec(.p384)), ("eddsa", .eddsa, .ed25519),
    ]

    private static func stranger(at now: Timestamp) throws -> SAMLSigningKey {
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        return try SAMLSigningKey(key: key, certificate: try certificate(of: key, "nobody", at: now), algorithm: .rsaPKCS1(.sha256))
    }

    private static func certificate(of key: PrivateKey, _ use: String, at now: Timestamp) throws(KeyError) -> [UInt8] {
        try SelfSigned.certificate(
            for: key, commonName: "Sekisho sandbox, proves nothing: " + use, notBefore: now.adding(seconds: -300),
            notAfter: now.adding(seconds: 10 * 365 * 86_400))
    }

    private static func kept(_ name: String, in folder: String, _ make: () throws(KeyError) -> PrivateKey) throws -> PrivateKey {
        try PrivateKey(pem: try kept(name + ".key.pem", in: folder, mode: 0o600) { try make().exportPEM() })
    }

    /// A file of the folder, made when there is none.
    private static func kept(_ name: String, in folder: String, mode: Int, _ make: () throws -> [UInt8]) throws -> [UInt8] {
        var random = SystemRandom()
        return try FirstFile.contents(of: folder + "/" + name, mode: mode, using: &random) { _ in try make() }.bytes
    }
}

private enum SandboxFault: Error, CustomStringConvertible {
    case name(String)

    var description: String {
        switch self {
        case .name(let base): "\(base) cannot be the name of a sandbox"
        }
    }
}
