import JOSE
import Vocabulary

extension TokenRefusal {
    /// The `jti` of a signed request was claimed before.
    package static let backchannelReplayed = TokenRefusal(
        .invalidRequest,
        Explanation(
            "openid.ciba.request-replayed", "this signed request was used before", clause: "CIBA Core §7.1.1; checklist E16",
            remedy: "sign a new request with a new jti"))

    /// The client's requests already wait for this citizen.
    package static let backchannelTooMany = TokenRefusal(
        .accessDenied,
        Explanation(
            "openid.ciba.too-many", "so many requests of this client already wait for this citizen",
            compared: [.init("most", String(VerifiedBackchannelRequest.mostWaiting))], clause: "CIBA Core §13, §15",
            remedy: "wait until the citizen has decided or the requests have run out"), status: 403)
}

extension Explanation {
    static let backchannelUnsigned = Explanation(
        "openid.ciba.request-unsigned", "the request is not signed", clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2",
        remedy: "send all parameters as claims of a signed JWT in `request`")

    static func backchannelOutside(_ name: String) -> Explanation {
        Explanation(
            "openid.ciba.request-outside", "a parameter stands beside the signed request", compared: [.init("parameter", name)],
            clause: "CIBA Core §7.1.1", remedy: "put it into the signed request")
    }

    static func backchannelUnproven(_ refusal: JWSRefusal, _ accepted: Set<JWSAlgorithm>) -> Explanation {
        Explanation(
            "openid.ciba.request-signature", "no registered key of the client verifies the signed request",
            compared: [refusal.found ?? .init("request", "is no compact JWS"), .init("accepted-algorithms", accepted.listed)],
            clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2; checklist E9", remedy: "sign with a registered key and the registered algorithm")
    }

    static func backchannelClaim(_ claim: String, _ why: String) -> Explanation {
        Explanation(
            "openid.ciba.request-claim", "the signed request is not accepted: " + why, compared: [.init("claim", claim)],
            clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2", remedy: "correct the claim " + claim)
    }

    static func backchannelHints(_ count: Int) -> Explanation {
        Explanation(
            "openid.ciba.hints", "the request has not exactly one hint", compared: [.init("hints", String(count))],
            clause: "CIBA Core §7.1", remedy: "send one of login_hint, id_token_hint and login_hint_token")
    }

    static let backchannelNobody = Explanation(
        "openid.ciba.nobody", "the hint is in no form in which this provider names citizens", clause: "CIBA Core §13",
        remedy: "send the sub that this client knows the citizen by")

    static func backchannelHintToken(_ why: String) -> Explanation {
        Explanation(
            "openid.ciba.hint-token", "the login_hint_token is not accepted: " + why, clause: "CIBA Core §7.1; RFC 9493 §3",
            remedy: "sign iss, aud, exp and sub_id with a registered key")
    }

    static func backchannelHintTokenExpired(_ expires: Timestamp, _ now: Timestamp) -> Explanation {
        Explanation(
            "openid.ciba.hint-token-expired", "the login_hint_token has expired",
            compared: [.init("exp", expires.text), .init("now", now.text)], clause: "CIBA Core §13", remedy: "sign a new one")
    }

    static func backchannelMessage(_ why: String) -> Explanation {
        Explanation(
            "openid.ciba.binding-message", "the binding_message is not shown: " + why,
            compared: [.init("most-characters", String(BindingMessage.longest))], clause: "CIBA Core §7.1, §13",
            remedy: "send a few plain words or digits, without pictures")
    }

    static let backchannelNotificationToken = Explanation(
        "openid.ciba.notification-token", "the client_notification_token is no bearer token of at most 1024 characters",
        clause: "CIBA Core §7.1; RFC 6750 §2.1", remedy: "send letters, digits and - . _ ~ + / only")

    static func backchannelExpiry(_ text: String) -> Explanation {
        Explanation(
            "openid.ciba.requested-expiry", "the requested_expiry is no positive number of seconds",
            compared: [.init("requested_expiry", text)], clause: "CIBA Core §7.1", remedy: "send a whole number of seconds")
    }

    static let backchannelUserCode = Explanation(
        "openid.ciba.user-code", "citizens have no user code here", clause: "CIBA Core §7.1 user_code",
        remedy: "leave user_code out: the citizen shows the card on the page")
}
