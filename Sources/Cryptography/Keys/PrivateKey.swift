import COpenSSL
import Vocabulary

/// A key we sign with. It shows its bytes through the two exports only, which exist for `init` tooling and simulated cards; it has no
/// description, no equality and no Codable.
package struct PrivateKey: Sendable {
    package let publicKey: PublicKey
    let handle: KeyHandle

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
        let labels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"]
        let found = labels.flatMap { PEM.decode(pem, label: $0) }
        guard let der = found.first, found.count == 1 else {
            throw PEM.decode(pem, label: "ENCRYPTED PRIVATE KEY").isEmpty ? .malformed : .unsupported
        }
        try unsafe self.init(owning: Self.read(der))
    }

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

    /// Takes the reference over. The public half passes the same gate as a stranger's; one signature shows that the halves belong
    /// together, at the price of a signature instead of libcrypto's primality tests.
    private init(owning key: OpaquePointer) throws(KeyError) {
        let spki = unsafe [UInt8](der: { out in unsafe i2d_PUBKEY(key, out) })
        let publicKey: PublicKey
        do { publicKey = try PublicKey(spki: spki) } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
        self.publicKey = publicKey
        handle = unsafe KeyHandle(owning: key, kind: publicKey.kind, canSign: true)
        let probe = Array("does this key belong to itself".utf8)
        let algorithm: SignatureAlgorithm =
            switch publicKey.kind {
            case .rsa: .rsaPKCS1(.sha256)
            case .ec: .ecdsa(.sha256)
            case .ed25519: .ed25519
            }
        guard publicKey.verifies(try sign(probe, algorithm), over: probe, algorithm) else { throw .mismatch }
    }

    /// One signature. `unsupported` when the algorithm does not fit the key or hashes with SHA-1.
    package func sign(
        _ message: [UInt8], _ algorithm: SignatureAlgorithm, encoding: SignatureEncoding = .der
    ) throws(KeyError) -> [UInt8] {
        guard algorithm.fits(publicKey.kind), algorithm.digest != .sha1 else { throw .unsupported }
        guard let signature = handle.sign(message, algorithm) else { throw .failed }
        guard case .ec(let curve) = publicKey.kind, encoding == .raw else { return signature }
        guard let raw = ECDSASignature.raw(fromDER: signature, curve) else { throw .failed }
        return raw
    }

    /// RSA only: PKCS#1 v1.5 padding around the caller's bytes, at most eleven fewer than the modulus, as a card's COMPUTE DIGITAL
    /// SIGNATURE does with the DigestInfo it is handed (domain/jpki.md).
    package func signDigestInfo(_ digestInfo: [UInt8]) throws(KeyError) -> [UInt8] {
        guard case .rsa = publicKey.kind else { throw .unsupported }
        guard let signature = handle.signPadded(digestInfo) else { throw .failed }
        return signature
    }
}

extension PrivateKey {
    /// PKCS#8, unencrypted, for a file that only its owner can read.
    package func exportPEM() -> [UInt8] { Array(PEM.encode(exportPKCS8(), label: "PRIVATE KEY").utf8) }

    package func exportPKCS8() -> [UInt8] {
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
