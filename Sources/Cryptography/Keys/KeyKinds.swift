/// The curves we accept: NIST's three, always named, never by explicit parameters.
package enum EllipticCurve: String, Hashable, Sendable, CaseIterable {
    case p256, p384, p521

    /// Bytes of one coordinate, and of each half of a raw ECDSA signature.
    package var width: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }
}

package enum KeyKind: Hashable, Sendable {
    case rsa(bits: Int)
    case ec(EllipticCurve)
    case ed25519
    /// For agreements only (RFC 7748): it signs nothing.
    case x25519
}

/// How a signature is made. PSS always uses MGF1 with the same digest and a salt as long as the digest. SHA-1 can be named so that old
/// evidence can be judged where a caller allows it; signing with it is refused.
package enum SignatureAlgorithm: Hashable, Sendable {
    case rsaPKCS1(DigestAlgorithm)
    case rsaPSS(DigestAlgorithm)
    case ecdsa(DigestAlgorithm)
    case ed25519

    /// Whether a key of this kind can make such a signature at all (checklist E9: keys are typed per algorithm).
    package func fits(_ kind: KeyKind) -> Bool {
        switch (self, kind) {
        case (.rsaPKCS1, .rsa), (.rsaPSS, .rsa), (.ecdsa, .ec), (.ed25519, .ed25519): true
        default: false
        }
    }

    var digest: DigestAlgorithm? {
        switch self {
        case .rsaPKCS1(let digest), .rsaPSS(let digest), .ecdsa(let digest): digest
        case .ed25519: nil
        }
    }
}

/// How an ECDSA signature is written: DER (X.509, CMS, cards), or r‖s with fixed width (XML Signature, JOSE). Other kinds of key have
/// one form only and ignore this.
package enum SignatureEncoding: Hashable, Sendable {
    case der, raw
}

extension KeyKind {
    /// What every key of the kind can sign, for trying it; nil for one that cannot.
    var usual: SignatureAlgorithm? {
        switch self {
        case .rsa: .rsaPKCS1(.sha256)
        case .ec(.p256): .ecdsa(.sha256)
        case .ec(.p384): .ecdsa(.sha384)
        case .ec(.p521): .ecdsa(.sha512)
        case .ed25519: .ed25519
        case .x25519: nil
        }
    }
}

package enum KeyError: Error, Hashable, Sendable {
    /// Not the one DER or the one point that such a key has.
    case malformed
    /// A kind of key, curve or algorithm we do not take.
    case unsupported
    /// An RSA modulus too short, or one made by the faulty generator of CVE-2017-15361.
    case weak(bits: Int)
    /// The private key does not belong to the public key beside it.
    case mismatch
    /// libcrypto could not do it.
    case failed
    /// The token that holds the private half could not, or would not.
    case token(TokenFault)
}
