import Cryptography

/// What a reader can try.
struct DecryptionKeys {
    let own: [PrivateKey]
    /// AES keys that both parties already have. Never in SAML.
    var secrets: [[UInt8]] = []
    /// Keys of originators whose messages only name them. Never in SAML.
    var originators: [PublicKey] = []

    /// One way to open one encrypted key.
    enum Attempt {
        case rsa(PrivateKey, OAEP)
        case agreement(PrivateKey, PublicKey, AgreementSyntax, wrap: Int)
        case secret([UInt8])

        /// Nil whatever went wrong.
        func opened(_ value: [UInt8]) -> Secret? {
            switch self {
            case .rsa(let key, let scheme):
                return try? key.decrypt(value, scheme)
            case .agreement(let key, let other, let agreement, let length):
                guard let shared = try? key.agree(with: other),
                    let wrapping = try? ConcatKDF.derive(shared, agreement.digest, knowing: agreement.information, length: length)
                else { return nil }
                return try? AES.unwrap(value, with: wrapping)
            case .secret(var bytes):
                return try? AES.unwrap(value, with: Secret(taking: &bytes))
            }
        }
    }

    func attempts(_ method: EncryptedKeySyntax.Method) -> [Attempt] {
        switch method {
        case .rsa(let scheme):
            return own.compactMap { key in
                guard case .rsa = key.publicKey.kind else { return nil }
                return .rsa(key, scheme)
            }
        case .agreement(let agreement, let length):
            let others = agreement.originator.map { [$0] } ?? originators
            return own.flatMap { key in
                others.compactMap { other in
                    guard case .ec = other.kind, other.kind == key.publicKey.kind else { return nil }
                    return .agreement(key, other, agreement, wrap: length)
                }
            }
        case .wrap(let length):
            return secrets.filter { $0.count == length }.map { .secret($0) }
        }
    }
}
