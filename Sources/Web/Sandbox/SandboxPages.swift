import OpenID
import SAML
import TrustFramework
import Vocabulary

/// Where a developer says which answer the sandbox gives, and about whom.
enum SandboxPages {
    /// The names of the form's fields.
    static let message = "message"
    static let binding = "by"
    static let answer = "answer"
    static let citizen = "citizen"

    static func choose(
        _ member: Member, to door: String, hidden: [(String, String)], answers: [(value: String, label: Words)]
    ) -> Markup {
        Pages.document(Words("試験用の認証（サンドボックス）", "Sandbox login")) { page in
            page.note(
                Words(
                    "開発者のための試験用の画面です。カードは使わず、架空の利用者の情報を返します。この画面からの応答は、実際の認証ではありません。",
                    "This page is for developers. It needs no card and returns information about invented people. Its answers are not logins of the platform."
                ))
            page.paragraph { page in
                page.words(Words("応答の送信先：", "The answer goes to: "))
                page.strong(member.words)
            }
            page.form(to: door, fields: hidden) { page in
                page.field(
                    FormField(
                        answer, Words("返す応答", "Which answer"), kind: .choice(answers, isOpen: true), value: "right",
                        hint: Words("「正しい応答」以外は、サービスがすべて拒否する必要があります。", "A service has to refuse every answer except the right one."),
                        isRequired: true))
                page.field(
                    FormField(
                        citizen, Words("利用者", "About whom"),
                        kind: .choice(
                            SandboxPerson.all.map { (value: $0.id, label: $0.words + Words("（" + $0.name + "）", "")) }, isOpen: false
                        ),
                        value: "hanako"))
                page.submit(Words("応答を返す", "Answer"))
            }
        }
    }

    static func label(_ fault: WrongResponse) -> Words { words(fault) + " — " + Words(verbatim: fault.rawValue + ", " + fault.clause) }

    static func label(_ fault: WrongToken) -> Words { words(fault) + " — " + Words(verbatim: fault.rawValue + ", " + fault.clause) }

    static func words(_ fault: WrongResponse) -> Words {
        switch fault {
        case .right: Words("正しい応答", "the right answer")
        case .unsigned: Words("署名がない", "no signature")
        case .altered: Words("署名後に氏名が改変されている", "the name was changed after signing")
        case .otherKey: Words("登録されていない鍵による署名（証明書は応答に含む）", "signed with an unknown key, whose certificate is in the message")
        case .wrappedBefore:
            Words("署名された要素が移動され、偽の要素に置き換わっている（署名ラッピング）", "the signed element moved into extensions, a forged one in its place (wrapping)")
        case .wrappedAfter: Words("署名された要素の前に、署名のない偽の要素がある（署名ラッピング）", "a forged assertion before the signed one (wrapping)")
        case .wrongIssuer: Words("発行者（Issuer）が異なる", "another issuer")
        case .wrongAudience: Words("別のサービス宛て", "for another audience")
        case .noAudience: Words("宛先の限定（Audience）がない", "for everybody: no audience")
        case .wrongRecipient: Words("Recipient が異なる", "another recipient")
        case .wrongDestination: Words("Destination が異なる", "another destination")
        case .wrongRequest: Words("送信していないリクエストへの応答", "answers a request that nobody sent")
        case .expired: Words("有効期限が切れている", "expired")
        case .early: Words("有効期間が始まっていない", "not yet valid")
        case .otherMethod: Words("bearer 以外の確認方法", "another confirmation method than bearer")
        case .failed: Words("状態が失敗なのに、アサーションがある", "a failed status, and an assertion all the same")
        case .lowContext: Words("認証の水準が低い", "a weaker authentication than anybody would ask for")
        case .doctype: Words("文書型宣言（DOCTYPE）がある", "a document type declaration")
        }
    }

    static func words(_ fault: WrongToken) -> Words {
        switch fault {
        case .right: Words("正しい応答", "the right answer")
        case .altered: Words("署名後に sub が改変されている", "sub was changed after signing")
        case .noSignature: Words("署名がない（alg none）", "no signature (alg none)")
        case .otherKey: Words("公開されていない鍵による署名", "signed by a key that is not published")
        case .sameName: Words("同じ kid を示す別の鍵による署名", "another key under the kid of ours")
        case .publicSecret: Words("公開鍵を共通鍵にした HS256", "HS256 under the public key")
        case .wrongIssuer: Words("iss が異なる", "another iss")
        case .wrongAudience: Words("aud が異なる", "another aud")
        case .expired: Words("有効期限が切れている", "expired")
        case .noExpiry: Words("exp がない", "no exp")
        case .noNonce: Words("nonce がない", "no nonce")
        case .wrongNonce: Words("nonce が異なる", "another nonce")
        case .noSubject: Words("sub がない", "no sub")
        case .wrongHash: Words("at_hash が異なる", "another at_hash")
        case .otherUserInfo: Words("userinfo が別の利用者のもの", "userinfo about somebody else")
        case .wrongState: Words("state が異なる", "another state")
        case .otherResponseIssuer: Words("応答の iss が異なる（ミックスアップ攻撃）", "another iss in the response (mix-up)")
        case .otherTokenType: Words("DPoP の鍵に結び付いたトークンなのに token_type が Bearer", "a token bound to a DPoP key, called a bearer token")
        case .lowLevel: Words("acr の水準が低い", "an acr that nobody would ask for")
        }
    }
}
