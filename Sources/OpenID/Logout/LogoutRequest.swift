import JOSE
package import Vocabulary

/// A request to the end_session_endpoint as it came, by GET or POST (OpenID Connect RP-Initiated Logout 1.0 §2). Nothing is believed.
package struct UnverifiedLogoutRequest: Sendable {
    /// Who it claims to come from: `client_id`, or the one that the hint says it was made for. The key of the look-up and nothing more.
    package let clientID: MemberID?
    let parameters: FormParameters

    /// Reads the raw query or form body: at most 32 KiB and 64 parameters. `provider` opens a hint that was encrypted to it, so that the
    /// client is known which that hint was made for.
    package init(parameters raw: String, at provider: Provider? = nil) throws(LogoutRefusal) {
        do throws(FormRefusal) {
            parameters = try FormParameters(Array(raw.utf8))
        } catch {
            throw LogoutRefusal(error.explanation)
        }
        let known = ["id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"]
        if let name = parameters.repeated.first(where: known.contains) { throw LogoutRefusal(.repeated(name)) }
        if let text = parameters["client_id"] {
            guard let id = MemberID(text) else { throw LogoutRefusal(.clientUnknown(text)) }
            clientID = id
        } else {
            clientID = parameters["id_token_hint"].flatMap { Self.audience(of: $0, at: provider) }
        }
    }

    private static func audience(of text: String, at provider: Provider?) -> MemberID? {
        guard let compact = provider == nil ? text : provider.flatMap({ try? Hint.opened(text, at: $0) }),
            let token = try? UnverifiedJWS(compact: compact), let claims = try? JSON(reading: token.unverifiedPayload)
        else { return nil }
        return (claims["aud"]?.string ?? claims["aud"]?.strings?.first).flatMap { MemberID($0) }
    }
}

/// Why a logout request is not followed. Shown on a page: nobody is sent anywhere by a request that is not in order.
package struct LogoutRefusal: Error, Hashable, Sendable {
    package let explanation: Explanation

    init(_ explanation: Explanation) { self.explanation = explanation }
}

extension Explanation {
    static func logoutHint(_ why: String) -> Explanation {
        Explanation(
            "openid.logout.id-token-hint", "the id_token_hint is not accepted: " + why, clause: "OpenID Connect RP-Initiated Logout §2",
            remedy: "send the ID token that this provider gave to this client at the login, unchanged; it may have expired")
    }

    static func logoutRedirect(_ asked: String, registered: Int) -> Explanation {
        Explanation(
            "openid.logout.redirect-unregistered",
            "the post_logout_redirect_uri is not one of the client's registered addresses, byte for byte",
            compared: [.init("post_logout_redirect_uri", asked), .init("registered-addresses", String(registered))],
            clause: "OpenID Connect RP-Initiated Logout §2, §3; checklist E4",
            remedy: "send a registered address unchanged, or register this one under `post-logout-redirect-uris`")
    }
}
