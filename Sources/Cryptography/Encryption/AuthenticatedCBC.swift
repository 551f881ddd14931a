/// AES-CBC made authentic by HMAC, as JOSE composes them (RFC 7518 §5.2.2): the first half of the key authenticates, the second
/// encrypts. Keys are 32, 48 or 64 bytes and choose everything else.
package enum AuthenticatedCBC {
    /// The ciphertext and the tag behind it, which is half as long as the key. `vector` is 16 unpredictable bytes.
    package static func seal(
        _ plaintext: [UInt8], key: borrowing Secret, vector: [UInt8], additional: [UInt8]
    ) throws(CipherError) -> [UInt8] {
        let halves = try Halves(key)
        let padding = AES.block - plaintext.count % AES.block
        var blocks = plaintext
        blocks.append(contentsOf: repeatElement(UInt8(padding), count: padding))
        let sealed = try AES.sealCBC(blocks, key: halves.encrypting, vector: vector)
        return sealed + halves.tag(over: additional, vector, sealed)
    }

    /// Nil unless every byte is what was sealed with this key beside the same `additional` bytes. The tag is compared, in constant time,
    /// before a block is deciphered, so padding tells nobody anything (RFC 7518 §5.2.2.2).
    package static func open(
        _ sealed: [UInt8], key: borrowing Secret, vector: [UInt8], additional: [UInt8]
    ) throws(CipherError) -> [UInt8]? {
        let halves = try Halves(key)
        guard vector.count == AES.block, sealed.count >= halves.length else { throw .length }
        let blocks = Array(sealed.dropLast(halves.length))
        guard ConstantTime.equal(halves.tag(over: additional, vector, blocks), Array(sealed.suffix(halves.length))) else { return nil }
        // Whoever holds the key sealed this; that it pads rightly is a matter of form from here on.
        guard !blocks.isEmpty, blocks.count.isMultiple(of: AES.block) else { return nil }
        var plain = try AES.openCBC(blocks, key: halves.encrypting, vector: vector)
        let padding = Int(plain.last ?? 0)
        guard (1...AES.block).contains(padding), plain.suffix(padding).allSatisfy({ $0 == UInt8(padding) }) else {
            erase(&plain)
            return nil
        }
        plain.removeLast(padding)
        return plain
    }
}

private struct Halves: ~Copyable {
    private let authenticating: Secret
    let encrypting: Secret
    /// Bytes of each half, and of the tag.
    let length: Int

    init(_ key: borrowing Secret) throws(CipherError) {
        let length = key.count / 2
        guard [16, 24, 32].contains(length), key.count == 2 * length else { throw .length }
        self.length = length
        authenticating = key.withBytes { span in Secret(copying: span.extracting(0..<length)) }
        encrypting = key.withBytes { span in Secret(copying: span.extracting(length...)) }
    }

    /// The left half of the MAC over additional data, vector, ciphertext and the number of bits of the first.
    func tag(over additional: [UInt8], _ vector: [UInt8], _ sealed: [UInt8]) -> [UInt8] {
        let digest: DigestAlgorithm =
            switch length {
            case 16: .sha256
            case 24: .sha384
            default: .sha512
            }
        var key = authenticating.withBytes { span in span.indices.map { span[$0] } }
        defer { erase(&key) }
        var input = additional
        input.reserveCapacity(additional.count + vector.count + sealed.count + 8)
        input += vector
        input += sealed
        let bits = UInt64(additional.count) * 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) { input.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        return Array(HMAC.compute(digest, key: key, input).prefix(length))
    }
}
