/// The parts of a DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), read so strictly that equal keys have equal bytes: what was read is
/// written again and must give the same DER. Pure Swift, so that hostile bytes meet no C before they have this shape.
struct SubjectPublicKey {
    enum Parts {
        case rsa(modulus: [UInt8], exponent: [UInt8])
        case ec(EllipticCurve, x: [UInt8], y: [UInt8])
        case ed25519([UInt8])
        case x25519([UInt8])
    }

    let parts: Parts
    /// Content of the BIT STRING without its count of unused bits.
    let bits: [UInt8]
    let der: [UInt8]

    init(_ parts: Parts) {
        self.parts = parts
        let identifier: [UInt8]
        switch parts {
        case .rsa(let modulus, let exponent):
            identifier = Self.rsaIdentifier
            bits = DERWriter.build {
                $0.sequence {
                    $0.unsigned(modulus)
                    $0.unsigned(exponent)
                }
            }
        case .ec(let curve, let x, let y):
            identifier = Self.identifier(of: curve)
            bits = [4] + x + y
        case .ed25519(let bytes):
            identifier = Self.ed25519Identifier
            bits = bytes
        case .x25519(let bytes):
            identifier = Self.x25519Identifier
            bits = bytes
        }
        let content = bits
        der = DERWriter.build {
            $0.sequence {
                $0.raw(identifier)
                $0.bitString(content)
            }
        }
    }

    /// At most 4 KiB, which is twice what the longest key we accept needs.
    init(der: [UInt8]) throws(KeyError) {
        guard der.count <= 4096 else { throw .malformed }
        let (identifier, bits) = try Self.split(der)
        let parts: Parts
        if identifier == Self.rsaIdentifier {
            guard let (modulus, exponent) = try? DERReader.pair(of: bits) else { throw .malformed }
            parts = .rsa(modulus: modulus.withoutLeadingZeros, exponent: exponent.withoutLeadingZeros)
        } else if let curve = EllipticCurve.allCases.first(where: { Self.identifier(of: $0) == identifier }) {
            guard bits.count == 1 + 2 * curve.width, bits.first == 4 else { throw .malformed }
            parts = .ec(curve, x: Array(bits[1...curve.width]), y: Array(bits[(curve.width + 1)...]))
        } else if identifier == Self.ed25519Identifier {
            guard bits.count == 32 else { throw .malformed }
            parts = .ed25519(bits)
        } else if identifier == Self.x25519Identifier {
            guard bits.count == 32 else { throw .malformed }
            parts = .x25519(bits)
        } else {
            throw .unsupported
        }
        self.init(parts)
        guard self.der == der else { throw .malformed }
    }

    private static func split(_ der: [UInt8]) throws(KeyError) -> (identifier: [UInt8], bits: [UInt8]) {
        do {
            var outer = try DERReader.whole(der)
            let identifier = try outer.expect(DERTag.sequence)
            let bits = try outer.expect(DERTag.bitString)
            try outer.finish()
            return (identifier.encoded, try bits.bytesOfBits())
        } catch { throw .malformed }
    }

    // AlgorithmIdentifiers, whole: RFC 3279 §2.3.1 (parameters NULL), RFC 5480 §2.1.1, RFC 8410 §3 (parameters absent).
    private static let rsaIdentifier: [UInt8] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]
    private static let ed25519Identifier: [UInt8] = [0x30, 5, 6, 3, 0x2b, 0x65, 0x70]
    private static let x25519Identifier: [UInt8] = [0x30, 5, 6, 3, 0x2b, 0x65, 0x6e]

    private static func identifier(of curve: EllipticCurve) -> [UInt8] {
        let content: [UInt8] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] + curve.parameters
        return [0x30, UInt8(content.count)] + content
    }
}

extension EllipticCurve {
    /// The named curve's OBJECT IDENTIFIER in DER.
    var parameters: [UInt8] {
        switch self {
        case .p256: [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]
        case .p384: [6, 5, 0x2b, 0x81, 4, 0, 0x22]
        case .p521: [6, 5, 0x2b, 0x81, 4, 0, 0x23]
        }
    }
}

extension DERReader {
    /// The contents of the two INTEGERs of a SEQUENCE that holds nothing else: an RSA public key, an ECDSA signature.
    static func pair(of der: [UInt8]) throws(DERError) -> ([UInt8], [UInt8]) {
        var reader = try whole(der)
        let first = try reader.expect(DERTag.integer).integer()
        let second = try reader.expect(DERTag.integer).integer()
        try reader.finish()
        return (first, second)
    }
}

extension [UInt8] {
    var withoutLeadingZeros: [UInt8] { Array(drop { $0 == 0 }) }
}
