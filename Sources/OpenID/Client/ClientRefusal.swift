import JOSE
package import Vocabulary

/// Everything that is wrong with a registration, at once.
package struct ClientRefusal: Error, Hashable, Sendable {
    /// Never empty.
    package let explanations: [Explanation]

    init(_ explanations: [Explanation]) { self.explanations = explanations }
}

extension Explanation {
    static func redirectUnfit(_ address: String, _ fault: String) -> Explanation {
        Explanation(
            "openid.client.redirect-uri", "this redirect address cannot be registered: " + fault,
            compared: [.init("redirect_uri", address)], clause: "RFC 6749 §3.1.2; RFC 9700 §4.1",
            remedy: "register an absolute https address, exactly as the requests will have it")
    }

    static func logoutRedirectUnfit(_ address: String, _ fault: String) -> Explanation {
        Explanation(
            "openid.client.post-logout-redirect-uri", "this address for after a logout cannot be registered: " + fault,
            compared: [.init("post_logout_redirect_uri", address)], clause: "OpenID Connect RP-Initiated Logout §3.1",
            remedy: "register an absolute https address, exactly as the requests will have it")
    }

    static func backchannelUnfit(_ address: String, _ fault: String) -> Explanation {
        Explanation(
            "openid.client.backchannel-logout-uri", "this address for logout tokens cannot be registered: " + fault,
            compared: [.init("backchannel_logout_uri", address)], clause: "OpenID Connect Back-Channel Logout §2.2",
            remedy: "register an absolute https address without a fragment")
    }

    static let noRedirect = Explanation(
        "openid.client.no-redirect-uri", "the client has no redirect address", clause: "OpenID Connect Core §3.1.2.1",
        remedy: "list at least one under `redirect-uris`")

    static let secretUnfit = Explanation(
        "openid.client.secret", "the secret's digest is not a SHA-256 digest", clause: "RFC 6749 §2.3.1; RFC 9700 §2.5",
        remedy: "let `sekisho` make a random secret of 128 bits or more and keep its SHA-256")

    static let keysUnfit = Explanation(
        "openid.client.keys", "none of the client's keys can sign an assertion we accept",
        compared: [.init("accepted", ClientAssertion.algorithms.map(\.rawValue).sorted().joined(separator: " "))],
        clause: "OpenID Connect Core §9; RFC 7518 §3", remedy: "register an RSA key of 2048 bits or more, or a P-256 or P-384 key")

    static func scopeUnfit(_ scope: String) -> Explanation {
        Explanation(
            "openid.client.scope", "this is no scope", compared: [.init("scope", scope)], clause: "RFC 6749 §3.3",
            remedy: "use printable ASCII without spaces, quotation marks and backslashes")
    }

    static func idTokenAlgorithmUnfit(_ name: String) -> Explanation {
        Explanation(
            "openid.client.id-token-algorithm", "ID tokens are not signed with this algorithm", compared: [.init("algorithm", name)],
            clause: "OpenID Connect Core §2", remedy: "use ES256, RS256, PS256, ES384 or EdDSA")
    }

    static func assertionLifetimeUnfit(_ seconds: Int64) -> Explanation {
        Explanation(
            "openid.client.assertion-lifetime", "client assertions may not live that long",
            compared: [.init("seconds", String(seconds)), .init("most", "3600")], clause: "RFC 7523 §3",
            remedy: "use 300 seconds unless the client's library cannot")
    }
}
