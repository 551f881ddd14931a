import COpenSSL

/// A digest that is fed piece by piece, for content that is never whole in memory. Linear in the input.
@safe package final class RunningDigest {
    package let algorithm: DigestAlgorithm
    /// Owned; freed in `deinit`. Nil when there was no memory for it.
    private let context: OpaquePointer?
    /// libcrypto has done everything asked so far.
    private var isSound: Bool

    package init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        let made = unsafe EVP_MD_CTX_new()
        unsafe context = made
        isSound = unsafe made != nil && EVP_DigestInit_ex2(made, FetchedDigest.of(algorithm).pointer, nil) == 1
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package func update(_ bytes: Span<UInt8>) {
        guard isSound else { return }
        isSound = unsafe bytes.withUnsafeBufferPointer { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) } == 1
    }

    /// The range is cut to what there is.
    func update(_ bytes: FixedBytes, _ range: Range<Int>) {
        guard isSound else { return }
        let range = range.clamped(to: 0..<bytes.count)
        isSound = unsafe bytes.withPointer { unsafe EVP_DigestUpdate(context, $0 + range.lowerBound, range.count) } == 1
    }

    /// Once, at the end. Empty, which equals no digest, when libcrypto failed on the way.
    package func finish() -> [UInt8] {
        guard isSound else { return [] }
        isSound = false
        return unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            count = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 ? algorithm.length : 0
        }
    }
}
