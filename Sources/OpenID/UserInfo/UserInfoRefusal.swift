import Vocabulary

extension ResourceRefusal {
    /// No such access token.
    package static func tokenUnknown(_ token: PresentedToken) -> ResourceRefusal {
        ResourceRefusal(.invalidToken, .accessTokenUnknown, by: token.scheme)
    }

    /// The proof's `jti` was claimed before.
    package static let proofReplayed = ResourceRefusal(TokenRefusal.proofReplayed)

    /// The form is larger than a token can be.
    package static let formTooLarge = ResourceRefusal(
        .invalidRequest, FormRefusal.tooLarge(limit: FormParameters.largest).explanation, by: .bearer)
}

extension Explanation {
    static func consentTakenBack(_ attributes: [String]) -> Explanation {
        Explanation(
            "openid.userinfo.consent", "the citizen has taken back the consent that the token tells under",
            compared: [.init("attributes", attributes.joined(separator: " "))], clause: "trust framework: consent; RFC 6750 §3.1",
            remedy: "send the citizen to the authorization endpoint again")
    }

    static func userInfoDenied(policyVersion: String) -> Explanation {
        Explanation(
            "openid.userinfo.denied", "the rules do not let the service be told of the citizen here now",
            compared: [.init("policy-version", policyVersion)], clause: "trust framework: rules; RFC 6750 §3.1",
            remedy: "send the citizen to the authorization endpoint again; where that is refused too, the answer says why")
    }

    static let tokenMissing = Explanation(
        "openid.userinfo.token-missing", "the request has no access token", clause: "RFC 6750 §3; RFC 9449 §7.1",
        remedy: "send the access token as `Authorization: Bearer …`, or `DPoP …` with a proof")

    static let tokenTwice = Explanation(
        "openid.userinfo.token-twice", "the request has a token in the header and another in the body", clause: "RFC 6750 §2",
        remedy: "send it in the header only")

    static let tokenInQuery = Explanation(
        "openid.userinfo.token-in-query", "the request has its token in the query, where logs and histories keep it",
        clause: "RFC 6750 §2.3; RFC 9700 §4.3.2; FAPI 2.0 Security Profile §5.3.4", remedy: "send it in the header, and end this one")

    static let tokenMalformed = Explanation(
        "openid.userinfo.token-malformed", "the access token has characters no token has", clause: "RFC 6750 §2.1",
        remedy: "send the access_token of the token response unchanged")

    static let accessTokenUnknown = Explanation(
        "openid.userinfo.token-unknown", "there is no such access token, or it has ended", clause: "RFC 6750 §3.1",
        remedy: "send the access token of the token response, whole, before it expires")

    static func otherAudience(_ audience: [String], expected: String) -> Explanation {
        Explanation(
            "openid.userinfo.audience", "the access token is for other resources than this one",
            compared: [.init("audience", audience.joined(separator: " ")), .init("expected", expected)],
            clause: "RFC 8707 §2; RFC 9068 §4", remedy: "ask for a token without `resource`, and with the scope openid")
    }

    static func schemeOther(expected: PresentedToken.Scheme, sent: PresentedToken.Scheme) -> Explanation {
        Explanation(
            "openid.userinfo.scheme", "the access token is presented in another way than it is bound to",
            compared: [.init("sent", sent.rawValue), .init("expected", expected.rawValue)], clause: "RFC 9449 §7.1, §7.2",
            remedy: "use the token_type of the token response as the scheme")
    }

    static let proofMissing = Explanation(
        "openid.userinfo.proof-missing", "the access token is bound to a key, and there is no proof of it", clause: "RFC 9449 §7.1",
        remedy: "send a DPoP proof with the token's hash in `ath`")

    static let keyOther = Explanation(
        "openid.userinfo.key", "the access token is bound to another key than the proof's", clause: "RFC 9449 §7.1",
        remedy: "sign the proof with the key that the token was asked for with")

    static let certificateOther = Explanation(
        "openid.userinfo.certificate", "the access token is bound to another certificate than this connection's", clause: "RFC 8705 §3",
        remedy: "connect to the mutual-TLS address with the certificate that the token was asked for with")
}
