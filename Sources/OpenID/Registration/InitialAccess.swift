import SignOn
package import Vocabulary

/// An initial access token (RFC 7591 §3) in the store: known by its digest, good for some registrations under fixed terms.
package struct InitialAccess: Hashable, Sendable {
    package let digest: [UInt8]
    package let terms: RegistrationTerms
    /// Registrations that it is still good for.
    package let uses: Int
    package let madeAt: Timestamp
    package let expiresAt: Timestamp
    /// For people: who asked for it, why.
    package let note: String

    package init(digest: [UInt8], terms: RegistrationTerms, uses: Int, madeAt: Timestamp, expiresAt: Timestamp, note: String = "") {
        self.digest = digest
        self.terms = terms
        self.uses = uses
        self.madeAt = madeAt
        self.expiresAt = expiresAt
        self.note = note
    }

    /// What people call it by: the beginning of its digest, which is no secret.
    package var name: String { Hexadecimal.encode(Array(digest.prefix(6))) }

    package static let mostUses = 1_000
    /// Seconds.
    package static let longest: Int64 = 90 * 86_400
}

/// The `Authorization` of a request to register or to manage: the digest of the one Bearer token in it.
package enum RegistrationBearer {
    /// Nil when there is none that could be one of ours: 43 characters of Base64url.
    package static func digest(of authorization: String?) -> [UInt8]? { token(in: authorization).map(Ticket.digest(of:)) }

    static func token(in authorization: String?) -> String? {
        guard let authorization, authorization.utf8.count <= 128, let field = AuthorizationField(authorization), field.scheme == "bearer",
            field.credential.utf8.count == 43, field.credential.utf8.allSatisfy(\.isBase64url)
        else { return nil }
        return field.credential
    }
}
