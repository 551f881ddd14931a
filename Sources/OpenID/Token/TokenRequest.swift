import Cryptography
import JOSE
package import Vocabulary

/// A request to the token endpoint as it came (RFC 6749 §4.1.3). It says whom it claims to come from and brings one credential; neither
/// is believed yet.
package struct UnverifiedTokenRequest: Sendable {
    package let clientID: MemberID
    let parameters: FormParameters
    let credential: ClientCredential

    /// Reads the form body (at most 32 KiB and 64 parameters) and the `Authorization` header.
    package init(body: [UInt8], authorization: String?) throws(TokenRefusal) {
        let parameters: FormParameters
        do throws(FormRefusal) {
            parameters = try FormParameters(body)
        } catch {
            throw TokenRefusal(.invalidRequest, error.explanation)
        }
        if let name = parameters.repeated.first { throw TokenRefusal(.invalidRequest, .repeated(name)) }
        let (claimed, credential) = try ClientCredential.read(parameters, authorization)
        guard let id = MemberID(claimed) else { throw TokenRefusal(.invalidClient, .clientUnknown(claimed)) }
        if let named = parameters["client_id"], !named.hasSameBytes(as: claimed) {
            throw TokenRefusal(.invalidRequest, .clientContradicted(named, claimed))
        }
        clientID = id
        self.parameters = parameters
        self.credential = credential
    }
}

/// The one credential of a request. The secret itself is forgotten at once.
enum ClientCredential: Sendable {
    case assertion(UnverifiedJWS)
    case basic(secretDigest: [UInt8])

    var method: String {
        switch self {
        case .assertion: "private_key_jwt"
        case .basic: "client_secret_basic"
        }
    }

    /// The client it names, and the credential. Two methods at once are an error (RFC 6749 §2.3; checklist O9).
    static func read(_ parameters: FormParameters, _ authorization: String?) throws(TokenRefusal) -> (String, ClientCredential) {
        let assertion = parameters["client_assertion"]
        let methods = [authorization != nil, assertion != nil, parameters["client_secret"] != nil]
        guard methods.filter({ $0 }).count <= 1 else { throw TokenRefusal(.invalidRequest, .severalMethods) }
        if let assertion { return try read(assertion: assertion, type: parameters["client_assertion_type"]) }
        if let authorization { return try read(authorization: authorization) }
        throw TokenRefusal(.invalidClient, methods[2] ? .secretInBody : .noCredential)
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
        let header = Array(authorization.utf8)
        guard header.count <= 4_096, header.count > 6, String(decoding: header[..<6], as: UTF8.self).lowercased() == "basic ",
            let pair = Base64.decode(String(decoding: header[6...], as: UTF8.self)), let colon = pair.firstIndex(of: 0x3a)
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
