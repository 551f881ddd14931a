/// What makes an RSA public key worth trusting, before any arithmetic is done with it.
enum RSAModulus {
    // 2048: NIST SP 800-57 until 2030, CRYPTREC, and what the card carries. 8192: bounds the work a stranger's key can cause; the
    // longest key in any federation we know is 4096.
    static let bits = 2048...8192
    // An exponent of at most 64 bits bounds the work further; libcrypto asks the same above 3072 bits.
    private static let exponentBytes = 8

    /// The length in bits. Both numbers big-endian without leading zeros.
    static func checked(_ modulus: [UInt8], exponent: [UInt8]) throws(KeyError) -> Int {
        guard let first = modulus.first, first != 0, let last = modulus.last, let low = exponent.last, exponent.first != 0 else {
            throw .malformed
        }
        let length = modulus.count * 8 - first.leadingZeroBitCount
        guard length >= bits.lowerBound else { throw .weak(bits: length) }
        guard length <= bits.upperBound, exponent.count <= exponentBytes else { throw .unsupported }
        guard last & 1 == 1, low & 1 == 1, exponent != [1] else { throw .malformed }
        guard !isFingerprinted(modulus) else { throw .weak(bits: length) }
        return length
    }

    /// CVE-2017-15361 (ROCA): the chip library's primes are powers of 65537 modulo a product of small primes, and so is their product.
    /// A random modulus passes all these tests with a chance below 2^-27; most leave at the second prime. National identity cards were
    /// the largest population of such keys.
    private static func isFingerprinted(_ modulus: [UInt8]) -> Bool {
        for prime in [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157] {
            let residue = modulus.reduce(0) { ($0 << 8 | Int($1)) % prime }
            var power = 1
            var isPower = false
            repeat {
                isPower = isPower || power == residue
                power = power * 65537 % prime
            } while power != 1
            guard isPower else { return false }
        }
        return true
    }
}
