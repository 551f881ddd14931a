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
    func userInfo(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        do {
            let form = request.method == .post && Self.isForm(request) ? try await request.collected(upTo: 16_384) : nil
            let digest = try UserInfo.bearer(authorization: request.headers[.authorization], form: form)
            guard let record = try await stores.find(digest, at: now), let member = settings.federation.member(record.client) else {
                throw TokenRefusal.tokenUnknown
            }
            let answer = Answer.json(try UserInfo.answer(record, member: member, at: now))
            noteTokenUse(by: record.client, issuedAt: record.issuedAt, settings, at: now)
            return answer
        } catch let refusal as TokenRefusal {
            var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
            if let challenge = refusal.authenticateHeader { answer.headers[.wwwAuthenticate] = challenge }
            return answer
        }
    }
}
