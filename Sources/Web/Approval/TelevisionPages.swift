import HTTPTypes
import Hummingbird
import OpenID
import Settings
import Vocabulary

/// What a television across the room shows (R11): ten-foot type, everything within reach of four arrows and one button, and a code that the
/// phone in the citizen's hand reads, so that nothing has to be typed with a remote control.
extension Platform {
    /// `GET /tv`, `GET /tv?user_code=…`: the pages of a set-top box's browser. Nothing is looked up, as on `/device`.
    func television(_ request: Request) -> Response {
        let base = configuration.current.baseURL
        guard let code = DeviceForm.code(query: request.rawQuery).flatMap({ UserCode(typed: $0) }) else {
            return Answer.page(TelevisionPages.start(base: base, fault: request.rawQuery.isEmpty ? nil : TelevisionPages.noCode))
        }
        return Answer.page(TelevisionPages.code(code, base: base))
    }

    /// `POST /tv`: the code was typed on the television itself.
    func televisionCode(_ request: Request) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        let settings = configuration.current
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let typed = DeviceForm.code(form: body),
            let code = UserCode(typed: typed)
        else { return Answer.page(TelevisionPages.start(base: settings.baseURL, fault: TelevisionPages.noCode), status: .badRequest) }
        return Answer.redirect(settings.baseURL + "/tv?user_code=" + code.shown)
    }
}

enum TelevisionPages {
    static let noCode = Words(
        "コードの形が違うようです。アプリの画面のコードをもう一度見てください。", "That does not look like a code of ours. Please look at the app's screen once more.",
        easy: "コードが ちがいます。もう一回 見てください。")

    /// `base`: our public origin, for the address that is shown.
    static func start(base: String, fault: Words?) -> Markup {
        Pages.document(Words("テレビでログイン", "Log in on your television", easy: "テレビで ログイン"), kind: .television, fault: fault) { page in
            page.list(
                [
                    Words(
                        "テレビのアプリで「ログイン」を選ぶと、コードが出ます。", "Choose “Log in” in the app on your television: it shows a code.",
                        easy: "テレビの アプリで「ログイン」を えらびます。コードが 出ます。"),
                    Words("スマートフォンやパソコンで次のアドレスを開きます: ", "Open this address on your phone or computer: ", easy: "スマートフォンで ここを 開きます: ")
                        + (base + "/device"),
                    Words(
                        "コードを入れ、カードで確認すると、テレビが先に進みます。", "Enter the code and use your card: the television goes on.",
                        easy: "コードを 入れて、カードを つかいます。テレビが すすみます。"),
                ], ordered: true
            ) { item, page in page.words(item) }
            page.qr(base + "/device", label: Words("コードを入力するページの二次元コード", "Code that leads to the page for it"))
            page.form(to: "/tv") { page in
                page.field(
                    FormField(
                        DeviceForm.field,
                        Words("コードがあるときは、ここに入れると二次元コードを出せます", "If you have a code, type it here to see it as one that a phone scans"),
                        kind: .code, isRequired: true, maximum: 64))
                page.submit(Words("二次元コードを出す", "Show it"))
            }
            page.paragraph { $0.link("/services", Words("サービスを選ぶ", "Choose a service", easy: "サービスを えらぶ"), class: "button") }
        }
    }

    static func code(_ code: UserCode, base: String) -> Markup {
        let address = base + "/device?user_code=" + code.shown
        return Pages.document(Words("スマートフォンで読み取ってください", "Scan this with your phone", easy: "スマートフォンで 読んでください"), kind: .television) {
            page in
            page.raw("<div class=\"pair\">")
            page.qr(address, label: Words("コードの入ったアドレスの二次元コード", "The address, with the code in it"))
            page.raw("<div><p>")
            page.words(Words("または、次のアドレスを開いてコードを入力:", "Or open this address and type the code:", easy: "または ここを 開いて コードを 入れます:"))
            page.element("<br><strong>", base + "/device", "</strong></p><p class=\"code\">")
            page.element("", code.shown, "</p></div></div>")
            page.note(
                Words(
                    "確認が終わると、テレビのアプリが自動で先に進みます。このコードを人に教えないでください。",
                    "When you have confirmed, the app on the television goes on by itself. Tell nobody this code.",
                    easy: "おわると、テレビが すすみます。コードを 人に 教えないでください。"))
            page.paragraph { $0.link("/tv", Words("最初に戻る", "Back to the start", easy: "はじめに もどる"), class: "button") }
        }
    }
}
