import Hummingbird
import Settings
import TrustFramework
import Vocabulary

/// What an applicant sees of its own accreditation, behind a reference that nobody can guess (R6, R24).
extension Platform {
    /// `GET /applicants/{reference}`
    func applicant(_ context: DoorContext) -> Response {
        let (settings, now) = (configuration.current, clock())
        guard let reference = context.parameters.get("reference"), let id = settings.federation.applicant(behind: reference),
            let view = settings.applicantView(of: id, at: now)
        else { return Answer.page(Pages.nothingHere(), status: .notFound) }
        return Answer.page(Pages.applicant(view))
    }
}

extension Pages {
    /// The same for a wrong reference and one that was never given.
    static func nothingHere() -> Markup {
        document("見つかりません Nothing here") { $0.raw("<p>このアドレスには何もありません。 There is nothing at this address.</p>") }
    }

    static func applicant(_ view: ApplicantView) -> Markup {
        document("認定の状況 State of the accreditation") { page in
            page.element("<p><strong>", view.names["ja"] ?? view.names["en"] ?? view.member.text, "</strong>")
            if let name = view.names["en"] { page.element(" (", name, ")") }
            page.element("<br><code>", view.member.text, "</code></p>")
            page.element("<p>", view.headline.ja, " ")
            page.element("", view.headline.en, "</p>")
            if !view.missing.isEmpty {
                page.raw("<h2>不足しているもの What is missing</h2><ul>")
                for item in view.missing {
                    page.element("<li>", item.words.ja, " — ")
                    page.element("", item.words.en, "</li>")
                }
                page.raw("</ul>")
            }
            page.raw("<h2>次の手続き Next step</h2>")
            page.element("<p>", view.next.ja, " ")
            page.element("", view.next.en, "</p>")
            if !view.steps.isEmpty {
                page.raw("<h2>これまで So far</h2><ol>")
                for step in view.steps {
                    // A day in Japan, as officers and applicants count.
                    page.element("<li>", String(step.at.adding(seconds: 9 * 3600).text.prefix(10)), " ")
                    page.element("", step.state.told.ja, " ")
                    page.element("", step.state.told.en, "</li>")
                }
                page.raw("</ol>")
            }
        }
    }
}

extension Accreditation.State {
    fileprivate var told: (ja: String, en: String) {
        switch self {
        case .applied: ("申請", "applied")
        case .examined: ("審査済み", "examined")
        case .accredited: ("認定", "accredited")
        case .suspended: ("停止", "suspended")
        case .withdrawn: ("取消し", "withdrawn")
        }
    }
}
