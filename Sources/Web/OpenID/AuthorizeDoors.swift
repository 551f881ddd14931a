import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The authorization endpoint.
extension Platform {
    /// `GET` or `POST /openid/authorize` (OpenID Connect Core §3.1.2.1)
    func authorize(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let parameters: String
        if request.method == .post {
            guard let form = try await request.collected(upTo: 65_536) else { return try await refuse(Self.tooLarge, at: now) }
            parameters = String(decoding: form, as: UTF8.self)
        } else {
            parameters = request.rawQuery
        }
        do {
            let verified = try verified(parameters, settings, at: now)
            return try await enter(
                .openID(verified), origin: .openID, message: Array(parameters.utf8), request, settings, at: now)
        } catch let refusal as TongueRefusal {
            try await stores.append(
                Record("request.refused", at: now, [("protocol", "openid"), ("code", .string(refusal.explanation.code))]))
            return refusal.response
        }
    }

    func verified(_ parameters: String, _ settings: Configuration, at moment: Timestamp) throws -> VerifiedAuthorizationRequest {
        do throws(AuthorizationRefusal) {
            let unverified = try UnverifiedAuthorizationRequest(parameters: parameters)
            return try unverified.verified(
                for: settings.federation.client(unverified.clientID), at: settings.openIDProvider, at: moment)
        } catch {
            throw TongueRefusal(
                explanation: error.explanation,
                response: error.location(issuer: settings.openIDProvider.issuer).map(Answer.redirect)
                    ?? Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
    }

    private static let tooLarge = Explanation(
        "openid.request.too-large", "the form is larger than 64 KiB", clause: "RFC 6749 §3.1", remedy: "send a smaller request")
}
