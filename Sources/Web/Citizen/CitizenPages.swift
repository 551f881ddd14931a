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
        page.plain(Words("あなたのページ", "Your pages", easy: "あなたの ページ"))
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

    static func login(_ aim: CitizenAim, _ care: CarePart, notice: Words? = nil) -> Markup {
        Pages.document(aim.place.title, notice: notice) { page in
            page.paragraph(
                Words(
                    "このページは、ご本人だけが見られます。マイナンバーカードまたはスマートフォンの電子証明書でログインしてください。",
                    "Only you can see this page. Log in with your My Number Card or with the certificate on your phone.",
                    easy: "この ページは、あなただけが 見る ことが できます。マイナンバーカードか スマートフォンで ログインしてください。"))
            page.button(to: "/me/login", fields: aim.fields, Words("ログインする", "Log in", easy: "ログインします"))
            guard aim.place == .lost || aim.place == .cards else {
                page.linkLine(
                    CitizenPlace.lost.rawValue,
                    Words("カードやスマートフォンをなくした方", "If you have lost your card or phone", easy: "カードや スマートフォンを なくした 人"))
                return
            }
            withoutLogin(care, &page)
        }
    }

    /// For somebody who has nothing left to log in with.
    static func withoutLogin(_ care: CarePart, _ page: inout Markup) {
        page.heading(2, Words("ログインできないとき", "If you cannot log in", easy: "ログインできない とき"))
        page.list([
            Words(
                "カードをなくした方は、スマートフォンの電子証明書でログインして届出ができます。スマートフォンをなくした方は、カードでログインして届出ができます。",
                "If you have lost your card, log in with the certificate on your phone and report the loss here. If you have lost your phone, log in with your card.",
                easy: "カードを なくした 人は、スマートフォンで ログインしてください。スマートフォンを なくした 人は、カードで ログインしてください。"),
            Words(
                "どちらも使えない方は、窓口にご連絡ください。担当者が、ここでのログインをすぐに止めます。",
                "If you have neither, please contact the counter; an officer will stop all logins here at once.",
                easy: "どちらも 使えない 人は、窓口に 行くか、電話を してください。すぐに 止めます。"),
        ])
        hotline(care, &page)
    }

    /// Where certificates are suspended for the whole country: what is stopped here is stopped here only.
    static func hotline(_ care: CarePart, _ page: inout Markup) {
        page.heading(2, Words("全国共通の窓口", "For the whole country", easy: "日本の どこからでも 聞ける ところ"))
        page.paragraph(
            Words(
                "ここで止められるのは、この認証サービスへのログインだけです。カードと電子証明書の一時停止は、次の窓口にご連絡ください。",
                "Reporting it here stops logins through this service only. To have the card and its certificates suspended, please contact:",
                easy: "ここで 止まるのは、この サービスだけです。カードを ぜんぶ 止める ときは、ここに 電話を してください。"))
        guard let hotline = care.hotline else {
            page.paragraph(
                Words(
                    "お住まいの市区町村の窓口にお尋ねください。", "Please ask at the office of the municipality where you live.",
                    easy: "住んでいる 町の 市役所か 役場に 聞いてください。"))
            return counter(care, &page)
        }
        var facts: [(Words, Cell)] = []
        if let name = words(hotline.name) { facts.append((Words("窓口", "Contact", easy: "窓口"), .words(name))) }
        facts.append((Words("電話", "Telephone", easy: "電話"), telephone(hotline.number)))
        if let abroad = hotline.abroad { facts.append((Words("海外から", "From abroad", easy: "外国から"), telephone(abroad))) }
        if let hours = words(hotline.hours) { facts.append((Words("受付時間", "Opening hours", easy: "電話できる 時間"), .words(hours))) }
        page.facts(facts)
        counter(care, &page)
    }

    private static func counter(_ care: CarePart, _ page: inout Markup) {
        guard let text = words(care.counter) else { return }
        page.facts([(Words("この認証サービスの窓口", "Counter of this service", easy: "この サービスの 窓口"), .words(text))])
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

    /// What was told, by the names of attributes; what is none of ours is an identifier of SAML.
    static func told(_ names: [String]) -> Cell {
        guard !names.isEmpty else {
            return .words(Words("このサービス専用のあなたの番号", "an identifier for you that only this service is given", easy: "この サービスだけで 使う あなたの 番号"))
        }
        return .list(names.sorted().map { name in AttributeSource(rawValue: name)?.phrase ?? TellingWords.of(name) })
    }
}
