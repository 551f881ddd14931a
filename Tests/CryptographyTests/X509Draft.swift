import Cryptography
import Vocabulary

/// A certificate in the making, every field of it ours to get wrong.
struct X509Draft {
    var version: [UInt8] = DERWriter.build { $0.context(0) { $0.integer(2) } }
    var serial: [UInt8] = [0x05]
    var issuer = DistinguishedName([(.country, "JP"), (.commonName, "Test CA")])
    var subject = DistinguishedName([(.country, "JP"), (.commonName, "997794E9AGCIEG13221003A")])
    var validity: [UInt8] = DERWriter.build { writer in
        writer.sequence {
            $0.time(Timestamp(seconds: 1_700_000_000))
            $0.time(Timestamp(seconds: 1_857_000_000))
        }
    }
    var extensions: [[UInt8]] = []
    var inner = SignatureAlgorithm.ecdsa(.sha256).identifier
    var trailer: [UInt8] = []

    /// One key for all drafts of a run.
    static let key = Result { try PrivateKey.generate(.ec(.p256)) }

    static func `extension`(_ identifier: ObjectIdentifier, critical: Bool = false, _ value: [UInt8]) -> [UInt8] {
        DERWriter.build { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                if critical { $0.boolean(true) }
                $0.octetString(value)
            }
        }
    }

    func der() throws -> [UInt8] {
        let key = try Self.key.get()
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(version)
                writer.integer(content: serial)
                writer.raw(inner)
                writer.raw(issuer.der)
                writer.raw(validity)
                writer.raw(subject.der)
                writer.raw(key.publicKey.spki)
                if !extensions.isEmpty {
                    writer.context(3) { writer in writer.sequence { $0.raw(extensions.flatMap { $0 }) } }
                }
            }
        }
        return try SignedStructure.make(body, key: key, .ecdsa(.sha256), trailer: trailer)
    }
}
