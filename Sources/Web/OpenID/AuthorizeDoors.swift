import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The authorization endpoint.
extension Platform {
    /// `GET` or `POST /openid/authorize` (OpenID Connect Core §3.1.2.1, RFC 9126 §4)
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
            let unverified = try reading { () throws(AuthorizationRefusal) in try UnverifiedAuthorizationRequest(parameters: parameters) }
            guard let digest = unverified.pushedDigest else {
                let client = await client(for: unverified, settings)
                let verified = try verified(settings, at: now) { () throws(AuthorizationRefusal) in
                    try unverified.verified(for: client, at: settings.openIDProvider, at: now)
                }
                return try await enter(.openID(verified), origin: .openID, message: Array(parameters.utf8), request, settings, at: now)
            }
            let pushed = try await stores.pushed(digest, at: now)
            let verified = try verified(settings, at: now) { () throws(AuthorizationRefusal) in
                try unverified.verified(
                    as: pushed, for: settings.federation.client(unverified.clientID), at: settings.openIDProvider, at: now)
            }
            return try await enter(.openID(verified), origin: .openID, message: pushed?.paused ?? [], request, settings, at: now)
        } catch let refusal as TongueRefusal {
            try await stores.append(
                Record("request.refused", at: now, [("protocol", "openid"), ("code", .string(refusal.explanation.code))]))
            return refusal.response
        }
    }

    /// Proves the message of a paused request once more, pushed or brought whole.
    func verified(paused message: [UInt8], _ settings: Configuration, at moment: Timestamp) throws -> VerifiedAuthorizationRequest {
        let provider = settings.openIDProvider
        return try verified(settings, at: moment) { () throws(AuthorizationRefusal) in
            if let pushed = PushedRequest(paused: message) {
                return try pushed.verified(for: settings.federation.client(pushed.client), at: provider, at: moment)
            }
            let unverified = try UnverifiedAuthorizationRequest(parameters: String(decoding: message, as: UTF8.self))
            return try unverified.verified(for: settings.federation.client(unverified.clientID), at: provider, at: moment)
        }
    }

    private func reading(
        _ read: () throws(AuthorizationRefusal) -> UnverifiedAuthorizationRequest
    ) throws -> UnverifiedAuthorizationRequest {
        do throws(AuthorizationRefusal) {
            return try read()
        } catch {
            throw TongueRefusal(
                explanation: error.explanation, response: Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
    }

    private func verified(
        _ settings: Configuration, at moment: Timestamp, _ prove: () throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest
    ) throws -> VerifiedAuthorizationRequest {
        do throws(AuthorizationRefusal) {
            return try prove()
        } catch {
            var random = SystemRandomNumberGenerator()
            // A key that is missing for a signed answer: nothing can be sent, so a page says it.
            let answer = try? error.answer(at: settings.openIDProvider, at: moment, using: &random)
            throw TongueRefusal(
                explanation: error.explanation,
                response: answer.map(Answer.carrying) ?? Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
    }

    private static let tooLarge = Explanation(
        "openid.request.too-large", "the form is larger than 64 KiB", clause: "RFC 6749 §3.1", remedy: "send a smaller request")
}

extension Answer {
    /// What the browser carries to the client: a redirect, or a form that posts itself and has a button where scripts are off.
    static func carrying(_ answer: AuthorizationAnswer) -> Response {
        switch answer {
        case .redirect(let location): redirect(location)
        case .form(let action, let fields):
            carrier(Pages.post(to: action, fields.map { ($0.name, $0.value) }))
        }
    }
}
