import OpenID
import SAML
import TrustFramework

/// What a developer of a service needs: addresses, settings to copy, people to test with, codes, and a list to run.
enum DeveloperPages {
    static func index(_ values: ServiceGuide.Values, sandbox: ServiceGuide.Values?, simulated: Bool) -> Markup {
        Pages.document(Words("サービスを開発する方へ", "For developers of services"), kind: .console) { page in
            page.paragraph(
                Words(
                    "このプラットフォームのログインを利用するサービスを開発する方のためのページです。登録は運用者に申請してください。",
                    "For developers of services that use the login of this platform. To register a service, please apply to the operator."))
            page.heading(2, Words("接続先", "Endpoints"), id: "addresses")
            page.facts(addresses(values))
            if let sandbox {
                page.heading(2, Words("試験用の認証（サンドボックス）", "Sandbox"), id: "sandbox")
                page.paragraph(
                    Words(
                        "本番とは別の名前と鍵を使う試験用の認証です。カードは不要です。正しい応答のほかに誤った応答を1つずつ返せるため、サービスが誤った応答を拒否するかどうかを確認できます。登録済みのサービスの、登録済みのURLだけに応答します。",
                        "An identity provider for tests, with a name and keys of its own. It needs no card. Besides the right answer it gives wrong ones, one at a time, so that you can check that your service refuses them. It answers only registered services at their registered addresses."
                    ))
                page.facts(addresses(sandbox))
                page.linkLine("/developers/acceptance", Words("受入試験の一覧", "Acceptance checklist"))
                page.table(
                    caption: Words("試験用の利用者", "Test citizens"),
                    head: [Words("名前", "Name"), Words("確認できること", "What it tests"), Words("生年月日", "Birth date"), Words("住所", "Address")],
                    rows: SandboxPerson.all.map {
                        [.foreign($0.name, "ja"), .words($0.words), .text($0.birthDate), .foreign($0.address, "ja")]
                    })
            }
            if simulated {
                page.heading(2, Words("模擬カード", "Simulated cards"), id: "cards")
                page.paragraph(
                    Words(
                        "この環境では、模擬の公的個人認証サービスのカードでログインできます。カードの一覧は jpki-simulator cards で確認できます。",
                        "In this deployment you can log in with cards of the simulated JPKI: `jpki-simulator cards` lists them, `jpki-simulator login` uses one."
                    ))
            }
            page.heading(2, Words("設定例", "Example settings"), id: "settings")
            page.table(
                caption: Words("ソフトウェアごとの設定例", "Settings by software"),
                head: [Words("ソフトウェア", "Software"), Words("プロトコル", "Protocol"), Words("当プラットフォームでの試験", "Tested by us")],
                rows: ServiceGuide.all(values).map { guide in
                    [
                        .link("/developers/settings/" + guide.id, Words(verbatim: guide.title)),
                        .text(guide.speech == .saml ? "SAML 2.0" : "OpenID Connect"),
                        .words(guide.isTried ? Words("あり", "yes") : Words("なし", "no")),
                    ]
                })
            page.heading(2, Words("エラーが表示されたとき", "When something is refused"), id: "codes")
            page.linkLine("/help", Words("コードの一覧（意味・根拠・対処）", "All codes: meaning, clause, what to do"))
        }
    }

    private static func addresses(_ values: ServiceGuide.Values) -> [(Words, Cell)] {
        [
            (Words("SAMLメタデータ", "SAML metadata"), .link(values.metadata, Words(verbatim: values.metadata))),
            (Words(verbatim: "entityID"), .code(values.entityID)),
            (Words("OpenIDプロバイダーの設定情報", "OpenID discovery document"), .link(values.discovery, Words(verbatim: values.discovery))),
            (Words(verbatim: "issuer"), .code(values.issuer)),
        ]
    }

    static func guide(_ guide: ServiceGuide, sandbox: ServiceGuide?) -> Markup {
        Pages.document(Words(verbatim: guide.title), kind: .console) { page in
            if guide.isTried {
                page.note(
                    Words("この設定は、実際のソフトウェアを使った試験で動作を確認しています。", "These settings are tested with the real software."))
            }
            texts(guide, &page)
            if let sandbox {
                page.details(Words("試験用の認証（サンドボックス）の設定", "The same for the sandbox")) { page in texts(sandbox, &page) }
            }
            page.linkLine("/developers", Words("サービスを開発する方へ", "For developers"))
        }
    }

    private static func texts(_ guide: ServiceGuide, _ page: inout Markup) {
        for (place, text) in guide.texts {
            page.paragraph { $0.strong(Words(verbatim: place)) }
            page.open("pre", [("class", "wide"), ("tabindex", "0")])
            page.open("code", [])
            page.text(text)
            page.close("code")
            page.close("pre")
        }
    }

    static func acceptance(base: String, hasSandbox: Bool) -> Markup {
        Pages.document(Words("受入試験の一覧", "Acceptance checklist"), kind: .console) { page in
            page.paragraph(
                Words(
                    "サービスは、次の誤った応答をすべて拒否する必要があります。「必須」は規格で定められたもの、「推奨」は望ましいもの、または認証の水準を指定するサービスだけに関わるものです。",
                    "A service has to refuse every wrong answer below. “Required” is demanded by the standards; “advised” is good practice, or concerns only services that ask for a level of authentication."
                ))
            if hasSandbox {
                page.heading(2, Words("まとめて実行する", "Run all of them"), id: "run")
                page.open("pre", [("class", "wide"), ("tabindex", "0")])
                page.text(
                    "jpki-simulator acceptance --platform " + base
                        + " --start https://service.example.jp/login --success 'a text that only somebody logged in sees'")
                page.close("pre")
                page.paragraph(
                    Words(
                        "サービスの接続先をサンドボックスに設定してから実行してください。1つずつ試すときは、サービスからログインを始め、画面で応答を選んでください。",
                        "Point your service at the sandbox first. To try one answer by hand, start a login at the service and choose on the page that follows."
                    ))
            } else {
                page.note(
                    Words(
                        "この環境ではサンドボックスを利用できません。運用者に確認してください。",
                        "This deployment has no sandbox: an operator writes `sandbox: true` into sekisho.yaml."))
            }
            list(
                Words(verbatim: "SAML 2.0"), WrongResponse.allCases.map { ($0.rawValue, SandboxPages.words($0), $0.isBinding, $0.clause) },
                &page)
            list(
                Words(verbatim: "OpenID Connect"),
                WrongToken.allCases.map { ($0.rawValue, SandboxPages.words($0), $0.isBinding, $0.clause) }, &page)
        }
    }

    private static func list(_ title: Words, _ rows: [(String, Words, Bool, String)], _ page: inout Markup) {
        page.heading(2, title)
        page.table(
            caption: title,
            head: [Words("応答", "Answer"), Words("誤りの内容", "What is wrong"), Words("拒否の区分", "Refusal"), Words("根拠", "Clause")],
            rows: rows.filter { $0.0 != "right" }.map {
                [.code($0.0), .words($0.1), .words($0.2 ? Words("必須", "required") : Words("推奨", "advised")), .text($0.3)]
            })
    }
}
