import HTTPTypes
import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The SAML 2.0 identity provider's doors.
extension Platform {
    /// HTTP-Redirect (Bindings §3.4): the query is kept exactly as it came, because the signature covers those octets.
    func samlRedirect(_ request: Request) async throws -> Response {
        let query = request.rawQuery, message = Array(query.utf8)
        if ArtifactMessage.isPresent(in: message) { return try await samlArtifact(request, message) }
        return try await saml(request, .samlRedirect, message) { () throws(SAMLRefusal) in
            try UnverifiedAuthnRequest.redirect(query: query)
        }
    }

    /// HTTP-POST (Bindings §3.5).
    func samlPost(_ request: Request) async throws -> Response {
        guard let form = try await request.collected(upTo: 262_144) else {
            return try await refuse(Self.tooLarge, at: clock())
        }
        if ArtifactMessage.isPresent(in: form) { return try await samlArtifact(request, form) }
        return try await saml(request, .samlPost, form) { () throws(SAMLRefusal) in try UnverifiedAuthnRequest.post(form: form) }
    }

    private func saml(
        _ request: Request, _ origin: Transaction.Origin, _ message: [UInt8],
        _ read: () throws(SAMLRefusal) -> UnverifiedAuthnRequest
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        // Read once; a member that is not here may still be found by its name.
        let unverified = Result(catching: read)
        if case .success(let request) = unverified { await settings.federation.learn(request.issuer) }
        do {
            let verified = try verified({ () throws(SAMLRefusal) in try unverified.get() }, settings, at: now)
            return try await enter(.saml(verified), origin: origin, message: message, request, settings, at: now)
        } catch let refusal as TongueRefusal {
            return try await tell(refusal, settings, at: now)
        }
    }

    /// The member, where its address is proven; else the person.
    func tell(_ refusal: TongueRefusal, _ settings: Configuration, at now: Timestamp) async throws -> Response {
        let record = Record("request.refused", at: now, [("protocol", "saml"), ("code", .string(refusal.explanation.code))])
        if let answer = refusal.answer { return try await send(answer, recording: record, settings, at: now) }
        try await stores.append(record)
        return refusal.response
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
                explanation: error.explanation, response: Answer.page(Pages.refusal(error.explanation), status: .badRequest),
                answer: answer)
        }
    }

    func samlPage(_ answer: SAMLAnswer) -> Response {
        let relayState = answer.relayState.map { [("RelayState", $0)] } ?? []
        return Answer.carrier(Pages.post(to: answer.destination, ("SAMLResponse", answer.xml), relayState))
    }

    private static let tooLarge = Explanation(
        "saml.request.too-large", "the form is larger than 256 KiB", clause: "checklist D2", remedy: "send a smaller request")
}
