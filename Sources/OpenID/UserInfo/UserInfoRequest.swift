import Cryptography
import Vocabulary

/// An access token as it came to a resource of ours, and by which scheme. Whether it is one, and whether its holder may use it, is not
/// known yet.
package struct PresentedToken: Sendable {
    package enum Scheme: String, Sendable, Hashable {
        /// RFC 6750: for tokens that are bound to nothing, or to the certificate of the connection (RFC 8705 §3).
        case bearer = "Bearer"
        /// RFC 9449 §7.1: with a proof in the header `DPoP`.
        case dpop = "DPoP"
    }

    package let scheme: Scheme
    /// SHA-256 of the token: what stores know it by.
    package let digest: [UInt8]
    /// For the proof's `ath` only.
    let text: String

    /// Bytes; an opaque token has 43, a JWT with authorization details a few thousand.
    static let longest = 8_192

    /// Reads the one token of a request: in the header, or in the body of a POST in `application/x-www-form-urlencoded` (`form`, nil for
    /// any other request), never in the query (RFC 6750 §2; FAPI 2.0 Security Profile §5.3.4-2).
    package init(authorization: String?, form: [UInt8]? = nil, query: String = "") throws(ResourceRefusal) {
        if try Self.parameters(Array(query.utf8)).names("access_token") {
            throw ResourceRefusal(.invalidRequest, .tokenInQuery, by: .bearer)
        }
        let body = try form.map { bytes throws(ResourceRefusal) in try Self.parameters(bytes) }
        if body?.repeated.contains("access_token") == true {
            throw ResourceRefusal(.invalidRequest, .repeated("access_token"), by: .bearer)
        }
        switch (authorization, body?["access_token"]) {
        case (.some, .some): throw ResourceRefusal(.invalidRequest, .tokenTwice, by: .bearer)
        case (.some(let header), .none): (scheme, text) = try Self.read(header)
        case (.none, .some(let token)): (scheme, text) = (.bearer, token)
        case (.none, .none): throw ResourceRefusal(.invalidToken, .tokenMissing, by: nil)
        }
        guard Self.isToken(text) else { throw ResourceRefusal(.invalidToken, .tokenMalformed, by: scheme) }
        digest = Digest.sha256(Array(text.utf8))
    }

    private static func read(_ header: String) throws(ResourceRefusal) -> (Scheme, String) {
        let field = AuthorizationField(header)
        switch (field?.scheme, field?.credential) {
        case ("bearer", let token?): return (.bearer, token)
        case ("dpop", let token?): return (.dpop, token)
        default: throw ResourceRefusal(.invalidToken, .tokenMissing, by: nil)
        }
    }

    private static func parameters(_ raw: [UInt8]) throws(ResourceRefusal) -> FormParameters {
        do throws(FormRefusal) { return try FormParameters(raw) } catch {
            throw ResourceRefusal(.invalidRequest, error.explanation, by: .bearer)
        }
    }

    /// `b64token` of RFC 6750 §2.1.
    private static func isToken(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let body = bytes.prefix { $0 != 0x3d }
        return (1...longest).contains(bytes.count) && !body.isEmpty && bytes.dropFirst(body.count).allSatisfy { $0 == 0x3d }
            && body.allSatisfy { $0.isBase64url || [0x2e, 0x7e, 0x2b, 0x2f].contains($0) }
    }
}

extension FormParameters {
    /// Whether the name occurs at all, with a value or without, once or often.
    fileprivate func names(_ name: String) -> Bool { self[name] != nil || repeated.contains(name) || bare.contains(name) }
}
