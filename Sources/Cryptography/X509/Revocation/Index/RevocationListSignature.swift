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
        case .digest(let digest):
            return digest.count == algorithm.digest?.length && key.handle.verifies(signature, over: digest, by: algorithm)
        case .bytes(let bytes, let range): return algorithm == .ed25519 && verifies(bytes, range, key.handle)
        case .nothing: return false
        }
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
