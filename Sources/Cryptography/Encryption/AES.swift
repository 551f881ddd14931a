import COpenSSL

/// AES as documents are encrypted with it: GCM and CBC for content, key wrap for keys (NIST SP 800-38D, SP 800-38A, RFC 3394).
/// Keys are 16, 24 or 32 bytes. What comes in from outside is opened to a value or to nil; nothing says why it was nil.
package enum AES {
    /// Bytes of a block, of a GCM tag and of a CBC initialisation vector.
    package static let block = 16
    /// Bytes of a GCM nonce: the 96 bits that need no hashing (SP 800-38D §5.2.1.1).
    package static let nonce = 12

    /// The ciphertext and the tag behind it. `nonce` must never come twice with one key (A38). `additional` is authenticated beside it
    /// and not sent: XML Encryption has none, a JWE its header.
    package static func sealGCM(
        _ plaintext: [UInt8], key: borrowing Secret, nonce: [UInt8], additional: [UInt8] = []
    ) throws(CipherError) -> [UInt8] {
        guard nonce.count == AES.nonce else { throw .length }
        var tag = [UInt8](repeating: 0, count: block)
        let sealed = try run(.gcm, key, nonce, sealing: true, plaintext, room: 0, additional: additional, tag: &tag)
        guard let sealed else { throw .failed }
        return sealed + tag
    }

    /// Nil unless every byte is what was sealed with this key and nonce beside the same `additional` bytes.
    package static func openGCM(
        _ sealed: [UInt8], key: borrowing Secret, nonce: [UInt8], additional: [UInt8] = []
    ) throws(CipherError) -> [UInt8]? {
        guard nonce.count == AES.nonce, sealed.count >= block else { throw .length }
        var tag = Array(sealed.suffix(block))
        return try run(.gcm, key, nonce, sealing: false, Array(sealed.dropLast(block)), room: 0, additional: additional, tag: &tag)
    }

    /// Whole blocks only; padding is the caller's. Authenticates nothing.
    package static func sealCBC(_ blocks: [UInt8], key: borrowing Secret, vector: [UInt8]) throws(CipherError) -> [UInt8] {
        guard let sealed = try cbc(blocks, key, vector, sealing: true) else { throw .failed }
        return sealed
    }

    /// The blocks as they were, padding included. Never nil for whole blocks, whatever the key: there is nothing to be wrong.
    package static func openCBC(_ sealed: [UInt8], key: borrowing Secret, vector: [UInt8]) throws(CipherError) -> [UInt8] {
        guard let blocks = try cbc(sealed, key, vector, sealing: false) else { throw .failed }
        return blocks
    }

    /// RFC 3394: eight bytes more than `key`, which is at least two blocks of eight.
    package static func wrap(_ key: borrowing Secret, with outer: borrowing Secret) throws(CipherError) -> [UInt8] {
        var plain = key.withBytes { span in span.indices.map { span[$0] } }
        defer { erase(&plain) }
        guard plain.count >= 16, plain.count.isMultiple(of: 8) else { throw .length }
        var none: [UInt8] = []
        guard let wrapped = try run(.wrap, outer, [], sealing: true, plain, room: 8, tag: &none) else { throw .failed }
        return wrapped
    }

    /// Nil unless `wrapped` was made with this key: the integrity check of RFC 3394 §2.2.3.
    package static func unwrap(_ wrapped: [UInt8], with outer: borrowing Secret) throws(CipherError) -> Secret? {
        guard wrapped.count >= 24, wrapped.count.isMultiple(of: 8) else { throw .length }
        var none: [UInt8] = []
        guard var plain = try run(.wrap, outer, [], sealing: false, wrapped, room: 8, tag: &none) else { return nil }
        return Secret(taking: &plain)
    }

    private static func cbc(
        _ blocks: [UInt8], _ key: borrowing Secret, _ vector: [UInt8], sealing: Bool
    ) throws(CipherError) -> [UInt8]? {
        guard vector.count == block, blocks.count.isMultiple(of: block) else { throw .length }
        var none: [UInt8] = []
        return try run(.cbc, key, vector, sealing: sealing, blocks, room: block, tag: &none)
    }

    /// Nil when libcrypto says that the input is not authentic.
    private static func run(
        _ mode: FetchedCipher.Mode, _ key: borrowing Secret, _ vector: [UInt8], sealing: Bool, _ input: [UInt8], room: Int,
        additional: [UInt8] = [], tag: inout [UInt8]
    ) throws(CipherError) -> [UInt8]? {
        // libcrypto counts in `int`.
        guard input.count < 1 << 30, additional.count < 1 << 30, let cipher = FetchedCipher.of(mode, keyLength: key.count) else {
            throw .length
        }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .failed }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        if mode == .wrap { unsafe EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW) }
        let ready = key.withBytes { span in
            unsafe span.withUnsafeBufferPointer { key in
                // An absent vector lets key wrap use its own constant.
                unsafe vector.isEmpty
                    ? EVP_CipherInit_ex2(context, cipher.pointer, key.baseAddress, nil, sealing ? 1 : 0, nil)
                    : EVP_CipherInit_ex2(context, cipher.pointer, key.baseAddress, vector, sealing ? 1 : 0, nil)
            }
        }
        guard ready == 1, unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1 else {
            ERR_clear_error()
            throw .failed
        }
        if mode == .gcm, !sealing, unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) != 1 {
            throw .failed
        }
        if !additional.isEmpty {
            var taken: Int32 = 0
            // No output: these bytes are authenticated only.
            guard unsafe EVP_CipherUpdate(context, nil, &taken, additional, Int32(additional.count)) == 1 else {
                ERR_clear_error()
                throw .failed
            }
        }
        var isAuthentic = false
        // INVARIANT: no mode here writes more than its input and `room`.
        var output = unsafe [UInt8](unsafeUninitializedCapacity: input.count + room) { buffer, count in
            var written: Int32 = 0
            var last: Int32 = 0
            // Key wrap answers its update with a negative number or zero when the check fails.
            guard unsafe EVP_CipherUpdate(context, buffer.baseAddress, &written, input, Int32(input.count)) == 1, written >= 0 else {
                return
            }
            isAuthentic = unsafe EVP_CipherFinal_ex(context, buffer.baseAddress.map { unsafe $0 + Int(written) }, &last) == 1
            count = Int(written) + Int(last)
        }
        guard isAuthentic else {
            // What GCM had deciphered before the tag turned out wrong is nobody's to keep.
            erase(&output)
            ERR_clear_error()
            return nil
        }
        if mode == .gcm, sealing, unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) != 1 {
            throw .failed
        }
        return output
    }
}

/// Why a cipher was not run. Whether what it was given is authentic is never an error but a nil.
package enum CipherError: Error, Hashable, Sendable {
    /// A key, nonce, vector or input of a length that the cipher does not have.
    case length
    /// libcrypto could not do it.
    case failed
}

/// A cipher looked up once in libcrypto's provider, as `FetchedDigest` does it. Lives as long as the process.
@safe struct FetchedCipher: @unchecked Sendable {
    enum Mode { case gcm, cbc, wrap }

    let pointer: OpaquePointer

    /// Nil for a key length that AES does not have.
    static func of(_ mode: Mode, keyLength: Int) -> FetchedCipher? {
        let ciphers =
            switch mode {
            case .gcm: gcm
            case .cbc: cbc
            case .wrap: wrap
            }
        guard keyLength.isMultiple(of: 8), ciphers.indices.contains(keyLength / 8 - 2) else { return nil }
        return ciphers[keyLength / 8 - 2]
    }

    private static let gcm = fetch("GCM")
    private static let cbc = fetch("CBC")
    private static let wrap = fetch("WRAP")

    private static func fetch(_ mode: String) -> [FetchedCipher?] {
        [128, 192, 256].map { bits in
            guard let pointer = unsafe EVP_CIPHER_fetch(nil, "AES-\(bits)-\(mode)", nil) else { return nil }
            return unsafe FetchedCipher(pointer: pointer)
        }
    }
}

extension Secret {
    package var count: Int { withBytes { $0.count } }

    /// The bytes, which are erased where they were.
    package init(taking bytes: inout [UInt8]) {
        self.init(copying: bytes.span)
        erase(&bytes)
    }

    /// `count` bytes from `random` in one piece.
    package static func random(_ count: Int, using random: inout some RandomNumberGenerator) -> Secret {
        var bytes = random.bytes(count)
        return Secret(taking: &bytes)
    }
}

/// Overwrites and empties; a copy that the array shared with another owner stays theirs.
func erase(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    bytes = []
}
