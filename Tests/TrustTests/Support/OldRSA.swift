import Cryptography

/// PKCS#1 v1.5 verification with keys of any length, for telling which signatures of the public vectors are right: they are made with
/// RSA-1024 and SHA-1, which the platform refuses. Slow, variable time, for tests alone.
struct OldRSA {
    private let modulus: [UInt32]
    private let exponent: [UInt8]
    private let width: Int

    /// nil when the SPKI holds no RSA key.
    init?(spki: [UInt8]) {
        guard var outer = try? DERReader.whole(spki), (try? outer.next()) != nil, let bits = try? outer.next().bytesOfBits(),
            var pair = try? DERReader.whole(bits), let modulus = try? pair.next().integer(), let exponent = try? pair.next().integer()
        else { return nil }
        let digits = Array(modulus.drop { $0 == 0 })
        guard digits.last.map({ $0 & 1 == 1 }) == true, digits.count.isMultiple(of: 4) else { return nil }
        width = digits.count
        self.modulus = Self.words(digits)
        self.exponent = exponent
    }

    /// Whether the signature is right with SHA-1 or SHA-256.
    func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard signature.count == width else { return false }
        let opened = power(Self.words(signature))
        return [DigestAlgorithm.sha1, .sha256].contains { opened == Self.words(padded(message, $0)) }
    }

    private func padded(_ message: [UInt8], _ digest: DigestAlgorithm) -> [UInt8] {
        let info = DERWriter.build { writer in
            writer.sequence { writer in
                writer.sequence {
                    $0.objectIdentifier(digest.objectIdentifier)
                    $0.null()
                }
                writer.octetString(Digest.compute(digest, message))
            }
        }
        return [0, 1] + [UInt8](repeating: 0xff, count: width - info.count - 3) + [0] + info
    }

    /// base ^ exponent mod modulus, by Montgomery's multiplication with R = 2^(32·words).
    private func power(_ base: [UInt32]) -> [UInt32] {
        var inverse: UInt32 = 1
        for _ in 0..<5 { inverse = inverse &* (2 &- modulus[0] &* inverse) }
        let negative = 0 &- inverse
        // R² mod n by doubling 1.
        var square = [UInt32](repeating: 0, count: modulus.count)
        square[0] = 1
        for _ in 0..<(64 * modulus.count) {
            let carry = square[square.count - 1] >> 31
            for index in square.indices.reversed() { square[index] = square[index] << 1 | (index > 0 ? square[index - 1] >> 31 : 0) }
            if carry == 1 || !Self.isLess(square, modulus) { square = Self.difference(square, modulus) }
        }
        var one = [UInt32](repeating: 0, count: modulus.count)
        one[0] = 1
        let factor = multiply(base, square, negative)
        var result = multiply(one, square, negative)
        for byte in exponent {
            for bit in (0..<8).reversed() {
                result = multiply(result, result, negative)
                if byte >> UInt8(bit) & 1 == 1 { result = multiply(result, factor, negative) }
            }
        }
        return multiply(result, one, negative)
    }

    private func multiply(_ left: [UInt32], _ right: [UInt32], _ negative: UInt32) -> [UInt32] {
        let count = modulus.count
        var sum = [UInt32](repeating: 0, count: count + 2)
        for digit in left {
            var carry: UInt64 = 0
            for index in 0..<count {
                carry += UInt64(sum[index]) + UInt64(digit) * UInt64(right[index])
                sum[index] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            carry += UInt64(sum[count])
            sum[count] = UInt32(truncatingIfNeeded: carry)
            sum[count + 1] = UInt32(carry >> 32)
            let multiple = sum[0] &* negative
            carry = (UInt64(sum[0]) + UInt64(multiple) * UInt64(modulus[0])) >> 32
            for index in 1..<count {
                carry += UInt64(sum[index]) + UInt64(multiple) * UInt64(modulus[index])
                sum[index - 1] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            carry += UInt64(sum[count])
            sum[count - 1] = UInt32(truncatingIfNeeded: carry)
            sum[count] = sum[count + 1] + UInt32(carry >> 32)
        }
        let low = Array(sum[0..<count])
        return sum[count] > 0 || !Self.isLess(low, modulus) ? Self.difference(low, modulus) : low
    }

    /// Least significant word first.
    private static func words(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: bytes.count, to: 0, by: -4).map { end in bytes[(end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result = left
        var borrow: UInt64 = 0
        for index in left.indices {
            let value = UInt64(left[index]) &- UInt64(right[index]) &- borrow
            result[index] = UInt32(truncatingIfNeeded: value)
            borrow = value >> 63
        }
        return result
    }
}
