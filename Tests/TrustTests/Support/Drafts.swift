import Cryptography
import Vocabulary

/// A certificate in the making: a small imaginary PKI needs every field to be ours to get wrong.
struct CertificateDraft {
    var serial: [UInt8]
    var issuer: DistinguishedName
    var subject: DistinguishedName
    var notBefore = Moment.early
    var notAfter = Moment.late
    var key: PublicKey
    /// [0] EXPLICIT version; empty for version 1.
    var version: [UInt8] = [0xa0, 3, 2, 1, 2]
    var extensions: [[UInt8]]

    func signed(by key: PrivateKey) throws -> Certificate {
        let algorithm = key.usual
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(version)
                writer.integer(content: serial)
                writer.raw(algorithm.identifier)
                writer.raw(issuer.der)
                writer.sequence {
                    $0.time(notBefore)
                    $0.time(notAfter)
                }
                writer.raw(subject.der)
                writer.raw(self.key.spki)
                if !extensions.isEmpty { writer.context(3) { writer in writer.sequence { $0.raw(extensions.flatMap { $0 }) } } }
            }
        }
        return try Certificate(der: SignedStructure.make(body, key: key, algorithm))
    }
}

/// The moments all tests share. One day is 86,400 seconds.
enum Moment {
    static let early = Timestamp(seconds: 1_760_000_000)
    static let now = Timestamp(seconds: 1_795_000_000)
    static let late = Timestamp(seconds: 1_900_000_000)
    static func days(_ count: Int64) -> Timestamp { now.adding(seconds: count * 86_400) }
    static func minutes(_ count: Int64) -> Timestamp { now.adding(seconds: count * 60) }
}

extension PrivateKey {
    var usual: SignatureAlgorithm {
        switch publicKey.kind {
        case .rsa: .rsaPKCS1(.sha256)
        case .ec(.p384): .ecdsa(.sha384)
        case .ec: .ecdsa(.sha256)
        case .ed25519, .x25519: .ed25519
        }
    }
}

/// The extensions of certificates and lists, one function each.
enum Extension {
    static func raw(_ identifier: ObjectIdentifier, critical: Bool = false, _ value: (inout DERWriter) -> Void) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                if critical { $0.boolean(true) }
                $0.octetString(value)
            }
        }
    }

    static func keyUsage(_ usage: KeyUsage) -> [UInt8] { raw(.keyUsage, critical: true) { $0.namedBits(usage.rawValue) } }

    static func authority(pathLength: Int? = nil) -> [UInt8] {
        raw(.basicConstraints, critical: true) { writer in
            writer.sequence {
                $0.boolean(true)
                if let pathLength { $0.integer(pathLength) }
            }
        }
    }

    static func subjectKey(_ key: PublicKey) -> [UInt8] { raw(.subjectKeyIdentifier) { $0.octetString(key.keyIdentifier) } }

    static func authorityKey(_ identifier: [UInt8]) -> [UInt8] {
        raw(.authorityKeyIdentifier) { writer in writer.sequence { $0.context(0, content: identifier) } }
    }

    static func policies(_ policies: [ObjectIdentifier]) -> [UInt8] {
        raw(.certificatePolicies, critical: true) { writer in
            writer.sequence { writer in for policy in policies { writer.sequence { $0.objectIdentifier(policy) } } }
        }
    }

    static func purpose(_ purpose: ObjectIdentifier) -> [UInt8] {
        raw(.extendedKeyUsage) { writer in writer.sequence { $0.objectIdentifier(purpose) } }
    }

    /// `[0] { [0] { [4] name } }`, the way JPKI names a partition; nil names for none.
    static func pointName(_ name: DistinguishedName, to writer: inout DERWriter) {
        writer.context(0) { $0.context(0) { $0.context(4) { $0.raw(name.der) } } }
    }

    static func pointURI(_ uri: String, to writer: inout DERWriter) {
        writer.context(0) { $0.context(0) { $0.context(6, content: Array(uri.utf8)) } }
    }

    static func distributionPoints(_ points: [(inout DERWriter) -> Void]) -> [UInt8] {
        raw(.crlDistributionPoints) { writer in writer.sequence { writer in for point in points { writer.sequence(point) } } }
    }

    static func issuingPoint(_ fields: (inout DERWriter) -> Void) -> [UInt8] {
        raw(.issuingDistributionPoint, critical: true) { $0.sequence(fields) }
    }
}
