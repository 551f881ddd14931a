/// The value of an `Authorization` field with one credential in it: a scheme, at least one space, the credential (RFC 9110 §11.4; RFC 6750
/// §2.1, RFC 7617 §2).
struct AuthorizationField {
    /// In lower case: schemes have no case (RFC 9110 §11.1).
    let scheme: String
    let credential: String

    /// Nil when one of the two is missing.
    init?(_ text: String) {
        let scheme = text.utf8.prefix { $0 != 0x20 }
        let credential = text.utf8.dropFirst(scheme.count).drop { $0 == 0x20 }
        guard !scheme.isEmpty, !credential.isEmpty else { return nil }
        self.scheme = String(decoding: scheme, as: UTF8.self).lowercased()
        self.credential = String(decoding: credential, as: UTF8.self)
    }
}
