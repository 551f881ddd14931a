import COpenSSL

/// What the authority of a list signed, reduced to what a key can be asked about: now, or after a restart, when the list is gone.
struct RevocationListSignature: Sendable {
    enum Signed: Sendable {
        /// The digest of the very bytes of TBSCertList, by the digest of the signature's algorithm.
        case digest([UInt8])
        /// Ed25519 hashes the message itself: the bytes must stay.
        case bytes(FixedBytes, Range<Int>)
        /// SHA-1 or an algorithm we do not know: nothing verifies it.
        case nothing
    }

    /// The whole AlgorithmIdentifier beside the signature.
    let algorithmIdentifier: [UInt8]
    let signature: [UInt8]
    let signed: Signed

    func isSigned(by key: PublicKey) -> Bool {
        guard let algorithm = SignatureAlgorithm(identifier: algorithmIdentifier), algorithm.digest != .sha1, algorithm.fits(key.kind)
        else {
            return false
        }
        switch signed {
        case .digest(let digest): return digest.count == algorithm.digest?.length && verifies(digest, algorithm, key.handle)
        case .bytes(let bytes, let range): return algorithm == .ed25519 && verifies(bytes, range, key.handle)
        case .nothing: return false
        }
    }

    private func verifies(_ digest: [UInt8], _ algorithm: SignatureAlgorithm, _ key: KeyHandle) -> Bool {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe Self.prepare(context, algorithm),
            unsafe EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1
        else {
            ERR_clear_error()
            return false
        }
        return true
    }

    /// The same settings as for messages held in memory (`KeyHandle`).
    private static func prepare(_ context: OpaquePointer, _ algorithm: SignatureAlgorithm) -> Bool {
        guard let digest = algorithm.digest, unsafe EVP_PKEY_verify_init(context) == 1 else { return false }
        let fetched = FetchedDigest.of(digest)
        switch algorithm {
        case .rsaPKCS1:
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 else { return false }
        case .rsaPSS:
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 else { return false }
        case .ecdsa, .ed25519: break
        }
        guard unsafe EVP_PKEY_CTX_set_signature_md(context, fetched.pointer) == 1 else { return false }
        guard case .rsaPSS = algorithm else { return true }
        return unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(context, fetched.pointer) == 1
    }

    private func verifies(_ bytes: FixedBytes, _ range: Range<Int>, _ key: KeyHandle) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let done: Int32 = unsafe bytes.withPointer { base in
            guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1 else { return 0 }
            let message = unsafe base.assumingMemoryBound(to: UInt8.self) + range.lowerBound
            return unsafe EVP_DigestVerify(context, signature, signature.count, message, range.count)
        }
        if done != 1 { ERR_clear_error() }
        return done == 1
    }
}
