package import TrustFramework
package import Vocabulary

extension UserInfo {
    /// The claims for the holder of a token that the store found: `sub` as in the ID token, and what policy released at the login.
    /// `member` is the one the record names.
    package static func answer(_ record: AccessTokenRecord, member: Member, at now: Timestamp) throws(TokenRefusal) -> JSON {
        for check in UserInfoCheck.inOrder {
            if let fault = check.fault(record, member, now) { throw TokenRefusal(userInfo: .invalidToken, fault) }
        }
        return .object([("sub", .string(record.pairwise.text))] + IDToken.released(record.claims))
    }
}
