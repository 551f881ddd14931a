import COpenSSL

/// Tags over the chunks of a sealed index: GHASH, the polynomial of GCM, under a fixed public key, taken from libcrypto because it runs at
/// the speed of memory. They tell whether a disk gave back what was written: any one flipped bit for certain, any other damage but for one
/// in 2¹²⁸. They are no proof of who wrote the file; no digest without a secret is.
enum ChunkTags {
    /// Bytes of a chunk; the last may be shorter.
    static let chunk = 1 << 20
    static let length = 16

    /// One tag after the other.
    static func compute(_ bytes: FixedBytes, _ range: Range<Int>) -> [UInt8] {
        var tags: [UInt8] = []
        for (number, start) in stride(from: range.lowerBound, to: range.upperBound, by: chunk).enumerated() {
            tags += tag(bytes, start..<min(start + chunk, range.upperBound), number)
        }
        return tags
    }

    /// The number of the first chunk that is not what its tag was computed from; nil when all are.
    static func firstDamage(_ bytes: FixedBytes, _ range: Range<Int>, tags: [UInt8]) -> Int? {
        let count = (range.count + chunk - 1) / chunk
        guard tags.count == count * length else { return 0 }
        for number in 0..<count {
            let start = range.lowerBound + number * chunk
            let found = tag(bytes, start..<min(start + chunk, range.upperBound), number)
            guard found.elementsEqual(tags[number * length..<(number + 1) * length]) else { return number }
        }
        return nil
    }

    private static func tag(_ bytes: FixedBytes, _ range: Range<Int>, _ number: Int) -> [UInt8] {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { preconditionFailure("out of memory") }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let key = [UInt8]("revocation index".utf8)
        // INVARIANT: as for digests: the default provider has AES, and it works on any bytes.
        guard let cipher = FetchedCipher.of(.gcm, keyLength: key.count) else { preconditionFailure("libcrypto lacks AES-128-GCM") }
        // The place of a chunk is part of its tag.
        let place = (0..<12).map { UInt8(truncatingIfNeeded: UInt64(number) >> UInt64(min(8 * $0, 63))) }
        var written: Int32 = 0
        var done = unsafe EVP_EncryptInit_ex2(context, cipher.pointer, key, place, nil)
        if done == 1 {
            done = unsafe bytes.withPointer { base in
                let start = unsafe base.assumingMemoryBound(to: UInt8.self) + range.lowerBound
                return unsafe EVP_EncryptUpdate(context, nil, &written, start, Int32(range.count))
            }
        }
        let tag = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            if done == 1 { done = unsafe EVP_EncryptFinal_ex(context, buffer.baseAddress, &written) }
            if done == 1 { done = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(length), buffer.baseAddress) }
            count = done == 1 ? length : 0
        }
        precondition(done == 1, "libcrypto cannot compute AES-128-GCM")
        return tag
    }
}
