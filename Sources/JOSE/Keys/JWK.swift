package import Cryptography
package import Vocabulary

/// Why a JSON value is no key for us.
package enum JWKRefusal: Error, Hashable, Sendable {
    /// Not an object, or this member is absent, of the wrong type or not in its one spelling.
    case malformed(member: String)
    /// A symmetric key, or a private key where a public one belongs: whoever sent it has to replace it.
    case secret(member: String)
    /// A `kty`, `crv` or `alg` we do not take.
    case unsupported(member: String, value: String)
    /// `alg` names an algorithm that this key cannot serve, or `use` and `key_ops` contradict each other.
    case contradiction(member: String)
    case key(KeyError)
}

/// A public key with what its owner says about its use (RFC 7517).
package struct JWK: Sendable {
    package let key: PublicKey
    package let keyID: String?
    /// The only signature algorithm this key serves, when the owner bound it to one.
    package let algorithm: JWSAlgorithm?
    /// The only encryption algorithm this key serves, when the owner bound it to one.
    package let encryptionAlgorithm: JWEAlgorithm?
    /// `sig` or `enc`.
    package let use: String?
    /// `key_ops`, when it names some.
    package let operations: [String]?
    /// `x5c`: certificates as DER, the one of this key first. They prove nothing about its owner; a TLS client may be known by them
    /// (RFC 8705 §2.2).
    package let certificates: [[UInt8]]
    /// `x5t#S256`, base64url: what the owner gave, or that of the first certificate.
    package let certificateThumbprint: String?

    /// One of our own keys, for publication.
    package init(_ key: PublicKey, keyID: String, algorithm: JWSAlgorithm) {
        self.init(key, keyID: keyID, use: "sig", algorithm: algorithm, encryption: nil)
    }

    /// One of our own keys that others encrypt to, for publication; without an algorithm for all that fit it.
    package init(_ key: PublicKey, keyID: String?, encryption: JWEAlgorithm?) {
        self.init(key, keyID: keyID, use: "enc", algorithm: nil, encryption: encryption)
    }

    /// A key of which nobody said anything, out of a certificate or a PEM file: for all that fits it, under every name.
    package init(unnamed key: PublicKey) {
        self.init(key, keyID: nil, use: nil, algorithm: nil, encryption: nil)
    }

    private init(_ key: PublicKey, keyID: String?, use: String?, algorithm: JWSAlgorithm?, encryption: JWEAlgorithm?) {
        self.key = key
        self.keyID = keyID
        self.algorithm = algorithm
        self.use = use
        encryptionAlgorithm = encryption
        operations = nil
        certificates = []
        certificateThumbprint = nil
    }

    /// Reads a public signature or encryption key. Unknown members are ignored (RFC 7517 §4), except those that hold secrets.
    package init(reading json: JSON) throws(JWKRefusal) {
        guard json.members != nil else { throw .malformed(member: "") }
        let type = try json.text("kty")
        for member in Self.secretMembers where json[member] != nil { throw .secret(member: member) }
        switch type {
        case "RSA": key = try Self.rsa(json)
        case "EC": key = try Self.ec(json)
        case "OKP": key = try Self.okp(json)
        case "oct": throw .secret(member: "kty")
        default: throw .unsupported(member: "kty", value: type)
        }
        keyID = try json.optionalText("kid")
        use = try json.optionalText("use")
        if let use, use != "sig", use != "enc" { throw .unsupported(member: "use", value: use) }
        operations = try Self.operations(json)
        (algorithm, encryptionAlgorithm) = try Self.algorithm(json, fitting: key.kind)
        certificates = try JWKCertificates.read(json, of: key)
        certificateThumbprint = try JWKCertificates.thumbprint(json, of: certificates)
        // RFC 7517 §4.3: when both are there they must be consistent.
        if use == "enc", operations?.contains("verify") == true { throw .contradiction(member: "key_ops") }
        if use == "sig", let operations, !operations.contains("verify") { throw .contradiction(member: "key_ops") }
        if use == "sig", encryptionAlgorithm != nil { throw .contradiction(member: "use") }
        if use == "enc", algorithm != nil { throw .contradiction(member: "use") }
    }

    /// Whether the owner means this key for verifying signatures made by `algorithm`.
    package func serves(_ algorithm: JWSAlgorithm) -> Bool {
        guard use != "enc", encryptionAlgorithm == nil, operations?.contains("verify") != false, algorithm.fits(key.kind) else {
            return false
        }
        return self.algorithm?.isSame(as: algorithm) ?? true
    }

    /// Whether the owner means this key for encrypting to them by `algorithm`.
    package func serves(_ algorithm: JWEAlgorithm) -> Bool {
        guard use != "sig", self.algorithm == nil, algorithm.fits(key.kind) else { return false }
        if let operations, algorithm.operations.isDisjoint(with: operations) { return false }
        return encryptionAlgorithm == nil || encryptionAlgorithm == algorithm
    }

    /// A key without a name answers to every name (RFC 7515 §4.1.4 leaves `kid` to those who share it).
    func answers(to name: String?) -> Bool {
        guard let name, let keyID else { return true }
        return name.utf8.elementsEqual(keyID.utf8)
    }

    // RSA and EC private members, the multi-prime list, the symmetric key (RFC 7518 §6.2.2, §6.3.2, §6.4).
    private static let secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    private static func rsa(_ json: JSON) throws(JWKRefusal) -> PublicKey {
        let modulus = try json.bytes("n")
        let exponent = try json.bytes("e")
        // Base64urlUInt has no leading zero octet (RFC 7518 §2); a key must have one thumbprint.
        guard modulus.first != 0 else { throw .malformed(member: "n") }
        guard exponent.first != 0 else { throw .malformed(member: "e") }
        do { return try PublicKey(rsaModulus: modulus, exponent: exponent) } catch { throw .key(error) }
    }

    private static func ec(_ json: JSON) throws(JWKRefusal) -> PublicKey {
        let name = try json.text("crv")
        guard let curve = EllipticCurve(jose: name) else { throw .unsupported(member: "crv", value: name) }
        let x = try json.bytes("x")
        let y = try json.bytes("y")
        guard x.count == curve.width else { throw .malformed(member: "x") }
        guard y.count == curve.width else { throw .malformed(member: "y") }
        do { return try PublicKey(curve: curve, x: x, y: y) } catch { throw .key(error) }
    }

    private static func okp(_ json: JSON) throws(JWKRefusal) -> PublicKey {
        let name = try json.text("crv")
        guard name == "Ed25519" || name == "X25519" else { throw .unsupported(member: "crv", value: name) }
        let bytes = try json.bytes("x")
        do { return try name == "X25519" ? PublicKey(x25519: bytes) : PublicKey(ed25519: bytes) } catch { throw .key(error) }
    }

    private static func operations(_ json: JSON) throws(JWKRefusal) -> [String]? {
        guard let value = json["key_ops"] else { return nil }
        guard let operations = value.strings, operations.count <= 8, Set(operations).count == operations.count else {
            throw .malformed(member: "key_ops")
        }
        // Web Cryptography gives the public half of an agreement no operation of its own, and exports an empty list.
        return operations.isEmpty ? nil : operations
    }

    private static func algorithm(_ json: JSON, fitting kind: KeyKind) throws(JWKRefusal) -> (JWSAlgorithm?, JWEAlgorithm?) {
        guard let name = try json.optionalText("alg") else { return (nil, nil) }
        if let algorithm = JWSAlgorithm(rawValue: name) {
            guard algorithm.fits(kind) else { throw .contradiction(member: "alg") }
            return (algorithm, nil)
        }
        guard let algorithm = JWEAlgorithm(rawValue: name) else { throw .unsupported(member: "alg", value: name) }
        guard algorithm.fits(kind) else { throw .contradiction(member: "alg") }
        return (nil, algorithm)
    }
}

extension JWK {
    /// The public key as a JSON object, members in a fixed order.
    package var json: JSON {
        var members = required
        if let keyID { members.append(("kid", .string(keyID))) }
        if let use { members.append(("use", .string(use))) }
        if let operations { members.append(("key_ops", .array(operations.map { .string($0) }))) }
        if let name = algorithm?.rawValue ?? encryptionAlgorithm?.rawValue { members.append(("alg", .string(name))) }
        if !certificates.isEmpty { members.append(("x5c", .array(certificates.map { .string(Base64.encode($0)) }))) }
        if let certificateThumbprint { members.append(("x5t#S256", .string(certificateThumbprint))) }
        return .object(members)
    }

    /// SHA-256 thumbprint, base64url (RFC 7638 §3): a name that anyone computes alike from the key alone.
    package var thumbprint: String {
        // Lexicographic order of the required members, no white space.
        let sorted = required.sorted { $0.0 < $1.0 }
        return Base64url.encode(Digest.sha256(JSON.object(sorted).bytes))
    }

    private var required: [(String, JSON)] {
        if let (modulus, exponent) = key.rsaComponents {
            return [("kty", "RSA"), ("n", .string(Base64url.encode(modulus))), ("e", .string(Base64url.encode(exponent)))]
        }
        if let (curve, x, y) = key.ecPoint {
            return [
                ("kty", "EC"), ("crv", .string(curve.joseName)), ("x", .string(Base64url.encode(x))), ("y", .string(Base64url.encode(y))),
            ]
        }
        if let bytes = key.x25519Bytes { return [("kty", "OKP"), ("crv", "X25519"), ("x", .string(Base64url.encode(bytes)))] }
        return [("kty", "OKP"), ("crv", "Ed25519"), ("x", .string(Base64url.encode(key.ed25519Bytes ?? [])))]
    }
}

extension EllipticCurve {
    init?(jose name: String) {
        guard let curve = Self.allCases.first(where: { $0.joseName == name }) else { return nil }
        self = curve
    }

    var joseName: String {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }
}

extension JSON {
    func text(_ member: String) throws(JWKRefusal) -> String {
        guard let text = self[member]?.string else { throw .malformed(member: member) }
        return text
    }

    /// A string of 1 to 255 bytes when the member is there.
    func optionalText(_ member: String) throws(JWKRefusal) -> String? {
        guard let value = self[member] else { return nil }
        guard let text = value.string, (1...255).contains(text.utf8.count) else { throw .malformed(member: member) }
        return text
    }

    func bytes(_ member: String) throws(JWKRefusal) -> [UInt8] {
        guard let bytes = Base64url.decode(try text(member)), !bytes.isEmpty else { throw .malformed(member: member) }
        return bytes
    }
}
