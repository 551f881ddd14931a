package import Vocabulary

/// What goes out and what must be kept first. `Cache-Control: no-store` is the shell's (RFC 6749 §5.1).
package struct TokenAnswer: Sendable {
    package let body: JSON
    package let accessToken: AccessTokenRecord
    /// To be kept with the access token; nil when there is none.
    package let refreshToken: RefreshTokenRecord?
    /// For the audit record; no token, no identifier of the citizen.
    package let facts: [(name: String, value: JSON)]

    init(body: JSON, accessToken: AccessTokenRecord, refreshToken: RefreshTokenRecord?, facts: [(name: String, value: JSON)]) {
        self.body = body
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.facts = facts
    }
}
