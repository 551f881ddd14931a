import TrustFramework
import Vocabulary

/// A rule of userinfo. The list in its order is the specification.
struct UserInfoCheck: Sendable {
    struct Question: Sendable {
        let record: AccessTokenRecord
        let client: Client
        let member: Member
        let provider: Provider
        let now: Timestamp
    }

    let name: String
    let fault: @Sendable (Question) -> (error: TokenError, explanation: Explanation)?
}

extension UserInfoCheck {
    static let inOrder = [
        UserInfoCheck(name: "the token still lives") { question in
            question.now < question.record.expiresAt
                ? nil
                : (
                    .invalidToken,
                    .grantFault(
                        "expired", "the access token has expired", "RFC 6750 §3.1", "ask for a new one",
                        [.init("expired-at", question.record.expiresAt.text), .init("now", question.now.text)])
                )
        },
        // A token that names other resources is none for us, whatever its scopes say (RFC 8707 §2; RFC 9068 §4).
        UserInfoCheck(name: "it was made for us") { question in
            question.record.isForUserInfo(at: question.provider)
                ? nil : (.invalidToken, .otherAudience(question.record.audience, expected: question.provider.userInfoEndpoint))
        },
        // Whoever acts for a citizen at an agency learns there what it needs; who the citizen is to the portal is another matter.
        UserInfoCheck(name: "the citizen's service asks, nobody acting for it") { question in
            question.record.act == nil
                ? nil : (.invalidToken, .otherAudience(question.record.audience, expected: question.provider.userInfoEndpoint))
        },
        UserInfoCheck(name: "it has the scope openid") { question in
            question.record.scopes.contains("openid")
                ? nil
                : (
                    .insufficientScope,
                    .grantFault("scope", "the access token has no openid scope", "OpenID Connect Core §5.3", "ask for openid")
                )
        },
        UserInfoCheck(name: "the client still registered") { question in
            question.client.id.text.hasSameBytes(as: question.record.client.text) ? nil : (.invalidToken, .accessTokenUnknown)
        },
        UserInfoCheck(name: "the member in force") { question in
            Explanation.memberFault(question.member, question.record.client, question.now).map { (.invalidToken, $0) }
        },
    ]
}

extension AccessTokenRecord {
    /// Without an audience it is for userinfo, as OAuth always had it; with one, only when we are in it.
    func isForUserInfo(at provider: Provider) -> Bool {
        audience.isEmpty || audience.contains { $0.hasSameBytes(as: provider.userInfoEndpoint) || $0.hasSameBytes(as: provider.issuer) }
    }
}
