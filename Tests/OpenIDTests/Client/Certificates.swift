import Cryptography
import OpenID
import Testing
import Vocabulary

/// Client certificates of the imaginary federation, written by hand so that any name can stand in them. Whether somebody believes them is
/// the test's to say.
struct ImaginaryCertificate {
    static let subject: [(NameAttribute.Kind, String)] = [
        (.country, "JP"), (.organization, "Example Agency"), (.commonName, "portal.example.go.jp"),
    ]

    static func der(
        _ subject: DistinguishedName = DistinguishedName(subject), names: [GeneralName] = [], key: PrivateKey? = nil
    ) throws -> [UInt8] {
        let key = try key ?? PrivateKey.generate(.ec(.p256))
        let issuer = DistinguishedName([(.country, "JP"), (.commonName, "Example CA")])
        let body = DERWriter.build { writer in
            writer.sequence { writer in
                writer.context(0) { $0.integer(2) }
                writer.integer(0x51)
                writer.raw(SignatureAlgorithm.ecdsa(.sha256).identifier)
                writer.raw(issuer.der)
                writer.sequence {
                    $0.time(Federation.now.adding(seconds: -3_600))
                    $0.time(Federation.now.adding(seconds: 86_400))
                }
                writer.raw(subject.der)
                writer.raw(key.publicKey.spki)
                guard !names.isEmpty, let kind = ObjectIdentifier("2.5.29.17") else { return }
                writer.context(3) { writer in
                    writer.sequence { writer in
                        writer.sequence { writer in
                            writer.objectIdentifier(kind)
                            writer.octetString { writer in writer.sequence { writer in for name in names { write(name, to: &writer) } } }
                        }
                    }
                }
            }
        }
        return try SignedStructure.make(body, key: key, .ecdsa(.sha256))
    }

    private static func write(_ name: GeneralName, to writer: inout DERWriter) {
        switch name {
        case .email(let text): writer.context(1, content: Array(text.utf8))
        case .dns(let text): writer.context(2, content: Array(text.utf8))
        case .uri(let text): writer.context(6, content: Array(text.utf8))
        case .address(let bytes): writer.context(7, content: bytes)
        default: break
        }
    }

    /// A name from texts, each under its own attribute type and string type: what the canonical comparison must look through.
    static func name(_ parts: [[(type: String, text: String, tag: UInt8)]]) throws -> DistinguishedName {
        let der = try DERWriter.build(parts)
        return try DistinguishedName(der: der)
    }
}

extension DERWriter {
    fileprivate static func build(_ parts: [[(type: String, text: String, tag: UInt8)]]) throws -> [UInt8] {
        var sets: [[UInt8]] = []
        for part in parts {
            var attributes: [[UInt8]] = []
            for (type, text, tag) in part {
                guard let kind = ObjectIdentifier(type) else { throw Missing() }
                attributes.append(
                    build { writer in
                        writer.sequence {
                            $0.objectIdentifier(kind)
                            $0.element(tag, Array(text.utf8))
                        }
                    })
            }
            sets.append(build { $0.setOf(attributes) })
        }
        return build { writer in writer.sequence { writer in for set in sets { writer.raw(set) } } }
    }
}
