import Vocabulary

/// What a deployment decides for its authorization endpoint.
package struct AuthorizationRules: Sendable {
    /// Seconds in which a pushed request has to be brought by a browser: 5 to 90, where others are brought inside. RFC 9126 §2.2 has 5 to
    /// 600; a request that waits longer than 90 was lost on its way.
    package let pushedLifetime: Int64
    /// The types of authorization details that may be asked for (RFC 9396).
    package let details: AuthorizationDetailsTypes

    package init(pushedLifetime: Int64 = 60, details: AuthorizationDetailsTypes = AuthorizationDetailsTypes([])) {
        self.pushedLifetime = min(max(pushedLifetime, 5), 90)
        self.details = details
    }
}
