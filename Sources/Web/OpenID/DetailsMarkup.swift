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
        page.raw("<section><h2>ログインすると次のことも許可します What you also allow by logging in</h2>")
        for item in words {
            page.element("<h3>", item.title.japanese, "")
            page.element(" ", item.title.english, "</h3><dl>")
            for line in item.lines {
                page.element("<dt>", line.title.japanese, "")
                page.element(" ", line.title.english, "</dt>")
                for value in line.values {
                    page.element("<dd><bdi>", value.japanese, "</bdi>")
                    // The same word in both languages is said once.
                    if value.english != value.japanese { page.element(" <bdi>", value.english, "</bdi>") }
                    page.raw("</dd>")
                }
            }
            page.raw("</dl>")
        }
        page.raw("<p>許可しない場合は「やめる」を押してください。 If you do not allow this, press “Stop”.</p></section>")
    }
}
