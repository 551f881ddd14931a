import Hummingbird
import OpenID
import Settings
import TrustFramework
import Vocabulary

/// The services where a login may be started from here (OpenID Connect Core §4; checklist C17).
extension Platform {
    /// `GET /services`: nothing about the citizen, so the page is the same for everybody.
    func services() -> Response {
        let (settings, now) = (configuration.current, clock())
        let entries = settings.federation.members.compactMap { member -> (Member, String)? in
            guard member.standing(at: now) == .inForce, let client = settings.federation.client(member.id) else { return nil }
            return client.startOfLogin(at: settings.openIDProvider).map { (member, $0) }
        }
        return Answer.page(Pages.services(entries))
    }
}

extension Pages {
    static func services(_ entries: [(member: Member, address: String)]) -> Markup {
        document("サービス Services") { page in
            guard !entries.isEmpty else { return page.raw("<p>ここから始められるサービスはありません。 No service can be started from here.</p>") }
            page.raw("<p>ここから始められるサービス Services that can be started from here</p><ul>")
            for (member, address) in entries {
                page.element("<li><a rel=\"noreferrer\" href=\"", address, "\">")
                page.element("", member.displayName["ja"] ?? member.displayName["en"] ?? member.id.text, "</a></li>")
            }
            page.raw("</ul>")
        }
    }
}
