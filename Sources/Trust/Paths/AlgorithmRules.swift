package import Cryptography

/// Which keys and signatures count. SHA-1 never does, nor RSA below 2048 bits: `Certificate` refuses such keys, whatever a profile says.
package struct AlgorithmRules: Hashable, Sendable {
    package let minimumRSABits: Int
    package let curves: Set<EllipticCurve>
    package let digests: Set<DigestAlgorithm>
    package let allowsEd25519: Bool
    package let allowsPSS: Bool

    /// 112 bits of security (SP 800-57, CRYPTREC).
    package init(
        minimumRSABits: Int = 2048, curves: Set<EllipticCurve> = Set(EllipticCurve.allCases),
        digests: Set<DigestAlgorithm> = [.sha256, .sha384, .sha512], allowsEd25519: Bool = true, allowsPSS: Bool = true
    ) {
        self.minimumRSABits = minimumRSABits
        self.curves = curves
        self.digests = digests.subtracting([.sha1])
        self.allowsEd25519 = allowsEd25519
        self.allowsPSS = allowsPSS
    }

    package static let standard = AlgorithmRules()

    func allows(_ key: KeyKind) -> Bool {
        switch key {
        case .rsa(let bits): bits >= minimumRSABits
        case .ec(let curve): curves.contains(curve)
        case .ed25519: allowsEd25519
        case .x25519: false
        }
    }

    func allows(_ signature: SignatureAlgorithm) -> Bool {
        switch signature {
        case .rsaPKCS1(let digest), .ecdsa(let digest): digests.contains(digest)
        case .rsaPSS(let digest): allowsPSS && digests.contains(digest)
        case .ed25519: allowsEd25519
        }
    }
}
