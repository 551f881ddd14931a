import OpenID
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

extension Platform {
    /// A client's token for itself (RFC 6749 §4.4): the only thing that it is good for is the management of its streams of security events.
    func serviceToken(
        for client: AuthenticatedTokenRequest, _ settings: Configuration, at now: Timestamp
    ) async throws -> JSON {
        guard let member = settings.federation.member(client.clientID) else { throw TokenRefusal.codeUnknown }
        var random = SystemRandomNumberGenerator()
        let offered = settings.signals.isOffered ? SignalScope.allCases.map(\.rawValue) : []
        let answer = try client.serviceToken(offering: offered, member, at: settings.openIDProvider, at: now, using: &random)
        let record = Record(
            "token.issued", at: now,
            [("member", .string(member.id.text))] + answer.facts + [Self.answered(by: answer.token.digest)])
        if let taken = try await stores.issue(answer.token, claiming: client.claims, recording: record, at: clock()) { throw taken.refusal }
        return answer.body
    }
}
