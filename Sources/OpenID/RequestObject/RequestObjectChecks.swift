import JOSE
import Vocabulary

/// A rule for request objects. The list in its order is the specification.
struct RequestObjectCheck: Sendable {
    struct Question: Sendable {
        let type: String?
        let claims: JWTClaims
        let client: Client
        let provider: Provider
        let now: Timestamp

        init?(_ object: VerifiedJWS, _ client: Client, _ provider: Provider, _ now: Timestamp) {
            guard let claims = try? JWTClaims(object) else { return nil }
            type = object.type
            self.claims = claims
            self.client = client
            self.provider = provider
            self.now = now
        }

        /// FAPI 2.0 asks for what others may leave out.
        var isStrict: Bool { client.profile.isFAPI }
        /// The object says who made it, for whom and how long it holds: where it alone counts, an old one, or one of another kind, must not do.
        var isWhole: Bool { isStrict || client.requestObjects.isRequired }
    }

    let name: String
    let fault: @Sendable (Question) -> RequestObjectFault?
}

extension RequestObjectCheck {
    /// Seconds (FAPI 2.0 Message Signing §5.3.1).
    static let longestAhead: Int64 = 3_600
    static let longestBehind: Int64 = 3_600

    static let inOrder = [
        // RFC 9101 §10.8: a request object is told from other tokens by its type; OpenID Connect's older clients write `JWT`.
        Self(name: "typ fits") { question in
            switch question.type {
            case nil, "oauth-authz-req+jwt": nil
            case "jwt" where question.client.profile == .core || question.client.profile == .digitalAuthApp: nil
            case .some(let type):
                RequestObjectFault("typ", "its typ is another one", "RFC 9101 §10.8", type, expected: "oauth-authz-req+jwt")
            }
        },
        Self(name: "iss is the client") { question in
            guard let issuer = question.claims.issuer else {
                return question.isWhole ? .missing("iss", "RFC 9101 §4; FAPI 2.0 Message Signing §5.3.1") : nil
            }
            return question.isClient(issuer)
                ? nil
                : RequestObjectFault("iss", "its iss is not the client_id", "RFC 9101 §4", issuer, expected: question.client.id.text)
        },
        Self(name: "client_id is the client") { question in
            guard let value = question.claims["client_id"] else {
                // OpenID Connect Core §6.1 lets it stand outside only.
                return question.client.profile == .core && !question.isWhole ? nil : .missing("client_id", "RFC 9101 §4, §5")
            }
            guard let named = value.string, question.isClient(named) else {
                return RequestObjectFault(
                    "client-id", "its client_id is another one", "RFC 9101 §5", value.string ?? "", expected: question.client.id.text)
            }
            return nil
        },
        // An assertion that authenticates the client has `sub`; it must not pass for a request (RFC 9101 §10.8; checklist E24).
        Self(name: "no sub that is the client") { question in
            guard let subject = question.claims.subject, question.isClient(subject) else { return nil }
            return RequestObjectFault("sub", "its sub is the client, as in a client assertion", "RFC 9101 §10.8", subject)
        },
        Self(name: "aud has us") { question in
            guard !question.claims.audience.isEmpty else {
                return question.isWhole ? .missing("aud", "RFC 9101 §4; FAPI 2.0 Message Signing §5.3.1") : nil
            }
            return question.claims.audience.contains { $0.hasSameBytes(as: question.provider.issuer) }
                ? nil
                : RequestObjectFault(
                    "aud", "its aud does not name this provider", "RFC 9101 §4", question.claims.audience.joined(separator: " "),
                    expected: question.provider.issuer)
        },
        Self(name: "exp ahead, not far") { question in
            guard let expires = question.claims.expiresAt else {
                return question.isWhole ? .missing("exp", "FAPI 2.0 Message Signing §5.3.1") : nil
            }
            let skew = question.provider.skew
            guard question.now < expires.adding(seconds: skew) else {
                return RequestObjectFault("exp", "it has expired", "RFC 7519 §4.1.4", expires.text, expected: "after " + question.now.text)
            }
            let latest = question.now.adding(seconds: longestAhead + skew)
            guard !question.isStrict || expires <= latest else {
                return RequestObjectFault(
                    "exp", "it lives too long", "FAPI 2.0 Message Signing §5.3.1", expires.text, expected: "not after " + latest.text)
            }
            return nil
        },
        Self(name: "nbf not ahead, not long ago") { question in
            guard let start = question.claims.notBefore else {
                return question.isStrict ? .missing("nbf", "FAPI 2.0 Message Signing §5.3.1") : nil
            }
            let latest = question.now.adding(seconds: question.provider.skew)
            guard start <= latest else {
                return RequestObjectFault(
                    "nbf", "it comes from the future", "RFC 7519 §4.1.5", start.text, expected: "not after " + latest.text)
            }
            let earliest = question.now.adding(seconds: -longestBehind)
            guard !question.isStrict || start >= earliest else {
                return RequestObjectFault(
                    "nbf", "it is too old", "FAPI 2.0 Message Signing §5.3.1", start.text, expected: "not before " + earliest.text)
            }
            return nil
        },
        Self(name: "iat not ahead") { question in
            guard let made = question.claims.issuedAt, made > question.now.adding(seconds: question.provider.skew) else { return nil }
            return RequestObjectFault("iat", "it comes from the future", "RFC 7519 §4.1.6", made.text)
        },
        Self(name: "no request within the request") { question in
            ["request", "request_uri"].first { question.claims[$0] != nil }.map {
                RequestObjectFault("nested", "it has a request of its own", "RFC 9101 §4", $0)
            }
        },
        Self(name: "every parameter has the type it is read by") { question in
            (question.claims.json.members ?? []).first { !fits($0.0, $0.1) }.map {
                RequestObjectFault("parameter", "a parameter is of another type", "RFC 9101 §4", $0.0)
            }
        },
    ]

    /// Parameters are texts (RFC 9101 §4), but for those that are JSON themselves. What we do not know may be anything.
    private static func fits(_ name: String, _ value: JSON) -> Bool {
        switch name {
        case "max_age": value.string != nil || value.integer != nil
        case "claims": value.string != nil || value.members != nil
        case "authorization_details": value.string != nil || value.array != nil
        case "resource": value.string != nil || value.strings != nil
        case _ where texts.contains(name): value.string != nil
        default: true
        }
    }

    private static let texts: Set<String> = [
        "response_type", "redirect_uri", "scope", "state", "nonce", "response_mode", "display", "prompt", "ui_locales", "claims_locales",
        "id_token_hint", "login_hint", "acr_values", "code_challenge", "code_challenge_method", "dpop_jkt", "registration",
    ]
}

extension RequestObjectCheck.Question {
    fileprivate func isClient(_ text: String) -> Bool { text.hasSameBytes(as: client.id.text) }
}
