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

    static let noCode = Words("コードを入力してください（一度に10個まで）。", "Please type the code (ten at most at once).", easy: "コードを 入れてください。")
    static let tooOften = Words(
        "コードの間違いが続いたため、しばらくお待ちください。お手紙のコードをもう一度ご確認ください。",
        "There were several wrong codes, so please wait a little, and look at the letter again.")

    static func wrong(several: Int) -> Words {
        let rest = Words(
            "下のコードは使えません。入力の間違いか、期限切れか、すでに使われたコードです。お手紙を確かめるか、サービスにお問い合わせください。",
            "The code below cannot be used: it is mistyped, out of time or used already. Please look at the letter, or ask the service.")
        return several == 0 ? rest : Words("ほかのコードは結びつけました。", "The other codes have been linked. ") + rest
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
        page.heading(2, Words("確認をお願いします", "Please confirm", easy: "たしかめてください"))
        page.paragraph(
            Words(
                "次のサービスから、「この番号のお客様はあなたではないか」と届いています。あなたのものだけを選んで結びつけてください。",
                "These services think that you are their customer of this number. Choose those that are yours.",
                easy: "サービスから「この 番号は あなたですか」と きかれています。あなたの ものだけ えらんでください。"))
        page.form(to: "/me/links/confirm", fields: [("form", shown.mark)]) { page in
            page.raw("<fieldset><legend>")
            page.words(Words("お客様番号", "Customer numbers"))
            page.raw("</legend>")
            for link in waiting {
                page.raw("<label class=\"choice\">")
                page.open("input", [("type", "checkbox"), ("name", "link"), ("value", key(of: link))])
                page.words(name(link.member, settings) + Words("：", ": "))
                page.code(link.customer.text)
                page.raw("</label>")
            }
            page.raw("</fieldset>")
            page.submit(Words("選んだものを結びつける", "Link those that I chose", easy: "えらんだものを むすびつける"))
        }
        for link in waiting {
            page.button(
                to: "/me/links/end", fields: [("form", shown.mark), ("link", key(of: link))],
                Words("私のものではない：", "Not mine: ") + Words(verbatim: link.customer.text), kind: .plain)
        }
    }

    private static func confirmed(_ shown: Page, _ settings: Configuration, _ page: inout Markup) {
        page.heading(2, Words("サービスとの結びつき", "Links with services", easy: "サービスとの むすびつき"))
        let links = shown.links.filter { $0.state == .confirmed }
        if links.isEmpty { page.paragraph(Words("いまは何もありません。", "There are none at present.")) }
        for link in links {
            page.section { page in
                page.facts([
                    (Words("サービス", "Service"), .words(name(link.member, settings))),
                    (Words("お客様番号", "Customer number"), .code(link.customer.text)),
                    (Words("結びつけた日", "Linked on"), .day(link.at)),
                ])
                page.button(
                    to: "/me/links/end", fields: [("form", shown.mark), ("link", key(of: link))],
                    Words("結びつきを外す", "End this link"), kind: .danger)
            }
        }
        page.note(
            Words(
                "お客様番号は、その番号を付けたサービスだけに伝わります。ほかのサービスには伝わりません。",
                "A customer number is told to the service that gave it, and to no other."))
    }

    private static func code(_ shown: Page, _ page: inout Markup) {
        page.heading(2, Words("お手紙のコードを入れる", "Enter the code of a letter", easy: "手紙の コードを 入れる"))
        page.form(to: "/me/links/code", fields: [("form", shown.mark)]) { page in
            page.field(
                FormField(
                    "code", Words("コード", "Code"), kind: .text(rows: 2), value: shown.code,
                    hint: Words("12文字です。複数あるときは、改行して続けて入力できます。", "Twelve characters. Several can be entered, one to a line."),
                    autocomplete: "off", isRequired: true, maximum: 1_000))
            page.submit(Words("結びつける", "Link"))
        }
    }

    private static func certificates(_ shown: Page, _ page: inout Markup) {
        page.heading(2, Words("カード・スマートフォンの引きつぎ", "Renewal of cards and phones"))
        let rows: [[Cell]] = shown.evidence.compactMap(EvidenceWords.init).map { [.time($0.at), .words($0.what)] }
        if !rows.isEmpty {
            page.table(
                caption: Words("あなたのカード・スマートフォンの記録", "How your cards and phones came to be yours"),
                head: [Words("いつ", "When"), Words("なぜ", "Why")], rows: rows)
        }
        page.paragraph(
            Words(
                "新しいカードやスマートフォン、または別に登録されたカードがお手元にあるときは、いまのカードと一つにできます。",
                "If you have a new card or phone at hand, or one that was registered apart, you can put it together with this one."))
        page.button(
            to: "/me/links/add", fields: [("form", shown.mark)],
            Words("もう一方のカード・スマートフォンを追加する", "Add the other card or phone"))
    }

    private static func merges(_ shown: Page, _ page: inout Markup) {
        guard !shown.merges.isEmpty else { return }
        page.heading(2, Words("まとめた記録", "Records that were put together"))
        for merge in shown.merges {
            page.section { page in
                page.facts([(Words("まとめた日時", "Put together at"), .time(merge.at))])
                page.button(
                    to: "/me/links/undo", fields: [("form", shown.mark), ("merge", merge.id.text)],
                    Words("元の二つに戻す", "Make them two again"), kind: .danger)
            }
        }
        page.note(
            Words(
                "戻すと、それぞれのカードで前と同じようにログインできます。いったん全部のログインが終わります。",
                "Each card then logs in as before. All your logins end for a moment."))
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
            case .first: Words("はじめて使われました", "Used for the first time", easy: "はじめて 使いました")
            case .bothSeen: Words("前のカードと新しいカードを続けて使い、引きつぎました", "Old and new were used one after the other")
            case .correspondence: Words("更新前のカードとの対応を、発行元（J-LIS）の情報で確かめて引きつぎました", "Taken over by the issuer's (J-LIS's) word")
            case .signature: Words("署名用電子証明書の内容が一致し、引きつぎました", "Taken over by your signature certificate")
            case .phone: Words("カードに結びついたスマートフォンとして追加されました", "Added as the phone that belongs to your card")
            case .merged: Words("二つの記録を一つにまとめました", "Two records were put together")
            case .undone: Words("まとめた記録を元に戻しました", "Putting together was undone")
            case .ended: Words("カードが使えなくなったため、そのスマートフォンも終わりました", "A phone ended with its card")
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
                    Words(String(links.count - waiting) + "件の結びつき", String(links.count - waiting) + " links"))
            )
        ])
        guard waiting > 0 else { return }
        page.note(.plain) { page in
            page.linkLine(
                CitizenPlace.links.rawValue,
                Words("確認をお待ちしているお客様番号が" + String(waiting) + "件あります", String(waiting) + " customer numbers wait for your word"))
        }
    }
}
