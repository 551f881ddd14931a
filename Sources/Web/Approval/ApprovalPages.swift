import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// What waits for the citizen, and the page on which he decides.
enum ApprovalPages {
    /// The names of the pages' fields.
    static let ticket = "ticket"
    static let request = "request"

    enum Outcome: Hashable {
        case approved(AwaitedGrant.Kind)
        case denied(AwaitedGrant.Kind)
        case decidedBefore
        case gone
    }

    private static let title = Words("承認待ち", "Requests waiting for you", easy: "あなたの 返事を 待っている もの")

    static func login(ticket: String?) -> Markup {
        Pages.document(Words("承認待ちの確認", "Requests waiting for you", easy: "あなたの 返事を 待っている もの")) { page in
            page.paragraph(
                Words(
                    "サービスからの確認の依頼を見るには、マイナンバーカードまたはスマートフォンの電子証明書でログインしてください。",
                    "To see what services have asked you to confirm, log in with your card or with the certificate on your phone.",
                    easy: "サービスから たのまれた ことを 見ます。カードか スマートフォンで ログインしてください。"))
            page.button(to: "/approve/login", fields: ticket.map { [(Self.ticket, $0)] } ?? [], Words("ログインする", "Log in", easy: "ログインします"))
        }
    }

    static func list(_ waiting: [(AwaitedGrant, Member)], ends: Timestamp, at now: Timestamp) -> Markup {
        Pages.document(title) { page in
            if waiting.isEmpty {
                page.paragraph(Words("あなたの承認を待っているものはありません。", "Nothing is waiting for you.", easy: "いまは 何も ありません。"))
            }
            for (grant, member) in waiting {
                page.section { page in
                    page.heading(2, member.words)
                    facts(grant, member, at: now, &page)
                    page.button(
                        to: "/approve/open", fields: [(request, Base64url.encode(grant.handle))],
                        Words("内容を見て決める", "Look at it and decide", easy: "見て きめます"))
                }
            }
            page.linkLine("/approve", Words("もう一度確認する", "Check again", easy: "もう一回 見ます"))
            page.sessionEnds(ends, at: now)
        }
    }

    static func decide(
        _ grant: AwaitedGrant, _ member: Member, _ permit: Permit, _ id: TransactionID, at now: Timestamp
    ) -> Markup {
        Pages.document(Words("承認しますか", "Do you approve?", easy: "「はい」と 言いますか")) { page in
            facts(grant, member, at: now, &page)
            switch grant.kind {
            case .device: DevicePages.warning(&page)
            case .backchannel:
                page.note(
                    Words(
                        "いま、ご自身がこのサービスに依頼したときだけ承認してください。照合文があるときは、サービスの画面や窓口で示されたものと同じかどうかを確かめてください。",
                        "Approve only if you have just asked the service for this yourself. If words to compare are shown, check that the service shows the same words on its screen or at its counter.",
                        easy: "いま あなたが たのんだ ときだけ、「承認する」を 押してください。「照合文」が サービスの 画面と 同じか 見てください。"))
            }
            page.heading(2, Words("サービスに伝わる内容", "What the service will learn", easy: "サービスに 伝える こと"))
            let told = permit.attributes.map { ($0.source.phrase, $0.cell) }
            page.list([
                TellingWords.identifier,
                Words("ログインの時刻と認証の強さ", "when you logged in, and how strongly you were authenticated", easy: "ログインした 時間と、どのくらい しっかり 確かめたか"),
            ])
            page.facts(told)
            let door = "/journey/" + id.text + "/confirm"
            page.button(to: door, fields: [("decision", "approve")], Words("承認する", "Approve", easy: "承認する（はい）"))
            page.button(to: door, fields: [("decision", "deny")], Words("断る", "Refuse", easy: "断る（いいえ）"), kind: .plain)
        }
    }

    static func done(_ outcome: Outcome, loggedOut: Bool) -> Markup {
        Pages.document(Words("終わりました", "Done", easy: "終わりました")) { page in
            switch outcome {
            case .approved(.device):
                page.note(
                    Words(
                        "承認しました。機器の画面に戻ってください。機器のログインは、このブラウザのログインとは別です。",
                        "Approved. Go back to the device. Its login is separate from the one in this browser.",
                        easy: "できました。テレビなどの 画面に 戻ってください。この ログインは、その テレビだけの ものです。"), kind: .done)
            case .approved(.backchannel):
                page.note(
                    Words(
                        "承認しました。サービスの画面や窓口に戻ってください。", "Approved. Go back to the service's screen or counter.",
                        easy: "できました。サービスの 画面か 窓口に 戻ってください。"), kind: .done)
            case .denied:
                page.note(
                    Words("断りました。サービスには何も伝えていません。", "Refused. Nothing about you was sent to the service.", easy: "断りました。サービスに 何も 伝えていません。"),
                    kind: .done)
            case .decidedBefore:
                page.note(
                    Words(
                        "この依頼は、別の画面などですでに承認または拒否されています。", "This request has already been approved or refused, for example on another page.",
                        easy: "もう きまっています。何も しなくて いいです。"))
            case .gone:
                page.note(
                    Words(
                        "有効時間が過ぎました。サービスの画面から、もう一度始めてください。", "The time for this has run out. Please start again from the service.",
                        easy: "時間が 終わりました。サービスの 画面から もう一回 始めてください。"))
            }
            if loggedOut {
                page.paragraph(
                    Words(
                        "共用の端末のため、ログアウトしました。カードの取り忘れにご注意ください。",
                        "This terminal is shared, so you have been logged out. Please do not forget your card.",
                        easy: "みんなが 使う 機械なので、ログアウトしました。カードを 忘れないでください。"))
            } else {
                page.linkLine("/approve", Words("ほかの承認待ちを見る", "Other requests waiting for you", easy: "ほかの ものを 見ます"))
            }
        }
    }

    /// Who asks, since when, from where, and the words to compare.
    static func facts(_ grant: AwaitedGrant, _ member: Member, at now: Timestamp, _ page: inout Markup) {
        page.raw("<dl><dt>")
        page.words(Words("サービス", "Service", easy: "サービス"))
        page.raw("</dt><dd>")
        page.strong(member.words)
        page.raw("</dd>")
        if let message = grant.message {
            page.raw("<dt>")
            page.words(Words("照合文", "Words to compare", easy: "照合文（同じか 見る ことば）"))
            page.element("</dt><dd><strong><bdi>", message, "</bdi></strong></dd>")
        }
        page.raw("<dt>")
        page.words(Words("依頼の時刻", "Asked at", easy: "たのまれた 時間"))
        page.raw("</dt><dd>")
        page.time(grant.askedAt)
        let minutes = String(max(0, now.seconds(since: grant.askedAt)) / 60)
        page.words(Words("（" + minutes + "分前）", " (" + minutes + " minutes ago)", easy: "（" + minutes + "分前）"))
        page.raw("</dd>")
        if let from = grant.askedFrom {
            page.raw("<dt>")
            page.words(Words("依頼元のネットワークアドレス", "Network address it was asked from", easy: "たのんだ ところ（インターネットの 番号）"))
            page.element("</dt><dd>", from, "</dd>")
        }
        page.raw("</dl>")
    }
}

/// What is told with every answer.
enum TellingWords {
    /// The SAML V2.0 Subject Identifier Attributes, by whatever form of their names; anything else by its own name.
    static func of(_ name: String) -> Words {
        name.hasSuffix("pairwise-id") ? identifier : name.hasSuffix("subject-id") ? sharedIdentifier : Words(verbatim: name)
    }

    static let identifier = Words("このサービス専用のあなたの番号", "an identifier for you that only this service is given", easy: "この サービスだけで 使う あなたの 番号")
    static let sharedIdentifier = Words(
        "複数のサービスに共通のあなたの番号（この番号を受け取るほかのサービスでも同じ番号です）", "an identifier for you that is the same for every service that is given it",
        easy: "あなたの 番号（ほかの サービスでも 同じ 番号です）")
}
