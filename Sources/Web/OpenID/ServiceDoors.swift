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
        document(Words("サービス", "Services", easy: "サービス")) { page in
            guard !entries.isEmpty else {
                return page.paragraph(
                    Words("ここから始められるサービスはありません。", "There are no services to start from here.", easy: "いまは ありません。"))
            }
            page.paragraph(Words("ここから始められるサービス", "Services you can start from here", easy: "ここから 始められる サービス"))
            page.list(entries) { entry, page in page.link(entry.address, entry.member.words, away: true) }
        }
    }
}
