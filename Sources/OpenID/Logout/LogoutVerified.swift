import JOSE
package import SignOn
import Vocabulary

/// Proof that what the request names is ours and registered: the client, the session of the hint, the address to go back to.
package struct VerifiedLogoutRequest: Sendable {
    /// Nil: the request names nobody, and nobody is gone back to.
    package let client: Client?
    /// What the verified hint says.
    let hint: Hint?
    /// The registered address with `state`; nil when none was asked for, or nobody is known who could have registered it.
    package let location: String?

    struct Hint: Sendable {
        let subject: String?
        let sid: String?
    }

    fileprivate init(client: Client?, hint: Hint?, location: String?) {
        self.client = client
        self.hint = hint
        self.location = location
    }

    /// Whether an ID token of ours came with it, so that its client is known to be the one that had the citizen.
    package var isHinted: Bool { hint != nil }

    /// Whether the request speaks of this very session: only then it ends without asking the citizen. Anybody can have a hint of another
    /// session, and anybody can send a browser here (checklist H4).
    package func names(_ session: Session) -> Bool {
        guard let client, let sid = hint?.sid else { return false }
        return sid.hasSameBytes(as: session.tie.index(for: client.id))
    }

    /// The client's name for the citizen, by a hint that names one session.
    package var hintedName: String? { hint?.sid == nil ? nil : hint?.subject }

    /// Whether the hint speaks of this very part in a session.
    package func names(_ participation: Participation) -> Bool {
        guard let client, let sid = hint?.sid else { return false }
        return participation.member == client.id && participation.name.tongue == .openID
            && sid.hasSameBytes(as: participation.sessionIndex)
    }
}

extension UnverifiedLogoutRequest {
    /// Longest `state` that is carried back.
    private static let longestState = 4_096

    /// Proves the request. `client` is the registration found under `clientID`.
    package func verified(for client: Client?, at provider: Provider) throws(LogoutRefusal) -> VerifiedLogoutRequest {
        if let clientID {
            guard let client, client.id == clientID else { throw LogoutRefusal(.clientUnknown(clientID.text)) }
        }
        let client = clientID == nil ? nil : client
        let hint = try hint(of: client, at: provider)
        if let state = parameters["state"], state.utf8.count > Self.longestState {
            throw LogoutRefusal(
                Explanation(
                    "openid.logout.state-too-long", "the state is too long",
                    compared: [.init("bytes", String(state.utf8.count)), .init("most", String(Self.longestState))],
                    clause: "OpenID Connect RP-Initiated Logout §2", remedy: "send a shorter state"))
        }
        guard let asked = parameters["post_logout_redirect_uri"], let client else {
            return VerifiedLogoutRequest(client: client, hint: hint, location: nil)
        }
        guard let back = client.logoutRedirect(asked) else {
            throw LogoutRefusal(.logoutRedirect(asked, registered: client.postLogoutRedirectURIs.count))
        }
        let state = parameters["state"].map { [(name: "state", value: $0)] } ?? []
        return VerifiedLogoutRequest(
            client: client, hint: hint, location: state.isEmpty ? back.text : back.location(state))
    }

    /// An ID token of ours for this client, possibly expired (§4). Nothing else that our keys signed will do (checklist E24).
    private func hint(of client: Client?, at provider: Provider) throws(LogoutRefusal) -> VerifiedLogoutRequest.Hint? {
        guard let text = parameters["id_token_hint"] else { return nil }
        let claims: JWTClaims
        do {
            let token = try UnverifiedJWS(compact: try Hint.opened(text, at: provider)).verified(
                by: provider.verificationKeys, allowed: Set(provider.verificationKeys.compactMap(\.algorithm)))
            guard token.header["typ"]?.string == IDToken.type else { throw LogoutRefusal(.logoutHint("it is no ID token")) }
            claims = try JWTClaims(token)
        } catch let refusal as LogoutRefusal {
            throw refusal
        } catch JWERefusal.unavailable {
            throw LogoutRefusal(.hintKeyAway)
        } catch {
            throw LogoutRefusal(.logoutHint("its signature is not ours"))
        }
        guard let issuer = claims.issuer, issuer.hasSameBytes(as: provider.issuer) else {
            throw LogoutRefusal(.logoutHint("another issuer made it"))
        }
        guard let client, claims.audience.contains(where: { $0.hasSameBytes(as: client.id.text) }) else {
            throw LogoutRefusal(.logoutHint("it was made for another client"))
        }
        // Whether it came in the open or encrypted to us says nothing more: the signature inside is ours.
        return VerifiedLogoutRequest.Hint(subject: claims.subject, sid: claims["sid"]?.string)
    }
}
