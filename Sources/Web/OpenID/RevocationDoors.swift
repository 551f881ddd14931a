import HTTPTypes
import Hummingbird
import Logging
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The revocation endpoint.
extension Platform {
    /// `POST /openid/revoke` (RFC 7009 §2). 200 is said only of what is kept as ended, or was not there: a store that fails is 503 (checklist
    /// E19).
    func revoke(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        var named: MemberID?
        do {
            let form = try await clientForm(request)
            named = (try? UnverifiedClient(form, request.evidence(at: provider.revocationEndpoint, context)))?.clientID
            let client = try await authenticated(form, request, context, endpoint: provider.revocationEndpoint, settings, at: now)
            let token = try TokenReference(form)
            let revocation = try client.revoking(token, try await revocable(token.digest, at: now), at: provider)
            let record = Record(
                "token.revoked", at: now, [("member", .string(client.clientID.text)), ("ended", .string(revocation.kind))])
            switch revocation {
            case .nothing:
                let isService = try await stores.end(serviceToken: token.digest, of: client.clientID, recording: record)
                if !isService { try await stores.append(record) }
            case .accessToken(let digest): try await stores.revoke(accessToken: digest, recording: record, at: now)
            case .family(let family): try await stores.revoke(family: family, recording: record, at: now)
            }
            return Answer.bytes([], type: "text/plain")
        } catch let refusal as TokenRefusal {
            return try await refused(refusal, named, door: "revocation", at: now)
        } catch let broken as BrokenBody {
            throw broken
        } catch {
            logger.error("revocation failed", metadata: ["route": "/openid/revoke", "error": "\(type(of: error))"])
            var answer = Self.answer(TokenRefusal.revocationUnavailable)
            answer.headers[.retryAfter] = "5"
            return answer
        }
    }

    private func revocable(_ digest: [UInt8], at now: Timestamp) async throws -> RevocableToken? {
        if let record = try await stores.find(digest, at: now) { return .access(record) }
        return try await stores.refresh(digest, at: now).map { .refresh($0) }
    }
}
