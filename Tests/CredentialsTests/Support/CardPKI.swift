import Credentials
import Cryptography
import Trust
import Vocabulary

/// The day all these tests take place on, and distances from it.
enum Moment {
    static let now = Timestamp(seconds: 1_795_233_600)  // 2026-11-21T04:00:00Z
    static let day: Int64 = 86_400
    static let year: Int64 = 31_557_600
}

/// A small imaginary card PKI after `jpki.md` §1: two generations of login authority with one name, a signature authority, a test
/// hierarchy. Everything it makes is real DER with real signatures and goes through the real front doors.
struct Authority: Sendable {
    let name: DistinguishedName
    let key: PrivateKey
    let certificate: Certificate

    init(organisation: String = "JPKI", unit: String = CardProfile.loginUnit, born: Int64) throws {
        name = CardProfile.authority(organisation: organisation, unit: unit)
        key = try PrivateKey.generate(.rsa(bits: 2048))
        let extensions: [[UInt8]] = [
            Extension.keyUsage([5, 6]), Extension.basicConstraints, Extension.subjectKey(key.publicKey.keyIdentifier),
        ]
        certificate = try Certificate(
            der: Issuing.certificate(
                subject: name, key: key.publicKey, issuer: name, signer: key, serial: [1], from: Moment.now.adding(seconds: born),
                to: Moment.now.adding(seconds: born + 10 * Moment.year), extensions: extensions))
    }

    var anchor: TrustAnchor { TrustAnchor(certificate: certificate, isSimulated: false) }
    var simulatedAnchor: TrustAnchor { TrustAnchor(certificate: certificate, isSimulated: true) }

    static func make(organisation: String = "JPKI", unit: String = CardProfile.loginUnit, born: Int64) -> Authority {
        do {
            return try Authority(organisation: organisation, unit: unit, born: born)
        } catch {
            preconditionFailure("the imaginary authority cannot be made: \(error)")
        }
    }

    static let older = make(born: -7 * Moment.year)
    static let newer = make(born: -3 * Moment.year)
    static let signing = make(unit: CardProfile.signatureUnit, born: -3 * Moment.year)
    static let test = make(organisation: "JPKI-TEST", born: -3 * Moment.year)
    static let stranger = make(born: -3 * Moment.year)

    static let anchors = TrustStore(anchors: [older.anchor, newer.anchor, signing.anchor])
}

/// What a certificate on a card looks like; each test changes one thing.
struct Card: Sendable {
    var authority = Authority.newer
    var key = Card.rsa
    var serial: [UInt8] = [0x06, 0xd1, 0x80, 0x07]
    var from = Moment.now.adding(seconds: -Moment.year)
    var to = Moment.now.adding(seconds: 4 * Moment.year)
    var policies = ["1.2.392.200149.8.5.1.3.30"]
    /// Bit numbers of keyUsage (RFC 5280 §4.2.1.3); nil leaves the extension out.
    var usage: [Int]? = [0]
    var isAuthority = false

    static let rsa = key(.rsa(bits: 2048))
    static let otherRSA = key(.rsa(bits: 2048))
    static let p384 = key(.ec(.p384))

    static func key(_ kind: KeyKind) -> PrivateKey {
        do { return try PrivateKey.generate(kind) } catch { preconditionFailure("no key: \(error)") }
    }

    func certificate() throws -> [UInt8] {
        var extensions = [Extension.policies(policies), Extension.authorityKey(authority.key.publicKey.keyIdentifier)]
        if let usage { extensions.append(Extension.keyUsage(usage)) }
        if isAuthority { extensions.append(Extension.basicConstraints) }
        return try Issuing.certificate(
            subject: DistinguishedName([(.country, "JP"), (.commonName, "997794E9AGCIEG13221003A")]), key: key.publicKey,
            issuer: authority.name, signer: authority.key, serial: serial, from: from, to: to, extensions: extensions)
    }

    func recognised(
        by profile: CardProfile = .jpki, anchors: TrustStore = Authority.anchors, allowSimulated: Bool = false,
        at now: Timestamp = Moment.now
    ) throws -> LoginCertificate {
        try profile.recognise(certificate: certificate(), anchors: anchors, allowSimulated: allowSimulated, at: now)
    }
}

enum Issuing {
    static func certificate(
        subject: DistinguishedName, key: PublicKey, issuer: DistinguishedName, signer: PrivateKey, serial: [UInt8], from: Timestamp,
        to: Timestamp, extensions: [[UInt8]]
    ) throws -> [UInt8] {
        let algorithm = SignatureAlgorithm.rsaPKCS1(.sha256)
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(0) { $0.integer(2) }
                writer.integer(content: serial)
                writer.raw(algorithm.identifier)
                writer.raw(issuer.der)
                writer.sequence {
                    $0.time(from)
                    $0.time(to)
                }
                writer.raw(subject.der)
                writer.raw(key.spki)
                writer.context(3) { $0.sequence { $0.raw(extensions.flatMap { $0 }) } }
            }
        }
        return try SignedStructure.make(body, key: signer, algorithm)
    }
}

enum Extension {
    static func make(_ oid: ObjectIdentifier, critical: Bool, _ value: (inout DERWriter) -> Void) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(oid)
                if critical { $0.boolean(true) }
                $0.octetString(DERWriter.build(value))
            }
        }
    }

    static func keyUsage(_ bits: [Int]) -> [UInt8] {
        make(.keyUsage, critical: true) { $0.namedBits(bits.reduce(0) { $0 | 1 << UInt16($1) }) }
    }

    static let basicConstraints = make(.basicConstraints, critical: true) { $0.sequence { $0.boolean(true) } }

    static func subjectKey(_ identifier: [UInt8]) -> [UInt8] {
        make(.subjectKeyIdentifier, critical: false) { $0.octetString(identifier) }
    }

    static func authorityKey(_ identifier: [UInt8]) -> [UInt8] {
        make(.authorityKeyIdentifier, critical: false) { $0.sequence { $0.context(0, content: identifier) } }
    }

    static func policies(_ dotted: [String]) -> [UInt8] {
        make(.certificatePolicies, critical: true) { writer in
            writer.sequence { writer in
                for policy in dotted.compactMap({ ObjectIdentifier($0) }) { writer.sequence { $0.objectIdentifier(policy) } }
            }
        }
    }
}
