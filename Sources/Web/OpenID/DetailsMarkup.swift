import OpenID
import Settings
import TrustFramework
import Vocabulary

extension Tongue {
    /// What the citizen is asked to grant beyond the login (RFC 9396), in words.
    func details(_ settings: Configuration) -> [DetailsWords] {
        guard case .openID(let request) = self, let details = request.authorizationDetails else { return [] }
        // A citizen knows a town by its name, not by the address of its interface.
        return settings.openIDProvider.authorization.details.words(for: details) { address in
            settings.federation.resourceServer(for: address).flatMap { settings.federation.member($0.id) }.map {
                Wording(japanese: $0.displayName["ja"] ?? $0.id.text, english: $0.displayName["en"] ?? $0.id.text)
            }
        }
    }

    /// The same for the trail: what kinds, and about whom; no text that the request made up.
    var granted: [(name: String, value: JSON)] {
        guard case .openID(let request) = self, let details = request.authorizationDetails?.array else { return [] }
        return [
            (
                "authorization-details",
                .array(
                    details.map { item in
                        .object(["type", "locations", "onward"].compactMap { name in item[name].map { (name, $0) } })
                    })
            )
        ]
    }
}

extension Pages {
    /// Every member of the authorization details, before the card is used: its use is the citizen's yes to them.
    static func details(_ words: [DetailsWords], _ page: inout Markup) {
        guard !words.isEmpty else { return }
        page.section { page in
            page.heading(
                2, Words("ログインすると、次の内容も許可したことになります", "Logging in also allows the following", easy: "ログインすると、つぎの ことも「いいです」と 言った ことに なります"))
            for item in words {
                page.heading(3, item.title.words)
                page.raw("<dl>")
                for line in item.lines {
                    page.raw("<dt>")
                    page.words(line.title.words)
                    page.raw("</dt>")
                    for value in line.values {
                        page.raw("<dd><bdi>")
                        page.words(value.words)
                        page.raw("</bdi></dd>")
                    }
                }
                page.raw("</dl>")
            }
            page.paragraph(
                Words("許可しない場合は「やめる」を押してください。", "If you do not want to allow this, press “Cancel”.", easy: "いやな ときは「やめます」を 押してください。"))
        }
    }
}

extension Wording {
    var words: Words { Words(japanese, english) }
}
