/// Signature algorithms as certificates, lists and answers name them. Each has the spellings listed here, byte for byte; whatever else
/// stands there is an algorithm we do not know, which verifies nothing.
extension SignatureAlgorithm {
    /// The whole AlgorithmIdentifier (RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3).
    package var identifier: [UInt8] {
        switch self {
        case .rsaPKCS1(let digest): Self.identifier(Self.rsaSignature(digest), parameters: Self.null)
        case .rsaPSS(let digest): Self.pss(digest, inner: Self.null, outer: Self.null)
        case .ecdsa(let digest): Self.identifier(Self.ecdsaSignature(digest), parameters: [])
        case .ed25519: Self.identifier(Self.edwards, parameters: [])
        }
    }

    package init?(identifier: [UInt8]) {
        guard let known = Self.spellings[identifier] else { return nil }
        self = known
    }

    private static let spellings: [[UInt8]: SignatureAlgorithm] = {
        var table = [SignatureAlgorithm.ed25519.identifier: SignatureAlgorithm.ed25519]
        for digest in DigestAlgorithm.allCases {
            for algorithm in [SignatureAlgorithm.rsaPKCS1(digest), .ecdsa(digest)] { table[algorithm.identifier] = algorithm }
            // RFC 4055 §2.1: the NULL of a digest's own identifier is there or not, and both must be accepted.
            for inner in [null, []] {
                for outer in [null, []] where digest != .sha1 { table[pss(digest, inner: inner, outer: outer)] = .rsaPSS(digest) }
            }
        }
        return table
    }()

    private static let null: [UInt8] = [DERTag.null, 0]
    private static let edwards = ObjectIdentifier(1, 3, 101, 112)
    private static let maskGeneration = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 8)
    private static let pssSignature = ObjectIdentifier(1, 2, 840, 113549, 1, 1, 10)

    private static func rsaSignature(_ digest: DigestAlgorithm) -> ObjectIdentifier {
        switch digest {
        case .sha1: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 5)
        case .sha256: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11)
        case .sha384: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 12)
        case .sha512: ObjectIdentifier(1, 2, 840, 113549, 1, 1, 13)
        }
    }

    private static func ecdsaSignature(_ digest: DigestAlgorithm) -> ObjectIdentifier {
        switch digest {
        case .sha1: ObjectIdentifier(1, 2, 840, 10045, 4, 1)
        case .sha256: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 2)
        case .sha384: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 3)
        case .sha512: ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4)
        }
    }

    private static func identifier(_ name: ObjectIdentifier, parameters: [UInt8]) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(name)
                $0.raw(parameters)
            }
        }
    }

    /// RSASSA-PSS-params with the digest, MGF1 over the same digest and a salt as long as the digest (RFC 4055 §3.1).
    private static func pss(_ digest: DigestAlgorithm, inner: [UInt8], outer: [UInt8]) -> [UInt8] {
        let parameters = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(0) { $0.raw(identifier(digest.objectIdentifier, parameters: outer)) }
                writer.context(1) { writer in
                    let mask = identifier(digest.objectIdentifier, parameters: inner)
                    writer.raw(identifier(maskGeneration, parameters: mask))
                }
                writer.context(2) { $0.integer(digest.length) }
            }
        }
        return identifier(pssSignature, parameters: parameters)
    }
}

extension DigestAlgorithm {
    package var objectIdentifier: ObjectIdentifier {
        switch self {
        case .sha1: .sha1
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}
