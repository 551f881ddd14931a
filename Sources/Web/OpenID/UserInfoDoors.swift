import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The userinfo endpoint.
extension Platform {
    /// `GET` or `POST /openid/userinfo` (OpenID Connect Core §5.3)
    func userInfo(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        do {
            let presented = try PresentedToken(
                authorization: request.headers[.authorization], form: try await Self.tokenForm(request), query: request.rawQuery)
            guard let record = try await stores.find(presented.digest, at: now), let client = settings.federation.client(record.client),
                let member = settings.federation.member(record.client)
            else { throw ResourceRefusal.tokenUnknown(presented) }
            let proven = try presented.verified(
                as: record, of: client, member, with: request.evidence(at: provider.userInfoEndpoint, context), nonces: provider.nonces,
                at: provider, at: now)
            if let replay = proven.replay {
                guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
                    throw ResourceRefusal.proofReplayed
                }
            }
            let side = try await citizenSide(record.citizen, of: record.pairwise, record.assurance, member, settings, at: now)
            let verified = try proven.judged(by: settings.policy, member, hearing: side.word, at: now)
            var random = SystemRandomNumberGenerator()
            var answer = Self.sealed(
                try verified.answer(at: provider, at: now, hearing: side.word, using: &random), type: "application/jwt")
            try await noteTold(verified, side, member, settings, at: now)
            noteTokenUse(by: record.client, issuedAt: record.issuedAt, settings, at: now)
            if verified.replay != nil, let nonce = provider.nonces.current(at: now) { answer.headers[.dpopNonce] = nonce }
            return Self.readableAcrossOrigins(answer)
        } catch let refusal as ResourceRefusal {
            // The metadata name the address of the main listener, and count for no other (RFC 9728 §3.3).
            let metadata = context.client == nil ? provider.userInfoMetadata : nil
            return Self.readableAcrossOrigins(Self.answer(refusal, refusal.challenges(metadata: metadata)))
        }
    }

    /// `OPTIONS /openid/userinfo`: a browser asks whether a page elsewhere may send its token (Fetch §3.2).
    func userInfoPreflight() -> Response {
        var headers: HTTPFields = [.accessControlMaxAge: "3600", .cacheControl: "no-store"]
        headers[.accessControlAllowMethods] = "GET, POST"
        headers[.accessControlAllowHeaders] = "Authorization, DPoP, Content-Type"
        return Self.readableAcrossOrigins(Response(status: .noContent, headers: headers))
    }

    private static func tokenForm(_ request: Request) async throws -> [UInt8]? {
        guard request.method == .post, isForm(request) else { return nil }
        guard let form = try await request.collected(upTo: 32_768) else { throw ResourceRefusal.formTooLarge }
        return form
    }

    /// Any page may read the answer to a request that has a token in its hands; no cookie ever opens this door, so none is let through
    /// (no `Access-Control-Allow-Credentials`).
    static func readableAcrossOrigins(_ response: Response) -> Response {
        var response = response
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = "WWW-Authenticate, DPoP-Nonce"
        return response
    }

    /// JSON as it is, a JWT under its own media type.
    static func sealed(_ answer: SealedAnswer, type: String) -> Response {
        switch answer {
        case .json(let json): Answer.json(json)
        case .compact(let text): Answer.bytes(Array(text.utf8), type: type)
        }
    }
}
