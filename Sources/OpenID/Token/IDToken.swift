import Cryptography
import JOSE
import Vocabulary

/// The ID token (OpenID Connect Core §2, §3.1.3.6).
enum IDToken {
    /// `typ`, so that nothing else we sign can pass for one (RFC 8725 §3.11; checklist E24).
    static let type = "JWT"
    /// Claims that the protocol itself sets. Nothing released may set them (checklist H18).
    static let claims = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"]

    static func payload(
        for code: CodeRecord, accessToken: String, algorithm: JWSAlgorithm, provider: Provider, at now: Timestamp
    ) -> JSON {
        var members: [(String, JSON)] = [
            ("iss", .string(provider.issuer)), ("sub", .string(code.pairwise.text)), ("aud", .string(code.client.text)),
            ("exp", .integer(now.adding(seconds: provider.lifetimes.idToken).seconds)), ("iat", .integer(now.seconds)),
            ("auth_time", .integer(code.authenticatedAt.seconds)),
        ]
        if let nonce = code.nonce { members.append(("nonce", .string(nonce))) }
        members += [
            ("acr", .string(code.acr)), ("amr", .texts(code.amr)), ("at_hash", .string(hash(of: accessToken, algorithm))),
        ]
        if let sid = code.sid { members.append(("sid", .string(sid))) }
        return .object(members + released(code.claims))
    }

    static func released(_ claims: JSON) -> [(String, JSON)] {
        (claims.members ?? []).filter { !self.claims.contains($0.0) }
    }

    /// The left half of the digest that goes with the signature's algorithm.
    private static func hash(of token: String, _ algorithm: JWSAlgorithm) -> String {
        let digest: DigestAlgorithm =
            switch algorithm {
            case .rs384, .ps384, .es384: .sha384
            case .rs512, .ps512, .es512, .eddsa: .sha512
            default: .sha256
            }
        let bytes = Digest.compute(digest, Array(token.utf8))
        return Base64url.encode(bytes.prefix(bytes.count / 2))
    }
}
