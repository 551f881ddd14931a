import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The device authorization endpoint.
extension Platform {
    /// `POST /openid/device_authorization` (RFC 8628 §3.1)
    func authorizeDevice(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await beginning(request, at: configuration.current.openIDProvider.deviceAuthorizationEndpoint, context) {
            form, client, settings, now in
            let provider = settings.openIDProvider
            let verified = try UnverifiedDeviceRequest(form).verified(for: client, at: provider)
            try self.require(client.client, settings, at: now)
            var random = SystemRandomNumberGenerator()
            // A code that a living one has already is drawn again.
            for attempt in 0..<4 {
                let (grant, answer) = verified.begun(at: provider, from: context.publicAddress, at: now, using: &random)
                let claims = attempt == 0 ? client.replay.map { [$0] } ?? [] : []
                switch try await self.stores.open(
                    grant, claiming: claims, mostWaiting: VerifiedDeviceRequest.mostWaiting, recording: Self.begun(grant, settings), at: now
                )
                {
                case .opened: return answer
                case .handleTaken: continue
                case .taken(let claim): throw claim.refusal
                case .tooMany: throw TokenRefusal.deviceTooMany
                }
            }
            throw StoreRefusal()
        }
    }

    /// Reads the form, authenticates the client, and answers in JSON: both endpoints that begin a wait.
    func beginning(
        _ request: Request, at endpoint: String, _ context: DoorContext,
        _ begin: (FormParameters, AuthenticatedClient, Configuration, Timestamp) async throws -> JSON
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard Self.isForm(request), let body = try await request.collected(upTo: 65_536) else {
            return Answer.json(
                ["error": "invalid_request", "error_description": "send at most 64 KiB of application/x-www-form-urlencoded"],
                status: .badRequest)
        }
        var named: MemberID?
        var shown: [AssertionClaim] = []
        do {
            let form = try FormParameters(body: body)
            let unverified = try UnverifiedClient(form, request.evidence(at: endpoint, context))
            named = unverified.clientID
            let client = try unverified.authenticated(
                as: await self.client(for: unverified, settings), at: settings.openIDProvider, at: now)
            shown = client.replay.map { [$0] } ?? []
            return Answer.json(try await begin(form, client, settings, now))
        } catch let refusal as TokenRefusal {
            try await spend(shown, refused: refusal, at: now)
            try await stores.append(
                Record(
                    "request.refused", at: now,
                    [("protocol", "openid"), ("code", .string(refusal.explanation.code)), Self.calledItself(named)]))
            return Self.answer(refusal)
        }
    }

    /// A member that gets no answer about anybody puts nothing on a citizen's screen either (checklist H10).
    @discardableResult func require(_ client: Client, _ settings: Configuration, at now: Timestamp) throws(TokenRefusal) -> Member {
        guard let member = settings.federation.member(client.id) else { throw TokenRefusal.awaitedMember(nil) }
        let standing = member.standing(at: now)
        guard standing == .inForce else { throw TokenRefusal.awaitedMember(standing) }
        return member
    }

    static func begun(_ grant: AwaitedGrant, _ settings: Configuration) -> Record {
        Record(
            "awaited.begun", at: grant.askedAt,
            [
                ("protocol", .string(grant.kind.rawValue)), ("member", .string(grant.client.text)),
                ("scopes", .array(grant.scopes.map { .string($0) })), ("expires", .string(grant.expiresAt.text)),
                ("binding-message", .bool(grant.message != nil)), ("ping", .bool(grant.notification != nil)),
                ("policy-version", .string(settings.policy.version)),
            ])
    }

    /// What a citizen approved, redeemed by the client that waited for it.
    func awaited(
        _ kind: AwaitedGrant.Kind, _ digest: [UInt8], _ client: AuthenticatedTokenRequest, _ member: Member, _ settings: Configuration,
        at now: Timestamp
    ) async throws -> TokenAnswer {
        let entitlement = try await stores.poll(digest, kind, by: client.clientID, claiming: client.claims, at: now).entitlement()
        var random = SystemRandomNumberGenerator()
        let side = try await citizenSide(
            entitlement.citizen, of: entitlement.pairwise, entitlement.assurance, member, settings, at: now)
        let answer = try client.tokens(
            forAwaited: entitlement, member: member, policy: settings.policy, hearing: side.word, at: settings.openIDProvider, at: now,
            using: &random)
        let issued = issued(answer, member, settings, at: now)
        guard try await stores.redeem(digest, kind, by: client.clientID, for: issued, at: clock()) else {
            throw TokenRefusal.awaitedRedeemed
        }
        return answer
    }
}
