import Cryptography
import OpenID
import TrustFramework
import Vocabulary

extension Federation {
    /// What userinfo tells the holder of the answer's access token, through the front door; `client` is the shop unless told otherwise.
    func userInfo(_ answer: TokenAnswer, client: Client? = nil, member: Member? = nil, at now: Timestamp = now) throws -> JSON {
        guard let token = answer.body["access_token"]?.string else { throw Missing() }
        let verified = try PresentedToken(authorization: "Bearer " + token).verified(
            as: answer.accessToken, of: client ?? self.client(), member ?? self.member(), with: ClientEvidence(), nonces: .off,
            at: provider,
            at: now)
        var random = SystemRandom()
        guard case .json(let claims) = try verified.answer(at: provider, at: now, using: &random) else { throw Missing() }
        return claims
    }
}
