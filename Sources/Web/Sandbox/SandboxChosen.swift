import Hummingbird
import OpenID
import Vocabulary

/// What came back from the sandbox's page: the request as it was, and which answer to give to it, about whom.
struct SandboxChosen<Fault: RawRepresentable<String>> {
    let message: [UInt8]
    /// How a SAML request came.
    let binding: String?
    let fault: Fault
    let person: SandboxPerson

    /// Nil for a form that is not whole.
    init?(_ request: Request) async throws {
        guard Platform.isForm(request), let body = try await request.collected(upTo: 32_768), let form = try? FormParameters(body),
            let message = form[SandboxPages.message].flatMap({ Base64url.decode($0) }),
            let fault = form[SandboxPages.answer].flatMap({ Fault(rawValue: $0) }),
            let person = SandboxPerson.of(form[SandboxPages.citizen] ?? "hanako")
        else { return nil }
        self.message = message
        self.fault = fault
        self.person = person
        binding = form[SandboxPages.binding]
    }
}
