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

    private static let title = Words("承認待ち", "Requests that wait for you", easy: "あなたが きめる こと")

    static func login(ticket: String?) -> Markup {
        Pages.document(Words("承認待ちの確認", "Requests that wait for you", easy: "あなたが きめる こと")) { page in
            page.paragraph(
                Words(
                    "サービスから頼まれた確認を見るには、カードまたはスマートフォンの電子証明書でログインしてください。",
                    "To see what services have asked of you, log in with your card or with the certificate on your phone.",
                    easy: "見るときは、カードか スマートフォンで ログインしてください。"))
            page.button(to: "/approve/login", fields: ticket.map { [(Self.ticket, $0)] } ?? [], Words("ログインする", "Log in"))
        }
    }

    static func list(_ waiting: [(AwaitedGrant, Member)], ends: Timestamp, at now: Timestamp) -> Markup {
        Pages.document(title) { page in
            if waiting.isEmpty {
                page.paragraph(Words("あなたの承認を待っているものはありません。", "Nothing waits for you.", easy: "いまは ありません。"))
            }
            for (grant, member) in waiting {
                page.section { page in
                    page.heading(2, member.words)
                    facts(grant, member, at: now, &page)
                    page.button(
                        to: "/approve/open", fields: [(request, Base64url.encode(grant.handle))],
                        Words("内容を見て決める", "Look at it and decide", easy: "見て きめる"))
                }
            }
            page.linkLine("/approve", Words("もう一度見る", "Look again", easy: "もう一回 見る"))
            page.sessionEnds(ends, at: now)
        }
    }

    static func decide(
        _ grant: AwaitedGrant, _ member: Member, _ permit: Permit, _ id: TransactionID, at now: Timestamp
    ) -> Markup {
        Pages.document(Words("承認しますか", "Do you agree?", easy: "いいですか")) { page in
            facts(grant, member, at: now, &page)
            switch grant.kind {
            case .device: DevicePages.warning(&page)
            case .backchannel:
                page.note(
                    Words(
                        "いま、あなたがこのサービスに頼んだときだけ承認してください。照合文があるときは、サービスの画面や窓口のものと同じか確かめてください。",
                        "Only agree if you have just asked the service for this yourself. Where there are words to compare, they must be the same on the screen or at the counter of the service.",
                        easy: "いま あなたが たのんだときだけ、「承認する」を おしてください。「照合文」が 同じか 見てください。"))
            }
            page.heading(2, Words("サービスに伝わること", "What the service learns", easy: "サービスに 伝えること"))
            let told = permit.attributes.map { ($0.source.phrase, Cell.text($0.text)) }
            page.list([
                TellingWords.identifier,
                Words("ログインの時刻と確かさ", "when and how surely you logged in", easy: "ログインした 時間"),
            ])
            page.facts(told)
            let door = "/journey/" + id.text + "/confirm"
            page.button(to: door, fields: [("decision", "approve")], Words("承認する", "I agree", easy: "承認する（はい）"))
            page.button(to: door, fields: [("decision", "deny")], Words("断る", "Refuse", easy: "断る（いいえ）"), kind: .plain)
        }
    }

    static func done(_ outcome: Outcome, loggedOut: Bool) -> Markup {
        Pages.document(Words("終わりました", "Done", easy: "おわりました")) { page in
            switch outcome {
            case .approved(.device):
                page.note(
                    Words(
                        "承認しました。機器の画面に戻ってください。機器のログインは、このブラウザのログインとは別です。",
                        "You have agreed. Go back to the device. Its login is separate from the one in this browser.",
                        easy: "できました。テレビの 画面に もどってください。"), kind: .done)
            case .approved(.backchannel):
                page.note(
                    Words(
                        "承認しました。サービスの画面や窓口に戻ってください。", "You have agreed. Go back to the service.",
                        easy: "できました。サービスの 画面か 窓口に もどってください。"), kind: .done)
            case .denied:
                page.note(
                    Words(
                        "断りました。サービスには何も伝えていません。", "You have refused. The service has learnt nothing about you.",
                        easy: "断りました。なにも 伝えていません。"), kind: .done)
            case .decidedBefore:
                page.note(
                    Words(
                        "これは、すでに別の画面か別の人によって決められています。", "This was decided before, on another page or by somebody else.",
                        easy: "もう きまっています。"))
            case .gone:
                page.note(Words("期限が切れました。もう一度始めてください。", "This has run out. Start again.", easy: "時間が おわりました。もう一回 はじめてください。"))
            }
            if loggedOut {
                page.paragraph(
                    Words(
                        "共用の端末なので、ログアウトしました。カードを取り忘れないでください。",
                        "This terminal is shared, so you have been logged out. Take your card with you.",
                        easy: "みんなが つかう 機械なので、ログアウトしました。カードを わすれないでください。"))
            } else {
                page.linkLine("/approve", Words("ほかの承認待ち", "Other requests", easy: "ほかの こと"))
            }
        }
    }

    /// Who asks, since when, from where, and the words to compare.
    static func facts(_ grant: AwaitedGrant, _ member: Member, at now: Timestamp, _ page: inout Markup) {
        page.raw("<dl><dt>")
        page.words(Words("サービス", "Service"))
        page.raw("</dt><dd>")
        page.strong(member.words)
        page.raw("</dd>")
        if let message = grant.message {
            page.raw("<dt>")
            page.words(Words("照合文", "Words to compare"))
            page.element("</dt><dd><strong><bdi>", message, "</bdi></strong></dd>")
        }
        page.raw("<dt>")
        page.words(Words("頼まれた時刻", "Asked at", easy: "たのまれた 時間"))
        page.raw("</dt><dd>")
        page.time(grant.askedAt)
        let minutes = String(max(0, now.seconds(since: grant.askedAt)) / 60)
        page.words(Words("（" + minutes + "分前）", " (" + minutes + " minutes ago)"))
        page.raw("</dd>")
        if let from = grant.askedFrom {
            page.raw("<dt>")
            page.words(Words("頼んだ場所（ネットワーク）", "Asked from (network address)"))
            page.element("</dt><dd>", from, "</dd>")
        }
        page.raw("</dl>")
    }
}

/// What is told with every answer.
enum TellingWords {
    static let identifier = Words(
        "このサービス専用のあなたの番号", "an identifier of you made for this service alone", easy: "この サービスだけの あなたの 番号")
    static let sharedIdentifier = Words(
        "あなたの共通の番号（この番号を受け取るほかのサービスでも同じです）",
        "an identifier of you that is the same for every service that is told it", easy: "あなたの 番号（ほかの サービスでも おなじ 番号です）")
}
