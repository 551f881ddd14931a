import COpenSSL

/// The one compare helper for values an attacker may guess at (checklist E15): takes the same time wherever the difference lies.
package enum ConstantTime {
    /// Lengths are not secret; different lengths are unequal at once, so no prefix of a token ever matches (checklist E11).
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe CRYPTO_memcmp(a, b, a.count) == 0
    }
}
