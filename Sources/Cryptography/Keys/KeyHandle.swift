import COpenSSL

/// Owns one EVP_PKEY and, ready made, the contexts for the usual algorithm of its kind. Immutable after `init`: libcrypto counts
/// references atomically and a call works on its own duplicate, so threads share a handle without a lock of ours.
@safe final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let kind: KeyKind
    private let usual: SignatureAlgorithm?
    private let verifier: OpaquePointer?
    private let signer: OpaquePointer?

    /// Takes the reference over. `canSign` says whether the private half is there.
    init(owning pointer: OpaquePointer, kind: KeyKind, canSign: Bool) {
        unsafe self.pointer = pointer
        self.kind = kind
        // Ed25519 signs a message as a whole: there is no context to make ready.
        usual = kind.usual.flatMap { $0.digest == nil ? nil : $0 }
        unsafe verifier = usual.flatMap { unsafe Self.context(pointer, $0, signing: false) }
        unsafe signer = canSign ? usual.flatMap { unsafe Self.context(pointer, $0, signing: true) } : nil
    }

    deinit {
        unsafe EVP_PKEY_CTX_free(verifier)
        unsafe EVP_PKEY_CTX_free(signer)
        unsafe EVP_PKEY_free(pointer)
    }

    func sign(_ message: [UInt8], _ algorithm: SignatureAlgorithm) -> [UInt8]? {
        guard let digest = algorithm.digest else { return signWhole(message) }
        guard let context = unsafe algorithm == usual ? EVP_PKEY_CTX_dup(signer) : Self.context(pointer, algorithm, signing: true) else {
            ERR_clear_error()
            return nil
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe sign(Digest.compute(digest, message), in: context)
    }

    /// PKCS#1 v1.5 block type 1 around the caller's own bytes.
    func signPadded(_ bytes: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_sign_init(context) == 1, unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 else {
            ERR_clear_error()
            return nil
        }
        return unsafe sign(bytes, in: context)
    }

    func verifies(_ signature: [UInt8], over message: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
        guard let digest = algorithm.digest else { return verifiesWhole(signature, over: message) }
        return verifies(signature, over: Digest.compute(digest, message), by: algorithm)
    }

    /// The same for a message of which only the digest is there, by the algorithm's own digest.
    func verifies(_ signature: [UInt8], over hash: [UInt8], by algorithm: SignatureAlgorithm) -> Bool {
        guard let context = unsafe algorithm == usual ? EVP_PKEY_CTX_dup(verifier) : Self.context(pointer, algorithm, signing: false) else {
            ERR_clear_error()
            return false
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_verify(context, signature, signature.count, hash, hash.count) == 1 else {
            ERR_clear_error()
            return false
        }
        return true
    }

    private func sign(_ bytes: [UInt8], in context: OpaquePointer) -> [UInt8]? {
        let capacity = Int(unsafe EVP_PKEY_get_size(pointer))
        var done: Int32 = 0
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var length = capacity
            done = unsafe EVP_PKEY_sign(context, buffer.baseAddress, &length, bytes, bytes.count)
            count = done == 1 ? length : 0
        }
        guard done == 1 else {
            ERR_clear_error()
            return nil
        }
        return signature
    }

    /// A context that signs or verifies a finished digest by `algorithm`; nil when libcrypto will not.
    private static func context(_ key: OpaquePointer, _ algorithm: SignatureAlgorithm, signing: Bool) -> OpaquePointer? {
        guard let digest = algorithm.digest, let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { return nil }
        var ready = unsafe signing ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)
        switch algorithm {
        case .rsaPKCS1 where ready == 1:
            ready = unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING)
        case .rsaPSS where ready == 1:
            ready = unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING)
        default: break
        }
        let fetched = FetchedDigest.of(digest)
        if ready == 1 { ready = unsafe EVP_PKEY_CTX_set_signature_md(context, fetched.pointer) }
        if ready == 1, case .rsaPSS = algorithm {
            // Exactly the digest's length, also when verifying: another length is another algorithm (RFC 7518 §3.5, RFC 6931 §2.3.10).
            ready = unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST)
            if ready == 1 { ready = unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, fetched.pointer) }
        }
        guard ready == 1 else {
            unsafe EVP_PKEY_CTX_free(context)
            ERR_clear_error()
            return nil
        }
        return unsafe context
    }

    // Ed25519 hashes the message itself, twice, so it has no digest step.
    private func signWhole(_ message: [UInt8]) -> [UInt8]? {
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(context) }
        var done = unsafe EVP_DigestSignInit(context, nil, nil, nil, pointer)
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            var length = 64
            if done == 1 { done = unsafe EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) }
            count = done == 1 ? length : 0
        }
        if done != 1 { ERR_clear_error() }
        return done == 1 ? signature : nil
    }

    private func verifiesWhole(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, pointer) == 1,
            unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }
}
