import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The token endpoint.
extension Platform {
    /// `POST /openid/token` (RFC 6749 §3.2)
    func token(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        guard Self.isForm(request), let body = try await request.collected(upTo: 65_536) else {
            return Answer.json(
                ["error": "invalid_request", "error_description": "send at most 64 KiB of application/x-www-form-urlencoded"],
                status: .badRequest)
        }
        var named: MemberID?
        var shown: [AssertionClaim] = []
        do {
            let evidence = request.evidence(at: provider.tokenEndpoint, context)
            let unverified = try UnverifiedTokenRequest(body: body, evidence: evidence)
            named = unverified.clientID
            let client = try unverified.authenticated(
                as: await self.client(for: unverified.client, isReceiver: true, settings), at: provider, at: now, showing: &shown)
            let body =
                client.serviceScopes == nil
                ? try await tokens(for: client, settings, at: now).body : try await serviceToken(for: client, settings, at: now)
            var answer = Answer.json(body)
            if !evidence.dpop.isEmpty, let nonce = provider.nonces.current(at: now) { answer.headers[.dpopNonce] = nonce }
            return answer
        } catch let refusal as TokenRefusal where refusal.isWaiting {
            return Self.answer(refusal)
        } catch let refusal as TokenRefusal {
            try await spend(shown, refused: refusal, at: now)
            let facts = [("code", JSON.string(refusal.explanation.code)), Self.calledItself(named)]
            try await stores.append(Record("token.refused", at: now, facts + traced(refusal.decided, beside: facts, at: now)))
            return Self.answer(refusal)
        }
    }

    /// One branch for each grant. What it returns has been kept.
    private func tokens(
        for client: AuthenticatedTokenRequest, _ settings: Configuration, at now: Timestamp
    ) async throws -> TokenAnswer {
        guard let member = settings.federation.member(client.clientID) else { throw TokenRefusal.codeUnknown }
        if let digest = client.codeDigest { return try await redeemed(digest, client, member, settings, at: now) }
        if let digest = client.refreshDigest { return try await refreshed(digest, client, member, settings, at: now) }
        if let (kind, digest) = client.awaited { return try await awaited(kind, digest, client, member, settings, at: now) }
        if let exchange = client.exchange { return try await exchanged(exchange, client, member, settings, at: now) }
        throw TokenRefusal.codeUnknown
    }

    private func redeemed(
        _ digest: [UInt8], _ client: AuthenticatedTokenRequest, _ member: Member, _ settings: Configuration, at now: Timestamp
    ) async throws -> TokenAnswer {
        var random = SystemRandomNumberGenerator()
        let answer: TokenAnswer
        do {
            guard let code = try await stores.code(digest) else { throw TokenRefusal.codeUnknown }
            let side = try await citizenSide(
                code.entitlement.citizen, of: code.pairwise, code.entitlement.assurance, member, settings, at: now)
            // Made before the gate, sent behind it: the assertion, the proof, the code, the tokens and their trace are one commit.
            answer = try client.tokens(
                for: code, member: member, policy: settings.policy, hearing: side.word, at: settings.openIDProvider, at: now,
                using: &random)
        } catch let refusal as TokenRefusal {
            // Whoever shows a code has used it up, rightly or not; and a code that was used says so first.
            if let other = Self.refusal(try await stores.consume(digest, claiming: client.claims, at: clock())) { throw other }
            throw refusal
        }
        let issued = issued(answer, member, settings, at: now)
        if let refusal = Self.refusal(try await stores.redeem(digest, claiming: client.claims, for: issued, at: clock())) { throw refusal }
        return answer
    }

    private static func refusal(_ consumption: CodeConsumption) -> TokenRefusal? {
        switch consumption {
        case .first: nil
        case .replayed: .codeReplayed
        case .unknown: .codeUnknown
        case .taken(let claim): claim.refusal
        }
    }

    private func refreshed(
        _ digest: [UInt8], _ client: AuthenticatedTokenRequest, _ member: Member, _ settings: Configuration, at now: Timestamp
    ) async throws -> TokenAnswer {
        guard let old = try await stores.refresh(digest, at: now) else { throw TokenRefusal.refreshUnknown }
        let provider = settings.openIDProvider
        var random = SystemRandomNumberGenerator()
        let side = try await citizenSide(
            old.entitlement.citizen, of: old.entitlement.pairwise, old.entitlement.assurance, member, settings, at: now)
        let answer = try client.tokens(
            refreshing: old, member: member, policy: settings.policy, hearing: side.word, at: provider, at: now, using: &random)
        let entry = try await self.entry(for: answer, of: old.entitlement.pairwise, side, at: now)
        switch try await stores.exchange(
            digest, claiming: client.claims, for: issued(answer, member, settings, entry, at: now),
            within: provider.lifetimes.refreshGrace, at: clock())
        {
        case .rotated, .repeated, .kept: return answer
        case .reused: throw TokenRefusal.refreshReused
        case .unknown: throw TokenRefusal.refreshUnknown
        case .taken(let claim): throw claim.refusal
        }
    }

    func issued(
        _ answer: TokenAnswer, _ member: Member, _ settings: Configuration, _ entry: LedgerEntry? = nil, at now: Timestamp
    ) -> IssuedTokens {
        let facts: [(name: String, value: JSON)] =
            [("member", .string(member.id.text)), ("policy-version", .string(settings.policy.version))] + answer.facts
            + [Self.answered(by: answer.accessToken.tokenDigest)] + (entry.map { [$0.fact] } ?? [])
        return IssuedTokens(
            access: answer.accessToken, refresh: answer.refreshToken,
            record: Record("token.issued", at: now, facts + traced(answer.decided, beside: facts, at: now)), ledger: entry)
    }
}
