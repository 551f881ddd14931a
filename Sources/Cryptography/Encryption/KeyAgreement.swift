import COpenSSL

extension PrivateKey {
    /// The x coordinate of the common point (SP 800-56A §5.7.1.2), or what X25519 gives (RFC 7748 §6.1; never all zeros), for a derivation
    /// function and nothing else. `unsupported` unless both keys lie on one of our curves.
    package func agree(with other: PublicKey) throws(KeyError) -> Secret {
        guard let width = publicKey.kind.agreedWidth, other.kind == publicKey.kind else { throw .unsupported }
        if let token {
            do { return try token.agree(with: other) } catch { throw .token(error) }
        }
        return try unsafe Agreement.shared(handle.pointer, other, width)
    }
}

/// A key for one agreement, gone when its owner lets go. It is made without what a `PrivateKey` costs: nobody will ever verify
/// anything by it.
@safe package struct EphemeralKey: ~Copyable {
    package let kind: KeyKind
    private let width: Int
    // Owned here, freed in deinit.
    private let pointer: OpaquePointer

    package init(on curve: EllipticCurve) throws(KeyError) {
        try self.init(for: .ec(curve))
    }

    /// For an agreement with a key of this kind; `unsupported` for kinds that do not agree.
    package init(for kind: KeyKind) throws(KeyError) {
        guard let width = kind.agreedWidth else { throw .unsupported }
        let name = if case .ec = kind { "EC" } else { "X25519" }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw .failed }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var ready = unsafe EVP_PKEY_keygen_init(context)
        if ready == 1, case .ec(let curve) = kind { ready = unsafe EVP_PKEY_CTX_set_group_name(context, Agreement.name(of: curve)) }
        var key: OpaquePointer?
        guard ready == 1, unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key else {
            ERR_clear_error()
            throw .failed
        }
        self.kind = kind
        self.width = width
        unsafe pointer = key
    }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// The public half: 4, then both coordinates (SEC 1 §2.3.3); of X25519 the 32 bytes of its u (RFC 7748 §6.1).
    package func point() throws(KeyError) -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = unsafe EVP_PKEY_get1_encoded_public_key(pointer, &encoded)
        defer { unsafe CRYPTO_free(encoded, nil, 0) }
        guard count == (kind == .x25519 ? width : 1 + 2 * width), let encoded = unsafe encoded else { throw .failed }
        return unsafe Array(UnsafeBufferPointer(start: encoded, count: count))
    }

    /// As `PrivateKey.agree`.
    package func agree(with other: PublicKey) throws(KeyError) -> Secret {
        guard other.kind == kind else { throw .unsupported }
        return try unsafe Agreement.shared(pointer, other, width)
    }
}

extension KeyKind {
    /// Bytes of what two such keys agree on; nil for kinds that do not agree.
    fileprivate var agreedWidth: Int? {
        switch self {
        case .ec(let curve): curve.width
        case .x25519: 32
        case .rsa, .ed25519: nil
        }
    }
}

private enum Agreement {
    static func shared(_ ours: OpaquePointer, _ other: PublicKey, _ width: Int) throws(KeyError) -> Secret {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, ours, nil) else { throw .failed }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var done = unsafe EVP_PKEY_derive_init(context)
        // Not checked once more: the other's point was proven to be on its curve, whose cofactor is one, or to be of no small order, when
        // its `PublicKey` was made.
        if done == 1 { done = unsafe EVP_PKEY_derive_set_peer_ex(context, other.handle.pointer, 0) }
        var shared = unsafe [UInt8](unsafeUninitializedCapacity: width) { buffer, count in
            var length = width
            if done == 1 { done = unsafe EVP_PKEY_derive(context, buffer.baseAddress, &length) }
            count = done == 1 ? length : 0
        }
        // All zeros: the other chose what we agreed on (RFC 7748 §6.1; on our other curves it is the x of a point like any). Every byte is
        // looked at.
        guard shared.count == width, other.kind != .x25519 || shared.reduce(0, |) != 0 else {
            ERR_clear_error()
            throw .failed
        }
        return Secret(taking: &shared)
    }

    static func name(of curve: EllipticCurve) -> String {
        switch curve {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }
}

/// The concatenation key derivation function (SP 800-56A §5.8.1, xmlenc11 §5.4.1): the digest of a counter, the secret and what both
/// parties know.
package enum ConcatKDF {
    /// `length` bytes, at most 64.
    package static func derive(
        _ secret: borrowing Secret, _ digest: DigestAlgorithm, knowing information: [UInt8], length: Int
    ) throws(CipherError) -> Secret {
        guard (1...64).contains(length), information.count <= 4096 else { throw .length }
        var derived: [UInt8] = []
        var counter: UInt8 = 0
        while derived.count < length {
            // Big-endian, four bytes; four rounds of SHA-1 are the most that 64 bytes take.
            counter += 1
            var input: [UInt8] = [0, 0, 0, counter]
            secret.withBytes { span in for index in span.indices { input.append(span[index]) } }
            input += information
            derived += Digest.compute(digest, input)
            erase(&input)
        }
        var key = Array(derived.prefix(length))
        erase(&derived)
        return Secret(taking: &key)
    }
}
