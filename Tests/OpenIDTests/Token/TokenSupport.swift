import JOSE
import OpenID
import SignOn
import TrustFramework
import Vocabulary

extension Federation {
    /// What userinfo says to the holder of an answer's access token.
    func userInfo(_ answer: TokenAnswer, client: Client? = nil) throws -> JSON {
        guard let token = answer.body["access_token"]?.string else { throw Missing() }
        let client = try client ?? self.client()
        var random = SystemRandomNumberGenerator()
        let verified = try PresentedToken(authorization: "Bearer " + token).verified(
            as: answer.accessToken, of: client, member(client.id.text), with: ClientEvidence(), nonces: .off, at: provider, at: Self.now)
        guard case .json(let claims) = try verified.answer(at: provider, at: Self.now, using: &random) else { throw Missing() }
        return claims
    }

    /// The refusal of whatever `body` does at the token endpoint; nil when it is answered.
    static func refusal(_ body: () throws -> Void) throws -> TokenRefusal? {
        do {
            try body()
            return nil
        } catch let refusal as TokenRefusal {
            return refusal
        }
    }

    /// As `client`, with everything else that a registration may say.
    func optionsClient(
        _ id: String = "shop", algorithm: JWSAlgorithm = .es256, scopes: Set<String> = ["openid", "profile", "offline_access"],
        refreshTokens: Bool = true, _ change: (inout ClientOptions) -> Void = { _ in }
    ) throws -> Client {
        var options = ClientOptions()
        change(&options)
        return try Client(
            id: Self.memberID(id), redirectURIs: [Self.callback], authentication: .privateKeyJWT(keys.set([keys.shopES256])),
            idTokenAlgorithm: algorithm, scopes: scopes, refreshTokens: refreshTokens, options: options)
    }

    /// A token request with its proof of possession, authenticated.
    func authenticated(
        _ body: [UInt8], client: Client, dpop: [String] = [], certificate: PresentedCertificate? = nil, provider: Provider? = nil,
        at now: Timestamp = now
    ) throws -> AuthenticatedTokenRequest {
        let provider = provider ?? self.provider
        return try UnverifiedTokenRequest(
            body: body, evidence: ClientEvidence(dpop: dpop, certificate: certificate, address: provider.tokenEndpoint)
        ).authenticated(as: client, at: provider, at: now)
    }
}
