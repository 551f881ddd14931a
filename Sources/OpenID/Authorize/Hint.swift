import JOSE
import Vocabulary

/// `id_token_hint`: an ID token of ours, possibly expired, that names the citizen the client expects (OpenID Connect Core §3.1.2.1).
enum Hint {
    static func read(_ text: String?, for client: Client, at provider: Provider) throws(AuthorizationFault) -> String? {
        guard let text else { return nil }
        let claims: JWTClaims
        do {
            let token = try UnverifiedJWS(compact: try opened(text, at: provider)).verified(
                by: provider.verificationKeys, allowed: Set(provider.verificationKeys.compactMap(\.algorithm)))
            // Only ID tokens: nothing else that our keys signed may name a citizen (checklist E24).
            guard token.header["typ"]?.string == IDToken.type else { throw fault("it is no ID token") }
            claims = try JWTClaims(token)
        } catch let fault as AuthorizationFault {
            throw fault
        } catch JWERefusal.unavailable {
            throw AuthorizationFault(.serverError, .hintKeyAway)
        } catch {
            throw fault("its signature is not ours")
        }
        guard let issuer = claims.issuer, issuer.hasSameBytes(as: provider.issuer) else { throw fault("another issuer made it") }
        guard claims.audience.contains(where: { $0.hasSameBytes(as: client.id.text) }) else {
            throw fault("it was made for another client")
        }
        guard let subject = claims.subject else { throw fault("it names nobody") }
        return subject
    }

    private static func fault(_ why: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            Explanation(
                "openid.request.id-token-hint", "the id_token_hint is not accepted: " + why,
                clause: "OpenID Connect Core §3.1.2.1", remedy: "send an ID token that this provider gave to this client, or none"))
    }

    /// A client that got its ID token encrypted may encrypt it to us again (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).
    static func opened(_ text: String, at provider: Provider) throws -> String {
        guard JWEForm.isOne(text) else { return text }
        let opened = try UnverifiedJWE(compact: text).decrypted(by: provider.decryptionKeys, allowed: JWEForm.algorithms)
        guard let inner = String(validating: opened.plaintext, as: UTF8.self) else { throw JWERefusal.undecryptable }
        return inner
    }
}

extension Explanation {
    /// The key that the hint was encrypted to is in a token that does not answer at present: no word about the hint.
    static let hintKeyAway = Explanation(
        "openid.hint.key-away", "our key for the encrypted id_token_hint does not answer at present", clause: "RFC 6749 §4.1.2.1",
        remedy: "send the same request again in a minute, or the hint unencrypted")
}
