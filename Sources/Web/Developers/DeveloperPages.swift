import OpenID
import SAML
import TrustFramework

/// What a developer of a service needs: addresses, settings to copy, people to test with, codes, and a list to run.
enum DeveloperPages {
    static func index(_ values: ServiceGuide.Values, sandbox: ServiceGuide.Values?, simulated: Bool) -> Markup {
        Pages.document(Words("サービスを開発する方へ", "For developers of services"), kind: .console) { page in
            page.paragraph(
                Words(
                    "このプラットフォームにログインをまかせるサービスを作る方のためのページです。登録は運用者に申し込んでください。",
                    "For those who build services that leave the login to this platform. Registration goes through its operator."))
            page.heading(2, Words("住所", "Addresses"), id: "addresses")
            page.facts(addresses(values))
            if let sandbox {
                page.heading(2, Words("試験用の認証（サンドボックス）", "Sandbox"), id: "sandbox")
                page.paragraph(
                    Words(
                        "別の名前と別の鍵をもつ試験用の認証です。カードは要りません。正しい応答のほか、わざと誤った応答を一つずつ返せるので、サービスがきちんと拒否するかを確かめられます。登録済みのサービスの、登録済みの住所だけに応答します。",
                        "An identity provider under a name and keys of its own. It asks for no card. Beside the right answer it gives wrong ones, one at a time, so that you can prove that your service refuses them. It answers registered services at their registered addresses only."
                    ))
                page.facts(addresses(sandbox))
                page.linkLine("/developers/acceptance", Words("受け入れ試験の一覧", "The acceptance checklist"))
                page.table(
                    caption: Words("試験用の人", "Test citizens"),
                    head: [Words("名前", "Name"), Words("何を試すか", "What it tries"), Words("生年月日", "Birth date"), Words("住所", "Address")],
                    rows: SandboxPerson.all.map { [.text($0.name), .words($0.words), .text($0.birthDate), .text($0.address)] })
            }
            if simulated {
                page.heading(2, Words("模擬カード", "Simulated cards"), id: "cards")
                page.paragraph(
                    Words(
                        "この環境では模擬の公的個人認証サービスのカードでログインできます。カードは jpki-simulator cards で一覧になります。",
                        "Cards of the simulated JPKI log in here; `jpki-simulator cards` lists them, `jpki-simulator login` uses one."))
            }
            page.heading(2, Words("設定の見本", "Settings to copy"), id: "settings")
            page.table(
                caption: Words("ソフトウェアごとの設定", "Settings by software"),
                head: [Words("ソフトウェア", "Software"), Words("方式", "Protocol"), Words("私たちの試験", "Run in our own tests")],
                rows: ServiceGuide.all(values).map { guide in
                    [
                        .link("/developers/settings/" + guide.id, Words(verbatim: guide.title)),
                        .text(guide.speech == .saml ? "SAML 2.0" : "OpenID Connect"),
                        .words(guide.isTried ? Words("あり", "yes") : Words("なし", "no")),
                    ]
                })
            page.heading(2, Words("困ったとき", "When something is refused"), id: "codes")
            page.linkLine("/help", Words("コードの一覧（意味・根拠・直し方）", "Every code: what it means, its clause, what to do"))
        }
    }

    private static func addresses(_ values: ServiceGuide.Values) -> [(Words, Cell)] {
        [
            (Words("SAML メタデータ", "SAML metadata"), .link(values.metadata, Words(verbatim: values.metadata))),
            (Words(verbatim: "entityID"), .code(values.entityID)),
            (Words("OpenID の設定", "OpenID discovery"), .link(values.discovery, Words(verbatim: values.discovery))),
            (Words(verbatim: "issuer"), .code(values.issuer)),
        ]
    }

    static func guide(_ guide: ServiceGuide, sandbox: ServiceGuide?) -> Markup {
        Pages.document(Words(verbatim: guide.title), kind: .console) { page in
            if guide.isTried {
                page.note(
                    Words("この設定は、私たちの試験で実際のソフトウェアを動かして確かめています。", "Our own tests run this software against the platform."))
            }
            texts(guide, &page)
            if let sandbox {
                page.details(Words("試験用の認証（サンドボックス）の設定", "The same for the sandbox")) { page in texts(sandbox, &page) }
            }
            page.linkLine("/developers", Words("開発する方へのページ", "For developers"))
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
        Pages.document(Words("受け入れ試験の一覧", "Acceptance checklist"), kind: .console) { page in
            page.paragraph(
                Words(
                    "サービスは、次の誤った応答をどれも拒否しなければなりません。「必須」は規格が求めるもの、「推奨」は望ましいもの、または強さを指定したサービスだけに関わるものです。",
                    "A service has to refuse every wrong answer below. Required is what the standards demand; advised is good practice, or concerns only a service that asked for a level."
                ))
            if hasSandbox {
                page.heading(2, Words("まとめて試す", "Run it"), id: "run")
                page.open("pre", [("class", "wide"), ("tabindex", "0")])
                page.text(
                    "jpki-simulator acceptance --platform " + base
                        + " --start https://service.example.jp/login --success 'a text that only somebody logged in sees'")
                page.close("pre")
                page.paragraph(
                    Words(
                        "サービスをサンドボックスにつないでから実行してください。手で一つずつ試すには、サービスからログインを始め、画面で応答を選びます。",
                        "Point the service at the sandbox first. To try one by hand, begin a login at the service and choose on the page that follows."
                    ))
            } else {
                page.note(
                    Words("この環境にはサンドボックスがありません。", "This deployment has no sandbox: an operator writes `sandbox: true` into sekisho.yaml."))
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
            caption: title, head: [Words("応答", "Answer"), Words("どこが誤りか", "What is wrong"), Words("拒否", "Refusal"), Words("根拠", "Clause")],
            rows: rows.filter { $0.0 != "right" }.map {
                [.code($0.0), .words($0.1), .words($0.2 ? Words("必須", "required") : Words("推奨", "advised")), .text($0.3)]
            })
    }
}
