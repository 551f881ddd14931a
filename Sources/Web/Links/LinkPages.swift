import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The page of links.
enum LinkPages {
    struct Page: Sendable {
        let links: [CustomerLink]
        let certificates: [LinkedCertificate]
        let ends: [CertificateLink]
        let evidence: [KeptEvidence]
        let merges: [Merge]
        let mark: String
        /// What was typed.
        let code: String
    }

    static let noCode = Words("コードを入力してください（一度に10個まで）。", "Please enter the code (at most ten at a time).", easy: "コードを 入れてください。")
    static let tooOften = Words(
        "安全のため、コードの入力を一時的に止めています。郵送されたコードを確認し、しばらく待ってから入力してください。",
        "For your security, codes cannot be entered for a short time. Please check the letter, wait a little, and enter the code again.",
        easy: "安全の ために 少し 止めています。手紙の コードを もう一回 見て、少し 待ってください。")

    static func wrong(several: Int) -> Words {
        let rest = Words(
            "次のコードは使えません。入力の誤り、有効期限切れ、または使用済みの可能性があります。郵送されたコードを確認するか、サービスにお問い合わせください。",
            "The code below cannot be used: it may be mistyped, expired or already used. Please check the letter, or contact the service.",
            easy: "この コードは 使えません。手紙を もう一回 見てください。わからない ときは、サービスに 聞いてください。")
        return several == 0 ? rest : Words("ほかのコードは連携しました。", "The other codes have been linked. ", easy: "ほかの コードは つなぎました。") + rest
    }

    static let earlierLogin = Words(
        "ログインし直したため、まだ送信されていません。コードは下に残っています。もう一度「連携する」を押してください。",
        "You logged in again meanwhile, so nothing was sent yet. Your code is kept below. Please press \"Link\" once more.",
        easy: "まだ 送っていません。コードは 下に あります。もう一回「つなぎます」を 押してください。")

    /// The login ended while a code was typed.
    static func notSent(code: String) -> Markup {
        Pages.document(Words("まだ送信されていません", "Nothing was sent yet", easy: "まだ 送っていません")) { page in
            page.note(
                Words(
                    "ログインの有効時間が過ぎました。入力したコードはこの画面に残っています。新しいタブでログインしてから、この画面でもう一度送信してください。",
                    "Your login is over. The code that you typed is kept on this page. Log in in a new tab, then send it again here.",
                    easy: "ログインの 時間が すぎました。コードは この 画面に あります。新しい タブで ログインして、もう一回 送ってください。"))
            page.open("form", [("method", "post"), ("action", "/me/login"), ("target", "_blank")])
            for (name, value) in CitizenAim(.links).fields { page.hidden(name, value) }
            page.submit(Words("新しいタブでログインする", "Log in in a new tab", easy: "新しい タブで ログインする"))
            page.close("form")
            page.form(to: "/me/links/code") { page in codeForm(code, &page) }
        }
    }

    private static func codeForm(_ typed: String, _ page: inout Markup) {
        page.field(
            FormField(
                "code", Words("コード", "Code", easy: "コード"), kind: .text(rows: 2), value: typed,
                hint: Words(
                    "12文字の英数字です。複数あるときは、1行に1つずつ入力してください。", "Twelve characters. If you have several, enter one on each line.",
                    easy: "12の 文字です。"),
                autocomplete: "off", isRequired: true, maximum: 1_000))
        page.submit(Words("連携する", "Link", easy: "つなぎます"))
    }

    static func show(_ shown: Page, _ settings: Configuration, _ page: inout Markup) {
        proposals(shown, settings, &page)
        confirmed(shown, settings, &page)
        code(shown, &page)
        certificates(shown, &page)
        merges(shown, &page)
    }

    private static func proposals(_ shown: Page, _ settings: Configuration, _ page: inout Markup) {
        let waiting = shown.links.filter { $0.state == .proposed && settings.federation.member($0.member) != nil }.prefix(20)
        guard !waiting.isEmpty else { return }
        page.heading(2, Words("ご確認ください", "Please confirm", easy: "見てください"))
        page.paragraph(
            Words(
                "次のサービスから、「この番号のお客様ではありませんか」という確認が届いています。ご自身の番号だけを選んで、連携してください。",
                "These services ask whether you are their customer with this number. Choose only the numbers that are yours.",
                easy: "サービスが「この 番号は あなたですか」と 聞いています。あなたの ものだけ 選んでください。"))
        page.form(to: "/me/links/confirm", fields: [("form", shown.mark)]) { page in
            page.raw("<fieldset><legend>")
            page.words(Words("お客様番号", "Customer number", easy: "お客様番号"))
            page.raw("</legend>")
            for link in waiting {
                page.raw("<label class=\"choice\">")
                page.open("input", [("type", "checkbox"), ("name", "link"), ("value", key(of: link))])
                page.words(name(link.member, settings) + Words("：", ": "))
                page.code(link.customer.text)
                page.raw("</label>")
            }
            page.raw("</fieldset>")
            page.submit(Words("選んだ番号を連携する", "Link the ones I chose", easy: "選んだ ものを つなぎます"))
        }
        for link in waiting {
            page.button(
                to: "/me/links/end", fields: [("form", shown.mark), ("link", key(of: link))],
                Words("自分の番号ではありません：", "Not mine: ", easy: "わたしのでは ありません：") + Words(verbatim: link.customer.text), kind: .plain)
        }
    }

    private static func confirmed(_ shown: Page, _ settings: Configuration, _ page: inout Markup) {
        page.heading(2, Words("サービスとの連携", "Links with services", easy: "つないだ サービス"))
        let links = shown.links.filter { $0.state == .confirmed }
        if links.isEmpty { page.paragraph(Words("現在、連携はありません。", "There are none at present.", easy: "いまは 何も ありません。")) }
        for link in links {
            page.section { page in
                page.facts([
                    (Words("サービス", "Service", easy: "サービス"), .words(name(link.member, settings))),
                    (Words("お客様番号", "Customer number", easy: "お客様番号"), .code(link.customer.text)),
                    (Words("連携した日", "Linked on", easy: "つないだ 日"), .day(link.at)),
                ])
                page.button(
                    to: "/me/links/end", fields: [("form", shown.mark), ("link", key(of: link))],
                    Words("連携を解除する", "End this link", easy: "つなぐのを やめます"), kind: .danger)
            }
        }
        page.note(
            Words(
                "お客様番号は、その番号を発行したサービスだけに伝えます。ほかのサービスには伝えません。",
                "A customer number is sent only to the service that issued it, and to no other.", easy: "お客様番号は、その サービスだけに 伝えます。"))
    }

    private static func code(_ shown: Page, _ page: inout Markup) {
        page.heading(2, Words("郵送されたコードを入力する", "Enter the code from a letter", easy: "手紙の コードを 入れます"))
        page.form(to: "/me/links/code", fields: [("form", shown.mark)]) { page in codeForm(shown.code, &page) }
    }

    private static func certificates(_ shown: Page, _ page: inout Markup) {
        page.heading(2, Words("カード・スマートフォンの引継ぎ", "Renewal of cards and phones", easy: "新しい カードや スマートフォン"))
        let rows: [[Cell]] = shown.evidence.compactMap(EvidenceWords.init).map { [.time($0.at), .words($0.what)] }
        if !rows.isEmpty {
            page.table(
                caption: Words("あなたのカード・スマートフォンの記録", "History of your cards and phones", easy: "あなたの カードや スマートフォンの 記録"),
                head: [Words("日付", "When", easy: "いつ"), Words("内容", "What happened", easy: "何が あったか")], rows: rows)
        }
        page.paragraph(
            Words(
                "新しいカードやスマートフォン、または別に登録されたカードをお持ちのときは、これまでの記録と一つにまとめられます。",
                "If you have a new card or phone, or one that was registered separately, you can combine it with this one.",
                easy: "新しい カードや スマートフォンを もっている 人は、いまの カードと ひとつに できます。"))
        page.button(
            to: "/me/links/add", fields: [("form", shown.mark)],
            Words("別のカード・スマートフォンを追加する", "Add another card or phone", easy: "ほかの カードか スマートフォンを たします"))
    }

    private static func merges(_ shown: Page, _ page: inout Markup) {
        guard !shown.merges.isEmpty else { return }
        page.heading(2, Words("まとめた記録", "Combined records", easy: "ひとつに した 記録"))
        for merge in shown.merges {
            page.section { page in
                page.facts([(Words("まとめた日時", "Combined on", easy: "ひとつに した 時間"), .time(merge.at))])
                page.button(
                    to: "/me/links/undo", fields: [("form", shown.mark), ("merge", merge.id.text)],
                    Words("元の二つに戻す", "Separate them again", easy: "ふたつに 戻します"), kind: .danger)
            }
        }
        page.note(
            Words(
                "元に戻すと、それぞれのカードで以前と同じようにログインできます。現在のログインはすべて終了します。", "Each card then logs in as before. All your current logins end.",
                easy: "戻すと、いまの ログインは ぜんぶ 終わります。"))
    }

    static func name(_ member: MemberID, _ settings: Configuration) -> Words {
        settings.federation.member(member)?.words ?? Words(verbatim: member.text)
    }

    /// Member and customer in one field: the member's part says how long it is.
    static func key(of link: CustomerLink) -> String { String(link.member.text.utf8.count) + ":" + link.member.text + link.customer.text }

    static func key(_ text: String) -> (MemberID, CustomerID)? {
        guard text.utf8.count <= 1_300, let colon = text.firstIndex(of: ":"), let length = Int(text[..<colon]), length > 0 else {
            return nil
        }
        let rest = Array(text[text.index(after: colon)...].utf8)
        guard length < rest.count, let member = MemberID(String(decoding: rest.prefix(length), as: UTF8.self)),
            let customer = CustomerID(String(decoding: rest.dropFirst(length), as: UTF8.self))
        else { return nil }
        return (member, customer)
    }
}

/// One piece of evidence in the citizen's words.
struct EvidenceWords: Sendable {
    let at: Timestamp
    let what: Words

    init?(_ kept: KeptEvidence) {
        guard let json = try? JSON(reading: Array(kept.body.utf8)), let at = json["at"]?.string.flatMap({ Timestamp($0) }),
            let kind = json["kind"]?.string.flatMap(LinkEvidence.Kind.init(rawValue:))
        else { return nil }
        self.at = at
        what =
            switch kind {
            case .first: Words("初めて使用しました", "Used for the first time", easy: "はじめて 使いました")
            case .bothSeen:
                Words(
                    "前のカードと新しいカードを続けて使い、引き継ぎました", "Taken over: old and new card were used one after the other",
                    easy: "前の カードと 新しい カードを つづけて 使いました")
            case .correspondence:
                Words(
                    "地方公共団体情報システム機構（J-LIS）への照会により、引き継ぎました", "Taken over: the issuer (J-LIS) confirmed that both belong together",
                    easy: "カードを 作った ところ（J-LIS）に 聞いて、つづきに しました")
            case .signature:
                Words("署名用電子証明書の内容が一致し、引き継ぎました", "Taken over: the signature certificate says the same", easy: "「署名用」の 証明書で 確かめて、つづきに しました")
            case .phone: Words("カードに対応するスマートフォンとして追加しました", "Added as the phone that belongs to your card", easy: "あなたの カードの スマートフォンに なりました")
            case .merged: Words("二つの記録を一つにまとめました", "Two records were combined", easy: "ふたつの 記録を ひとつに しました")
            case .undone: Words("まとめた記録を元に戻しました", "The combination was undone", easy: "もとの ふたつに 戻しました")
            case .ended:
                Words("カードの失効に伴い、スマートフォンも使えなくなりました", "The phone ended together with its card", easy: "カードが 使えなく なったので、スマートフォンも 使えなく なりました")
            }
    }
}

extension Platform {
    /// What the citizen's own page shows of links: how many wait, how many stand, and the way to the rest.
    func linksPart(of subject: SubjectID, page: inout Markup) async throws {
        let links = try await stores.customerLinks(of: subject)
        let waiting = links.count { $0.state == .proposed }
        page.facts([
            (
                CitizenPlace.links.title,
                .link(
                    CitizenPlace.links.rawValue,
                    Words(
                        String(links.count - waiting) + "件の連携", String(links.count - waiting) + " links",
                        easy: String(links.count - waiting)))
            )
        ])
        guard waiting > 0 else { return }
        page.note(.plain) { page in
            page.linkLine(
                CitizenPlace.links.rawValue,
                Words(
                    "確認待ちのお客様番号が" + String(waiting) + "件あります", String(waiting) + " customer numbers are waiting for you to confirm",
                    easy: "見てほしい お客様番号が " + String(waiting) + " あります"))
        }
    }
}
