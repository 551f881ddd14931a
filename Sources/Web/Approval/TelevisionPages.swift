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
        "コードの形が違います。アプリの画面のコードをもう一度確かめてください。", "This is not the form of our codes. Please check the code on the app's screen again.",
        easy: "コードが ちがいます。テレビの コードを もう一回 見てください。")

    /// `base`: our public origin, for the address that is shown.
    static func start(base: String, fault: Words?) -> Markup {
        Pages.document(Words("テレビでログイン", "Log in on your television", easy: "テレビで ログイン"), kind: .television, fault: fault) { page in
            page.list(
                [
                    Words(
                        "テレビのアプリで「ログイン」を選ぶと、コードが表示されます。", "Choose “Log in” in the app on your television: it shows a code.",
                        easy: "テレビの アプリで「ログイン」を 選びます。コードが 出ます。"),
                    Words("スマートフォンやパソコンで、次のアドレスを開きます：", "Open this address on your phone or computer: ", easy: "スマートフォンで ここを 開きます：")
                        + (base + "/device"),
                    Words(
                        "コードを入力し、カードで本人確認をすると、テレビの画面が先に進みます。", "Enter the code and use your card; the television then goes on.",
                        easy: "コードを 入れて、カードを 使います。テレビが 進みます。"),
                ], ordered: true
            ) { item, page in page.words(item) }
            page.qr(
                base + "/device",
                label: Words("コードを入力するページの二次元コード", "QR code for the page where you enter the code", easy: "コードを 入れる ページの QRコード"))
            page.form(to: "/tv") { page in
                page.field(
                    FormField(
                        DeviceForm.field,
                        Words(
                            "コードをここに入力すると、二次元コードを表示できます", "If you have a code, enter it here to show it as a QR code",
                            easy: "コードを ここに 入れると、QRコードが 出ます"),
                        kind: .code, isRequired: true, maximum: 64))
                page.submit(Words("二次元コードを表示する", "Show the QR code", easy: "QRコードを 出します"))
            }
            page.paragraph { $0.link("/services", Words("サービスを選ぶ", "Choose a service", easy: "サービスを 選びます"), class: "button") }
        }
    }

    static func code(_ code: UserCode, base: String) -> Markup {
        let address = base + "/device?user_code=" + code.shown
        return Pages.document(Words("スマートフォンで読み取ってください", "Scan this with your phone", easy: "スマートフォンで 読んでください"), kind: .television) {
            page in
            page.raw("<div class=\"pair\">")
            page.qr(address, label: Words("コードを含むアドレスの二次元コード", "QR code of the address with the code in it", easy: "コードの 入った QRコード"))
            page.raw("<div><p>")
            page.words(Words("または、次のアドレスを開いてコードを入力してください：", "Or open this address and enter the code:", easy: "または ここを 開いて、コードを 入れます："))
            page.element("<br><strong>", base + "/device", "</strong></p><p class=\"code\">")
            page.element("", code.shown, "</p></div></div>")
            page.note(
                Words(
                    "本人確認が終わると、テレビのアプリが自動で先に進みます。このコードはほかの人に教えないでください。",
                    "When you have finished, the app on the television goes on by itself. Do not tell anybody this code.",
                    easy: "終わると、テレビが 進みます。コードを ほかの 人に 教えないでください。"))
            page.paragraph { $0.link("/tv", Words("最初に戻る", "Back to the start", easy: "はじめに 戻ります"), class: "button") }
        }
    }
}
