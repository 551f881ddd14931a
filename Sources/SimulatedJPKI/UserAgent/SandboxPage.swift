import Outbound

/// What a developer chooses on the sandbox's page.
package struct SandboxChoice: Hashable, Sendable {
    /// One of the names at `/sandbox/answers`.
    package let answer: String
    package let citizen: String

    package init(answer: String, citizen: String) {
        self.answer = answer
        self.citizen = citizen
    }
}

/// The page on which the sandbox asks for its answer: its form goes to `…/sandbox/PROTOCOL/answer`.
struct SandboxPage {
    private let page: WebAddress
    private let door: WebAddress
    private let hidden: [(name: String, value: String)]

    init?(_ address: WebAddress, _ page: WebPage) {
        for form in page.forms where form.isPost {
            guard let door = address.resolving(form.action), door.origin == address.origin, door.path.contains("/sandbox/"),
                door.path.hasSuffix("/answer")
            else { continue }
            self.page = address
            self.door = door
            hidden = form.fields
            return
        }
        return nil
    }

    func answered(by choice: SandboxChoice) -> Navigation {
        let fields = hidden + [(name: "answer", value: choice.answer), (name: "citizen", value: choice.citizen)]
        return Navigation(
            request: .post(
                door, type: UserAgent.formType, body: Array(WebAddress.encoded(fields).utf8), headers: [.init("Origin", page.origin)]),
            initiator: page)
    }
}
