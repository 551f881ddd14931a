import Cryptography
import Vocabulary
import XML

/// The key in a `KeyDescriptor`: the certificate is only its wrapping (SAML V2.0 Metadata Interoperability Profile §2.5; IIP-MD05).
enum MetadataKey {
    enum Refusal: Error, Hashable {
        case missing
        case several
        case certificate(String)
        case key(KeyError)

        var text: String {
            switch self {
            case .missing: "no X509Certificate, RSAKeyValue or ECKeyValue in it"
            case .several: "two different keys in one KeyDescriptor"
            case .certificate(let reason): "the certificate cannot be read: " + reason
            case .key(.weak(let bits)): "the key is too weak: \(bits) bits"
            case .key(.unsupported): "the kind of key is not supported"
            case .key: "the key cannot be read"
            }
        }
    }

    static func read(_ descriptor: XMLElement) throws(Refusal) -> (key: PublicKey, certificate: [UInt8]?) {
        var found: PublicKey?
        var certificate: [UInt8]?
        for information in descriptor.children(.signature("KeyInfo")) {
            for item in information.children {
                for (key, der) in try keys(in: item) {
                    guard found == nil || found == key else { throw .several }
                    found = key
                    certificate = certificate ?? der
                }
            }
        }
        guard let found else { throw .missing }
        return (found, certificate)
    }

    private static func keys(in item: XMLElement) throws(Refusal) -> [(PublicKey, [UInt8]?)] {
        var keys: [(PublicKey, [UInt8]?)] = []
        if item.isNamed(.signature("X509Data")) {
            for certificate in item.children(.signature("X509Certificate")) { keys.append(try key(certificate: certificate)) }
        } else if item.isNamed(.signature("KeyValue")) {
            for value in item.children {
                if value.isNamed(.signature("RSAKeyValue")) { keys.append((try rsa(value), nil)) }
                if value.isNamed(.signature11("ECKeyValue")) { keys.append((try ellipticCurve(value), nil)) }
            }
        }
        return keys
    }

    private static func key(certificate: XMLElement) throws(Refusal) -> (PublicKey, [UInt8]?) {
        guard certificate.hasOnlyText, let der = Base64.decodeLenient(certificate.text) else { throw .certificate("no Base64") }
        do {
            return (try Certificate(der: der).publicKey, der)
        } catch {
            throw .certificate("\(error)")
        }
    }

    private static func rsa(_ value: XMLElement) throws(Refusal) -> PublicKey {
        guard let modulus = bytes(value.child(.signature("Modulus"))), let exponent = bytes(value.child(.signature("Exponent"))) else {
            throw .key(.malformed)
        }
        do {
            return try PublicKey(rsaModulus: modulus, exponent: exponent)
        } catch {
            throw .key(error)
        }
    }

    /// XML Signature 1.1 §4.5.2.3, named curves and uncompressed points only.
    private static func ellipticCurve(_ value: XMLElement) throws(Refusal) -> PublicKey {
        let curve: EllipticCurve
        switch value.child(.signature11("NamedCurve"))?.attribute("URI") {
        case "urn:oid:1.2.840.10045.3.1.7": curve = .p256
        case "urn:oid:1.3.132.0.34": curve = .p384
        case "urn:oid:1.3.132.0.35": curve = .p521
        default: throw .key(.unsupported)
        }
        guard let point = bytes(value.child(.signature11("PublicKey"))), point.first == 4, point.count >= 3, point.count % 2 == 1 else {
            throw .key(.malformed)
        }
        let half = point.count / 2
        do {
            return try PublicKey(curve: curve, x: Array(point.dropFirst().prefix(half)), y: Array(point.suffix(half)))
        } catch {
            throw .key(error)
        }
    }

    private static func bytes(_ element: XMLElement?) -> [UInt8]? {
        guard let element, element.hasOnlyText else { return nil }
        return Base64.decodeLenient(element.text)
    }
}
