import JOSE
package import Vocabulary

/// Proof that a client made these parameters for us: a request object by value (RFC 9101, OpenID Connect Core §6), signed with a registered
/// key and, if the client likes, encrypted to one of ours.
package struct RequestObject: Sendable {
    /// The parameters, and the claims of the object itself.
    package let claims: JSON

    fileprivate init(claims: JSON) { self.claims = claims }

    /// Bytes of an encrypted object; the form around it has no more either.
    static let largest = 32_768

    static func proven(
        _ compact: String, for client: Client, at provider: Provider, at now: Timestamp
    ) throws(AuthorizationFault) -> RequestObject {
        guard !client.requestObjects.algorithms.isEmpty else {
            throw AuthorizationFault(.requestNotSupported, .unsupported("request", "OpenID Connect Core §6.1; client registration"))
        }
        do throws(RequestObjectFault) {
            let verified = try opened(compact, by: client, at: provider)
            let question = RequestObjectCheck.Question(verified, client, provider, now)
            guard let question else { throw RequestObjectFault("payload", "it is no set of claims", "RFC 9101 §4") }
            for check in RequestObjectCheck.inOrder {
                if let fault = check.fault(question) { throw fault }
            }
            return RequestObject(claims: question.claims.json)
        } catch {
            throw AuthorizationFault(error.error, error.explanation)
        }
    }

    /// Deciphered, and its signature verified by a key and an algorithm that the client registered for request objects. The claims are not
    /// judged yet.
    static func opened(_ compact: String, by client: Client, at provider: Provider) throws(RequestObjectFault) -> VerifiedJWS {
        let isEncrypted = JWEForm.isOne(compact)
        if client.requestObjects.isEncryptionRequired, !isEncrypted {
            throw RequestObjectFault("plain", "it is not encrypted", "client registration; RFC 9101 §10.1")
        }
        let signed = isEncrypted ? try deciphered(compact, at: provider) : compact
        do throws(JWSRefusal) {
            return try UnverifiedJWS(compact: signed, limit: largest)
                .verified(by: client.keys?.keys ?? [], allowed: client.requestObjects.algorithms)
        } catch {
            throw RequestObjectFault(error, client)
        }
    }

    private static func deciphered(_ compact: String, at provider: Provider) throws(RequestObjectFault) -> String {
        do throws(JWERefusal) {
            let opened = try UnverifiedJWE(compact: compact, limit: largest)
                .decrypted(by: provider.decryptionKeys, allowed: JWEForm.algorithms, contents: JWEForm.contents)
            guard let text = String(validating: opened.plaintext, as: UTF8.self) else { throw .undecryptable }
            return text
        } catch {
            throw RequestObjectFault(error)
        }
    }
}
