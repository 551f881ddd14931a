import Settings
import SignOn
import Vocabulary

/// Pages for whoever is not at a desk yet.
enum ConsolePages {
    enum Why { case first, over }

    static let code = "code"
    static let officer = "officer"
    private static let title = Words("管理コンソール", "Administrators' console")

    static func login(_ why: Why) -> Markup {
        Pages.document(title, kind: .console) { page in
            switch why {
            case .first:
                page.paragraph(
                    Words(
                        "担当者ご本人のマイナンバーカードと、利用者証明用電子証明書の暗証番号（数字4桁）でログインしてください。", "Log in with your own My Number Card and its 4-digit PIN."))
            case .over:
                page.note(
                    Words("ログインの有効時間が過ぎました。もう一度カードでログインしてください。", "Your login has expired. Please log in with your card again."))
            }
            loginForm(&page, newTab: false)
        }
    }

    static func missingRole(_ roles: Set<OfficerRole>, _ desk: Desk) -> Markup {
        Console.document(title: Words("この画面を開く役割がありません", "You do not have the role for this page"), desk: desk) { page in
            page.paragraph(
                Words(
                    "この画面は、次の役割を持つ担当者が開けます。必要なときは、該当する担当者に依頼してください。",
                    "Officers with one of these roles can open this page. Please ask one of them:"))
            page.list(OfficerRole.allCases.filter(roles.contains).map(\.words))
            page.paragraph { page in
                page.code(Platform.consoleRole.code)
                page.text(" ")
                page.link("/help/" + Platform.consoleRole.code, Words("意味", "What it means"))
            }
        }
    }

    /// The login is over (`desk` nil) or was renewed since the form was shown: what was typed, and the button that sends it once more.
    static func again(_ form: ConsoleForm, to path: String, at desk: Desk?) -> Markup {
        let fields = form.all.filter { $0.name != Desk.markField }
        return Pages.document(Words("まだ送信されていません", "Not sent yet"), kind: .console) { page in
            if desk == nil {
                page.note(
                    Words(
                        "ログインの有効時間が過ぎました。入力した内容はこの画面に残っています。別のタブでログインしてから、この画面でもう一度送信してください。",
                        "Your login has expired. What you entered is kept on this page. Log in in a new tab, then send it again here."))
                loginForm(&page, newTab: true)
            } else {
                page.note(
                    Words(
                        "この内容は、前のログインの画面から送信されました。内容を確かめて、もう一度送信してください。",
                        "This was sent from a page of an earlier login. Please check it and send it again."))
            }
            page.facts(fields.map { (Words(verbatim: $0.name), .text(String($0.value.prefix(2_000)))) })
            page.form(to: path, fields: fields.map { ($0.name, $0.value) } + [(Desk.markField, desk?.mark ?? "")]) { page in
                page.submit(Words("送信する", "Send"))
            }
        }
    }

    private static func loginForm(_ page: inout Markup, newTab: Bool) {
        page.open("form", [("method", "post"), ("action", "/console/login")] + (newTab ? [("target", "_blank")] : []))
        page.submit(
            newTab
                ? Words("新しいタブでログインする", "Log in in a new tab") : Words("カードでログインする", "Log in with the card"))
        page.close("form")
    }

    /// Somebody whose card is no officer's: with the one-time code of the first officer, or to be asked for.
    static func stranger(mark: String, notice: Words? = nil, fault: Words? = nil) -> Markup {
        Pages.document(Words("担当者の登録", "Registering an officer"), kind: .console, notice: notice, fault: fault) { page in
            page.paragraph(
                Words("ログインしました。このカードは、まだ担当者のカードとして登録されていません。", "You are logged in. This card is not registered to an officer yet."))
            page.section { page in
                page.heading(2, Words("最初の担当者", "The first officer"))
                page.form(to: "/console/bootstrap", fields: [(Desk.markField, mark)]) { page in
                    page.field(
                        FormField(
                            code, Words("ワンタイムコード", "One-time code"), kind: .code,
                            hint: Words(
                                "運用担当者の端末で sekisho admin bootstrap を実行すると表示されます。",
                                "Shown on the operator's terminal by `sekisho admin bootstrap`."), isRequired: true, maximum: 64))
                    page.submit(Words("登録する", "Register this card"))
                }
            }
            page.section { page in
                page.heading(2, Words("2人目以降の担当者", "Further officers"))
                page.form(to: "/console/ask", fields: [(Desk.markField, mark)]) { page in
                    page.field(
                        FormField(
                            officer, Words("担当者ID", "Officer's ID"),
                            hint: Words(
                                "Keys/officers にあるファイルの名前（.yaml を除く）を入力してください。ほかの担当者が承認すると使えるようになります。",
                                "The name of your file in Keys/officers, without .yaml. Other officers have to approve it."),
                            isRequired: true,
                            maximum: 64))
                    page.submit(Words("承認を申請する", "Ask for approval"))
                }
            }
        }
    }
}
