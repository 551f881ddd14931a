import Cryptography
import JOSE
import Vocabulary

/// The one credential of a request. A secret itself is forgotten at once.
enum ClientCredential: Sendable {
    case assertion(UnverifiedJWS)
    case basic(secretDigest: [UInt8])
    case post(secretDigest: [UInt8])
    /// Nothing but the certificate of the connection; whether that is a credential, the registration says.
    case certificate(PresentedCertificate)
    /// A name alone.
    case none

    var method: String {
        switch self {
        case .assertion: ClientAuthentication.Method.privateKeyJWT.rawValue
        case .basic: ClientAuthentication.Method.clientSecretBasic.rawValue
        case .post: ClientAuthentication.Method.clientSecretPost.rawValue
        case .certificate: "a client certificate"
        case .none: "none"
        }
    }

    /// Bytes of a secret in a form; ours have 43.
    private static let longestSecret = 1_024

    /// The client it names, and the credential. Two methods at once are an error (RFC 6749 §2.3; checklist O9). A certificate beside
    /// another credential is no second method: tokens may be bound to it (RFC 8705 §3).
    static func read(_ form: FormParameters, _ evidence: ClientEvidence) throws(TokenRefusal) -> (String, ClientCredential) {
        let assertion = form["client_assertion"]
        let secret = form["client_secret"]
        let methods = [evidence.authorization != nil, assertion != nil, secret != nil]
        guard methods.filter({ $0 }).count <= 1 else { throw TokenRefusal(.invalidRequest, .severalMethods) }
        if let assertion { return try read(assertion: assertion, type: form["client_assertion_type"]) }
        if let authorization = evidence.authorization { return try read(authorization: authorization) }
        guard let named = form["client_id"] else { throw TokenRefusal(.invalidClient, .noCredential) }
        if let secret {
            guard secret.utf8.count <= longestSecret else { throw TokenRefusal(.invalidClient, .secretWrong) }
            return (named, .post(secretDigest: Digest.sha256(Array(secret.utf8))))
        }
        return (named, evidence.certificate.map { .certificate($0) } ?? .none)
    }

    private static func read(assertion: String, type: String?) throws(TokenRefusal) -> (String, ClientCredential) {
        guard type == ClientAssertion.type else { throw TokenRefusal(.invalidRequest, .assertionType(type)) }
        do {
            let assertion = try UnverifiedJWS(compact: assertion)
            guard let subject = try JSON(reading: assertion.unverifiedPayload, limit: 16_384, depth: 8)["sub"]?.string else {
                throw TokenRefusal(.invalidClient, .assertion("it has no sub", "sub", ""))
            }
            return (subject, .assertion(assertion))
        } catch let refusal as TokenRefusal {
            throw refusal
        } catch {
            throw TokenRefusal(.invalidClient, .assertionUnreadable)
        }
    }

    /// `Basic`, then Base64 of id and secret, each form-encoded before (RFC 6749 §2.3.1).
    private static func read(authorization: String) throws(TokenRefusal) -> (String, ClientCredential) {
        guard authorization.utf8.count <= 4_096, let field = AuthorizationField(authorization), field.scheme == "basic",
            let pair = Base64.decode(field.credential), let colon = pair.firstIndex(of: 0x3a)
        else { throw TokenRefusal(.invalidClient, .basicMalformed) }
        do throws(FormRefusal) {
            let id = try FormParameters.decoded(pair[..<colon])
            let secret = try FormParameters.decoded(pair[(colon + 1)...])
            return (id, .basic(secretDigest: Digest.sha256(Array(secret.utf8))))
        } catch {
            throw TokenRefusal(.invalidClient, .basicMalformed)
        }
    }
}
