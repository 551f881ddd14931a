import Cryptography
import Foundation
import Vocabulary

/// Good messages to begin from: real authorities' and test suites' from the vectors, and ones made here, so that there are some without.
struct FuzzSeeds {
    enum Kind: Hashable, CaseIterable {
        case certificate, list, answer, key, privateKey, sealed, any
    }

    private var seeds: [Kind: [Mutation]] = [:]
    private(set) var counts: [Kind: Int] = [:]

    /// So many of one kind: structures repeat.
    private static let most = 220

    init() throws {
        let certificates =
            Self.files("pkits/certs", ".crt") + Self.blocks("asn1/zlint", "CERTIFICATE")
            + Self.blocks("asn1/chromium-parse-certificate", "CERTIFICATE") + Self.blocks("revocation/chromium-ocsp", "CERTIFICATE")
            + [try Self.ownCertificate()]
        let lists =
            Self.files("pkits/crls", ".crl") + Self.blocks("revocation/chromium-crl", "CRL") + [try Self.ownList(40), try Self.ownList(0)]
        let answers = Self.blocks("revocation/chromium-ocsp", "OCSP RESPONSE")
        let readable = certificates.compactMap { try? Certificate(der: $0) }
        let privateKeys = try [try PrivateKey.generate(.ec(.p256)), try .generate(.ed25519)].map { try $0.exportPKCS8() }
        let sealed = lists.compactMap { try? ParsedRevocationList(der: $0) }.compactMap { try? SealedIndex($0) }.map { index in
            var file: [UInt8] = []
            index.write { file += $0 }
            return file
        }
        let named: [(Kind, [[UInt8]])] = [
            (.certificate, certificates), (.list, lists), (.answer, answers.isEmpty ? lists : answers),
            (.key, readable.prefix(60).map(\.publicKey.spki)), (.privateKey, privateKeys), (.sealed, Array(sealed.prefix(40))),
        ]
        for (kind, all) in named {
            // Spread over the whole of them, the same every time.
            let step = max(1, all.count / Self.most)
            let chosen = all.enumerated().filter { $0.offset % step == 0 && $0.element.count <= 16_384 }.map(\.element)
            counts[kind] = chosen.count
            seeds[kind] = chosen.map { Mutation($0) }
        }
        seeds[.any] = [Kind.certificate, .list, .answer].flatMap { seeds[$0, default: []] }
    }

    func pick(_ kind: Kind, _ chance: inout Chance) -> Mutation { chance.pick(seeds[kind, default: []]) ?? Mutation([0x30, 0x00]) }

    private static func files(_ folder: String, _ suffix: String) -> [[UInt8]] {
        FuzzSeeds.names(folder).filter { $0.hasSuffix(suffix) }.compactMap { X509Vectors.read(folder + "/" + $0) }
    }

    private static func blocks(_ folder: String, _ label: String) -> [[UInt8]] {
        FuzzSeeds.names(folder).compactMap { X509Vectors.read(folder + "/" + $0) }.compactMap { PEM.decode($0, label: label).first }
    }

    /// The files of a folder of vectors; none when there are none.
    private static func names(_ folder: String) -> [String] {
        let root =
            ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
            ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path() + "shared/vectors"
        return ((try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []).sorted()
    }

    private static func ownCertificate() throws -> [UInt8] {
        var draft = X509Draft()
        draft.extensions = [
            X509Draft.extension(.keyUsage, critical: true, [0x03, 0x02, 0x01, 0x06]),
            X509Draft.extension(.basicConstraints, critical: true, [0x30, 0x03, 0x01, 0x01, 0xff]),
            X509Draft.extension(.policyConstraints, critical: true, [0x30, 0x06, 0x80, 0x01, 0x00, 0x81, 0x01, 0x01]),
            X509Draft.extension(
                .nameConstraints, critical: true,
                DERWriter.build { $0.sequence { $0.context(0) { $0.sequence { $0.context(2, content: Array("lg.example".utf8)) } } } }),
            X509Draft.extension(
                .subjectAlternativeName, DERWriter.build { $0.sequence { $0.context(2, content: Array("a.lg.example".utf8)) } }),
        ]
        return try draft.der()
    }

    private static func ownList(_ count: Int) throws -> [UInt8] {
        let now = Timestamp(seconds: 1_790_000_000)
        let algorithm = SignatureAlgorithm.ecdsa(.sha256)
        let body = DERWriter.build {
            $0.sequence { body in
                body.integer(1)
                body.raw(algorithm.identifier)
                body.raw(DistinguishedName([(.country, "JP"), (.commonName, "Test CA")]).der)
                body.time(now)
                body.time(now.adding(seconds: 86_400))
                if count > 0 {
                    body.sequence { lines in
                        for serial in 0..<count {
                            lines.sequence { line in
                                line.integer(serial * serial * 7919 + 1)
                                line.time(now.adding(seconds: Int64(-serial) * 1000))
                                if serial % 3 > 0 {
                                    line.sequence {
                                        $0.raw(X509Draft.extension(.reasonCode, [0x0a, 0x01, UInt8(serial % 6)]))
                                        if serial % 5 == 0 {
                                            $0.raw(
                                                X509Draft.extension(.invalidityDate, DERWriter.build { $0.generalizedTime(now) }))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                body.context(0) { $0.sequence { $0.raw(X509Draft.extension(.crlNumber, [0x02, 0x01, 0x07])) } }
            }
        }
        return try SignedStructure.make(body, key: X509Draft.key.get(), algorithm)
    }
}
