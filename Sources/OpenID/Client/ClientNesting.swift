import JOSE

extension Client {
    /// A JWS of ours within a JWE for this client alone (RFC 7519 §5.2). Nil when none of its keys serves.
    package func nested(_ signed: String, _ encryption: Encryption, using random: inout some RandomNumberGenerator) -> String? {
        try? IDToken.encrypted(signed, encryption, to: self, using: &random)
    }
}
