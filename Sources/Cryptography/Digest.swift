import COpenSSL

/// The hash functions we know. SHA-1 only names things (RFC 5280 key identifiers, OCSP CertID); it is never signed with.
package enum DigestAlgorithm: String, Hashable, Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// Bytes of output.
    package var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}

/// One-shot hashing, for identifiers, bindings and fingerprints. Linear in the input; cannot fail.
package enum Digest {
    package static func compute(_ algorithm: DigestAlgorithm, _ bytes: [UInt8]) -> [UInt8] {
        let fetched = FetchedDigest.of(algorithm)
        return unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            let done = unsafe EVP_Digest(bytes, bytes.count, buffer.baseAddress, nil, fetched.pointer, nil)
            // INVARIANT: a digest fetched from the default provider hashes any bytes; anything else is a broken libcrypto.
            precondition(done == 1, "libcrypto cannot compute \(algorithm)")
            count = algorithm.length
        }
    }

    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { compute(.sha256, bytes) }
}

/// A digest looked up once in libcrypto's provider and kept for the life of the process: the lookup by name costs as much as hashing
/// a short message and takes libcrypto's global lock. Nothing changes it afterwards, so threads share it.
@safe struct FetchedDigest: @unchecked Sendable {
    let pointer: OpaquePointer

    static func of(_ algorithm: DigestAlgorithm) -> FetchedDigest {
        switch algorithm {
        case .sha1: sha1
        case .sha256: sha256
        case .sha384: sha384
        case .sha512: sha512
        }
    }

    private static let sha1 = FetchedDigest("SHA1")
    private static let sha256 = FetchedDigest("SHA256")
    private static let sha384 = FetchedDigest("SHA384")
    private static let sha512 = FetchedDigest("SHA512")

    private init(_ name: String) {
        guard let pointer = unsafe EVP_MD_fetch(nil, name, nil) else { preconditionFailure("libcrypto lacks \(name)") }
        unsafe self.pointer = pointer
    }
}
