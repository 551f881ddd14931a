import Vocabulary

/// A rule of the authorization endpoint. Each speaks for itself; the list in its order is the specification.
struct AuthorizationCheck: Sendable {
    let name: String
    /// The fault, or nil when the rule is kept.
    let fault: @Sendable (FormParameters, Client) -> AuthorizationFault?
}

extension AuthorizationCheck {
    /// Limits in bytes: `state` holds a client's own bookkeeping, sometimes a whole token; `nonce` is ours to carry around
    /// (64 must work, FAPI 2.0; longer than 512 serves nobody).
    static let longestState = 4_096
    static let longestNonce = 512

    static let inOrder = [
        AuthorizationCheck(name: "every parameter once") { parameters, _ in
            parameters.repeated.first.map { AuthorizationFault(.invalidRequest, .repeated($0)) }
        },
        AuthorizationCheck(name: "no request object") { parameters, _ in
            parameters["request"].map { _ in AuthorizationFault(.requestNotSupported, .unsupported("request", "OpenID Connect Core §6.1")) }
        },
        AuthorizationCheck(name: "no request_uri") { parameters, _ in
            parameters["request_uri"].map { _ in
                AuthorizationFault(.requestURINotSupported, .unsupported("request_uri", "OpenID Connect Core §6.2; checklist C10, E21"))
            }
        },
        AuthorizationCheck(name: "no self-issued registration") { parameters, _ in
            parameters["registration"].map { _ in
                AuthorizationFault(.registrationNotSupported, .unsupported("registration", "OpenID Connect Core §7.2.1"))
            }
        },
        AuthorizationCheck(name: "response_type is code") { parameters, _ in
            guard let type = parameters["response_type"] else {
                return AuthorizationFault(.invalidRequest, .missing("response_type", "code", "RFC 6749 §3.1.1"))
            }
            return type == "code"
                ? nil : AuthorizationFault(.unsupportedResponseType, .value("response_type", type, accepted: "code", "RFC 6749 §3.1.1"))
        },
        AuthorizationCheck(name: "response_mode is query") { parameters, _ in
            guard let mode = parameters["response_mode"], mode != "query" else { return nil }
            return AuthorizationFault(
                .invalidRequest, .value("response_mode", mode, accepted: "query", "OAuth 2.0 Multiple Response Types §2.1"))
        },
        AuthorizationCheck(name: "scope has openid") { parameters, _ in
            guard let scope = parameters["scope"] else {
                return AuthorizationFault(.invalidScope, .missing("scope", "openid", "OpenID Connect Core §3.1.2.1"))
            }
            guard scope.words.contains("openid"), scope.words.allSatisfy(Scope.isToken) else {
                return AuthorizationFault(.invalidScope, .value("scope", scope, accepted: "openid …", "OpenID Connect Core §3.1.2.1"))
            }
            return nil
        },
        AuthorizationCheck(name: "state within bounds") { parameters, _ in
            bound("state", parameters["state"], longestState)
        },
        AuthorizationCheck(name: "nonce within bounds") { parameters, _ in
            bound("nonce", parameters["nonce"], longestNonce)
        },
        AuthorizationCheck(name: "nonce where registered") { parameters, client in
            client.requiresNonce && parameters["nonce"] == nil
                ? AuthorizationFault(
                    .invalidRequest, .missing("nonce", "a random value", "client registration; OpenID Connect Core §15.5.2"))
                : nil
        },
        AuthorizationCheck(name: "PKCE challenge") { parameters, _ in
            guard let challenge = parameters["code_challenge"] else {
                return AuthorizationFault(.invalidRequest, .challengeMissing(glued: glued(in: parameters)))
            }
            guard Base64url.decode(challenge)?.count == 32 else {
                return AuthorizationFault(.invalidRequest, .challengeMalformed(challenge))
            }
            return nil
        },
        // `plain` shows the verifier to whoever sees the request, and is what an absent method means (RFC 7636 §4.3; checklist E6).
        AuthorizationCheck(name: "PKCE method is S256") { parameters, _ in
            guard let method = parameters["code_challenge_method"] else {
                return AuthorizationFault(.invalidRequest, .missing("code_challenge_method", "S256", "RFC 7636 §4.3; RFC 9700 §2.1.1"))
            }
            return method == "S256"
                ? nil
                : AuthorizationFault(
                    .invalidRequest, .value("code_challenge_method", method, accepted: "S256", "RFC 7636 §4.4.1; RFC 9700 §2.1.1"))
        },
    ]

    private static func bound(_ name: String, _ value: String?, _ most: Int) -> AuthorizationFault? {
        guard let value, value.utf8.count > most else { return nil }
        return AuthorizationFault(
            .invalidRequest,
            Explanation(
                "openid.request." + name + "-too-long", "the " + name + " is too long",
                compared: [.init("bytes", String(value.utf8.count)), .init("most", String(most))], clause: "RFC 6749 §4.1.2.1",
                remedy: "send a shorter " + name))
    }

    /// A known adapter for デジタル認証アプリ writes `&code_challenge<value>` without `=` (`jpki.md` §6.1).
    private static func glued(in parameters: FormParameters) -> String? {
        parameters.bare.first { $0.utf8.starts(with: "code_challenge".utf8) && $0.utf8.count > 40 }
    }
}

extension Explanation {
    static func missing(_ name: String, _ expected: String, _ clause: String) -> Explanation {
        Explanation(
            "openid.request." + name.dashed + "-missing", "the request has no " + name,
            compared: [.init(name, ""), .init("expected", expected)], clause: clause, remedy: "send " + name)
    }

    static func value(_ name: String, _ value: String, accepted: String, _ clause: String) -> Explanation {
        Explanation(
            "openid.request." + name.dashed, "this value of " + name + " is not accepted",
            compared: [.init(name, value), .init("accepted", accepted)], clause: clause, remedy: "send one of the accepted values")
    }

    static func unsupported(_ name: String, _ clause: String) -> Explanation {
        Explanation(
            "openid.request." + name.dashed + "-unsupported", "the parameter " + name + " is not supported", clause: clause,
            remedy: "send the parameters themselves in the query or form")
    }

    static func challengeMissing(glued: String?) -> Explanation {
        Explanation(
            "openid.request.code-challenge-missing", "the request has no code_challenge",
            compared: glued.map { [.init("found-without-equals-sign", $0)] } ?? [], clause: "RFC 7636 §4.4.1; RFC 9700 §2.1.1",
            remedy: glued == nil ? "send code_challenge and code_challenge_method=S256" : "write = between code_challenge and its value")
    }

    static func challengeMalformed(_ challenge: String) -> Explanation {
        Explanation(
            "openid.request.code-challenge", "the code_challenge is not the SHA-256 digest of a verifier in Base64url",
            compared: [.init("code_challenge", challenge), .init("expected-characters", "43")], clause: "RFC 7636 §4.2",
            remedy: "send BASE64URL(SHA256(code_verifier)) without padding")
    }
}

extension String {
    var dashed: String { String(map { $0 == "_" ? "-" : $0 }) }
}
