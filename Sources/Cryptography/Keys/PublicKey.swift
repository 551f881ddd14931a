/// A public key that is worth trusting as a key: strictly encoded, strong enough, a point on its curve. Whose it is, others prove.
/// Equal keys are equal bytes.
package struct PublicKey: Hashable, Sendable {
    package let kind: KeyKind
    /// DER SubjectPublicKeyInfo, in its only spelling.
    package let spki: [UInt8]
    private let subject: SubjectPublicKey
    let handle: KeyHandle

    /// Refuses RSA below 2048 or above 8192 bits, other curves and algorithms, compressed points, trailing bytes and second spellings.
    /// X25519, by which nobody signs, only for whoever is `agreeing`: certificates and officers' keys are for verifying.
    package init(spki: [UInt8], agreeing: Bool = false) throws(KeyError) {
        let subject = try SubjectPublicKey(der: spki)
        if case .x25519 = subject.parts, !agreeing { throw .unsupported }
        try self.init(subject)
    }

    /// Big-endian numbers; leading zeros are dropped.
    package init(rsaModulus: [UInt8], exponent: [UInt8]) throws(KeyError) {
        guard rsaModulus.count <= 2048, exponent.count <= 2048 else { throw .unsupported }
        let modulus = rsaModulus.withoutLeadingZeros
        try self.init(SubjectPublicKey(.rsa(modulus: modulus, exponent: exponent.withoutLeadingZeros)))
    }

    /// Coordinates of exactly the curve's width (RFC 7518 §6.2.1.2), of a point on it.
    package init(curve: EllipticCurve, x: [UInt8], y: [UInt8]) throws(KeyError) {
        guard x.count == curve.width, y.count == curve.width else { throw .malformed }
        try self.init(SubjectPublicKey(.ec(curve, x: x, y: y)))
    }

    package init(ed25519 bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == 32 else { throw .malformed }
        try self.init(SubjectPublicKey(.ed25519(bytes)))
    }

    /// `malformed` for the points of small order, with which every agreement comes to zero (RFC 7748 §6.1).
    package init(x25519 bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == 32 else { throw .malformed }
        try self.init(SubjectPublicKey(.x25519(bytes)))
    }

    private init(_ subject: SubjectPublicKey) throws(KeyError) {
        handle = try KeyHandle(importing: subject.parts)
        kind = handle.kind
        spki = subject.der
        self.subject = subject
    }

    package var rsaComponents: (modulus: [UInt8], exponent: [UInt8])? {
        guard case .rsa(let modulus, let exponent) = subject.parts else { return nil }
        return (modulus, exponent)
    }

    package var ecPoint: (curve: EllipticCurve, x: [UInt8], y: [UInt8])? {
        guard case .ec(let curve, let x, let y) = subject.parts else { return nil }
        return (curve, x, y)
    }

    package var ed25519Bytes: [UInt8]? {
        guard case .ed25519(let bytes) = subject.parts else { return nil }
        return bytes
    }

    package var x25519Bytes: [UInt8]? {
        guard case .x25519(let bytes) = subject.parts else { return nil }
        return bytes
    }

    /// SHA-1 of the key's bits (RFC 5280 §4.2.1.2 (1)): a name for the key, not a proof of anything.
    package var keyIdentifier: [UInt8] { Digest.compute(.sha1, subject.bits) }

    /// Whether `signature` over `message` was made by this key's owner with exactly this algorithm. Strict: PKCS#1 v1.5 compares the
    /// whole encoded block, lengths are exact, ECDSA DER has one spelling, raw ECDSA is exactly two coordinates wide. False, never an
    /// error, for everything else, including an algorithm that does not fit the key.
    package func verifies(
        _ signature: [UInt8], over message: [UInt8], _ algorithm: SignatureAlgorithm, encoding: SignatureEncoding = .der
    ) -> Bool {
        guard algorithm.fits(kind) else { return false }
        guard case .ec(let curve) = kind, encoding == .raw else { return handle.verifies(signature, over: message, algorithm) }
        guard let der = ECDSASignature.der(fromRaw: signature, curve) else { return false }
        return handle.verifies(der, over: message, algorithm)
    }

    package static func == (left: PublicKey, right: PublicKey) -> Bool { left.spki == right.spki }
    package func hash(into hasher: inout Hasher) { hasher.combine(spki) }
}
