import COpenSSL

/// HMAC (RFC 2104), for sealing our own values and deriving pairwise identifiers. Compare results with `ConstantTime.equal` only.
/// It is not offered for JWS or XML signatures: with a shared key anyone who verifies can also forge.
package enum HMAC {
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] { compute(.sha256, key: key, message) }

    package static func compute(_ algorithm: DigestAlgorithm, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let prototype = FetchedHMAC.of(algorithm)
        return unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            // A copy of our own, freed below; the prototype is only read.
            let context = unsafe EVP_MAC_CTX_dup(prototype.pointer)
            defer { unsafe EVP_MAC_CTX_free(context) }
            // An empty key is a key; nil would mean "the one before".
            let started = unsafe key.isEmpty ? EVP_MAC_init(context, [0], 0, nil) : EVP_MAC_init(context, key, key.count, nil)
            let done =
                unsafe started == 1 && EVP_MAC_update(context, message, message.count) == 1
                && EVP_MAC_final(context, buffer.baseAddress, &count, algorithm.length) == 1
            precondition(done && count == algorithm.length, "libcrypto cannot compute HMAC with \(algorithm)")
        }
    }
}

/// An HMAC context with its digest and no key, looked up once: the lookups by name cost more than the MAC of a short message.
/// Threads share it: a MAC is computed in a duplicate.
@safe private struct FetchedHMAC: @unchecked Sendable {
    let pointer: OpaquePointer

    static func of(_ algorithm: DigestAlgorithm) -> FetchedHMAC {
        switch algorithm {
        case .sha1: sha1
        case .sha256: sha256
        case .sha384: sha384
        case .sha512: sha512
        }
    }

    private static let sha1 = FetchedHMAC("SHA1")
    private static let sha256 = FetchedHMAC("SHA256")
    private static let sha384 = FetchedHMAC("SHA384")
    private static let sha512 = FetchedHMAC("SHA512")

    /// Lives as long as the process.
    private init(_ digest: String) {
        var name = Array(digest.utf8CString)
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil), let context = unsafe EVP_MAC_CTX_new(mac) else {
            preconditionFailure("libcrypto lacks HMAC")
        }
        let isSet = unsafe name.withUnsafeMutableBufferPointer { buffer in
            let parameters = unsafe [OSSL_PARAM_construct_utf8_string("digest", buffer.baseAddress, 0), OSSL_PARAM_construct_end()]
            return unsafe EVP_MAC_CTX_set_params(context, parameters) == 1
        }
        precondition(isSet, "libcrypto cannot compute HMAC with \(digest)")
        unsafe pointer = context
    }
}
