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
            Answer.json(sandbox.provider.sandboxDiscovery(ladder: configuration.current.policy.ladder)))
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
        return try await sandboxAuthorization(parameters, at: clock()) { _, member in
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
        return try await sandboxAuthorization(String(decoding: chosen.message, as: UTF8.self), at: now) { verified, _ in
            let asked = verified.ask.requirement?.values.first { value in contexts.contains { $0.acrValues.contains(value) } }
            var random = SystemRandomNumberGenerator()
            let (code, answer) = try verified.code(
                chosen.fault, about: "sandbox-" + chosen.person.id, claims: chosen.person.claims,
                acr: asked ?? contexts.last?.acrValues.first ?? "",
                at: sandbox.provider, at: now, using: &random)
            guard sandbox.memory.keep(code, at: now) else { throw StoreRefusal() }
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
            let unverified = try UnverifiedTokenRequest(body: body, evidence: request.evidence(at: sandbox.provider.tokenEndpoint, context))
            let client = try unverified.authenticated(
                as: await self.client(for: unverified.client, settings), at: sandbox.provider, at: now)
            for claim in client.claims {
                guard try await stores.claim(claim.key, scope: claim.scope, until: claim.until, at: now) else { throw claim.refusal }
            }
            guard let digest = client.codeDigest, let code = sandbox.memory.consume(digest, at: now) else { throw TokenRefusal.codeUnknown }
            var random = SystemRandomNumberGenerator()
            let (body, access) = try client.tokens(
                for: code, at: sandbox.provider, strangers: sandbox.strangers, at: now, using: &random)
            guard sandbox.memory.keep(access, at: now) else { throw StoreRefusal() }
            return Answer.json(body)
        } catch let refusal as TokenRefusal {
            return Self.answer(refusal)
        }
    }

    /// `GET` and `POST /sandbox/openid/userinfo`
    func sandboxUserInfo(_ request: Request) async throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        do throws(ResourceRefusal) {
            let presented = try PresentedToken(authorization: request.headers[.authorization], query: request.rawQuery)
            guard let access = sandbox.memory.access(presented.digest, at: clock()) else { throw ResourceRefusal.tokenUnknown(presented) }
            return Self.readableAcrossOrigins(Answer.json(access.userInfo))
        } catch {
            var answer = Answer.json(error.body, status: .init(code: error.status))
            for challenge in error.challenges(metadata: nil) {
                answer.headers.append(HTTPField(name: .wwwAuthenticate, value: challenge))
            }
            return Self.readableAcrossOrigins(answer)
        }
    }

    private func sandboxAuthorization(
        _ parameters: String, at now: Timestamp, _ answer: (VerifiedAuthorizationRequest, Member) throws -> Response
    ) async throws -> Response {
        guard let sandbox else { return sandboxMissing() }
        let settings = configuration.current
        do {
            let unverified = try UnverifiedAuthorizationRequest(parameters: parameters)
            let verified = try unverified.verified(for: settings.federation.client(unverified.clientID), at: sandbox.provider, at: now)
            guard let member = settings.federation.member(verified.client.id) else { return sandboxMissing() }
            return try answer(verified, member)
        } catch let refusal as AuthorizationRefusal {
            return Answer.page(Pages.refusal(refusal.explanation), status: .badRequest)
        } catch let refusal as AnswerRefusal {
            return Answer.page(Pages.refusal(refusal.explanation), status: .badRequest)
        }
    }
}
