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
        document(Words("見つかりません", "Nothing here", easy: "ありません")) { page in
            page.paragraph(Words("このアドレスには何もありません。", "There is nothing at this address.", easy: "ここには なにも ありません。"))
        }
    }

    static func applicant(_ view: ApplicantView) -> Markup {
        document(Words("認定の状況", "State of the accreditation")) { page in
            let name = view.names["ja"] ?? view.names["en"] ?? view.member.text
            page.paragraph { page in
                page.strong(Words(name, view.names["en"] ?? name))
                page.element("<br><code>", view.member.text, "</code>")
            }
            page.paragraph(Words(view.headline.ja, view.headline.en))
            if !view.missing.isEmpty {
                page.heading(2, Words("不足しているもの", "What is missing"))
                page.list(view.missing.map { Words($0.words.ja, $0.words.en) })
            }
            page.heading(2, Words("次の手続き", "Next step"))
            page.paragraph(Words(view.next.ja, view.next.en))
            guard !view.steps.isEmpty else { return }
            page.heading(2, Words("これまで", "So far"))
            page.list(view.steps.map { ($0.at, $0.state.told) }, ordered: true) { step, page in
                page.day(step.0)
                page.words(Words(" " + step.1.ja, " " + step.1.en))
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
