import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The pushed authorization request endpoint.
extension Platform {
    /// `POST /openid/par` (RFC 9126 §2)
    func push(_ request: Request, _ context: DoorContext) async throws -> Response {
        let settings = configuration.current
        let door = PushDoor(
            provider: settings.openIDProvider, kept: settings.transactionLifetime,
            admit: { client, now in try self.require(client, settings, at: now) },
            // The assertion, the proof and the request are one commit: what was shown twice pushes nothing.
            keep: { push, now in try await self.stores.push(push.request, claiming: push.claims, at: now) },
            refused: { explanation, named, now in try await self.notePushRefused(explanation, named, at: now) })
        return try await pushed(request, context, settings, at: door)
    }

    /// What differs between the platform's own endpoint and the sandbox's. The proofs are the same.
    struct PushDoor {
        let provider: Provider
        /// Seconds that a login may pause.
        let kept: Int64
        let admit: (Client, Timestamp) throws -> Void
        let keep: (VerifiedPush, Timestamp) async throws -> PushedOutcome
        let refused: (Explanation, MemberID?, Timestamp) async throws -> Void
    }

    func pushed(_ request: Request, _ context: DoorContext, _ settings: Configuration, at door: PushDoor) async throws -> Response {
        let now = clock()
        let provider = door.provider
        guard Self.isForm(request) else { return Self.refused(Self.pushNoForm, status: .badRequest) }
        guard let body = try await request.collected(upTo: 32_768) else { return Self.refused(Self.pushTooLarge, status: .contentTooLarge) }
        var named: MemberID?
        var shown: [AssertionClaim] = []
        do {
            let evidence = request.evidence(at: provider.pushedAuthorizationEndpoint, context)
            let form = try FormParameters(body: body)
            let unverified = try UnverifiedClient(form, evidence)
            named = unverified.clientID
            let client = try unverified.authenticated(as: await self.client(for: unverified, settings), at: provider, at: now)
            shown = client.replay.map { [$0] } ?? []
            try door.admit(client.client, now)
            let proof = try DPoPProof.proven(
                evidence.dpop, method: evidence.method, address: evidence.address, accessToken: nil, nonces: provider.nonces, at: now)
            if let proof { shown.append(proof.replay) }
            var random = SystemRandomNumberGenerator()
            let push = try UnverifiedPush(body: body).verified(
                from: client, showing: proof, at: provider, keptFor: door.kept, at: now, using: &random)
            switch try await door.keep(push, now) {
            case .kept: break
            case .replayed(0) where client.replay != nil: throw TokenRefusal.assertionReplayed
            case .replayed: throw TokenRefusal.proofReplayed
            }
            var answer = Answer.json(push.body, status: .created)
            if proof != nil, let nonce = provider.nonces.current(at: now) { answer.headers[.dpopNonce] = nonce }
            return answer
        } catch let refusal as TokenRefusal {
            try await spend(shown, refused: refusal, at: now)
            try await door.refused(refusal.explanation, named, now)
            return Self.answer(refusal)
        } catch let refusal as AuthorizationRefusal {
            try await spend(shown, refused: nil, at: now)
            try await door.refused(refusal.explanation, named, now)
            return Answer.json(refusal.pushedBody, status: .init(code: refusal.pushedStatus))
        }
    }

    /// Any other method (RFC 9126 §2; checklist O2).
    func pushByOtherMethod() -> Response {
        var answer = Self.refused(Self.pushMethod, status: .methodNotAllowed)
        answer.headers[.allow] = "POST"
        return answer
    }

    private func notePushRefused(_ explanation: Explanation, _ named: MemberID?, at now: Timestamp) async throws {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("protocol", "openid"), ("door", "par"), ("code", .string(explanation.code)), Self.calledItself(named)]))
    }

    private static func refused(_ explanation: Explanation, status: HTTPResponse.Status) -> Response {
        Answer.json(TokenRefusal(.invalidRequest, explanation).body, status: status)
    }

    private static let pushNoForm = Explanation(
        "openid.pushed.content-type", "the request is no application/x-www-form-urlencoded", clause: "RFC 9126 §2.1",
        remedy: "send the parameters as a form, in a POST")

    private static let pushTooLarge = Explanation(
        "openid.pushed.too-large", "the request is larger than 32 KiB", clause: "RFC 9126 §2.3", remedy: "send a smaller request")

    private static let pushMethod = Explanation(
        "openid.pushed.method", "this endpoint knows POST only", clause: "RFC 9126 §2, §2.3", remedy: "send the parameters by POST")
}
