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

    static func login(ticket: String?) -> Markup {
        LargePages.document("承認待ちの確認", "Requests that wait for you") { page in
            page.both(
                "サービスから頼まれた確認を見るには、カードまたはスマートフォンの電子証明書でログインしてください。",
                "To see what services have asked of you, log in with your card or with the certificate on your phone.")
            page.button(to: "/approve/login", ticket.map { [(Self.ticket, $0)] } ?? [], "ログインする", "Log in")
        }
    }

    static func list(_ waiting: [(AwaitedGrant, Member)], at now: Timestamp) -> Markup {
        LargePages.document("承認待ち", "Requests that wait for you") { page in
            if waiting.isEmpty {
                page.both("あなたの承認を待っているものはありません。", "Nothing waits for you.")
            }
            for (grant, member) in waiting {
                page.raw("<section>")
                facts(grant, member, at: now, &page)
                page.button(
                    to: "/approve/open", [(request, Base64url.encode(grant.handle))], "内容を見て決める", "Look at it and decide")
                page.raw("</section><hr>")
            }
            page.raw("<p><a href=\"/approve\">もう一度見る<br><span lang=\"en\">Look again</span></a></p>")
        }
    }

    static func decide(
        _ grant: AwaitedGrant, _ member: Member, _ permit: Permit, _ id: TransactionID, at now: Timestamp
    ) -> Markup {
        LargePages.document("承認しますか", "Do you agree?") { page in
            facts(grant, member, at: now, &page)
            switch grant.kind {
            case .device: DevicePages.warning(&page)
            case .backchannel:
                page.raw("<div class=\"note\">")
                page.both(
                    "いま、あなたがこのサービスに頼んだときだけ承認してください。照合文があるときは、サービスの画面や窓口のものと同じか確かめてください。",
                    "Only agree if you have just asked the service for this yourself. Where there are words to compare, they must be the same on the screen or at the counter of the service."
                )
                page.raw("</div>")
            }
            page.both("サービスに伝わること:", "What the service learns:")
            page.raw("<ul><li>このサービス専用のあなたの番号 <span lang=\"en\">an identifier of you made for this service alone</span></li>")
            page.raw("<li>ログインの時刻と確かさ <span lang=\"en\">when and how surely you logged in</span></li>")
            for attribute in permit.attributes {
                page.raw("<li>")
                words(for: attribute.source, &page)
                page.element(": ", attribute.text, "</li>")
            }
            page.raw("</ul>")
            let door = "/journey/" + id.text + "/confirm"
            page.button(to: door, [("decision", "approve")], "承認する", "I agree")
            page.button(to: door, [("decision", "deny")], "断る", "Refuse")
        }
    }

    static func done(_ outcome: Outcome, loggedOut: Bool) -> Markup {
        LargePages.document("終わりました", "Done") { page in
            switch outcome {
            case .approved(.device):
                page.both(
                    "承認しました。機器の画面に戻ってください。機器のログインは、このブラウザのログインとは別です。",
                    "You have agreed. Go back to the device. Its login is separate from the one in this browser.")
            case .approved(.backchannel):
                page.both("承認しました。サービスの画面や窓口に戻ってください。", "You have agreed. Go back to the service.")
            case .denied:
                page.both("断りました。サービスには何も伝えていません。", "You have refused. The service has learnt nothing about you.")
            case .decidedBefore:
                page.both(
                    "これは、すでに別の画面か別の人によって決められています。", "This was decided before, on another page or by somebody else.")
            case .gone: page.both("期限が切れました。もう一度始めてください。", "This has run out. Start again.")
            }
            if loggedOut {
                page.both(
                    "共用の端末なので、ログアウトしました。カードを取り忘れないでください。",
                    "This terminal is shared, so you have been logged out. Take your card with you.")
            } else {
                page.raw("<p><a href=\"/approve\">ほかの承認待ち<br><span lang=\"en\">Other requests</span></a></p>")
            }
        }
    }

    /// Who asks, since when, from where, and the words to compare.
    static func facts(_ grant: AwaitedGrant, _ member: Member, at now: Timestamp, _ page: inout Markup) {
        page.raw("<dl><dt>サービス <span lang=\"en\">Service</span></dt>")
        page.element("<dd><strong>", member.displayName["ja"] ?? member.id.text, "</strong><br>")
        page.element("<span lang=\"en\">", member.displayName["en"] ?? member.id.text, "</span></dd>")
        if let message = grant.message {
            page.raw("<dt>照合文 <span lang=\"en\">Words to compare</span></dt>")
            page.element("<dd><strong><bdi>", message, "</bdi></strong></dd>")
        }
        page.raw("<dt>頼まれた時刻 <span lang=\"en\">Asked at</span></dt>")
        page.element("<dd>", grant.askedAt.text, "")
        page.element(" (", String(max(0, now.seconds(since: grant.askedAt)) / 60), " 分前 <span lang=\"en\">minutes ago</span>)</dd>")
        if let from = grant.askedFrom {
            page.raw("<dt>頼んだ場所（ネットワーク） <span lang=\"en\">Asked from (network address)</span></dt>")
            page.element("<dd>", from, "</dd>")
        }
        page.raw("</dl>")
    }

    private static func words(for source: AttributeSource, _ page: inout Markup) {
        let words = source.words
        page.text(words.ja)
        page.element(" <span lang=\"en\">", words.en, "</span>")
    }
}
