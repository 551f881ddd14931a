import OpenID
import SAML
import Settings
import TrustFramework
import Vocabulary

/// The form that registers a member, or writes its registration anew: its fields, and what they make. Everything typed comes back with a
/// refusal (checklist H7).
struct MemberForm: Sendable {
    enum Speech: String, Sendable, CaseIterable {
        case saml, openid

        var words: Words {
            switch self {
            case .saml: Words(verbatim: "SAML 2.0")
            case .openid: Words(verbatim: "OpenID Connect")
            }
        }
    }

    /// As typed; uploads and fetched documents are in `metadata` by then.
    private(set) var values: [String: String]

    static let names = [
        "protocol", "id", "kind", "name-ja", "name-en", "purposes", "attributes", "not-before", "not-after", "contact-name", "contact-mail",
        "contact-telephone", "security-name", "security-mail", "metadata", "metadata-url", "redirect-uris", "authentication", "keys",
        "secret-sha256", "profile", "id-token-algorithm", "post-logout-redirect-uris", "backchannel-logout-uri",
    ]

    init(_ form: ConsoleForm) {
        values = [:]
        for name in Self.names { values[name] = form.text(name) }
        if let file = form.text("metadata-file") { values["metadata"] = file }
    }

    init(_ speech: Speech, today: String, nextYear: String) {
        values = [
            "protocol": speech.rawValue, "kind": MemberKind.ministry.rawValue, "not-before": today, "not-after": nextYear,
            "authentication": "private_key_jwt", "profile": "core", "id-token-algorithm": "ES256",
        ]
    }

    subscript(name: String) -> String { values[name] ?? "" }

    var speech: Speech { Speech(rawValue: self["protocol"]) ?? .saml }
    var fields: [(String, String)] { Self.names.compactMap { name in values[name].map { (name, $0) } } }

    mutating func set(_ name: String, _ value: String?) { values[name] = value }

    mutating func take(metadata: [UInt8]) {
        values["metadata"] = String(decoding: metadata, as: UTF8.self)
        values["metadata-url"] = nil
    }

    /// Words, divided by blanks or commas.
    private func words(_ name: String) -> [String] { self[name].split { ", \t\r\n、".contains($0) }.map(String.init) }

    private func lines(_ name: String) -> [String] { self[name].split(whereSeparator: \.isWhitespace).map(String.init) }

    /// What is typed, as a member; or the first thing that is missing.
    func draft(isDevelopment: Bool) -> Result<MemberDraft, Missing> {
        guard let kind = MemberKind(rawValue: self["kind"]) else {
            return .failure(Missing("kind", Words("種類を選んでください。", "Choose a kind.")))
        }
        var names: [String: String] = [:]
        if let name = values["name-ja"] { names["ja"] = name }
        if let name = values["name-en"] { names["en"] = name }
        guard !names.isEmpty else { return .failure(Missing("name-ja", Words("名称を入力してください。", "Enter its name."))) }
        let speech: MemberDraft.Speech
        var id = MemberID(self["id"])
        switch self.speech {
        case .saml:
            guard let metadata = values["metadata"] else {
                return .failure(Missing("metadata", Words("メタデータを貼り付けるか、ファイルを選んでください。", "Paste the metadata, or choose its file.")))
            }
            let bytes = Array(metadata.utf8)
            // Who it is stands in the document; what is wrong with it is told by the reader of members' files.
            if id == nil { id = (try? ServiceProvider.read(metadata: bytes, development: isDevelopment))?.first?.entityID }
            if id == nil { id = MemberID("https://metadata.invalid/") }
            speech = .saml(bytes)
        case .openid:
            guard let method = ClientAuthentication.Method(rawValue: self["authentication"]),
                let profile = ClientProfile(rawValue: self["profile"])
            else { return .failure(Missing("authentication", Words("クライアント認証の方法を選んでください。", "Choose how it authenticates."))) }
            speech = .openID(
                OpenIDDraft(
                    redirectURIs: lines("redirect-uris"), authentication: method, keys: Array(self["keys"].utf8),
                    secretDigest: values["secret-sha256"], profile: profile, idTokenAlgorithm: self["id-token-algorithm"],
                    postLogoutRedirectURIs: lines("post-logout-redirect-uris"), backchannelLogoutURI: values["backchannel-logout-uri"]))
        }
        guard let id else { return .failure(Missing("id", Words("client_id を入力してください。", "Enter the client_id."))) }
        return .success(
            MemberDraft(
                id: id, kind: kind, names: names, contacts: contacts, purposes: words("purposes"), notBefore: self["not-before"],
                notAfter: self["not-after"], attributes: values["attributes"] == nil ? nil : words("attributes"), speech: speech))
    }

    struct Missing: Error {
        let field: String
        let words: Words

        init(_ field: String, _ words: Words) {
            self.field = field
            self.words = words
        }
    }

    private var contacts: [MemberContact] {
        var found: [MemberContact] = []
        if let name = values["contact-name"] {
            found.append(
                MemberContact(role: .technical, name: name, mail: values["contact-mail"], telephone: values["contact-telephone"]))
        }
        if let name = values["security-name"] {
            found.append(MemberContact(role: .security, name: name, mail: values["security-mail"], telephone: nil))
        }
        return found
    }
}

extension MemberForm {
    /// The controls, with what was typed; `missing` is tied to its field.
    func show(_ missing: Missing?, _ page: inout Markup) {
        func line(_ name: String, _ label: Words, _ hint: Words? = nil, kind: FormField.Kind = .line, required: Bool = false) -> FormField {
            FormField(
                name, label, kind: kind, value: self[name], hint: hint, error: missing?.field == name ? missing?.words : nil,
                isRequired: required)
        }
        page.heading(2, Words("登録する機関", "Who is registered"))
        page.field(
            line(
                "kind", Words("種類", "Kind"),
                kind: .choice(MemberKind.allCases.map { (value: $0.rawValue, label: $0.words) }, isOpen: false), required: true))
        page.field(line("name-ja", Words("日本語の名称", "Name in Japanese"), required: true))
        page.field(line("name-en", Words("英語の名称", "Name in English")))
        page.field(
            line(
                "purposes", Words("利用目的", "Purposes"),
                Words("規則で使うコードを空白で区切って入力してください。例：procedure", "Codes used in the rules, separated by spaces. For example: procedure"),
                required: true))
        page.field(
            line(
                "attributes", Words("提供できる属性の上限", "Attributes it may receive at most"),
                Words("空欄の場合は、規則が許す範囲とします。例：pin-used name", "Empty: whatever the rules release. For example: pin-used name")))
        page.field(line("not-before", Words("認定の開始日", "Accredited from"), kind: .date, required: true))
        page.field(line("not-after", Words("認定の有効期限", "Accredited until"), kind: .date, required: true))
        page.field(line("contact-name", Words("技術担当者の氏名", "Technical contact: name")))
        page.field(line("contact-mail", Words("技術担当者のメールアドレス", "Technical contact: email"), kind: .email))
        page.field(line("contact-telephone", Words("技術担当者の電話番号", "Technical contact: telephone")))
        page.field(line("security-name", Words("セキュリティ担当者の氏名", "Security contact: name")))
        page.field(line("security-mail", Words("セキュリティ担当者のメールアドレス", "Security contact: email"), kind: .email))
        page.heading(2, speech.words)
        switch speech {
        case .saml: saml(line, &page)
        case .openid: openID(line, &page)
        }
    }

    private typealias Line = (String, Words, Words?, FormField.Kind, Bool) -> FormField

    private func saml(_ line: Line, _ page: inout Markup) {
        page.paragraph { page in
            page.open("label", [("for", "f-metadata-file")])
            page.words(Words("メタデータのファイル", "Metadata file"))
            page.close("label")
        }
        page.paragraph { page in
            page.open(
                "input",
                [("id", "f-metadata-file"), ("name", "metadata-file"), ("type", "file"), ("accept", ".xml,application/xml,text/xml")])
        }
        page.field(
            line(
                "metadata-url", Words("またはメタデータのURL", "Or its URL"),
                Words("このプラットフォームが一度だけ取得します。", "The platform fetches it once."), .address, false))
        page.field(line("metadata", Words("またはメタデータを貼り付ける", "Or paste it"), nil, .text(rows: 10), false))
    }

    private func openID(_ line: Line, _ page: inout Markup) {
        page.field(line("id", Words(verbatim: "client_id"), nil, .line, true))
        page.field(
            line(
                "redirect-uris", Words("リダイレクト先のURL", "Redirect URIs"), Words("1行に1つ入力してください。", "One per line"), .text(rows: 3), true))
        page.field(
            line(
                "authentication", Words("クライアント認証の方法", "Client authentication"), nil,
                .choice(
                    [ClientAuthentication.Method.privateKeyJWT, .clientSecretBasic, .clientSecretPost].map {
                        (value: $0.rawValue, label: $0.words)
                    }, isOpen: false), true))
        page.field(line("keys", Words("公開鍵（JWK Set）", "Public keys (JWK Set)"), nil, .text(rows: 6), false))
        page.field(
            line(
                "secret-sha256", Words("クライアントシークレットの SHA-256", "SHA-256 of its client secret"),
                Words("シークレット自体は入力しないでください。", "Never enter the secret itself."), .line, false))
        page.field(
            line(
                "profile", Words("プロファイル", "Profile"), nil,
                .choice(ClientProfile.allCases.map { (value: $0.rawValue, label: $0.words) }, isOpen: false), true))
        page.field(
            line(
                "id-token-algorithm", Words("IDトークンの署名方式", "ID tokens signed with"), nil,
                .choice(Client.idTokenAlgorithmNames.map { (value: $0, label: Words(verbatim: $0)) }, isOpen: false), true))
        page.field(
            line(
                "post-logout-redirect-uris", Words("ログアウト後の戻り先URL", "Redirect URIs after a logout"),
                Words("1行に1つ入力してください。", "One per line"),
                .text(rows: 2), false))
        page.field(line("backchannel-logout-uri", Words("ログアウト通知の送信先URL", "Back-channel logout URI"), nil, .address, false))
    }
}

extension MemberKind {
    var words: Words {
        switch self {
        case .ministry: Words("国の機関", "ministry or agency")
        case .localGovernment: Words("地方公共団体", "local government")
        case .privateVerifier: Words("署名検証者（大臣認定）", "accredited private verifier")
        case .platformOperator: Words("プラットフォーム事業者", "platform operator")
        case .servedFirm: Words("プラットフォーム事業者を利用する事業者", "firm served by a platform operator")
        case .identityProvider: Words("認証を行う機関", "identity provider")
        }
    }
}
