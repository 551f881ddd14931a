import HTTPTypes
import Hummingbird
import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The sandbox's SAML identity provider. It answers registered members only, at registered addresses only.
extension Platform {
    func sandboxMetadata() throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        return Answer.published(
            try sandbox.identityProvider.sandboxMetadata(at: clock()), type: "application/samlmetadata+xml", seconds: 3_600)
    }

    /// `GET /sandbox/saml/metadata/signing.pem`: the certificate of the key that signs its metadata, as `/saml/metadata/signing.pem` of the
    /// platform's.
    func sandboxMetadataKeys() -> Response {
        guard let sandbox else { return sandboxMissing() }
        return Answer.published(
            Array(sandbox.identityProvider.metadataCertificates(at: clock()).utf8), type: "application/x-pem-file", seconds: 3_600)
    }

    /// `GET` and `POST /sandbox/saml/sso`: proves the request and asks which answer it shall be.
    func sandboxSignOn(_ request: Request) async throws -> Response {
        guard sandbox != nil else { return sandboxMissing() }
        let isPost = request.method == .post
        let message: [UInt8]
        if isPost {
            guard let form = try await request.collected(upTo: 16_384) else { return try await refuse(Self.sandboxTooLarge, at: clock()) }
            message = form
        } else {
            message = Array(request.rawQuery.utf8)
        }
        return try await sandboxRequest(message, isPost: isPost, at: clock()) { verified, member in
            Answer.page(
                SandboxPages.choose(
                    member, to: "/sandbox/saml/answer",
                    hidden: [(SandboxPages.message, Base64url.encode(message)), (SandboxPages.binding, isPost ? "post" : "redirect")],
                    answers: WrongResponse.allCases.map { (value: $0.rawValue, label: SandboxPages.label($0)) }))
        }
    }

    /// `POST /sandbox/saml/answer`: the request once more, and what was chosen.
    func sandboxAnswer(_ request: Request) async throws -> Response {
        let now = clock()
        guard let sandbox else { return sandboxMissing() }
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let chosen = try await SandboxChosen<WrongResponse>(request) else { return try await refuse(Self.sandboxForm, at: now) }
        let ladder = configuration.current.policy.ladder
        return try await sandboxRequest(chosen.message, isPost: chosen.binding == "post", at: now) { verified, _ in
            let asked = verified.ask.requirement?.values.first { value in ladder.contexts.contains { $0.samlClasses.contains(value) } }
            var random = SystemRandomNumberGenerator()
            let answer = try verified.response(
                chosen.fault, about: chosen.person.saml, contextClass: asked ?? ladder.contexts.last?.samlClasses.first ?? "",
                from: sandbox.identityProvider, stranger: sandbox.samlStranger, at: now, using: &random)
            return self.samlPage(answer)
        }
    }

    private func sandboxRequest(
        _ message: [UInt8], isPost: Bool, at now: Timestamp, _ answer: (VerifiedAuthnRequest, Member) throws -> Response
    ) async throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        let settings = configuration.current
        let unverified: UnverifiedAuthnRequest
        do throws(SAMLRefusal) {
            unverified =
                isPost ? try .post(form: message) : try .redirect(query: String(decoding: message, as: UTF8.self))
        } catch {
            return Answer.page(Pages.refusal(error.explanation), status: .badRequest)
        }
        await settings.federation.learn(unverified.issuer)
        do {
            let verified = try unverified.verified(
                for: settings.federation.serviceProvider(unverified.issuer), at: sandbox.identityProvider, at: now)
            guard let member = settings.federation.member(verified.serviceProvider.entityID) else { return sandboxMissing() }
            return try answer(verified, member)
        } catch let error as SAMLRefusal {
            return Answer.page(Pages.refusal(error.explanation), status: .badRequest)
        }
    }

    /// `GET /sandbox/answers`: every answer that can be chosen, for programs that go through them (`jpki-simulator acceptance`).
    func sandboxAnswers() -> Response {
        guard sandbox != nil else { return sandboxMissing() }
        func entry(_ answer: String, _ clause: String, _ isBinding: Bool, _ words: Words) -> JSON {
            .object([
                ("answer", .string(answer)), ("clause", .string(clause)), ("binding", .bool(isBinding)), ("ja", .string(words.ja)),
                ("en", .string(words.en)),
            ])
        }
        return Answer.json(
            .object([
                ("saml", .array(WrongResponse.allCases.map { entry($0.rawValue, $0.clause, $0.isBinding, SandboxPages.words($0)) })),
                ("openid", .array(WrongToken.allCases.map { entry($0.rawValue, $0.clause, $0.isBinding, SandboxPages.words($0)) })),
            ]))
    }

    func sandboxMissing() -> Response { Answer.page(Pages.refusal(Self.noSandbox), status: .notFound) }

    static let noSandbox = Explanation(
        "sandbox.absent", "this deployment has no sandbox", clause: "docs/developers.md",
        remedy: "write `sandbox: true` into the sekisho.yaml of a development deployment")

    static let sandboxForm = Explanation(
        "sandbox.form", "the choice of an answer is not whole", clause: "docs/developers.md",
        remedy: "begin the login at your service again, and choose on the page that follows")

    static let sandboxTooLarge = Explanation(
        "sandbox.too-large", "the request is larger than 16 KiB", clause: "checklist D2", remedy: "send a smaller request")
}
