import SignOn
import TrustFramework
import Vocabulary

/// The card was used, and a use of it here does not do for this service: why, in plain words, and the way back. The card is not asked for
/// once more; the service hears the reason when the citizen goes back.
struct WrongPlacePage: Sendable {
    let visit: Visit
    let refusal: SignOnRefusal

    var markup: Markup {
        Pages.document(Words("ここでは利用できません", "This cannot be used here", easy: "ここでは 使えません")) { page in
            page.note { page in
                RuleWords.paragraphs(refusal.citizenWords, &page)
            }
            page.paragraph(
                Words(
                    "カードは正しく読み取れました。サービスが案内する端末または場所で、もう一度お試しください。",
                    "Your card was read correctly. Please try again at a terminal or place that the service names.",
                    easy: "カードは 読めました。サービスが 教える ところで もう一回 してください。"))
            page.button(
                to: visit.path + "/cancel",
                Words("サービスに戻る", "Back to the service", easy: "サービスに 戻ります"))
            Pages.forDevelopers(refusal.explanation, &page)
        }
    }
}

extension SignOnRefusal {
    /// The rules would take a login, but none that can be made where the card was used.
    var isOfThePlace: Bool {
        switch self {
        case .denied(.contextOutOfReach, _, _, _, _), .denied(.forbidden, _, _, _, _): true
        default: false
        }
    }
}

extension Visit {
    /// The card was used on this very visit.
    var hasTried: Bool { session?.authentications.contains { $0.journey == transaction.id } ?? false }
}
