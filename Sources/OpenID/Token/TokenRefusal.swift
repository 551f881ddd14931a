import JOSE
package import Vocabulary

/// Why an endpoint that clients and resource servers talk to says no, ready for the wire. What takes tokens says no by `ResourceRefusal`.
package struct TokenRefusal: Error, Hashable, Sendable {
    package let error: TokenError
    package let explanation: Explanation
    /// 400 unless the code or its document says otherwise.
    package let status: Int
    /// The value of `DPoP-Nonce`, which has to go with `use_dpop_nonce` (RFC 9449 §8).
    package let nonce: String?
    /// What policy said, where it was asked: for the audit trail. Refusals are the same whatever it said.
    package private(set) var decided: PolicyAnswer?

    /// A refusal of the token endpoint, PAR and their like. `nonce` with `use_dpop_nonce`; `status` where a document wants another than the
    /// code's own (CIBA Core §13: 403 for `access_denied`).
    package init(_ error: TokenError, _ explanation: Explanation, nonce: String? = nil, status: Int? = nil) {
        self.error = error
        self.explanation = explanation
        self.nonce = nonce
        self.status =
            status
            ?? {
                switch error {
                case .invalidClient, .invalidToken: 401
                case .serverError: 500
                default: 400
                }
            }()
    }

    /// `error`, `error_description`, and the whole explanation for a developer's eyes.
    package var body: JSON {
        .object([
            ("error", .string(error.rawValue)), ("error_description", .string(explanation.errorDescription)),
            ("explanation", explanation.json),
        ])
    }

    /// The value of `WWW-Authenticate` for a client that is not believed (RFC 6749 §5.2).
    package var authenticateHeader: String? { error == .invalidClient ? "Basic realm=\"token\", charset=\"UTF-8\"" : nil }
}

extension TokenRefusal {
    /// The assertion's `jti` was claimed before.
    package static let assertionReplayed = TokenRefusal(
        .invalidClient,
        Explanation(
            "openid.client.assertion-replayed", "this client assertion was used before", clause: "RFC 7523 §3 (7); checklist E16",
            remedy: "make a new assertion with a new jti for every request"))

    package static let codeUnknown = TokenRefusal(.invalidGrant, .codeUnknown)

    /// The code was used before; what came of it has been ended.
    package static let codeReplayed = TokenRefusal(
        .invalidGrant,
        Explanation(
            "openid.token.code-replayed", "the code was used before; the tokens issued from it have been ended",
            clause: "RFC 6749 §4.1.2; checklist E5", remedy: "redeem a code once, and find out who sent it twice"))

    package static let refreshUnknown = TokenRefusal(
        .invalidGrant,
        Explanation(
            "openid.token.refresh-unknown", "there is no such refresh token, or it has ended", clause: "RFC 6749 §6",
            remedy: "send the citizen to the authorization endpoint again"))

    package static let refreshReused = TokenRefusal(
        .invalidGrant,
        Explanation(
            "openid.token.refresh-reused", "the refresh token was exchanged before; all tokens of its login have been ended",
            clause: "RFC 9700 §4.14.2", remedy: "use the newest refresh token only"))
}

extension Explanation {
    static let codeUnknown = Explanation(
        "openid.token.code-unknown", "there is no such code, or it has expired", clause: "RFC 6749 §5.2",
        remedy: "redeem the code of the redirect, whole, at once")

    static let severalMethods = Explanation(
        "openid.client.several-methods", "the client authenticates in more than one way at once", clause: "RFC 6749 §2.3",
        remedy: "use only the registered method")

    static let noCredential = Explanation(
        "openid.client.no-credential", "the client does not authenticate", clause: "RFC 6749 §3.2.1",
        remedy: "send a client_assertion, or an Authorization header")

    static let basicMalformed = Explanation(
        "openid.client.basic", "the Authorization header is no well-formed Basic credential", clause: "RFC 6749 §2.3.1",
        remedy: "form-encode id and secret, join them with a colon, encode with Base64")

    static let secretWrong = Explanation(
        "openid.client.secret-wrong", "the secret is wrong", clause: "RFC 6749 §2.3.1",
        remedy: "send the secret of the registration; remember to form-encode it first")

    static func methodOther(registered: String, sent: String) -> Explanation {
        Explanation(
            "openid.client.method", "the client is registered with another authentication method",
            compared: [.init("registered", registered), .init("sent", sent)], clause: "OpenID Connect Core §9",
            remedy: "use the registered method, or change the registration")
    }

    static func clientContradicted(_ named: String, _ authenticated: String) -> Explanation {
        Explanation(
            "openid.client.contradicted", "client_id and credential name different clients",
            compared: [.init("client_id", named), .init("credential", authenticated)], clause: "RFC 7521 §4.2",
            remedy: "leave client_id out, or send the one of the credential")
    }

    static func assertionType(_ sent: String?) -> Explanation {
        Explanation(
            "openid.client.assertion-type", "the client_assertion_type is another one",
            compared: [.init("client_assertion_type", sent ?? ""), .init("expected", ClientAssertion.type)], clause: "RFC 7523 §2.2",
            remedy: "send the expected type")
    }

    static let secretExpired = Explanation(
        "openid.client.secret-expired", "the client's secret has run out", clause: "RFC 7591 §3.2.1",
        remedy: "update the registration at its registration_client_uri: the answer has a new secret")

    static let assertionUnreadable = Explanation(
        "openid.client.assertion-unreadable", "the client assertion is no compact JWS with a JSON object in it", clause: "RFC 7523 §3",
        remedy: "send a JWT signed with the registered key")

    static func assertionUnproven(_ refusal: JWSRefusal, registered keys: JWKSet, _ accepted: Set<JWSAlgorithm>) -> Explanation {
        Explanation(
            "openid.client.assertion-signature", "no registered key of the client verifies the assertion",
            compared: [
                refusal.found ?? .init("key-set", "not usable"),
                .init("registered-kids", keys.keys.map { $0.keyID ?? "none" }.joined(separator: " ")),
                .init("accepted-algorithms", accepted.listed),
            ],
            clause: "RFC 7523 §3 (9); RFC 8725 §3.1", remedy: "sign with a registered key and its algorithm, and name its kid")
    }

    static func assertion(_ why: String, _ claim: String, _ value: String, _ expected: String? = nil) -> Explanation {
        Explanation(
            "openid.client.assertion-" + claim, "the client assertion is not accepted: " + why,
            compared: [.init(claim, value)] + (expected.map { [.init("expected", $0)] } ?? []),
            clause: "RFC 7523 §3; OpenID Connect Core §9",
            remedy: "correct the claim " + claim)
    }

    static let verifierMalformed = Explanation(
        "openid.token.code-verifier", "the code_verifier is not 43 to 128 of the unreserved characters", clause: "RFC 7636 §4.1, §4.6",
        remedy: "send the verifier whose SHA-256 the authorization request had")

    static func grantType(_ sent: String) -> Explanation {
        Explanation(
            "openid.token.grant-type", "this grant type is not supported", compared: [.init("grant_type", sent)], clause: "RFC 6749 §5.2",
            remedy: "send authorization_code")
    }

    static let refreshOff = Explanation(
        "openid.token.refresh-off", "the client is not registered for refresh tokens", clause: "RFC 6749 §5.2",
        remedy: "have `refresh-tokens: true` put into the registration, or do without")

    static let noSigningKey = Explanation(
        "openid.provider.key", "the provider has no key for the client's ID token algorithm", clause: "OpenID Connect Core §10.1",
        remedy: "tell the operator; `sekisho check` shows it")
}

extension TokenRefusal {
    func decided(_ answer: PolicyAnswer?) -> TokenRefusal {
        var refusal = self
        refusal.decided = answer
        return refusal
    }

    package static func == (left: TokenRefusal, right: TokenRefusal) -> Bool {
        left.error == right.error && left.explanation == right.explanation && left.status == right.status && left.nonce == right.nonce
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(error)
        hasher.combine(explanation)
    }
}
