import COpenSSL

/// RSA-OAEP (RFC 8017 §7.1); the two digests may differ, as XML Encryption has it (xmlenc §5.5.2).
package struct OAEP: Hashable, Sendable {
    package let digest: DigestAlgorithm
    /// The digest inside the mask generation function MGF1.
    package let mask: DigestAlgorithm
    /// Both sides' common word, usually none.
    package let label: [UInt8]

    package init(digest: DigestAlgorithm, mask: DigestAlgorithm, label: [UInt8] = []) {
        self.digest = digest
        self.mask = mask
        self.label = label
    }
}

/// Encrypts to one RSA key. libcrypto's context is prepared once; a call works on its own duplicate, so threads share it.
@safe package final class OAEPEncryptor: @unchecked Sendable {
    private let context: OpaquePointer
    private let capacity: Int
    // Keeps the key alive for as long as the context that refers to it.
    private let key: PublicKey

    /// `unsupported` when the key is not RSA, or too short for the digest.
    package init(to key: PublicKey, _ scheme: OAEP) throws(KeyError) {
        guard case .rsa(let bits) = key.kind, bits / 8 >= 2 * scheme.digest.length + 2 + 32 else { throw .unsupported }
        guard let context = unsafe OAEP.context(key.handle, scheme, EVP_PKEY_encrypt_init) else { throw .failed }
        unsafe self.context = context
        self.key = key
        capacity = Int(unsafe EVP_PKEY_get_size(key.handle.pointer))
    }

    deinit { unsafe EVP_PKEY_CTX_free(context) }

    /// As long as the modulus; another one at each call, for the seed is libcrypto's own.
    package func encrypt(_ secret: borrowing Secret) throws(KeyError) -> [UInt8] {
        guard let context = unsafe EVP_PKEY_CTX_dup(context) else { throw .failed }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let capacity = capacity
        let encrypted = secret.withBytes { span in
            unsafe span.withUnsafeBufferPointer { plain in
                unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                    var length = capacity
                    let done = unsafe EVP_PKEY_encrypt(context, buffer.baseAddress, &length, plain.baseAddress, plain.count)
                    count = done == 1 ? length : 0
                }
            }
        }
        guard !encrypted.isEmpty else {
            ERR_clear_error()
            throw .failed
        }
        return encrypted
    }
}

extension PrivateKey {
    /// What was encrypted, or nil; nothing tells a wrong key from a wrong block (Manger's oracle). `unsupported` for a key that is
    /// not RSA.
    package func decrypt(_ encrypted: [UInt8], _ scheme: OAEP) throws(KeyError) -> Secret? {
        guard case .rsa = publicKey.kind else { throw .unsupported }
        if let token {
            do { return try token.decrypt(encrypted, scheme, for: publicKey) } catch { throw .token(error) }
        }
        let handle = try handle
        guard let context = unsafe OAEP.context(handle, scheme, EVP_PKEY_decrypt_init) else { throw .failed }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let capacity = Int(unsafe EVP_PKEY_get_size(handle.pointer))
        var done: Int32 = 0
        var plain = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var length = capacity
            done = unsafe EVP_PKEY_decrypt(context, buffer.baseAddress, &length, encrypted, encrypted.count)
            count = done == 1 ? length : 0
        }
        guard done == 1 else {
            ERR_clear_error()
            return nil
        }
        return Secret(taking: &plain)
    }
}

extension OAEP {
    /// Ready to encrypt or decrypt, as `begin` says; nil when libcrypto will not.
    fileprivate static func context(
        _ handle: KeyHandle, _ scheme: OAEP, _ begin: (OpaquePointer?) -> Int32
    ) -> OpaquePointer? {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, handle.pointer, nil) else { return nil }
        guard unsafe begin(context) == 1, unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context, FetchedDigest.of(scheme.digest).pointer) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, FetchedDigest.of(scheme.mask).pointer) == 1,
            unsafe scheme.label.isEmpty || setLabel(scheme.label, context)
        else {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
            return nil
        }
        return unsafe context
    }

    /// What stands in a block that a token has raised to its private exponent; nil when it is no such block. Constant in time over `padded`
    /// (libcrypto's own check), for a token that tells kinds of failure apart would be Manger's oracle.
    func unpadded(_ padded: [UInt8], width: Int) -> [UInt8]? {
        guard padded.count == width, width > 2 * digest.length + 2 else { return nil }
        var plain = [UInt8](repeating: 0, count: width)
        defer { erase(&plain) }
        let length = unsafe sekisho_unpad_oaep(
            &plain, Int32(width), padded, Int32(width), label, Int32(label.count), FetchedDigest.of(digest).pointer,
            FetchedDigest.of(mask).pointer)
        guard length >= 0, length <= width else {
            ERR_clear_error()
            return nil
        }
        return Array(plain.prefix(Int(length)))
    }

    private static func setLabel(_ label: [UInt8], _ context: OpaquePointer) -> Bool {
        // libcrypto takes the copy over when it says yes.
        guard let copy = unsafe CRYPTO_memdup(label, label.count, nil, 0) else { return false }
        if unsafe EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, Int32(label.count)) == 1 { return true }
        unsafe CRYPTO_free(copy, nil, 0)
        return false
    }
}
