package import TrustFramework
import Vocabulary

/// What a client is told that polls (RFC 8628 §3.5, CIBA Core §11).
extension TokenRefusal {
    package static let awaitedPending = TokenRefusal(
        .authorizationPending,
        Explanation(
            "openid.awaited.pending", "the citizen has not decided yet", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "ask again after `interval` seconds"))

    package static let awaitedTooSoon = TokenRefusal(
        .slowDown,
        Explanation(
            "openid.awaited.slow-down", "the citizen has not decided yet, and this question came too soon after the last",
            clause: "RFC 8628 §3.5; CIBA Core §11", remedy: "wait five seconds longer between questions from now on"))

    package static let awaitedDenied = TokenRefusal(
        .accessDenied,
        Explanation(
            "openid.awaited.denied", "the citizen said no, or policy did", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "tell the citizen on the device, and offer to start again"))

    package static let awaitedExpired = TokenRefusal(
        .expiredToken,
        Explanation(
            "openid.awaited.expired", "nobody decided in time", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "start again when the citizen wants to"))

    package static let awaitedUnknown = TokenRefusal(
        .invalidGrant,
        Explanation(
            "openid.awaited.unknown", "there is no such request of this client, or its login has ended", clause: "RFC 6749 §5.2",
            remedy: "redeem what this provider gave to this client, whole"))

    package static let awaitedRedeemed = TokenRefusal(
        .invalidGrant,
        Explanation(
            "openid.awaited.redeemed", "the tokens for this have been fetched before", clause: "RFC 6749 §5.2; CIBA Core §7.3",
            remedy: "use those tokens, or start again"))

    /// Whether the client is merely told to go on waiting: no refusal that anybody has to hear of later.
    package var isWaiting: Bool { error == .authorizationPending || error == .slowDown }

    /// The member may not be answered now; nil: it is none.
    package static func awaitedMember(_ standing: Standing?) -> TokenRefusal {
        TokenRefusal(
            .unauthorizedClient,
            Explanation(
                "openid.awaited.member", "the member's accreditation is not in force",
                compared: [.init("standing", standing?.rawValue ?? "no member")], clause: "trust framework: accreditation; checklist H10",
                remedy: "the member's administrator renews or reinstates its accreditation"))
    }

    /// The client's registration has not this grant.
    static func awaitedOff(_ grant: GrantType) -> TokenRefusal {
        TokenRefusal(
            .unauthorizedClient,
            Explanation(
                "openid.awaited.off", "the client is not registered for this grant", compared: [.init("grant_type", grant.rawValue)],
                clause: "RFC 6749 §5.2", remedy: "have it added to `grants` in the registration"))
    }
}

extension AwaitedPoll {
    /// The entitlement to make tokens for, or what the client is told.
    package func entitlement() throws(TokenRefusal) -> Entitlement {
        switch self {
        case .approved(let entitlement): return entitlement
        case .pending: throw TokenRefusal.awaitedPending
        case .slowDown: throw TokenRefusal.awaitedTooSoon
        case .denied: throw TokenRefusal.awaitedDenied
        case .expired: throw TokenRefusal.awaitedExpired
        case .redeemed: throw TokenRefusal.awaitedRedeemed
        case .unknown: throw TokenRefusal.awaitedUnknown
        case .taken(let claim): throw claim.refusal
        }
    }
}
