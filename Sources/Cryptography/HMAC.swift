import COpenSSL

/// HMAC (RFC 2104), for sealing our own values and deriving pairwise identifiers. Compare results with `ConstantTime.equal` only.
/// It is not offered for JWS or XML signatures: with a shared key anyone who verifies can also forge.
package enum HMAC {
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] { compute(.sha256, key: key, message) }

    package static func compute(_ algorithm: DigestAlgorithm, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.length) { buffer, count in
            let made = unsafe EVP_Q_mac(
                nil, "HMAC", nil, algorithm.rawValue, nil, key, key.count, message, message.count, buffer.baseAddress, algorithm.length,
                &count)
            precondition(unsafe made != nil && count == algorithm.length, "libcrypto cannot compute HMAC with \(algorithm)")
        }
    }
}
