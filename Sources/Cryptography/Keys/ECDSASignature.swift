/// The two spellings of an ECDSA signature.
enum ECDSASignature {
    /// r‖s, exactly two coordinates wide, to the DER that libcrypto reads; nil for any other length.
    static func der(fromRaw raw: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
        guard raw.count == 2 * curve.width else { return nil }
        return DERWriter.build {
            $0.sequence {
                $0.unsigned(Array(raw[..<curve.width]))
                $0.unsigned(Array(raw[curve.width...]))
            }
        }
    }

    /// DER to r‖s of fixed width (RFC 7518 §3.4, XML Signature 1.1 §6.4.3).
    static func raw(fromDER der: [UInt8], _ curve: EllipticCurve) -> [UInt8]? {
        guard let (r, s) = try? DERReader.pair(of: der) else { return nil }
        var raw: [UInt8] = []
        raw.reserveCapacity(2 * curve.width)
        for part in [r, s] {
            let number = part.withoutLeadingZeros
            guard number.count <= curve.width else { return nil }
            raw += [UInt8](repeating: 0, count: curve.width - number.count) + number
        }
        return raw
    }
}
