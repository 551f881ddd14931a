import Hummingbird
import OpenID
import SAML
import Settings
import TrustFramework
import Vocabulary

/// Pages for developers of services: the same for everybody, nothing about any citizen.
extension Platform {
    /// `GET /developers`
    func developers() -> Response {
        Answer.page(
            DeveloperPages.index(
                values(false), sandbox: sandbox == nil ? nil : values(true), simulated: configuration.current.cards.allowSimulated))
    }

    /// `GET /developers/settings/{software}`
    func developerSettings(_ context: DoorContext) -> Response {
        let name = context.parameters.get("software") ?? ""
        guard let guide = ServiceGuide.all(values(false)).first(where: { $0.id == name }) else {
            return Answer.page(Pages.refusal(Self.noGuide(name)), status: .notFound)
        }
        let sandbox = sandbox == nil ? nil : ServiceGuide.all(values(true)).first { $0.id == name && $0.isInSandbox }
        return Answer.page(DeveloperPages.guide(guide, sandbox: sandbox))
    }

    /// `GET /developers/acceptance`
    func developerAcceptance() -> Response {
        Answer.page(DeveloperPages.acceptance(base: configuration.current.baseURL, hasSandbox: sandbox != nil))
    }

    private func values(_ inSandbox: Bool) -> ServiceGuide.Values {
        let settings = configuration.current
        let strongest = settings.policy.ladder.contexts.last
        let own = inSandbox ? sandbox : nil
        return ServiceGuide.Values(
            base: settings.baseURL + (inSandbox ? "/sandbox" : ""),
            entityID: (own?.identityProvider ?? settings.identityProvider).entityID.text,
            issuer: (own?.provider ?? settings.openIDProvider).issuer, acr: strongest?.acrValues.first ?? "",
            samlClass: strongest?.samlClasses.first ?? "", hasLogout: !inSandbox)
    }

    private static func noGuide(_ name: String) -> Explanation {
        Explanation(
            "developers.software", "there are no settings for this software", compared: [.init("software", Explanation.redacted(name))],
            clause: "docs/developers.md", remedy: "choose one at /developers, or use the metadata and discovery addresses there")
    }
}
