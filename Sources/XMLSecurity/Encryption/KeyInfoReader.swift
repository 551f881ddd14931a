import Cryptography
import Vocabulary
import XML

/// Keys that a message shows. Never a reason to believe anything: it reads the other party's fresh half of a key agreement, and lets
/// the generic doors judge vectors that bring their own key along.
enum KeyInfoReader {
    /// The one key value below `element`: RSAKeyValue, ECKeyValue with a named curve, RFC 4050's ECDSAKeyValue, DEREncodedKeyValue.
    static func keyValue(_ element: XMLElement) -> PublicKey? {
        if let der = element.child(EncryptionNames.dsig11("DEREncodedKeyValue")).flatMap(bytes) { return try? PublicKey(spki: der) }
        let values = element.children(Algorithms.ds("KeyValue"))
        guard values.count == 1, let value = values.first, let only = value.children.first, value.children.count == 1 else { return nil }
        if only.isNamed(Algorithms.ds("RSAKeyValue")) {
            guard let modulus = only.child(Algorithms.ds("Modulus")).flatMap(bytes),
                let exponent = only.child(Algorithms.ds("Exponent")).flatMap(bytes)
            else { return nil }
            return try? PublicKey(rsaModulus: modulus, exponent: exponent)
        }
        if only.isNamed(EncryptionNames.dsig11("ECKeyValue")) { return point(only) }
        if only.isNamed(XMLName(rfc4050, "ECDSAKeyValue")) { return decimalPoint(only) }
        return nil
    }

    static func hasKeyValue(_ element: XMLElement) -> Bool {
        element.child(EncryptionNames.dsig11("DEREncodedKeyValue")) != nil || element.child(Algorithms.ds("KeyValue")) != nil
    }

    /// Every key that a `ds:KeyInfo` shows, its certificates included, at most eight.
    static func keys(_ keyInfo: XMLElement) -> [PublicKey] {
        var found = keyValue(keyInfo).map { [$0] } ?? []
        for data in keyInfo.children(Algorithms.ds("X509Data")) {
            for certificate in data.children(Algorithms.ds("X509Certificate")).prefix(8) {
                if let key = bytes(certificate).flatMap({ try? Certificate(der: $0) })?.publicKey { found.append(key) }
            }
        }
        return Array(found.prefix(8))
    }

    /// The length of an RSA key that is shown but too short to be one of ours; nil when there is none.
    static func weakness(_ keyInfo: XMLElement) -> Int? {
        do {
            for value in keyInfo.children(Algorithms.ds("KeyValue")).compactMap({ $0.child(Algorithms.ds("RSAKeyValue")) }) {
                let modulus = value.child(Algorithms.ds("Modulus")).flatMap(bytes) ?? []
                let exponent = value.child(Algorithms.ds("Exponent")).flatMap(bytes) ?? []
                _ = try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
            for der in keyInfo.children(EncryptionNames.dsig11("DEREncodedKeyValue")).compactMap(bytes) { _ = try PublicKey(spki: der) }
        } catch KeyError.weak(let bits) {
            return bits
        } catch {}
        return nil
    }

    private static let rfc4050 = "http://www.w3.org/2001/04/xmldsig-more#"

    private static func point(_ value: XMLElement) -> PublicKey? {
        guard let curve = value.child(EncryptionNames.dsig11("NamedCurve"))?.attribute("URI").flatMap(EncryptionNames.curve),
            let point = value.child(EncryptionNames.dsig11("PublicKey")).flatMap(bytes), point.count == 1 + 2 * curve.width,
            point.first == 4
        else { return nil }
        return try? PublicKey(curve: curve, x: Array(point[1...curve.width]), y: Array(point[(1 + curve.width)...]))
    }

    /// Coordinates in decimal digits (RFC 4050 §3.2).
    private static func decimalPoint(_ value: XMLElement) -> PublicKey? {
        let name = { (local: String) in XMLName(rfc4050, local) }
        guard let urn = value.child(name("DomainParameters"))?.child(name("NamedCurve"))?.attribute("URN"),
            let curve = EncryptionNames.curve(urn), let key = value.child(name("PublicKey")),
            let x = key.child(name("X"))?.attribute("Value").flatMap({ number($0, curve.width) }),
            let y = key.child(name("Y"))?.attribute("Value").flatMap({ number($0, curve.width) })
        else { return nil }
        return try? PublicKey(curve: curve, x: x, y: y)
    }

    private static func number(_ decimal: String, _ width: Int) -> [UInt8]? {
        // 2^528 has 159 digits.
        guard (1...159).contains(decimal.utf8.count) else { return nil }
        var bytes = [UInt8](repeating: 0, count: width)
        for digit in decimal.utf8 {
            guard (0x30...0x39).contains(digit) else { return nil }
            var carry = Int(digit) - 0x30
            for index in bytes.indices.reversed() {
                carry += Int(bytes[index]) * 10
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            guard carry == 0 else { return nil }
        }
        return bytes
    }

    private static func bytes(_ element: XMLElement) -> [UInt8]? {
        element.hasOnlyText ? Base64.decodeLenient(element.text) : nil
    }
}
