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
                    "ここは開発者のための試験用の画面です。カードは使わず、実在しない人の情報を返します。ここからの応答は本物の認証ではありません。",
                    "This page is for developers. It asks for no card and tells of invented people. What it answers is no login of the platform."
                ))
            page.paragraph { page in
                page.words(Words("応答の送り先: ", "The answer goes to: "))
                page.strong(member.words)
            }
            page.form(to: door, fields: hidden) { page in
                page.field(
                    FormField(
                        answer, Words("どの応答を返しますか", "Which answer"), kind: .choice(answers, isOpen: true), value: "right",
                        hint: Words("「正しい応答」のほかは、どれもサービスが拒否しなければなりません。", "A service has to refuse every one but the right one."),
                        isRequired: true))
                page.field(
                    FormField(
                        citizen, Words("だれの応答ですか", "About whom"),
                        kind: .choice(
                            SandboxPerson.all.map { (value: $0.id, label: $0.words + " (" + Words(verbatim: $0.name) + ")") }, isOpen: false
                        ),
                        value: "hanako"))
                page.submit(Words("返す", "Answer"))
            }
        }
    }

    static func label(_ fault: WrongResponse) -> Words { words(fault) + " — " + Words(verbatim: fault.rawValue + ", " + fault.clause) }

    static func label(_ fault: WrongToken) -> Words { words(fault) + " — " + Words(verbatim: fault.rawValue + ", " + fault.clause) }

    static func words(_ fault: WrongResponse) -> Words {
        switch fault {
        case .right: Words("正しい応答", "the right answer")
        case .unsigned: Words("署名がない", "no signature")
        case .altered: Words("署名のあとで名前が変えられた", "the name was changed after the signature")
        case .otherKey: Words("知らない鍵の署名（証明書は応答の中）", "signed by a strange key, whose certificate lies in the message")
        case .wrappedBefore:
            Words("署名された要素が脇に移され、別の要素が前にある（包み替え）", "the signed element moved into extensions, a forged one in its place (wrapping)")
        case .wrappedAfter: Words("署名された要素の前に、署名のない要素がある（包み替え）", "a forged assertion before the signed one (wrapping)")
        case .wrongIssuer: Words("発行者が違う", "another issuer")
        case .wrongAudience: Words("ほかのサービスあて", "for another audience")
        case .noAudience: Words("あて先の限定がない", "for everybody: no audience")
        case .wrongRecipient: Words("受け取り先の住所が違う", "another recipient")
        case .wrongDestination: Words("送り先の住所が違う", "another destination")
        case .wrongRequest: Words("頼んでいない要求への応答", "answers a request that nobody sent")
        case .expired: Words("期限が切れている", "expired")
        case .early: Words("まだ有効でない", "not yet valid")
        case .otherMethod: Words("持参人以外の確認方法", "another confirmation method than bearer")
        case .failed: Words("失敗の状態なのに本人の情報がある", "a failed status, and an assertion all the same")
        case .lowContext: Words("認証の強さが足りない", "a weaker authentication than anybody would ask for")
        case .doctype: Words("文書型宣言がある", "a document type declaration")
        }
    }

    static func words(_ fault: WrongToken) -> Words {
        switch fault {
        case .right: Words("正しい応答", "the right answer")
        case .altered: Words("署名のあとで sub が変えられた", "sub was changed after the signature")
        case .noSignature: Words("署名がない（alg none）", "no signature (alg none)")
        case .otherKey: Words("公開していない鍵の署名", "signed by a key that is not published")
        case .sameName: Words("同じ kid を名のる別の鍵の署名", "another key under the kid of ours")
        case .publicSecret: Words("公開鍵を共通鍵にした HS256", "HS256 under the public key")
        case .wrongIssuer: Words("iss が違う", "another iss")
        case .wrongAudience: Words("aud が違う", "another aud")
        case .expired: Words("期限が切れている", "expired")
        case .noExpiry: Words("exp がない", "no exp")
        case .noNonce: Words("nonce がない", "no nonce")
        case .wrongNonce: Words("nonce が違う", "another nonce")
        case .noSubject: Words("sub がない", "no sub")
        case .wrongHash: Words("at_hash が違う", "another at_hash")
        case .otherUserInfo: Words("userinfo が別の人のもの", "userinfo about somebody else")
        case .wrongState: Words("state が違う", "another state")
        case .otherResponseIssuer: Words("応答の iss が違う（取り違え）", "another iss in the response (mix-up)")
        case .lowLevel: Words("acr の強さが足りない", "an acr that nobody would ask for")
        }
    }
}
