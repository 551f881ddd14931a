import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The token endpoint.
extension Platform {
    /// `POST /openid/token` (RFC 6749 §4.1.3)
    func token(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard Self.isForm(request), let body = try await request.collected(upTo: 65_536) else {
            return Answer.json(
                ["error": "invalid_request", "error_description": "send at most 64 KiB of application/x-www-form-urlencoded"],
                status: .badRequest)
        }
        do {
            let unverified = try UnverifiedTokenRequest(body: body, authorization: request.headers[.authorization])
            let client = try unverified.authenticated(
                as: settings.federation.client(unverified.clientID), at: settings.openIDProvider, at: now)
            return try await tokens(for: client, settings, at: now)
        } catch let refusal as TokenRefusal {
            try await stores.append(
                Record("token.refused", at: now, [("code", .string(refusal.explanation.code))]))
            var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
            if let challenge = refusal.authenticateHeader { answer.headers[.wwwAuthenticate] = challenge }
            return answer
        }
    }

    private func tokens(
        for client: AuthenticatedTokenRequest, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        guard let member = settings.federation.member(client.clientID) else { throw TokenRefusal.codeUnknown }
        if let digest = client.refreshDigest { return try await refreshed(digest, client, member, settings, at: now) }
        guard let digest = client.codeDigest else { throw TokenRefusal.codeUnknown }
        var random = SystemRandomNumberGenerator()
        let answer: TokenAnswer
        do {
            guard let code = try await stores.code(digest) else { throw TokenRefusal.codeUnknown }
            // Made before the gate, sent behind it: the assertion, the code, the tokens and their trace are one commit.
            answer = try client.tokens(for: code, member: member, at: settings.openIDProvider, at: now, using: &random)
        } catch let refusal as TokenRefusal {
            // Whoever shows a code has used it up, rightly or not; and a code that was used says so first.
            try redeemed(try await stores.consume(digest, claiming: client.replay, at: clock()))
            throw refusal
        }
        let issued = IssuedTokens(
            access: answer.accessToken, refresh: answer.refreshToken, record: Self.record(answer, member, settings, at: now))
        try redeemed(try await stores.redeem(digest, claiming: client.replay, for: issued, at: clock()))
        return Answer.json(answer.body)
    }

    private func redeemed(_ consumption: CodeConsumption?) throws(TokenRefusal) {
        switch consumption {
        case .first: return
        case .replayed: throw TokenRefusal.codeReplayed
        case .unknown: throw TokenRefusal.codeUnknown
        case nil: throw TokenRefusal.assertionReplayed
        }
    }

    private func refreshed(
        _ digest: [UInt8], _ client: AuthenticatedTokenRequest, _ member: Member, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        if let replay = client.replay {
            guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
                throw TokenRefusal.assertionReplayed
            }
        }
        guard let old = try await stores.refresh(digest, at: now) else { throw TokenRefusal.refreshUnknown }
        var random = SystemRandomNumberGenerator()
        let answer = try client.tokens(refreshing: old, member: member, at: settings.openIDProvider, at: now, using: &random)
        guard let successor = answer.refreshToken else { throw TokenRefusal.refreshUnknown }
        switch try await stores.rotate(digest, to: successor, at: now) {
        case .rotated: break
        case .reused: throw TokenRefusal.refreshReused
        case .unknown: throw TokenRefusal.refreshUnknown
        }
        try await stores.issue(answer.accessToken, recording: Self.record(answer, member, settings, at: now))
        return Answer.json(answer.body)
    }

    private static func record(_ answer: TokenAnswer, _ member: Member, _ settings: Configuration, at now: Timestamp) -> Record {
        Record(
            "token.issued", at: now,
            [("member", .string(member.id.text)), ("policy-version", .string(settings.policy.version))] + answer.facts)
    }
}
