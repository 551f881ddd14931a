import Cryptography
import JOSE
import OpenID
import SAML
import TrustFramework
package import Vocabulary
import XMLSecurity

/// What is to be known of a member's registration before somebody approves it, in plain words: how it is reached, which keys it has, how it will
/// be answered, when things end, and what its operator should know.
package struct MemberReport: Sendable {
    package struct Line: Sendable {
        package enum Mark: String, Sendable {
            case fact, notice, problem
        }

        package let title: BothTongues
        package let value: String
        package let mark: Mark
    }

    package private(set) var lines: [Line] = []

    private mutating func add(_ ja: String, _ en: String, _ value: String, _ mark: Line.Mark = .fact) {
        lines.append(Line(title: BothTongues(ja: ja, en: en), value: value, mark: mark))
    }

    private mutating func add(_ ja: String, _ en: String, _ values: [String]) {
        for value in values.prefix(20) { add(ja, en, value) }
        if values.count > 20 { add(ja, en, "… " + String(values.count - 20)) }
    }
}

extension Configuration {
    /// Nil where there is no such member.
    package func memberReport(of id: MemberID, at now: Timestamp) -> MemberReport? {
        guard let member = federation.anyMember(id) else { return nil }
        var report = MemberReport()
        if let provider = federation.serviceProvider(id) { report.tell(of: provider, at: identityProvider, now) }
        if let client = federation.client(id) { report.tell(of: client) }
        report.tell(of: member.accreditation)
        let file = federation.place(of: id)?.file
        for notice in notices where notice.file == file {
            report.tell(of: notice)
        }
        return report
    }
}

extension MemberReport {
    fileprivate mutating func tell(of problem: Problem) {
        add("注意", "Notice", problem.message + " [" + problem.code + "]; " + problem.remedy, .notice)
    }

    fileprivate mutating func tell(of accreditation: Accreditation) {
        add("認定の始まり", "Accredited from", accreditation.notBefore.text)
        add("認定の終わり", "Accredited until", accreditation.notAfter.text)
        add("目的", "Purposes", accreditation.purposes.map(\.text).sorted().joined(separator: ", "))
    }

    fileprivate mutating func tell(of provider: ServiceProvider, at own: IdentityProvider, _ now: Timestamp) {
        add("方式", "Protocol", "SAML 2.0")
        add("entityID", "entityID", provider.entityID.text)
        add("応答を受け取る住所", "Takes answers at", provider.consumers.map { $0.location + "  (" + Self.short($0.binding) + ")" })
        add("ログアウトを受け取る住所", "Takes logouts at", provider.logoutServices.map { $0.location + "  (" + Self.short($0.binding) + ")" })
        add("署名の鍵", "Signing keys", provider.signingKeys.map(Self.words))
        if provider.signingKeys.isEmpty {
            add(
                "署名の鍵", "Signing keys", "none: its requests and logouts cannot be signed", provider.authnRequestsSigned ? .problem : .notice
            )
        }
        add("要求に署名する", "Signs its requests", provider.authnRequestsSigned ? "yes" : "no")
        add("暗号化の鍵", "Encryption keys", provider.encryptionKeys.map { Self.words($0.key) })
        switch AssertionEncryption(for: provider) {
        case .clear: add("アサーション", "Assertions travel", "signed, not encrypted")
        case .encrypted(_, let content, let transport):
            add(
                "アサーション", "Assertions travel", "encrypted: \(content.rawValue), \(transport)",
                content.isAuthenticated ? .fact : .notice)
        case .impossible(let gap): add("アサーション", "Assertions travel", gap.explanation.summary, .problem)
        }
        let signer = own.signingKey(for: provider, at: now)
        add("私たちの署名", "We sign with", Self.words(signer.key.publicKey) + ", " + signer.identifier)
        if !own.signingKeys.suits(provider.signingWish, at: now) {
            add("私たちの署名", "We sign with", "an algorithm that its metadata does not declare", .problem)
        }
        if let end = provider.validUntil {
            add("メタデータの有効期限", "Metadata valid until", end.text, end.seconds(since: now) < 30 * 86_400 ? .notice : .fact)
        }
        for (name, values) in provider.entityAttributes.sorted(by: { $0.key < $1.key }) {
            add("区分", "Entity attribute", name + " = " + values.sorted().joined(separator: ", "))
        }
        add(
            "求める属性", "Asks for attributes",
            (provider.defaultAttributeService?.requested ?? []).map { $0.name + ($0.isRequired ? " (required)" : "") })
        if let authority = provider.registrationAuthority { add("登録機関", "Registered by", authority) }
    }

    fileprivate mutating func tell(of client: Client) {
        add("方式", "Protocol", "OpenID Connect, profile " + client.profile.rawValue)
        add("client_id", "client_id", client.id.text)
        add("戻り先の住所", "Redirect addresses", client.redirectURIs.sorted())
        add("ログアウト後の住所", "After a logout", client.postLogoutRedirectURIs.sorted())
        if let address = client.backchannelLogoutURI { add("ログアウトの通知先", "Told of logouts at", address) }
        add("自分の証明", "Authenticates by", client.authentication.method)
        add("鍵", "Keys", (client.keys?.keys ?? []).map { ($0.keyID ?? "-") + "  " + Self.words($0) })
        add("IDトークンの署名", "ID tokens signed with", client.idTokenAlgorithm.rawValue)
        if let encryption = client.idTokenEncryption {
            add("IDトークンの暗号化", "ID tokens encrypted by", encryption.algorithm.rawValue + ", " + encryption.content.rawValue)
        }
        add("PKCE", "PKCE", client.requiresPKCE ? "required" : "optional")
        add("範囲", "Scopes", client.scopes.sorted().joined(separator: " "))
        add("許可の種類", "Grants", client.grants.map(\.rawValue).sorted().joined(separator: " "))
        if case .clientSecretPost = client.authentication {
            add("自分の証明", "Authenticates by", "a secret in the form: private_key_jwt is better", .notice)
        }
    }

    private static func short(_ binding: String) -> String { String(binding.split(separator: ":").last ?? "") }

    private static func words(_ key: PublicKey) -> String {
        switch key.kind {
        case .rsa(let bits): "RSA, \(bits) bits"
        case .ec(let curve): "EC, \(curve)"
        case .ed25519: "Ed25519"
        }
    }

    private static func words(_ key: JWK) -> String { key.algorithm?.rawValue ?? "any algorithm" }
}
