import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The sandbox's OpenID Provider: the code flow of registered clients, with the same proofs as at the platform.
extension Platform {
    func sandboxDiscovery() -> Response {
        guard let sandbox else { return sandboxMissing() }
        return Self.readableAcrossOrigins(
            Answer.json(sandbox.provider.sandboxDiscovery(ladder: configuration.current.policy.ladder, at: clock())))
    }

    func sandboxKeys() -> Response {
        guard let sandbox else { return sandboxMissing() }
        return Self.readableAcrossOrigins(Answer.json(sandbox.provider.jwks(at: clock()), type: "application/jwk-set+json"))
    }

    /// `GET` and `POST /sandbox/openid/authorize`
    func sandboxAuthorize(_ request: Request) async throws -> Response {
        guard sandbox != nil else { return sandboxMissing() }
        let parameters: String
        if request.method == .post {
            guard let form = try await request.collected(upTo: 16_384) else { return try await refuse(Self.sandboxTooLarge, at: clock()) }
            parameters = String(decoding: form, as: UTF8.self)
        } else {
            parameters = request.rawQuery
        }
        return try await sandboxAuthorization(parameters, isAnswered: false, at: clock()) { _, member in
            Answer.page(
                SandboxPages.choose(
                    member, to: "/sandbox/openid/answer", hidden: [(SandboxPages.message, Base64url.encode(Array(parameters.utf8)))],
                    answers: WrongToken.allCases.map { (value: $0.rawValue, label: SandboxPages.label($0)) }))
        }
    }

    /// `POST /sandbox/openid/answer`
    func sandboxAuthorized(_ request: Request) async throws -> Response {
        let now = clock()
        guard let sandbox else { return sandboxMissing() }
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let chosen = try await SandboxChosen<WrongToken>(request) else { return try await refuse(Self.sandboxForm, at: now) }
        let contexts = configuration.current.policy.ladder.contexts
        return try await sandboxAuthorization(String(decoding: chosen.message, as: UTF8.self), isAnswered: true, at: now) { verified, _ in
            let asked = verified.ask.requirement?.values.first { value in contexts.contains { $0.acrValues.contains(value) } }
            var random = SystemRandomNumberGenerator()
            let (code, answer) = try verified.code(
                chosen.fault, about: "sandbox-" + chosen.person.id, claims: chosen.person.claims,
                acr: asked ?? contexts.last?.acrValues.first ?? "",
                at: sandbox.provider, at: now, using: &random)
            let note = PassingNote(.sandboxCode, key: code.digest, body: code.json.bytes, expiresAt: code.expiresAt)
            guard try await stores.leave(note, at: now) else { throw StoreRefusal() }
            return Answer.carrying(answer)
        }
    }

    /// `POST /sandbox/openid/token`
    func sandboxToken(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        guard let sandbox else { return sandboxMissing() }
        let settings = configuration.current
        guard Self.isForm(request), let body = try await request.collected(upTo: 65_536) else {
            return Answer.json(["error": "invalid_request"], status: .badRequest)
        }
        do {
            let evidence = request.evidence(at: sandbox.provider.tokenEndpoint, context)
            let unverified = try UnverifiedTokenRequest(body: body, evidence: evidence)
            let client = try unverified.authenticated(
                as: await self.client(for: unverified.client, settings), at: sandbox.provider, at: now)
            for claim in client.claims {
                guard try await stores.claim(claim.key, scope: claim.scope, until: claim.until, at: now) else { throw claim.refusal }
            }
            guard let digest = client.codeDigest, let note = try await stores.takePassing(.sandboxCode, digest, at: now),
                let json = try? JSON(reading: note.body), let code = SandboxCode(json: json, digest: digest, expiresAt: note.expiresAt)
            else { throw TokenRefusal.codeUnknown }
            var random = SystemRandomNumberGenerator()
            let (body, access) = try client.tokens(
                for: code, at: sandbox.provider, strangers: sandbox.strangers, at: now, using: &random)
            let kept = PassingNote(.sandboxToken, key: access.digest, body: access.json.bytes, expiresAt: access.expiresAt)
            guard try await stores.leave(kept, at: now) else { throw StoreRefusal() }
            var answer = Answer.json(body)
            if !evidence.dpop.isEmpty, let nonce = sandbox.provider.nonces.current(at: now) { answer.headers[.dpopNonce] = nonce }
            return answer
        } catch let refusal as TokenRefusal {
            return Self.answer(refusal)
        }
    }

    /// `POST /sandbox/openid/par`: by the code of the platform's own endpoint. What was pushed here is known nowhere else.
    func sandboxPush(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        let settings = configuration.current
        let door = PushDoor(
            provider: sandbox.provider, kept: settings.transactionLifetime,
            // An applicant may try before it is in force.
            admit: { _, _ in },
            keep: { push, now in
                for (place, claim) in push.claims.enumerated() {
                    guard try await self.stores.claim(claim.key, scope: claim.scope, until: claim.until, at: now) else {
                        return .replayed(place)
                    }
                }
                let note = PassingNote(
                    .sandboxRequest, key: push.request.digest, body: push.request.json.bytes, expiresAt: push.request.keptUntil)
                guard try await self.stores.leave(note, at: now) else { throw StoreRefusal() }
                return .kept
            }, refused: { _, _, _ in })
        return try await pushed(request, context, settings, at: door)
    }

    func sandboxPushByOtherMethod() -> Response { sandbox == nil ? sandboxMissing() : pushByOtherMethod() }

    /// `GET` and `POST /sandbox/openid/userinfo`
    func sandboxUserInfo(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        guard let sandbox else { return sandboxMissing() }
        do {
            let presented = try PresentedToken(authorization: request.headers[.authorization], query: request.rawQuery)
            guard let note = try await stores.passing(.sandboxToken, presented.digest, at: now), let json = try? JSON(reading: note.body),
                let access = SandboxAccess(json: json, digest: presented.digest, expiresAt: note.expiresAt)
            else { throw ResourceRefusal.tokenUnknown(presented) }
            let evidence = request.evidence(at: sandbox.provider.userInfoEndpoint, context)
            let replay = try access.shown(by: presented, with: evidence, at: sandbox.provider, now: now)
            if let replay, try await !stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) {
                throw ResourceRefusal.proofReplayed
            }
            var answer = Answer.json(access.userInfo)
            if replay != nil, let nonce = sandbox.provider.nonces.current(at: now) { answer.headers[.dpopNonce] = nonce }
            return Self.readableAcrossOrigins(answer)
        } catch let refusal as ResourceRefusal {
            return Self.readableAcrossOrigins(Self.answer(refusal, refusal.challenges(metadata: nil)))
        }
    }

    /// Proves the request, brought whole or pushed. `isAnswered`: its answer was chosen, and one that was pushed is used up by it.
    private func sandboxAuthorization(
        _ parameters: String, isAnswered: Bool, at now: Timestamp,
        _ answer: (VerifiedAuthorizationRequest, Member) async throws -> Response
    ) async throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        let settings = configuration.current
        do {
            let unverified = try UnverifiedAuthorizationRequest(parameters: parameters)
            let client = await client(for: unverified, settings)
            let verified: VerifiedAuthorizationRequest
            if let digest = unverified.pushedDigest {
                let note =
                    isAnswered
                    ? try await stores.takePassing(.sandboxRequest, digest, at: now)
                    : try await stores.passing(.sandboxRequest, digest, at: now)
                let pushed = note.flatMap { try? JSON(reading: $0.body, limit: 1 << 18) }.flatMap { PushedRequest(json: $0) }
                if isAnswered, let pushed, pushed.client == unverified.clientID {
                    // The developer may take longer to choose than a browser has to come.
                    verified = try pushed.verified(for: client, at: sandbox.provider, at: now)
                } else {
                    verified = try unverified.verified(as: pushed, for: client, at: sandbox.provider, at: now)
                }
            } else {
                verified = try unverified.verified(for: client, at: sandbox.provider, at: now)
            }
            guard let member = settings.federation.member(verified.client.id) else { return sandboxMissing() }
            return try await answer(verified, member)
        } catch let refusal as AuthorizationRefusal {
            return Answer.page(Pages.refusal(refusal.explanation), status: .badRequest)
        } catch let refusal as AnswerRefusal {
            return Answer.page(Pages.refusal(refusal.explanation), status: .badRequest)
        }
    }
}
