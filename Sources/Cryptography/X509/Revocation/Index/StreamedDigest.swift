import COpenSSL

/// A digest that is fed piece by piece: for bytes that are mapped, not held.
@safe final class StreamedDigest {
    private let context: OpaquePointer
    private let algorithm: DigestAlgorithm

    init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        // INVARIANT: as in `Digest`: a digest fetched from the default provider begins and hashes; anything else is a broken libcrypto.
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        unsafe self.context = context
        let ready = unsafe EVP_DigestInit_ex2(context, FetchedDigest.of(algorithm).pointer, nil)
        precondition(ready == 1, "libcrypto cannot compute \(algorithm)")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The range is cut to what there is.
    func update(_ bytes: FixedBytes, _ range: Range<Int>) {
        let range = range.clamped(to: 0..<bytes.count)
        let done = unsafe bytes.withPointer { unsafe EVP_DigestUpdate(context, $0 + range.lowerBound, range.count) }
        precondition(done == 1, "libcrypto cannot compute \(algorithm)")
    }

    /// Once, at the end.
    func finish() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            let done = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            precondition(done == 1, "libcrypto cannot compute \(algorithm)")
            count = algorithm.length
        }
    }
}
