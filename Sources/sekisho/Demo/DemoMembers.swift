import Cryptography
import Foundation
import JOSE
import SampleParties
import Vocabulary

/// A member as its file in `Metadata/members` says it.
struct DemoMember {
    let id: String
    let kind: String
    let japanese: String
    let english: String
    let purpose: String
    /// Further lines of the accreditation, as YAML: `permissions: [face-terminals]`.
    var accreditation: [String] = []
    /// Further lines of the file: `sector: bank.example`.
    var more: [String] = []

    func text(_ protocolPart: String) -> String {
        let grants = (["purposes: [\(purpose)]"] + accreditation).joined(separator: ", ")
        return
            ([
                "id: \"\(id)\"", "kind: \(kind)", "names: {ja: \"\(japanese)\", en: \"\(english)\"}",
                "accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2099-03-31, \(grants)}",
            ] + more + [protocolPart]).joined(separator: "\n") + "\n"
    }
}

/// Writes members and what stands beside them into a deployment that does not run yet.
struct DemoMembers {
    /// `Metadata/members` of the deployment.
    let folder: String

    func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name)) }

    func register(_ service: SAMLService, _ member: DemoMember, as name: String) throws {
        try write(name + ".xml", service.metadata)
        try write(name + ".yaml", Array(member.text("saml:\n  metadata: \(name).xml").utf8))
    }

    func register(_ service: OpenIDService, _ member: DemoMember, key: SigningKey, later: Bool = false, as name: String) throws {
        let jwk = JWK(key.key.publicKey, keyID: key.keyID, algorithm: .es256).json
        try write(name + ".jwks.json", JSON.object([("keys", .array([jwk]))]).bytes)
        var lines = [
            "openid:", "  redirect-uris: [\"\(service.callback)\"]", "  authentication: private_key_jwt", "  jwks-file: \(name).jwks.json",
        ]
        if later { lines += ["  grants: [authorization_code, refresh_token]", "  scopes: [openid, offline_access]"] }
        try write(name + ".yaml", Array(member.text(lines.joined(separator: "\n")).utf8))
    }
}
