import Cryptography
import Vocabulary

/// One authority of an imaginary government, and what it issues.
struct ImaginaryAuthority {
    let key: PrivateKey
    let certificate: Certificate

    var pem: String { PEM.encode(certificate.der, label: "CERTIFICATE") }
    var fingerprint: String { Hexadecimal.encode(certificate.fingerprint) }

    /// An authority of its own, or one that another certified.
    init(_ name: String, by issuer: ImaginaryAuthority? = nil, organization: String = "Imaginary Government") throws {
        let key = try PrivateKey.generate(.ec(.p256))
        let subject = DistinguishedName([(.country, "JP"), (.organization, organization), (.commonName, name)])
        let extensions =
            [
                Self.extension(.basicConstraints) { $0.sequence { $0.boolean(true) } },
                Self.extension(.keyUsage) { $0.raw([0x03, 0x02, 0x01, 0x06]) },
                Self.extension(.subjectKeyIdentifier, critical: false) { $0.octetString(key.publicKey.keyIdentifier) },
            ] + Self.authorityKey(issuer?.key ?? key)
        self.key = key
        certificate = try Self.certificate(
            subject, key.publicKey, issuer: issuer?.certificate.subject ?? subject, signer: issuer?.key ?? key, extensions)
    }

    /// A certificate for signing messages.
    func issue(_ name: String, for key: PublicKey) throws -> Certificate {
        let subject = DistinguishedName([(.country, "JP"), (.commonName, name)])
        let usage = Self.extension(.keyUsage) { $0.raw([0x03, 0x02, 0x07, 0x80]) }
        return try Self.certificate(
            subject, key, issuer: certificate.subject, signer: self.key, [usage] + Self.authorityKey(self.key))
    }

    private static func certificate(
        _ subject: DistinguishedName, _ key: PublicKey, issuer: DistinguishedName, signer: PrivateKey, _ extensions: [[UInt8]]
    ) throws -> Certificate {
        var random = SystemRandom()
        let serial = [0x40] + random.bytes(8)
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(0) { $0.integer(2) }
                writer.integer(content: serial)
                writer.raw(SignatureAlgorithm.ecdsa(.sha256).identifier)
                writer.raw(issuer.der)
                writer.sequence {
                    $0.time(Deployment.now.adding(seconds: -86_400))
                    $0.time(Deployment.now.adding(seconds: 86_400 * 1000))
                }
                writer.raw(subject.der)
                writer.raw(key.spki)
                writer.context(3) { writer in writer.sequence { $0.raw(extensions.flatMap(\.self)) } }
            }
        }
        return try Certificate(der: SignedStructure.make(body, key: signer, .ecdsa(.sha256)))
    }

    private static func authorityKey(_ key: PrivateKey) -> [[UInt8]] {
        [
            Self.extension(.authorityKeyIdentifier, critical: false) { writer in
                writer.sequence { $0.raw([0x80, 20] + key.publicKey.keyIdentifier) }
            }
        ]
    }

    private static func `extension`(
        _ identifier: ObjectIdentifier, critical: Bool = true, _ value: (inout DERWriter) -> Void
    ) -> [UInt8] {
        let content = DERWriter.build(value)
        return DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                if critical { $0.boolean(true) }
                $0.octetString(content)
            }
        }
    }
}
