import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Plain words for what machines call by a code, for those who look after them. The code stands beside the word where somebody has to write it
/// into a search, a file or a command; a code that is not here is shown as it is.
enum MachineWords {
    /// Events of the audit trail.
    static func event(_ code: String) -> Cell { cell(code, events) }

    /// Events of the trust store's feed, states of lists and of the store, parts that authorities and responders play.
    static func trust(_ code: String) -> Cell { cell(code, trusted) }

    /// What an act of a registrar is called.
    static func act(_ code: String) -> Words {
        if let step = MemberAct.Step(rawValue: code) { return step.words }
        switch code {
        case "add": return Words("新規登録", "register")
        case "replace": return Words("登録内容の変更", "change the registration")
        case "rollback": return Words("以前の登録内容に戻す", "go back to an earlier registration")
        default: return Words(verbatim: code)
        }
    }

    /// Where a version of the policy came from.
    static func source(_ code: String) -> Words {
        switch code {
        case "folder", "files": Words("Policies フォルダー", "the folder Policies/")
        case "bundle": Words("署名された版", "a signed bundle")
        default: Words(verbatim: code)
        }
    }

    /// What the trust store believes an authority for.
    static func profile(_ code: String) -> Words {
        switch code {
        case "card", "login": Words("ログイン用の証明書", "certificates for logging in") + " (" + code + ")"
        case "identity", "signature": Words("署名用電子証明書", "signature certificates") + " (" + code + ")"
        default: Words(verbatim: code)
        }
    }

    /// Which responder is asked when.
    static func role(_ code: String) -> Words {
        switch code {
        case "first": Words("最初の照会先", "asked first")
        case "fall-back": Words("予備の照会先", "asked when the first does not answer")
        default: Words(verbatim: code)
        }
    }

    static func responder(_ address: String) -> Words {
        address == "the address in the certificate" ? Words("証明書に記載されたアドレス", "the address in the certificate") : Words(verbatim: address)
    }

    private static func cell(_ code: String, _ names: [String: Words]) -> Cell {
        names[code].map { .named($0, code) } ?? .code(code)
    }

    private static let trusted: [String: Words] = [
        "ok": Words("正常", "fine"), "degraded": Words("一部に問題あり", "partly in trouble"), "stale": Words("情報が古い", "out of date"),
        "fresh": Words("最新", "up to date"), "absent": Words("未取得", "not fetched yet"),
        "refused": Words("設定に誤りがあり、以前の設定で動作中", "wrong: the former settings go on"),
        "anchor.added": Words("信頼する認証局の追加", "trusted authority added"),
        "anchor.removed": Words("信頼する認証局の削除", "trusted authority removed"),
        "intermediate.added": Words("中間認証局の追加", "intermediate authority added"),
        "intermediate.removed": Words("中間認証局の削除", "intermediate authority removed"),
        "list.refused": Words("失効リストの受入拒否", "revocation list refused"),
        "list.taken": Words("失効リストの受入れ（担当者による）", "revocation list taken by an officer"),
    ]

    static let events: [String: Words] = [
        "artifact.refused": Words("アーティファクトの拒否", "artifact refused"),
        "artifact.resolved": Words("アーティファクトへの応答", "artifact answered"),
        "attributes.refused": Words("属性照会の拒否", "attribute query refused"),
        "attributes.released": Words("属性照会への応答", "attribute query answered"),
        "awaited.approved": Words("利用者による承認", "approved by the citizen"),
        "awaited.begun": Words("承認依頼の開始", "approval asked for"),
        "awaited.denied": Words("利用者による拒否", "denied"),
        "awaited.pinged": Words("承認結果の通知", "client told of the result"),
        "card.accepted": Words("カードの受付", "card accepted"),
        "card.refused": Words("カードの拒否", "card refused"),
        "care.access-ended": Words("継続的な確認の停止", "a service's access ended by the citizen"),
        "care.blocked-use": Words("止められたカードの使用", "use of a blocked card"),
        "care.disavowed": Words("「これは私ではありません」の届出", "“this was not me”"),
        "care.lifted": Words("カードの停止の解除", "block lifted"),
        "care.loss-reported": Words("紛失・盗難の届出", "loss reported"),
        "certificate.shown-ended": Words("署名用電子証明書の保存終了", "record of a signature certificate ended"),
        "client.deleted": Words("クライアントの削除", "client deleted"),
        "client.keys-changed": Words("クライアントの鍵の変更", "client's keys changed"),
        "client.registered": Words("クライアントの登録", "client registered"),
        "client.revoked": Words("クライアントの登録取消し", "client revoked"),
        "client.swept": Words("期限切れクライアントの削除", "expired client removed"),
        "client.token-made": Words("登録用トークンの発行", "registration token made"),
        "client.token-withdrawn": Words("登録用トークンの取消し", "registration token withdrawn"),
        "client.updated": Words("クライアントの更新", "client updated"),
        "consent.given": Words("同意", "consent given"),
        "consent.withdrawn": Words("同意の取消し", "consent withdrawn"),
        "console.audit-searched": Words("監査記録の検索", "audit trail searched"),
        "console.audit-read": Words("監査記録の閲覧", "record of the audit trail read"),
        "console.bootstrapped": Words("最初の担当者の登録", "first officer registered"),
        "console.card-approved": Words("担当者のカードの承認", "officer's card approved"),
        "console.card-asked": Words("担当者のカードの申請", "officer's card asked for"),
        "console.card-bound": Words("担当者のカードの登録", "officer's card registered"),
        "console.card-rejected": Words("担当者のカードの申請取下げ", "officer's card withdrawn"),
        "console.chain-checked": Words("監査記録の連鎖の検証", "chain of the trail checked"),
        "console.exported": Words("設定のエクスポート", "settings exported"),
        "console.login": Words("コンソールへのログイン", "login to the console"),
        "console.member-approved": Words("参加機関の変更の承認", "change of a member approved"),
        "console.member-proposed": Words("参加機関の変更の提案", "change of a member proposed"),
        "console.member-rejected": Words("参加機関の変更の取下げ", "change of a member withdrawn"),
        "console.member-tested": Words("参加機関のテストログイン", "test login at a member"),
        "console.metering-taken": Words("利用量の取得", "usage taken"),
        "console.policy-approved": Words("規則の変更の承認", "change of policy approved"),
        "console.policy-carried-out": Words("規則の変更の実施", "change of policy carried out"),
        "console.policy-proposed": Words("規則の変更の提案", "change of policy proposed"),
        "console.policy-rejected": Words("規則の変更の取下げ", "change of policy withdrawn"),
        "console.refused": Words("コンソールの操作の拒否", "refused at the console"),
        "console.session-ended": Words("担当者によるセッションの終了", "session ended by an officer"),
        "console.sessions-searched": Words("セッションの検索", "sessions searched"),
        "device.code-refused": Words("機器のコードの拒否", "device code refused"),
        "identity.compared": Words("申込内容との照合", "form compared with the certificate"),
        "identity.forgotten": Words("提示内容の削除", "record of a signature certificate deleted"),
        "identity.presented": Words("署名用電子証明書の提示", "signature certificate presented"),
        "identity.refused": Words("署名用電子証明書の拒否", "signature certificate refused"),
        "ledger.forgotten": Words("提供記録の削除", "ledger entries deleted"),
        "link.asked": Words("引継ぎ・連携の申出", "renewal or link asked for"),
        "link.certificate": Words("カード・スマートフォンの追加", "card or phone added"),
        "link.code-refused": Words("連携コードの拒否", "link code refused"),
        "link.ended": Words("連携の解除", "link ended"),
        "link.merge-undone": Words("統合の取消し", "combination undone"),
        "link.merged": Words("記録の統合", "records combined"),
        "link.phone-ended": Words("スマートフォンの終了", "phone ended with its card"),
        "link.phone-kept": Words("スマートフォンの継続", "phone kept"),
        "links.listed": Words("連携候補の受付", "customer numbers taken in bulk"),
        "logout.answered": Words("ログアウトへの応答", "logout answered"),
        "logout.member": Words("参加機関へのログアウト通知", "member told of a logout"),
        "logout.unknown-session": Words("該当のないログアウト", "logout of an unknown session"),
        "member.removed": Words("参加機関の削除", "member removed"),
        "members.noted": Words("参加機関の状態の記録", "states of members noted"),
        "policy.activated": Words("規則の切替え", "policy put in force"),
        "policy.shadowed": Words("規則の試行", "policy on trial"),
        "request.refused": Words("リクエストの拒否", "request refused"),
        "session.ended": Words("ログアウト", "session ended"),
        "signal.expired": Words("イベントの期限切れ", "security event expired"),
        "signal.queued": Words("イベントの送信待ち", "security event queued"),
        "signal.stream-changed": Words("イベント配信の設定変更", "event stream changed"),
        "signon.granted": Words("ログインの成功", "login granted"),
        "signon.refused": Words("ログインの拒否", "login refused"),
        "status.refreshed": Words("失効情報の再照会", "revocation checked again"),
        "token.exchanged": Words("トークンの交換", "token exchanged"),
        "token.issued": Words("トークンの発行", "token issued"),
        "token.refused": Words("トークンの発行拒否", "token refused"),
        "token.revoked": Words("トークンの失効", "token revoked"),
        "userinfo.told": Words("UserInfoの応答", "userinfo answered"),
        "introspection.told": Words("他のサービスによるトークンの照会", "another service looked at a token"),
    ]
}

extension KeyUse {
    var words: Words {
        switch self {
        case .samlSigning: Words("SAMLメッセージの署名", "signs SAML messages")
        case .samlMetadata: Words("SAMLメタデータの署名", "signs SAML metadata")
        case .samlEncryption: Words("SAMLメッセージの復号", "decrypts SAML messages")
        case .openIDSigning: Words("OpenIDトークンの署名", "signs OpenID tokens")
        case .openIDEncryption: Words("OpenIDリクエストの復号", "decrypts OpenID requests")
        }
    }

    /// A key's state, as `sekisho keys list` writes it.
    static func state(_ code: String) -> Cell {
        let words: Words? =
            switch code {
            case "next": Words("公開済み（使用開始前）", "published, not yet used")
            case "current": Words("使用中", "in use")
            case "retiring": Words("公開のみ（署名終了）", "still published, signs no longer")
            case "gone": Words("終了", "gone")
            case "revoked": Words("失効", "revoked")
            default: nil
            }
        return words.map { .named($0, code) } ?? .code(code)
    }
}

extension Accreditation.State {
    var words: Words {
        switch self {
        case .applied: Words("申請", "applied")
        case .examined: Words("審査済み", "examined")
        case .accredited: Words("認定", "accredited")
        case .suspended: Words("停止", "suspended")
        case .withdrawn: Words("取消し", "withdrawn")
        }
    }
}

extension Mode {
    var words: Words {
        switch self {
        case .development: Words("開発・試験環境", "development")
        case .production: Words("本番環境", "production")
        }
    }
}

extension ClientProfile {
    /// Profiles of OpenID Connect, as a registrar knows them.
    var words: Words {
        switch self {
        case .core: Words("OpenID Connect Core（標準）", "OpenID Connect Core (usual)")
        case .fapi2: Words("FAPI 2.0 セキュリティプロファイル", "FAPI 2.0 Security Profile")
        case .fapi2MessageSigning: Words("FAPI 2.0 メッセージ署名", "FAPI 2.0 Message Signing")
        case .digitalAuthApp: Words("デジタル認証アプリと同じ条件", "the same conditions as the Digital Authentication App")
        }
    }
}

extension ClientAuthentication.Method {
    /// With the name that the standards have, which the client's developer writes.
    var words: Words {
        let name = " (" + rawValue + ")"
        return switch self {
        case .privateKeyJWT: Words("公開鍵による認証", "public key") + name
        case .clientSecretBasic: Words("シークレット（ヘッダー）", "secret in a header") + name
        case .clientSecretPost: Words("シークレット（本文）", "secret in the form") + name
        default: Words(verbatim: rawValue)
        }
    }
}
