/// What the content of a message is encrypted with (XML Encryption 1.1 §5.2). Triple DES does not exist here.
package enum ContentCipher: String, CaseIterable, Hashable, Sendable {
    case aes128gcm, aes192gcm, aes256gcm
    /// CBC authenticates nothing: who may send us changed ciphertexts and watch can read the plaintext (A20). Spoken only where a
    /// caller asks for it.
    case aes128cbc, aes192cbc, aes256cbc

    package var uri: String {
        switch self {
        case .aes128gcm: EncryptionNames.xenc11 + "aes128-gcm"
        case .aes192gcm: EncryptionNames.xenc11 + "aes192-gcm"
        case .aes256gcm: EncryptionNames.xenc11 + "aes256-gcm"
        case .aes128cbc: EncryptionNames.xenc + "aes128-cbc"
        case .aes192cbc: EncryptionNames.xenc + "aes192-cbc"
        case .aes256cbc: EncryptionNames.xenc + "aes256-cbc"
        }
    }

    package init?(uri: String) {
        guard let found = Self.allCases.first(where: { $0.uri == uri }) else { return nil }
        self = found
    }

    /// Whether a changed ciphertext is noticed.
    package var isAuthenticated: Bool {
        switch self {
        case .aes128gcm, .aes192gcm, .aes256gcm: true
        case .aes128cbc, .aes192cbc, .aes256cbc: false
        }
    }

    /// Bytes of the key.
    package var keyLength: Int {
        switch self {
        case .aes128gcm, .aes128cbc: 16
        case .aes192gcm, .aes192cbc: 24
        case .aes256gcm, .aes256cbc: 32
        }
    }
}

extension Set<ContentCipher> {
    package static let authenticated: Set<ContentCipher> = [.aes128gcm, .aes192gcm, .aes256gcm]
    /// For a caller that has decided to live with CBC.
    package static let withCBC = Set(ContentCipher.allCases)
}
