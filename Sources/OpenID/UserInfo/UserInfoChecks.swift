import TrustFramework
import Vocabulary

/// A rule of userinfo. The list in its order is the specification.
struct UserInfoCheck: Sendable {
    let name: String
    let fault: @Sendable (AccessTokenRecord, Member, Timestamp) -> Explanation?

    static let inOrder = [
        UserInfoCheck(name: "the token still lives") { record, _, now in
            now < record.expiresAt
                ? nil
                : .grantFault(
                    "expired", "the access token has expired", "RFC 6750 §3.1", "ask for a new one",
                    [.init("expired-at", record.expiresAt.text), .init("now", now.text)])
        },
        UserInfoCheck(name: "it was made for userinfo") { record, _, _ in
            record.scopes.contains("openid")
                ? nil : .grantFault("scope", "the access token has no openid scope", "OpenID Connect Core §5.3", "ask for openid")
        },
        UserInfoCheck(name: "the member in force") { record, member, now in .memberFault(member, record.client, now) },
    ]

    /// `b64token` of RFC 6750 §2.1, at most 512 characters; ours have 43.
    static func isToken(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let body = bytes.prefix { $0 != 0x3d }
        return (1...512).contains(bytes.count) && !body.isEmpty && bytes.dropFirst(body.count).allSatisfy { $0 == 0x3d }
            && body.allSatisfy { $0.isBase64url || [0x2e, 0x7e, 0x2b, 0x2f].contains($0) }
    }
}
