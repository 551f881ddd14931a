import Cryptography
import Foundation
import Testing
import Vocabulary

/// One file of `asn1`: a certificate, or a structure that belongs into one.
struct ASN1Case {
    let file: String
    let expected: String
    let lint: String
    let blocks: [(label: String, der: [UInt8])]

    /// The cases of a manifest, or nothing after saying loudly how many were not run.
    static func all(_ manifest: String, count: Int) throws -> [ASN1Case] {
        guard let bytes = read(manifest) else {
            print("NOT RUN: \(count) cases of asn1/\(manifest): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(count) cases of asn1/\(manifest) were not run") }
            return []
        }
        let tests = try #require(JSON(reading: bytes, limit: 8 << 20)["tests"]?.array)
        #expect(tests.count == count, "the file has another number of cases")
        return try tests.map { test in
            let file = try #require(test["file"]?.string)
            return ASN1Case(
                file: file, expected: try #require(test["expected"]?.string), lint: test["lint"]?.string ?? "",
                blocks: labelled(try #require(read(file))))
        }
    }

    var certificate: [UInt8]? { blocks.first { $0.label == "CERTIFICATE" }?.der }

    private static func labelled(_ text: [UInt8]) -> [(label: String, der: [UInt8])] {
        var labels: [String] = []
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("-----BEGIN ") {
            let label = String(line.dropFirst(11).prefix { $0 != "-" })
            if !labels.contains(label) { labels.append(label) }
        }
        return labels.flatMap { label in PEM.decode(text, label: label).map { (label, $0) } }
    }

    private static func read(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: root + "/asn1/" + path).map { Array($0) } }

    private static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path() + "shared/vectors"
}

/// The fields of a TBSCertificate, to be put together otherwise.
struct ASN1Body {
    var version: [UInt8] = []
    var serial: [UInt8]
    var algorithm: [UInt8]
    var issuer: [UInt8]
    var validity: [UInt8]
    var subject: [UInt8]
    var key: [UInt8]
    /// Unique identifiers and extensions.
    var rest: [[UInt8]] = []

    /// Nil for what has other fields.
    init?(_ body: [UInt8]) {
        guard var fields = try? DERReader.whole(body) else { return nil }
        do {
            version = try fields.take(DERTag.contextConstructed(0))?.encoded ?? []
            serial = try fields.next().encoded
            algorithm = try fields.next().encoded
            issuer = try fields.next().encoded
            validity = try fields.next().encoded
            subject = try fields.next().encoded
            key = try fields.next().encoded
            while !fields.isAtEnd { rest.append(try fields.next().encoded) }
        } catch { return nil }
    }

    init?(certificate: [UInt8]) {
        guard var outer = try? DERReader.whole(certificate), let body = try? outer.expect(DERTag.sequence).encoded else { return nil }
        self.init(body)
    }

    func signed(by signer: PrivateKey) throws -> [UInt8] {
        let algorithm = SignatureAlgorithm.ecdsa(.sha256)
        let body = DERWriter.build {
            $0.sequence { body in
                for part in [version, serial, algorithm.identifier, issuer, validity, subject, key] + rest { body.raw(part) }
            }
        }
        let signature = try signer.sign(body, algorithm)
        return DERWriter.build {
            $0.sequence { whole in
                whole.raw(body)
                whole.raw(algorithm.identifier)
                whole.bitString(signature)
            }
        }
    }
}

/// The count of a suite, printed once.
struct VectorTally {
    var agree = 0
    var skipped: [String: Int] = [:]
    var differ = 0

    func tell(_ suite: String) {
        print("\(suite): \(agree) agree, \(skipped.values.reduce(0, +)) skipped by name, \(differ) differ")
        for (why, count) in skipped.sorted(by: { $0.key < $1.key }) { print("    skipped \(count): \(why)") }
    }
}
