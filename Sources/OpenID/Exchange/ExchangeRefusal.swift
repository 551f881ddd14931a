import Vocabulary

extension TokenRefusal {
    /// No member is that agency, or none that takes tokens.
    package static func targetUnknown(_ target: String) -> TokenRefusal {
        TokenRefusal(
            .invalidTarget,
            Explanation(
                "openid.exchange.target-unknown", "no member is this target", compared: [.init("target", target)],
                clause: "RFC 8693 §2.2.2; RFC 8707 §2", remedy: "send a resource of the agency's registration, byte for byte"))
    }

    /// The subject token is unknown, ended, or none of the client's.
    package static let subjectTokenUnknown = TokenRefusal(.invalidRequest, .subjectTokenUnknown)
}

extension Explanation {
    static let subjectTokenUnknown = Explanation(
        "openid.exchange.subject-token", "the subject token is no living access token that the client may exchange",
        clause: "RFC 8693 §2.2.2", remedy: "send the access token of the citizen's login at this service, whole, before it expires")

    static let subjectTokenBound = Explanation(
        "openid.exchange.subject-token-bound", "the subject token is bound to another key than this request shows",
        clause: "RFC 9449 §5; RFC 8705 §3", remedy: "send the DPoP proof, or use the certificate, that the token was asked for with")

    static func exchangeType(_ name: String, _ sent: String) -> Explanation {
        Explanation(
            "openid.exchange.token-type", "only access tokens are exchanged, and only for access tokens",
            compared: [.init(name, sent), .init("accepted", TokenExchange.accessToken)], clause: "RFC 8693 §2.1, §3; checklist E24",
            remedy: "send the type of an access token, or leave requested_token_type out")
    }

    static let actorToken = Explanation(
        "openid.exchange.actor-token", "who acts is the client that authenticates, never a token it brings",
        clause: "RFC 8693 §1.1, §2.1", remedy: "leave actor_token out; the new token names the client in `act`")

    static func oneTarget(_ count: Int) -> Explanation {
        Explanation(
            "openid.exchange.one-target", "a token is for exactly one target", compared: [.init("targets", String(count))],
            clause: "RFC 8693 §2.1; RFC 9700 §2.3", remedy: "send one `resource` or one `audience`, and ask once for every agency")
    }

    static let exchangeWithItself = Explanation(
        "openid.exchange.itself", "the target is the client itself", clause: "RFC 8693 §2.1",
        remedy: "use the subject token as it is")

    static func targetNotRegistered(_ target: String) -> Explanation {
        Explanation(
            "openid.exchange.target-not-registered", "the client is not registered to exchange for this target",
            compared: [.init("target", target)], clause: "RFC 8693 §2.2.2; checklist E20",
            remedy: "have the target put under `exchange: audiences` of the client's registration")
    }

    static func targetRefuses(_ target: String) -> Explanation {
        Explanation(
            "openid.exchange.target-refuses", "the target does not take exchanged tokens from this client",
            compared: [.init("target", target)], clause: "RFC 8693 §2.2.2; checklist E20",
            remedy: "have the client put under `accepts-exchanges-from` of the target's registration")
    }

    static func notAgreed(_ target: String) -> Explanation {
        Explanation(
            "openid.exchange.not-agreed", "the citizen did not agree that the client acts at this target",
            compared: [.init("target", target)], clause: "RFC 9396 §2.2, §6; RFC 8693 §5",
            remedy: "ask for it in the authorization request: authorization_details with the target's resource in `locations`")
    }

    static func chainTooLong(_ length: Int, most: Int) -> Explanation {
        Explanation(
            "openid.exchange.chain", "too many services would act one for another",
            compared: [.init("services", String(length)), .init("most", String(most))], clause: "RFC 8693 §4.1",
            remedy: "let the first service ask the last agency itself")
    }

    static func actorFellOut(_ actor: String) -> Explanation {
        Explanation(
            "openid.exchange.actor", "a service that acted before is no member in force any more", compared: [.init("actor", actor)],
            clause: "trust framework: accreditation; RFC 8693 §4.1", remedy: "the citizen starts again, at a service that is accredited")
    }

    static func loginTooWeak(_ acrValues: [String], reached: String) -> Explanation {
        Explanation(
            "openid.exchange.login-too-weak", "the target needs a stronger login than the citizen's",
            compared: [.init("acr_values", acrValues.joined(separator: " ")), .init("reached", reached)],
            clause: "RFC 9470 §3; trust framework: policy",
            remedy: "send the citizen to the authorization endpoint with these acr_values, and exchange the new token")
    }

    static func targetDenied(_ target: String, policyVersion: String) -> Explanation {
        Explanation(
            "openid.exchange.target-denied", "the target may not be told of a citizen now",
            compared: [.init("target", target), .init("policy-version", policyVersion)], clause: "trust framework: accreditation, rules",
            remedy: "the target's administrator renews its accreditation, or has a rule written")
    }

    static func targetObliges(_ obligation: String, policyVersion: String) -> Explanation {
        Explanation(
            "openid.exchange.obligation", "the target's rules ask for something that only the citizen can do",
            compared: [.init("obligation", obligation), .init("policy-version", policyVersion)], clause: "trust framework: obligations",
            remedy: "send the citizen to the authorization endpoint again, or to the target itself")
    }

    static let detailsWider = Explanation(
        "openid.exchange.details", "the authorization details are not among those that the citizen agreed to for this target",
        clause: "RFC 9396 §6; RFC 8693 §2.1", remedy: "send some of them unchanged, or leave the parameter out")
}
