import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What the citizen's own pages have in common.
enum CitizenPages {
    /// The names of fields.
    static let mark = "form"
    static let service = "service"
    static let purpose = "for"

    static func document(
        _ place: CitizenPlace, _ desk: CitizenDesk, notice: Words? = nil, fault: Words? = nil, _ build: (inout Markup) -> Void
    ) -> Markup {
        Pages.document(place.title, notice: notice ?? desk.done?.words, fault: fault) { page in
            ways(place == .ledger ? .told : place, &page)
            build(&page)
        }
    }

    private static func ways(_ here: CitizenPlace, _ page: inout Markup) {
        page.raw("<nav aria-label=\"")
        page.words(Words("あなたのページ", "Your pages"))
        page.raw("\"><ul class=\"tabs\">")
        for place in CitizenPlace.shown {
            page.element("<li><a href=\"", place.rawValue, "\"")
            if place == here { page.raw(" aria-current=\"page\"") }
            page.raw(">")
            page.words(place.title)
            page.raw("</a></li>")
        }
        page.raw("</ul></nav>")
    }

    static func login(_ aim: CitizenAim, _ care: CarePart) -> Markup {
        Pages.document(aim.place.title) { page in
            page.paragraph(
                Words(
                    "このページは、あなただけが見られます。マイナンバーカードか、スマートフォンの電子証明書でログインしてください。",
                    "Only you can see this page. Log in with your Individual Number Card or with the certificate on your phone.",
                    easy: "この ページは あなただけが 見ることが できます。マイナンバーカードか スマートフォンで ログインしてください。"))
            page.button(to: "/me/login", fields: aim.fields, Words("ログインする", "Log in"))
            guard aim.place == .lost || aim.place == .cards else {
                page.linkLine(CitizenPlace.lost.rawValue, Words("カードやスマートフォンをなくした方", "If you have lost your card or phone"))
                return
            }
            withoutLogin(care, &page)
        }
    }

    /// For somebody who has nothing left to log in with.
    static func withoutLogin(_ care: CarePart, _ page: inout Markup) {
        page.heading(2, Words("ログインできないとき", "If you cannot log in", easy: "ログインできない 人へ"))
        page.list([
            Words(
                "カードをなくしても、スマートフォンに電子証明書を入れている方は、スマートフォンでログインして届け出ができます。スマートフォンをなくした方は、カードで届け出ができます。",
                "If you lost the card and have a certificate on your phone, log in with the phone and report it here. If you lost the phone, use the card.",
                easy: "カードを なくした人は スマートフォンで ログインしてください。スマートフォンを なくした人は カードで ログインしてください。"),
            Words(
                "どちらも使えない方は、窓口にお申し出ください。担当者がすぐに、ここでのログインを止めます。",
                "If you have neither, ask at the counter: an officer stops every login here at once.",
                easy: "どちらも 使えない人は 窓口へ 行ってください。すぐに 止めます。"),
        ])
        hotline(care, &page)
    }

    /// Where certificates are suspended for the whole country: what is stopped here is stopped here only.
    static func hotline(_ care: CarePart, _ page: inout Markup) {
        page.heading(2, Words("全国の窓口", "For the whole country"))
        page.paragraph(
            Words(
                "ここで止まるのは、この認証サービスへのログインだけです。カードそのものと電子証明書は、次の窓口に連絡して止めてください。",
                "What you stop here are logins through this service alone. To have the card and its certificates suspended everywhere, call:",
                easy: "ここで 止まるのは この サービスだけです。カードを ぜんぶ 止めるには 電話を してください。"))
        guard let hotline = care.hotline else {
            page.paragraph(
                Words("お住まいの市区町村の窓口にお尋ねください。", "Ask at the office of the municipality where you live.", easy: "住んでいる まちの 役所に 聞いてください。"))
            return counter(care, &page)
        }
        var facts: [(Words, Cell)] = []
        if let name = words(hotline.name) { facts.append((Words("窓口", "Desk"), .words(name))) }
        facts.append((Words("電話", "Telephone"), telephone(hotline.number)))
        if let abroad = hotline.abroad { facts.append((Words("海外から", "From abroad"), telephone(abroad))) }
        if let hours = words(hotline.hours) { facts.append((Words("受付時間", "Hours"), .words(hours))) }
        page.facts(facts)
        counter(care, &page)
    }

    private static func counter(_ care: CarePart, _ page: inout Markup) {
        guard let text = words(care.counter) else { return }
        page.facts([(Words("この認証サービスの窓口", "Our own counter"), .words(text))])
    }

    /// By language tag; in the one there is where the other is not written.
    static func words(_ texts: [String: String]) -> Words? {
        guard let ja = texts["ja"] ?? texts["en"] else { return nil }
        return Words(ja, texts["en"] ?? ja)
    }

    private static func telephone(_ number: String) -> Cell {
        .link("tel:" + number.filter { $0 != " " && $0 != "-" }, Words(verbatim: number))
    }

    /// A service by its name; by its identifier when it is registered no more.
    static func name(_ id: MemberID, _ settings: Configuration) -> Words {
        settings.federation.member(id)?.words ?? Words(verbatim: id.text)
    }

    /// What was told, by the names of attributes; what is none of ours, the identifiers of SAML, is shown as it is.
    static func told(_ names: [String]) -> Cell {
        guard !names.isEmpty else {
            return .words(Words("このサービス専用のあなたの番号", "an identifier of you made for this service alone", easy: "この サービスだけの あなたの 番号"))
        }
        return .list(names.sorted().map { name in AttributeSource(rawValue: name)?.phrase ?? Words(verbatim: name) })
    }
}
