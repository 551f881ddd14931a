import COpenSSL
import Vocabulary

/// A key we sign with: held in memory, or named in a token that signs for us. It shows its bytes through the two exports only, which exist
/// for `init` tooling and simulated cards and refuse a token's key; it has no description, no equality and no Codable.
package struct PrivateKey: Sendable {
    package let publicKey: PublicKey
    private let half: Half

    private enum Half {
        case memory(KeyHandle)
        case token(TokenKey)
    }

    /// A key that lies in a token. Nothing is asked of the token yet; that its key belongs to this public half is proven when it first signs.
    package init(_ key: TokenKey, publicKey: PublicKey) {
        self.publicKey = publicKey
        half = .token(key)
    }

    /// Nil for a key in memory.
    package var token: TokenKey? {
        if case .token(let key) = half { return key }
        return nil
    }

    /// The handle with the private half in it; refuses a token's key, which has none.
    var handle: KeyHandle {
        get throws(KeyError) {
            guard case .memory(let handle) = half else { throw .token(.sealed) }
            return handle
        }
    }

    /// RSA from 2048 to 8192 bits. Takes libcrypto's own randomness: key generation cannot be replayed from a seed.
    package static func generate(_ kind: KeyKind) throws(KeyError) -> PrivateKey {
        let name: String
        switch kind {
        case .rsa(let bits):
            guard bits >= RSAModulus.bits.lowerBound else { throw .weak(bits: bits) }
            guard bits <= RSAModulus.bits.upperBound else { throw .unsupported }
            name = "RSA"
        case .ec: name = "EC"
        case .ed25519: name = "ED25519"
        case .x25519: name = "X25519"
        }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw .failed }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var ready = unsafe EVP_PKEY_keygen_init(context)
        switch kind {
        case .rsa(let bits) where ready == 1: ready = unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
        case .ec(let curve) where ready == 1: ready = unsafe EVP_PKEY_CTX_set_group_name(context, curve.opensslName)
        default: break
        }
        var key: OpaquePointer?
        guard ready == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            ERR_clear_error()
            throw .failed
        }
        return try unsafe PrivateKey(owning: key)
    }

    /// Exactly one unencrypted key in the text: PKCS#8, or the older RSA and EC forms.
    package init(pem: [UInt8]) throws(KeyError) {
        let found = Self.plainLabels.flatMap { PEM.decode(pem, label: $0) }
        guard let der = found.first, found.count == 1 else {
            throw PEM.decode(pem, label: "ENCRYPTED PRIVATE KEY").isEmpty ? .malformed : .unsupported
        }
        try unsafe self.init(owning: Self.read(der))
    }

    /// As above, or exactly one EncryptedPrivateKeyInfo (RFC 5958 §3) that the passphrase opens; `failed` when it does not. The older
    /// encryption inside PEM headers (`Proc-Type`) is `malformed`: its derivation is a single MD5.
    package init(pem: [UInt8], passphrase: borrowing Secret) throws(KeyError) {
        let found = PEM.decode(pem, label: "ENCRYPTED PRIVATE KEY")
        guard let der = found.first else {
            try self.init(pem: pem)
            return
        }
        guard found.count == 1, Self.plainLabels.allSatisfy({ PEM.decode(pem, label: $0).isEmpty }) else { throw .malformed }
        let key: OpaquePointer? = unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let sealed = unsafe d2i_X509_SIG(nil, &cursor, buffer.count) else { return nil }
            defer { unsafe X509_SIG_free(sealed) }
            guard let start = buffer.baseAddress, unsafe cursor == start + buffer.count else { return nil }
            let opened = unsafe passphrase.withBytes { span -> OpaquePointer? in
                unsafe span.withUnsafeBytes { unsafe PKCS8_decrypt(sealed, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count)) }
            }
            guard let opened = unsafe opened else { return nil }
            // Erased by libcrypto with the structure.
            defer { unsafe PKCS8_PRIV_KEY_INFO_free(opened) }
            return unsafe EVP_PKCS82PKEY(opened)
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .failed
        }
        try unsafe self.init(owning: key)
    }

    private static let plainLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]

    /// Exactly one PrivateKeyInfo (RFC 5958), nothing behind it.
    package init(pkcs8 der: [UInt8]) throws(KeyError) {
        // version, then AlgorithmIdentifier: the older forms have an INTEGER or OCTET STRING there.
        do {
            var outer = try DERReader.whole(der)
            _ = try outer.expect(DERTag.integer)
            _ = try outer.expect(DERTag.sequence)
        } catch { throw .malformed }
        try unsafe self.init(owning: Self.read(der))
    }

    private static func read(_ der: [UInt8]) throws(KeyError) -> OpaquePointer {
        var rest = 0
        let key: OpaquePointer? = unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            let key = unsafe d2i_AutoPrivateKey(nil, &cursor, buffer.count)
            if let end = unsafe cursor, let start = buffer.baseAddress { rest = unsafe buffer.count - (end - start) }
            return unsafe key
        }
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .malformed
        }
        guard rest == 0 else {
            unsafe EVP_PKEY_free(key)
            throw .malformed
        }
        return unsafe key
    }

    /// Takes the reference over. The public half passes the same gate as a stranger's; one signature, or one agreement, shows that the
    /// halves belong together, at the price of a signature instead of libcrypto's primality tests.
    private init(owning key: OpaquePointer) throws(KeyError) {
        let spki = unsafe [UInt8](der: { out in unsafe i2d_PUBKEY(key, out) })
        let publicKey: PublicKey
        do { publicKey = try PublicKey(spki: spki, agreeing: true) } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
        self.publicKey = publicKey
        half = .memory(unsafe KeyHandle(owning: key, kind: publicKey.kind, canSign: true))
        let probe = Array("does this key belong to itself".utf8)
        guard let usual = publicKey.kind.usual else {
            try agreeWithItself()
            return
        }
        guard publicKey.verifies(try sign(probe, usual), over: probe, usual) else { throw .mismatch }
    }

    private func agreeWithItself() throws(KeyError) {
        let other = try EphemeralKey(for: publicKey.kind)
        let ours = try agree(with: PublicKey(x25519: other.point()))
        let theirs = try other.agree(with: publicKey)
        let isSame = ours.withBytes { theirs.matches($0) }
        guard isSame else { throw .mismatch }
    }

    /// One signature. `unsupported` when the algorithm does not fit the key or hashes with SHA-1. A token is waited for as long as its rules
    /// say, and no longer.
    package func sign(
        _ message: [UInt8], _ algorithm: SignatureAlgorithm, encoding: SignatureEncoding = .der
    ) throws(KeyError) -> [UInt8] {
        guard algorithm.fits(publicKey.kind), algorithm.digest != .sha1 else { throw .unsupported }
        let handle: KeyHandle
        switch half {
        case .memory(let held): handle = held
        case .token(let key): return try sign(TokenMechanism.input(message, algorithm), TokenMechanism(algorithm), key, encoding)
        }
        guard let signature = handle.sign(message, algorithm) else { throw .failed }
        guard case .ec(let curve) = publicKey.kind, encoding == .raw else { return signature }
        guard let raw = ECDSASignature.raw(fromDER: signature, curve) else { throw .failed }
        return raw
    }

    /// RSA only: PKCS#1 v1.5 padding around the caller's bytes, at most eleven fewer than the modulus, as a card's COMPUTE DIGITAL
    /// SIGNATURE does with the DigestInfo it is handed (domain/jpki.md).
    package func signDigestInfo(_ digestInfo: [UInt8]) throws(KeyError) -> [UInt8] {
        guard case .rsa = publicKey.kind else { throw .unsupported }
        if let token { return try sign(digestInfo, .pkcs1, token, .der) }
        guard let signature = try handle.signPadded(digestInfo) else { throw .failed }
        return signature
    }

    private func sign(
        _ bytes: [UInt8], _ mechanism: TokenMechanism, _ key: TokenKey, _ encoding: SignatureEncoding
    ) throws(KeyError) -> [UInt8] {
        let raw: [UInt8]
        do { raw = try key.sign(bytes, mechanism, for: publicKey) } catch { throw .token(error) }
        guard case .ec(let curve) = publicKey.kind, encoding == .der else { return raw }
        guard let der = ECDSASignature.der(fromRaw: raw, curve) else { throw .failed }
        return der
    }

    /// Has the key do once what it is for, and proves that its two halves belong together. A key in memory was tried when it was read. A
    /// token may take `patience` milliseconds, for it may have to be loaded and logged in to first.
    package func proveItself(patience: Int64) throws(KeyError) {
        guard let token else { return }
        do throws(TokenFault) {
            switch (token.purpose, publicKey.kind) {
            case (.signing, let kind):
                guard let usual = kind.usual else { throw .mechanism }
                _ = try token.sign(TokenMechanism.input([], usual), TokenMechanism(usual), for: publicKey, patience: patience)
            case (.decryption, .rsa): try proveDecryption(token, patience)
            case (.decryption, .ec(let curve)): try proveAgreement(token, curve, patience)
            case (.decryption, .ed25519), (.decryption, .x25519): throw .mechanism
            }
        } catch {
            throw .token(error)
        }
    }

    private func proveDecryption(_ token: TokenKey, _ patience: Int64) throws(TokenFault) {
        let scheme = OAEP(digest: .sha1, mask: .sha1)
        var random = SystemRandom()
        let probe = Secret.random(16, using: &random)
        guard let encrypted = try? OAEPEncryptor(to: publicKey, scheme).encrypt(probe) else { throw .mechanism }
        guard let opened = try token.decrypt(encrypted, scheme, for: publicKey, patience: patience) else { throw .mismatch }
        let isSame = opened.withBytes { probe.matches($0) }
        guard isSame else { throw .mismatch }
    }

    private func proveAgreement(_ token: TokenKey, _ curve: EllipticCurve, _ patience: Int64) throws(TokenFault) {
        guard let other = try? PrivateKey.generate(.ec(curve)), let expected = try? other.agree(with: publicKey) else { throw .mechanism }
        let shared = try token.agree(with: other.publicKey, patience: patience)
        let isSame = shared.withBytes { expected.matches($0) }
        guard isSame else { throw .mismatch }
    }
}

extension PrivateKey {
    /// PKCS#8, unencrypted, for a file that only its owner can read. A token's key is refused, `sealed`.
    package func exportPEM() throws(KeyError) -> [UInt8] { Array(PEM.encode(try exportPKCS8(), label: "PRIVATE KEY").utf8) }

    package func exportPKCS8() throws(KeyError) -> [UInt8] {
        let handle = try handle
        guard let info = unsafe EVP_PKEY2PKCS8(handle.pointer) else { preconditionFailure("libcrypto cannot encode a key it holds") }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        return unsafe [UInt8](der: { out in unsafe i2d_PKCS8_PRIV_KEY_INFO(info, out) })
    }
}

extension EllipticCurve {
    fileprivate var opensslName: String {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }
}

extension [UInt8] {
    /// What an `i2d_` function writes: asked once for the length, once for the bytes. Empty when it fails.
    init(der write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) {
        let length = Int(write(nil))
        guard length > 0 else {
            self = []
            return
        }
        unsafe self.init(unsafeUninitializedCapacity: length) { buffer, count in
            var cursor = buffer.baseAddress
            let written = unsafe Int(write(&cursor))
            count = written == length ? length : 0
        }
    }
}
