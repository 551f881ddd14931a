package import Vocabulary

/// The key that a token is worth nothing without: whoever presents the token has to show it (RFC 9449 §6, RFC 8705 §3).
package enum TokenBinding: Hashable, Sendable {
    /// RFC 7638 thumbprint, SHA-256 in Base64url, of the key that signs the DPoP proofs.
    case dpop(jkt: String)
    /// SHA-256 of the client certificate in DER, Base64url.
    case certificate(x5tS256: String)

    /// The confirmation claim (RFC 7800 §3.1): of JWT access tokens, introspection answers, and our own records.
    package var cnf: JSON {
        switch self {
        case .dpop(let thumbprint): .object([("jkt", .string(thumbprint))])
        case .certificate(let thumbprint): .object([("x5t#S256", .string(thumbprint))])
        }
    }

    /// Reads `cnf` back. Nil unless it is exactly one of ours.
    package init?(cnf: JSON) {
        guard let members = cnf.members, members.count == 1, let (name, value) = members.first, let text = value.string,
            Base64url.decode(text)?.count == 32
        else { return nil }
        switch name {
        case "jkt": self = .dpop(jkt: text)
        case "x5t#S256": self = .certificate(x5tS256: text)
        default: return nil
        }
    }

    /// `token_type` of tokens bound so: mutual TLS leaves it at Bearer (RFC 8705 §3, RFC 9449 §5).
    package var tokenType: String {
        switch self {
        case .dpop: "DPoP"
        case .certificate: "Bearer"
        }
    }
}
