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

    static func keysUnfit(_ accepted: Set<JWSAlgorithm>) -> Explanation {
        Explanation(
            "openid.client.keys", "none of the client's keys can sign an assertion we accept",
            compared: [.init("accepted", accepted.listed)],
            clause: "OpenID Connect Core §9; RFC 7518 §3", remedy: "register an RSA key of 2048 bits or more, a P-256, P-384 or Ed25519 key"
        )
    }

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

    static func addressUnfit(_ member: String, _ address: String, _ fault: String) -> Explanation {
        Explanation(
            "openid.client.address", "this address cannot be registered: " + fault, compared: [.init(member, address)],
            clause: "OpenID Connect Dynamic Registration §2", remedy: "register an absolute https address without a fragment")
    }

    static func sectorUnfit(_ sector: String) -> Explanation {
        Explanation(
            "openid.client.sector", "the sector identifier is no host", compared: [.init("sector", sector)],
            clause: "OpenID Connect Core §8.1", remedy: "write a host in lower case, such as portal.example.go.jp")
    }

    static let tlsSubjectUnfit = Explanation(
        "openid.client.tls-subject", "the name that the client certificate has to have is empty or names nothing",
        clause: "RFC 8705 §2.1.2", remedy: "register one subject name or one alternative name, as it stands in the certificate")

    static let certificatesUnfit = Explanation(
        "openid.client.certificates", "no certificate is registered", clause: "RFC 8705 §2.2.2",
        remedy: "register the certificate itself: the SHA-256 of its DER, or an `x5c` in the client's keys")

    static func algorithmUnfit(
        _ member: String, _ algorithm: JWSAlgorithm, allowed: Set<JWSAlgorithm>, _ profile: ClientProfile
    ) -> Explanation {
        Explanation(
            "openid.client.algorithm", "this algorithm is not for the profile",
            compared: [.init(member, algorithm.rawValue), .init("profile", profile.rawValue), .init("accepted", allowed.listed)],
            clause: "FAPI 2.0 Security Profile §5.4.1; RFC 8725 §3.1", remedy: "choose an accepted one")
    }

    static func requestKeysMissing(_ algorithms: Set<JWSAlgorithm>) -> Explanation {
        Explanation(
            "openid.client.request-keys", "none of the client's keys can sign the requests that it registered for",
            compared: [.init("algorithms", algorithms.listed)], clause: "RFC 9101 §6.2",
            remedy: "register the client's keys under `jwks` or `jwks-file`")
    }

    static func encryptionKeyMissing(_ member: String, _ encryption: Encryption) -> Explanation {
        Explanation(
            "openid.client.encryption-key", "none of the client's keys can be encrypted to",
            compared: [.init(member, encryption.algorithm.rawValue)], clause: "OpenID Connect Core §10.2",
            remedy: "register a key of the client with `use: enc` that the algorithm takes")
    }

    static func answersUnsigned(_ encryption: Encryption) -> Explanation {
        Explanation(
            "openid.client.authorization-encryption", "authorization answers are to be encrypted, and nothing signs them",
            compared: [.init("authorization_encrypted_response_alg", encryption.algorithm.rawValue)], clause: "JARM §2.2, §3",
            remedy: "name what signs them under `authorization-signed-response-alg`")
    }

    static let requestObjectsContradict = Explanation(
        "openid.client.request-objects", "signed requests are required, and no algorithm may sign them", clause: "RFC 9101 §10.5",
        remedy: "name the algorithms under `request-objects`")

    static let refreshAlone = Explanation(
        "openid.client.grants", "refresh tokens alone are no grant: nothing gives the first", clause: "RFC 6749 §6",
        remedy: "add authorization_code, or the grant that gives them")

    static func grantHalf(_ grant: GrantType) -> Explanation {
        Explanation(
            "openid.client.grant-settings", "a grant and its settings belong together", compared: [.init("grant_type", grant.rawValue)],
            clause: "client registration", remedy: "write both the grant and its section, or neither")
    }

    static let pingUnfit = Explanation(
        "openid.client.ciba", "pings need the address they go to, and polling has none", clause: "CIBA Core §4",
        remedy: "write the notification endpoint with `delivery: ping`, and leave it out with `delivery: poll`")

    static let userCodeUnfit = Explanation(
        "openid.client.user-code", "citizens have no user codes here", clause: "CIBA Core §7.1",
        remedy: "leave the setting out: the citizen's card answers for the citizen")

    static let exchangeUnfit = Explanation(
        "openid.client.exchange", "token exchange is allowed for nobody", clause: "RFC 8693 §2.1",
        remedy: "name the audiences that the client may ask tokens for")

    static let exchangesForNobody = Explanation(
        "openid.client.exchange-target", "the client takes exchanged tokens, and is no resource that they could be for",
        clause: "RFC 8693 §2.1", remedy: "name the resources that it is under `audiences`, or leave `accepts-exchanges-from` out")

    static func resourceUnfit(_ resource: String) -> Explanation {
        Explanation(
            "openid.client.resource", "this is no resource", compared: [.init("resource", resource)], clause: "RFC 8707 §2",
            remedy: "write an absolute URI without a fragment")
    }

    static func responseTypeUnfit(_ type: String, _ why: String) -> Explanation {
        Explanation(
            "openid.client.response-type", "this response type cannot be registered: " + why, compared: [.init("response_type", type)],
            clause: "OpenID Connect Dynamic Registration §2", remedy: "register `code`")
    }

    static func profileWants(_ profile: ClientProfile, _ setting: String, _ wanted: String, _ clause: String) -> Explanation {
        Explanation(
            "openid.client.profile", "the registration contradicts its profile",
            compared: [.init("setting", setting), .init("wanted", wanted), .init("profile", profile.rawValue)], clause: clause,
            remedy: "write what the profile wants, or choose another profile")
    }
}

extension Set<JWSAlgorithm> {
    /// For people, in one order.
    var listed: String { map(\.rawValue).sorted().joined(separator: " ") }
}
