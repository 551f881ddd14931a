import Cryptography
import Vocabulary

/// The token that an introspection or a revocation is about (RFC 7662 §2.1, RFC 7009 §2.1): known by its digest only. `token_type_hint` is
/// not needed to find it, and not read: a wrong hint must not hide a token.
package struct TokenReference: Sendable {
    /// SHA-256 of the token.
    package let digest: [UInt8]
    /// For telling tokens of ours apart that no store keeps.
    let text: String

    /// What is longer than any token of ours is none; it is looked up all the same and not found.
    package init(_ form: FormParameters) throws(TokenRefusal) {
        if let name = form.repeated.first { throw TokenRefusal(.invalidRequest, .repeated(name)) }
        guard let token = form["token"] else {
            throw TokenRefusal(.invalidRequest, .missing("token", "a token of ours", "RFC 7662 §2.1; RFC 7009 §2.1"))
        }
        text = token
        digest = Digest.sha256(Array(token.utf8))
    }
}
