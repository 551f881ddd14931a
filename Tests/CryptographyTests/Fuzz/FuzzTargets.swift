import Cryptography
import Vocabulary

/// The parsers, each asked everything a user would ask of what it read.
enum FuzzTarget: String, CaseIterable {
    case certificate, list, answer, name, key, privateKey, reader, pem, sealed

    /// What such a parser is fed with.
    var seeds: FuzzSeeds.Kind {
        switch self {
        case .certificate, .pem, .name: .certificate
        case .list: .list
        case .answer: .answer
        case .key: .key
        case .privateKey: .privateKey
        case .reader: .any
        case .sealed: .sealed
        }
    }

    /// Out of a hundred executions. Signing with a private key that was read costs too much to do often.
    var share: Int {
        switch self {
        case .certificate: 36
        case .list: 24
        case .answer: 17
        case .key: 6
        case .name: 5
        case .reader: 5
        case .pem: 3
        case .sealed: 3
        case .privateKey: 1
        }
    }

    /// Whether the bytes were read to the end. Whatever happens in here is an answer; anything else ends the process.
    func reads(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .certificate: Self.readCertificate(bytes)
        case .list: Self.readList(bytes)
        case .answer: Self.readAnswer(bytes)
        case .name: (try? DistinguishedName(der: bytes)).map { $0.text.utf8.count >= 0 && $0 == $0 } ?? false
        case .key: (try? PublicKey(spki: bytes)).map { !$0.verifies([1, 2, 3], over: [4], .ecdsa(.sha256)) } ?? false
        case .privateKey: (try? PrivateKey(pkcs8: bytes)) != nil
        case .reader: Self.walk(DERReader(bytes), depth: 0)
        case .pem: Self.readPEM(bytes)
        case .sealed: Self.readSealed(bytes)
        }
    }

    private static func readCertificate(_ bytes: [UInt8]) -> Bool {
        guard let certificate = try? Certificate(der: bytes) else { return false }
        _ = certificate.subject.text + certificate.issuer.text + certificate.serialText
        _ = certificate.otherNames.count + certificate.ocspURIs.count + certificate.crlDistributionPoints.count
        _ = certificate.nameConstraints
        _ = certificate.policyMappings
        _ = certificate.isSelfIssued
        _ = certificate.isSigned(by: certificate.publicKey)
        return true
    }

    private static func readList(_ bytes: [UInt8]) -> Bool {
        guard let list = try? ParsedRevocationList(der: bytes) else { return false }
        for serial in [[], [0x01], [0x7f, 0xff], [UInt8](repeating: 0xff, count: 20), Array(bytes.prefix(30))] {
            _ = list.entry(serial)
            _ = list.entry(serial, issuer: list.issuer)
        }
        _ = list.issuer.text
        _ = list.number
        return list.count >= 0
    }

    private static func readAnswer(_ bytes: [UInt8]) -> Bool {
        guard let response = try? ParsedOCSPResponse(der: bytes) else { return false }
        for certificate in response.certificates { _ = response.isSigned(by: certificate.publicKey) }
        return true
    }

    private static func readPEM(_ bytes: [UInt8]) -> Bool {
        let text = Array(PEM.encode(bytes, label: "CERTIFICATE").utf8)
        // The message as text, and the message where text is due.
        return (try? Certificate(pem: text)) != nil || (try? Certificate(pem: bytes)) != nil
    }

    private static func readSealed(_ bytes: [UInt8]) -> Bool {
        guard let list = try? ParsedRevocationList(sealed: FixedBytes(copying: bytes)) else { return false }
        for serial in [[0x01], [0x05], [UInt8](repeating: 0x7f, count: 20)] { _ = list.entry(serial, issuer: list.issuer) }
        return list.count >= 0
    }

    private static func walk(_ reader: DERReader, depth: Int) -> Bool {
        var reader = reader
        while !reader.isAtEnd {
            guard let element = try? reader.next() else { return false }
            _ = try? element.objectIdentifier().dotted
            _ = try? element.boolean()
            _ = try? element.namedBits()
            _ = try? element.utf8String()
            _ = element.content.count + element.encoded.count
            if depth < 64, element.tag & 0x20 != 0, !walk(element.reader, depth: depth + 1) { return false }
        }
        return true
    }
}
