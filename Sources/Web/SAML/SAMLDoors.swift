import HTTPTypes
import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The SAML 2.0 identity provider's doors.
extension Platform {
    func samlMetadata() throws -> Response {
        let settings = configuration.current
        return Answer.published(
            try settings.identityProvider.metadata(at: clock(), ladder: settings.policy.ladder), type: "application/samlmetadata+xml",
            seconds: 3600)
    }

    /// HTTP-Redirect (Bindings §3.4): the query is kept exactly as it came, because the signature covers those octets.
    func samlRedirect(_ request: Request) async throws -> Response {
        let query = request.rawQuery
        return try await saml(request, .samlRedirect, Array(query.utf8)) { () throws(SAMLRefusal) in
            try UnverifiedAuthnRequest.redirect(query: query)
        }
    }

    /// HTTP-POST (Bindings §3.5).
    func samlPost(_ request: Request) async throws -> Response {
        guard let form = try await request.collected(upTo: 262_144) else {
            return try await refuse(Self.tooLarge, at: clock())
        }
        return try await saml(request, .samlPost, form) { () throws(SAMLRefusal) in try UnverifiedAuthnRequest.post(form: form) }
    }

    private func saml(
        _ request: Request, _ origin: Transaction.Origin, _ message: [UInt8],
        _ read: () throws(SAMLRefusal) -> UnverifiedAuthnRequest
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        do {
            let verified = try verified(read, settings, at: now)
            return try await enter(.saml(verified), origin: origin, message: message, request, settings, at: now)
        } catch let refusal as TongueRefusal {
            try await stores.append(
                Record("request.refused", at: now, [("protocol", "saml"), ("code", .string(refusal.explanation.code))]))
            return refusal.response
        }
    }

    func verified(
        _ read: () throws(SAMLRefusal) -> UnverifiedAuthnRequest, _ settings: Configuration, at moment: Timestamp
    ) throws -> VerifiedAuthnRequest {
        do throws(SAMLRefusal) {
            let unverified = try read()
            return try unverified.verified(
                for: settings.federation.serviceProvider(unverified.issuer), at: settings.identityProvider, at: moment)
        } catch {
            var random = SystemRandomNumberGenerator()
            let answer = try error.response(from: settings.identityProvider, at: moment, using: &random)
            throw TongueRefusal(
                explanation: error.explanation,
                response: answer.map(samlPage) ?? Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
    }

    func samlPage(_ answer: SAMLAnswer) -> Response {
        let relayState = answer.relayState.map { [("RelayState", $0)] } ?? []
        return Answer.page(Pages.post(to: answer.destination, ("SAMLResponse", answer.xml), relayState), script: .submitForm)
    }

    private static let tooLarge = Explanation(
        "saml.request.too-large", "the form is larger than 256 KiB", clause: "checklist D2", remedy: "send a smaller request")
}
