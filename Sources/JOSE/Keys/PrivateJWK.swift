package import Cryptography
package import Vocabulary

/// A private key as a JWK (RFC 7518 §6.2.2, §6.3.2), for commands that are given one on purpose. No door of the server reads it: what
/// arrives there is a `JWK`, which refuses secrets.
package struct PrivateJWK: Sendable {
    /// The public half with what its owner says about its use.
    package let jwk: JWK
    package let key: PrivateKey

    /// RSA needs its primes; a curve's key its point. That the halves belong together is proven.
    package init(reading json: JSON) throws(JWKRefusal) {
        guard let members = json.members else { throw .malformed(member: "") }
        guard json["kty"]?.string != "oct" else { throw .unsupported(member: "kty", value: "oct") }
        guard json["oth"] == nil else { throw .unsupported(member: "oth", value: "more than two primes") }
        jwk = try JWK(reading: .object(members.filter { !Self.secrets.contains($0.0) && !Self.privateUse($0) }))
        let number = try json.bytes("d")
        let der: [UInt8]
        if let (modulus, exponent) = jwk.key.rsaComponents {
            var parts: [[UInt8]] = [modulus, exponent, number]
            for member in ["p", "q", "dp", "dq", "qi"] { parts.append(try json.bytes(member)) }
            der = Self.rsa(parts)
        } else if let (curve, x, y) = jwk.key.ecPoint {
            guard number.count == curve.width else { throw .malformed(member: "d") }
            der = Self.ec(curve, number, [4] + x + y)
        } else {
            guard number.count == 32 else { throw .malformed(member: "d") }
            // RFC 8410 §3: the two differ in one octet of their names.
            der = Self.okp(number, jwk.key.kind == .x25519 ? 0x6e : 0x70)
        }
        do { key = try PrivateKey(pkcs8: der) } catch { throw .key(error) }
        guard key.publicKey == jwk.key else { throw .key(.mismatch) }
    }

    private static let secrets = ["d", "p", "q", "dp", "dq", "qi"]

    // `key_ops` of a private key name its own half's operations.
    private static func privateUse(_ member: (String, JSON)) -> Bool { member.0 == "key_ops" }

    private static func rsa(_ parts: [[UInt8]]) -> [UInt8] {
        info([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], parameters: { $0.null() }) {
            $0.sequence { inner in
                inner.integer(0)
                for part in parts { inner.unsigned(part) }
            }
        }
    }

    private static func ec(_ curve: EllipticCurve, _ number: [UInt8], _ point: [UInt8]) -> [UInt8] {
        let name: [UInt8] =
            switch curve {
            case .p256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]
            case .p384: [0x2b, 0x81, 4, 0, 0x22]
            case .p521: [0x2b, 0x81, 4, 0, 0x23]
            }
        return info([0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], parameters: { $0.element(DERTag.objectIdentifier, name) }) {
            $0.sequence { inner in
                inner.integer(1)
                inner.octetString(number)
                inner.constructed(0xa1) { $0.bitString(point) }
            }
        }
    }

    private static func okp(_ number: [UInt8], _ curve: UInt8) -> [UInt8] {
        info([0x2b, 0x65, curve], parameters: { _ in }) { $0.octetString(number) }
    }

    /// PrivateKeyInfo (RFC 5208 §5).
    private static func info(
        _ algorithm: [UInt8], parameters: (inout DERWriter) -> Void, _ key: (inout DERWriter) -> Void
    ) -> [UInt8] {
        DERWriter.build {
            $0.sequence { outer in
                outer.integer(0)
                outer.sequence { identifier in
                    identifier.element(DERTag.objectIdentifier, algorithm)
                    parameters(&identifier)
                }
                outer.octetString(key)
            }
        }
    }
}
