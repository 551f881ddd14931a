import Cryptography
import JOSE
import OpenID
import SAML
import Signals
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
        /// The same in both languages where it is a name, an address or a term of a standard.
        package let value: BothTongues
        package let mark: Mark
    }

    package private(set) var lines: [Line] = []

    private mutating func add(_ ja: String, _ en: String, _ value: BothTongues, _ mark: Line.Mark = .fact) {
        lines.append(Line(title: BothTongues(ja: ja, en: en), value: value, mark: mark))
    }

    private mutating func add(_ ja: String, _ en: String, _ value: String, _ mark: Line.Mark = .fact) {
        add(ja, en, BothTongues(ja: value, en: value), mark)
    }

    private mutating func add(_ ja: String, _ en: String, _ values: [String]) {
        for value in values.prefix(20) { add(ja, en, value) }
        if values.count > 20 {
            let rest = String(values.count - 20)
            add(ja, en, BothTongues(ja: "ほか" + rest + "件", en: rest + " more"))
        }
    }
}

extension Configuration {
    /// Nil where there is no such member.
    package func memberReport(of id: MemberID, at now: Timestamp) -> MemberReport? {
        guard let member = federation.anyMember(id) else { return nil }
        var report = MemberReport()
        if let provider = federation.serviceProvider(id) { report.tell(of: provider, at: identityProvider, now) }
        if let client = federation.client(id) { report.tell(of: client) }
        if let receiver = signalReceiver(id) { report.tell(of: receiver, isService: federation.client(id) == nil) }
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
        add("認定の開始日", "Accredited from", .day(accreditation.notBefore))
        add("認定の有効期限", "Accredited until", .day(accreditation.notAfter))
        add("利用目的", "Purposes", accreditation.purposes.map(\.text).sorted().joined(separator: ", "))
    }

    fileprivate mutating func tell(of provider: ServiceProvider, at own: IdentityProvider, _ now: Timestamp) {
        add("プロトコル", "Protocol", "SAML 2.0")
        add("entityID", "entityID", provider.entityID.text)
        add("応答の受信先URL", "Receives answers at", provider.consumers.map { $0.location + "  (" + Self.short($0.binding) + ")" })
        add("ログアウトの受信先URL", "Receives logouts at", provider.logoutServices.map { $0.location + "  (" + Self.short($0.binding) + ")" })
        add("署名の鍵", "Signing keys", provider.signingKeys.map(Self.words))
        if provider.signingKeys.isEmpty {
            add(
                "署名の鍵", "Signing keys",
                BothTongues(ja: "なし（リクエストとログアウトに署名できません）", en: "none: its requests and logouts cannot be signed"),
                provider.authnRequestsSigned ? .problem : .notice
            )
        }
        add("リクエストへの署名", "Signs its requests", .yesOrNo(provider.authnRequestsSigned))
        add("暗号化の鍵", "Encryption keys", provider.encryptionKeys.map { Self.words($0.key) })
        switch AssertionEncryption(for: provider) {
        case .clear: add("アサーション", "Assertions are sent", BothTongues(ja: "署名あり・暗号化なし", en: "signed, not encrypted"))
        case .encrypted(_, let content, let transport):
            add(
                "アサーション", "Assertions are sent",
                BothTongues(ja: "暗号化あり：\(content.rawValue)、\(transport.uri)", en: "encrypted: \(content.rawValue), \(transport.uri)"),
                content.isAuthenticated ? .fact : .notice)
        case .impossible(let gap): add("アサーション", "Assertions are sent", gap.explanation.summary, .problem)
        }
        let signer = own.signingKey(for: provider, at: now)
        add("こちらの署名の鍵", "We sign with", Self.words(signer.key.publicKey) + ", " + signer.identifier)
        if !own.signingKeys.suits(provider.signingWish, at: now) {
            add(
                "こちらの署名の鍵", "We sign with",
                BothTongues(ja: "相手のメタデータで宣言されていない署名方式です", en: "an algorithm that its metadata does not declare"), .problem)
        }
        if let end = provider.validUntil {
            add("メタデータの有効期限", "Metadata valid until", .day(end), end.seconds(since: now) < 30 * 86_400 ? .notice : .fact)
        }
        for (name, values) in provider.entityAttributes.sorted(by: { $0.key < $1.key }) {
            add("エンティティ属性", "Entity attribute", name + " = " + values.sorted().joined(separator: ", "))
        }
        add(
            "求める属性", "Asks for attributes",
            (provider.defaultAttributeService?.requested ?? []).map { $0.name + ($0.isRequired ? " (required, 必須)" : "") })
        if let authority = provider.registrationAuthority { add("登録機関", "Registered by", authority) }
    }

    /// `isService`: it speaks SAML, and has a credential for its events alone.
    fileprivate mutating func tell(of receiver: SignalReceiver, isService: Bool) {
        add("受け取るイベント", "Security events", receiver.terms.events.map(\.word).sorted())
        add("イベントの送信先URL", "Events are pushed to", receiver.terms.endpoints.sorted())
        if let encryption = receiver.client.signals?.encryption {
            add("イベントの暗号化方式", "Events encrypted with", encryption.algorithm.rawValue + ", " + encryption.content.rawValue)
        }
        guard isService else { return }
        add("イベントを受け取るときの認証", "Authentication for its events", receiver.client.authentication.method)
        add("イベントを受け取るときの鍵", "Keys for its events", (receiver.client.keys?.keys ?? []).map { ($0.keyID ?? "-") + "  " + Self.words($0) })
    }

    fileprivate mutating func tell(of client: Client) {
        add("プロトコル", "Protocol", "OpenID Connect, profile " + client.profile.rawValue)
        add("client_id", "client_id", client.id.text)
        add("リダイレクト先のURL", "Redirect URIs", client.redirectURIs.sorted())
        add("ログアウト後の戻り先URL", "Redirect URIs after a logout", client.postLogoutRedirectURIs.sorted())
        if let address = client.backchannelLogoutURI { add("ログアウト通知の送信先URL", "Back-channel logout URI", address) }
        add("クライアント認証", "Client authentication", client.authentication.method)
        add("鍵", "Keys", (client.keys?.keys ?? []).map { ($0.keyID ?? "-") + "  " + Self.words($0) })
        add("IDトークンの署名方式", "ID tokens signed with", client.idTokenAlgorithm.rawValue)
        if let encryption = client.idTokenEncryption {
            add("IDトークンの暗号化方式", "ID tokens encrypted with", encryption.algorithm.rawValue + ", " + encryption.content.rawValue)
        }
        add("PKCE", "PKCE", client.requiresPKCE ? BothTongues(ja: "必須", en: "required") : BothTongues(ja: "任意", en: "optional"))
        add("スコープ", "Scopes", client.scopes.sorted().joined(separator: " "))
        add("グラントタイプ", "Grant types", client.grants.map(\.rawValue).sorted().joined(separator: " "))
        if case .clientSecretPost = client.authentication {
            add(
                "クライアント認証", "Client authentication",
                BothTongues(
                    ja: "シークレットを本文で送信します。private_key_jwt を推奨します。", en: "sends a secret in the form; private_key_jwt is recommended"),
                .notice)
        }
    }

    private static func short(_ binding: String) -> String { String(binding.split(separator: ":").last ?? "") }

    private static func words(_ key: PublicKey) -> String {
        switch key.kind {
        case .rsa(let bits): "RSA \(bits) bit"
        case .ec(let curve): "EC \(curve)"
        case .ed25519: "Ed25519"
        case .x25519: "X25519"
        }
    }

    private static func words(_ key: JWK) -> String { key.algorithm?.rawValue ?? "any algorithm" }
}
