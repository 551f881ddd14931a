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
        document(Words("ページが見つかりません", "Page not found", easy: "ページが ありません")) { page in
            page.paragraph(
                Words(
                    "このアドレスのページはありません。アドレスを確認するか、最初のページからお進みください。",
                    "There is no page at this address. Please check the address, or start from the front page.",
                    easy: "この アドレスには 何も ありません。最初の ページから 見てください。"))
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
            page.heading(2, Words("これまでの経過", "So far"))
            page.list(view.steps.map { ($0.at, $0.state.words) }, ordered: true) { step, page in
                page.day(step.0)
                page.text(" ")
                page.words(step.1)
            }
        }
    }
}
