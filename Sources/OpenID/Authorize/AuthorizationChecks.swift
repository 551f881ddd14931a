import Vocabulary

/// A rule of the authorization endpoint. Each speaks for itself; the list in its order is the specification.
struct AuthorizationCheck: Sendable {
    let name: String
    /// The fault, or nil when the rule is kept.
    let fault: @Sendable (AuthorizationParameters, Client, Channel) -> AuthorizationFault?
}

/// The way a request came.
enum Channel: Sendable {
    /// Through the browser.
    case front
    /// From the client itself, authenticated (RFC 9126). `digest` names the pushed request when a browser has brought it.
    case back(digest: [UInt8]?, proven: String?)

    /// RFC 7638 thumbprint of the key of the DPoP proof that came with the push.
    var provenThumbprint: String? {
        guard case .back(_, let thumbprint) = self else { return nil }
        return thumbprint
    }

    var digest: [UInt8]? {
        guard case .back(let digest, _) = self else { return nil }
        return digest
    }

    var isFront: Bool {
        guard case .front = self else { return false }
        return true
    }
}

extension AuthorizationCheck {
    /// Limits in bytes: `state` holds a client's own bookkeeping, sometimes a whole token; `nonce` is ours to carry around
    /// (64 must work, FAPI 2.0; longer than 512 serves nobody).
    static let longestState = 4_096
    static let longestNonce = 512

    static let inOrder = [
        AuthorizationCheck(name: "every parameter once") { parameters, _, _ in
            parameters.repeated.map { AuthorizationFault(.invalidRequest, .repeated($0)) }
        },
        AuthorizationCheck(name: "a client of this endpoint") { _, client, _ in
            client.usesRedirects
                ? nil
                : AuthorizationFault(
                    .unauthorizedClient,
                    Explanation(
                        "openid.request.client-grants", "the client is not registered for logins by redirect",
                        clause: "RFC 6749 §4.1.2.1", remedy: "have `authorization_code` put into the grants of the registration"))
        },
        AuthorizationCheck(name: "pushed where the client must") { _, client, channel in
            client.requiresPushedRequests && channel.isFront ? AuthorizationFault(.invalidRequest, .pushMissing) : nil
        },
        AuthorizationCheck(name: "signed where the client must") { parameters, client, _ in
            client.requestObjects.isRequired && !parameters.isSigned ? AuthorizationFault(.invalidRequest, .objectMissing) : nil
        },
        AuthorizationCheck(name: "no self-issued registration") { parameters, _, _ in
            parameters["registration"].map { _ in
                AuthorizationFault(.registrationNotSupported, .unsupported("registration", "OpenID Connect Core §7.2.1"))
            }
        },
        AuthorizationCheck(name: "response_type is code") { parameters, _, _ in
            guard let type = parameters["response_type"] else {
                return AuthorizationFault(.invalidRequest, .missing("response_type", "code", "RFC 6749 §3.1.1"))
            }
            return type == "code"
                ? nil : AuthorizationFault(.unsupportedResponseType, .value("response_type", type, accepted: "code", "RFC 6749 §3.1.1"))
        },
        AuthorizationCheck(name: "scope has openid") { parameters, _, _ in
            guard let scope = parameters["scope"] else {
                return AuthorizationFault(.invalidScope, .missing("scope", "openid", "OpenID Connect Core §3.1.2.1"))
            }
            guard scope.words.contains("openid"), scope.words.allSatisfy(Scope.isToken) else {
                return AuthorizationFault(.invalidScope, .value("scope", scope, accepted: "openid …", "OpenID Connect Core §3.1.2.1"))
            }
            return nil
        },
        AuthorizationCheck(name: "state within bounds") { parameters, _, _ in
            bound("state", parameters["state"], longestState)
        },
        AuthorizationCheck(name: "nonce within bounds") { parameters, _, _ in
            bound("nonce", parameters["nonce"], longestNonce)
        },
        AuthorizationCheck(name: "nonce where registered") { parameters, client, _ in
            client.requiresNonce && parameters["nonce"] == nil
                ? AuthorizationFault(
                    .invalidRequest, .missing("nonce", "a random value", "client registration; OpenID Connect Core §15.5.2"))
                : nil
        },
        AuthorizationCheck(name: "PKCE challenge") { parameters, client, _ in
            guard let challenge = parameters["code_challenge"] else {
                // RFC 9700 §2.1.1 leaves a confidential client the nonce; a method without a challenge is a slip all the same.
                let glued = glued(in: parameters)
                if !client.requiresPKCE, parameters["code_challenge_method"] == nil, glued == nil { return nil }
                return AuthorizationFault(.invalidRequest, .challengeMissing(glued: glued))
            }
            guard Base64url.decode(challenge)?.count == 32 else {
                return AuthorizationFault(.invalidRequest, .challengeMalformed(challenge))
            }
            return nil
        },
        // `plain` shows the verifier to whoever sees the request, and is what an absent method means (RFC 7636 §4.3; checklist E6).
        AuthorizationCheck(name: "PKCE method is S256") { parameters, _, _ in
            guard let method = parameters["code_challenge_method"] else {
                guard parameters["code_challenge"] != nil else { return nil }
                return AuthorizationFault(.invalidRequest, .missing("code_challenge_method", "S256", "RFC 7636 §4.3; RFC 9700 §2.1.1"))
            }
            return method == "S256"
                ? nil
                : AuthorizationFault(
                    .invalidRequest, .value("code_challenge_method", method, accepted: "S256", "RFC 7636 §4.4.1; RFC 9700 §2.1.1"))
        },
        AuthorizationCheck(name: "the key of the proof is the key of dpop_jkt (RFC 9449 §10.1)") { parameters, _, channel in
            guard let asked = parameters["dpop_jkt"] else { return nil }
            guard Base64url.decode(asked)?.count == 32 else {
                return AuthorizationFault(
                    .invalidRequest,
                    .value("dpop_jkt", asked, accepted: "a SHA-256 thumbprint in Base64url", "RFC 9449 §10; RFC 7638 §3"))
            }
            guard let proven = channel.provenThumbprint, !proven.hasSameBytes(as: asked) else { return nil }
            return AuthorizationFault(.invalidRequest, .keyContradicted(asked, proven))
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
    private static func glued(in parameters: AuthorizationParameters) -> String? {
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

    static let pushMissing = Explanation(
        "openid.request.push-missing", "the client has to push its requests", clause: "RFC 9126 §5, §6; FAPI 2.0 Security Profile §5.3.2.2",
        remedy: "send the parameters to the pushed_authorization_request_endpoint, and the browser with its request_uri")

    static let objectMissing = Explanation(
        "openid.request.object-missing", "the client has to sign its requests", clause: "RFC 9101 §10.5; FAPI 2.0 Message Signing §5.3",
        remedy: "put the parameters into a signed request object, in `request`")

    static func keyContradicted(_ asked: String, _ proven: String) -> Explanation {
        Explanation(
            "openid.request.dpop-key", "dpop_jkt names another key than the one of the DPoP proof",
            compared: [.init("dpop_jkt", asked), .init("proof", proven)], clause: "RFC 9449 §10.1",
            remedy: "leave dpop_jkt out, or send the thumbprint of the key that signs the proof")
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
