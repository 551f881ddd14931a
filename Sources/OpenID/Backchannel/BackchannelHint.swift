import JOSE
import Vocabulary

/// Whom a request names (CIBA Core §7.1): exactly one hint. What it comes to is a pairwise identifier of the client's sector and nothing more.
/// Whether anybody has that identifier is not looked up: the answer, and the work for it, are the same (checklist H9). `unknown_user_id` is
/// for what cannot be anybody's.
enum BackchannelHint {
    static let names = ["login_hint_token", "id_token_hint", "login_hint"]

    static func read(
        _ parameters: AwaitedParameters, for client: Client, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> PairwiseID {
        let sent = names.filter { parameters[$0] != nil }
        guard sent.count == 1 else { throw TokenRefusal(.invalidRequest, .backchannelHints(sent.count)) }
        if let text = parameters["login_hint"] { return try subject(text) }
        if let text = parameters["login_hint_token"] { return try subject(try token(text, for: client, at: provider, at: now)) }
        let hinted: String?
        do throws(AuthorizationFault) {
            hinted = try Hint.read(parameters["id_token_hint"], for: client, at: provider)
        } catch {
            throw TokenRefusal(error.error == .serverError ? .serverError : .invalidRequest, error.explanation)
        }
        guard let hinted else { throw TokenRefusal(.invalidRequest, .backchannelHints(0)) }
        return try subject(hinted)
    }

    private static func subject(_ text: String) throws(TokenRefusal) -> PairwiseID {
        guard let id = PairwiseID(text), !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else {
            throw TokenRefusal(.unknownUserID, .backchannelNobody)
        }
        return id
    }

    /// A hint that the client itself signs: `iss`, `aud`, `exp`, and `sub_id` (RFC 9493) of the formats `opaque` and `iss_sub`.
    private static func token(
        _ compact: String, for client: Client, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> String {
        let claims: JWTClaims
        do {
            let verified = try UnverifiedJWS(compact: compact, limit: 8_192)
                .verified(by: client.keys?.keys ?? [], allowed: client.backchannelAlgorithms)
            claims = try JWTClaims(verified)
        } catch {
            throw TokenRefusal(.invalidRequest, .backchannelHintToken("no key of the client verifies it"))
        }
        guard claims.issuer?.hasSameBytes(as: client.id.text) == true else {
            throw TokenRefusal(.invalidRequest, .backchannelHintToken("its iss is not the client_id"))
        }
        guard claims.audience.contains(where: { $0.hasSameBytes(as: provider.issuer) }) else {
            throw TokenRefusal(.invalidRequest, .backchannelHintToken("its aud is not this provider"))
        }
        guard let expires = claims.expiresAt else { throw TokenRefusal(.invalidRequest, .backchannelHintToken("it has no exp")) }
        guard now < expires else { throw TokenRefusal(.expiredLoginHintToken, .backchannelHintTokenExpired(expires, now)) }
        let subject = claims["sub_id"]
        switch subject?["format"]?.string {
        case "opaque":
            if let id = subject?["id"]?.string { return id }
        case "iss_sub":
            if subject?["iss"]?.string?.hasSameBytes(as: provider.issuer) == true, let id = subject?["sub"]?.string { return id }
        default: break
        }
        throw TokenRefusal(.invalidRequest, .backchannelHintToken("its sub_id is neither opaque nor iss_sub with our issuer"))
    }
}
