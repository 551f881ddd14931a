import Outbound
import Vocabulary

/// What a citizen says on the page that asks whether he has been here before, and what he holds for it.
package struct NewcomerAnswer: Sendable {
    package enum Choice: String, Sendable, CaseIterable {
        case new, old, proof
    }

    package let choice: Choice
    /// The card that was used here before, for `old`.
    package let old: CardHolder?

    package init(_ choice: Choice, old: CardHolder? = nil) {
        self.choice = choice
        self.old = old
    }
}

/// The page at which a platform asks about a certificate that it does not know: `{base}/journey/{transaction}/newcomer`.
struct NewcomerPage {
    let page: WebAddress

    init?(_ address: WebAddress) {
        guard address.path.hasSuffix("/newcomer"), let above = WebAddress(address.origin + address.path.dropLast("/newcomer".count)),
            JourneyPage(above) != nil
        else { return nil }
        page = address
    }

    /// The form of the page, sent with the citizen's choice; nil where the page has none.
    func sent(_ choice: NewcomerAnswer.Choice, _ page: WebPage) -> Navigation? {
        guard let form = page.forms.first(where: { $0.isPost && self.page.resolving($0.action)?.path == self.page.path }) else {
            return nil
        }
        let body = Array(WebAddress.encoded(form.fields + [(name: "answer", value: choice.rawValue)]).utf8)
        return Navigation(
            request: .post(self.page, type: UserAgent.formType, body: body, headers: [.init("Origin", self.page.origin)]),
            initiator: self.page)
    }
}
