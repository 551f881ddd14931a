import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Token exchange, behind the token endpoint.
extension Platform {
    /// A service asks for a token with which it acts for the citizen at one agency (RFC 8693).
    func exchanged(
        _ exchange: TokenExchange, _ client: AuthenticatedTokenRequest, _ member: Member, _ settings: Configuration, at now: Timestamp
    ) async throws -> TokenAnswer {
        guard let parent = try await stores.living(exchange.subjectDigest, at: now) else { throw TokenRefusal.subjectTokenUnknown }
        guard let target = settings.federation.resourceServer(for: exchange.target),
            let resource = target.resource(named: exchange.target), let targetMember = settings.federation.member(target.id)
        else { throw TokenRefusal.targetUnknown(exchange.target) }
        let delegation = try client.delegation(
            of: parent,
            among: ExchangeParties(
                requester: member, target: target, targetMember: targetMember, resource: resource,
                earlier: parent.earlierActors(than: client.clientID).map { settings.federation.member($0) }),
            under: settings.policy, at: now)
        // Only now, when everything else is right, an identifier may have to be made.
        guard let pairwise = try await identifier(of: parent.pairwise, in: delegation.sector, at: now) else {
            throw TokenRefusal.subjectTokenUnknown
        }
        var random = SystemRandomNumberGenerator()
        let answer = try delegation.tokens(to: pairwise, at: settings.openIDProvider, using: &random)
        let facts: [(name: String, value: JSON)] =
            [("member", .string(member.id.text)), ("policy-version", .string(settings.policy.version))] + answer.facts
            + [Self.answered(by: answer.accessToken.tokenDigest)]
        let record = Record("token.exchanged", at: now, facts + traced(answer.decided, beside: facts, at: now))
        let entry = try await self.entry(for: answer, of: pairwise, CitizenSide(), at: now)
        switch try await stores.issue(
            answer.accessToken, exchangedFor: exchange.subjectDigest, claiming: client.claims,
            recording: record.adding(entry.map { [$0.fact] } ?? []), ledger: entry, at: now)
        {
        case .issued: return answer
        case .parentEnded: throw TokenRefusal.subjectTokenUnknown
        case .replayed(let claim): throw claim.refusal
        }
    }
}

extension Client {
    /// Which of its resources an exchange is for: the one that was named, or the only one when the member itself was named.
    fileprivate func resource(named target: String) -> String? {
        if audiences.contains(where: { $0.utf8.elementsEqual(target.utf8) }) { return target }
        return audiences.count == 1 && id.text.utf8.elementsEqual(target.utf8) ? audiences.first : nil
    }
}
