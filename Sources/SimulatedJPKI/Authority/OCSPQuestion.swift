import Cryptography
import Vocabulary

/// What an OCSP client asks (RFC 6960 §4.1): bounded, strict where we read, blind to what we do not need.
struct OCSPQuestion {
    struct Subject: Sendable {
        /// CertID as it came, to be given back.
        let encoded: [UInt8]
        let digest: DigestAlgorithm
        let issuerName: [UInt8]
        let issuerKey: [UInt8]
        let serial: [UInt8]
    }

    let subjects: [Subject]
    /// The value of the nonce extension as it came.
    let nonce: [UInt8]?

    static let longest = 16_384
    /// Real clients ask for one.
    private static let mostSubjects = 16

    init(_ der: [UInt8]) throws(OCSPTrouble) {
        guard der.count <= Self.longest else { throw .malformed }
        do {
            (subjects, nonce) = try Self.read(der)
        } catch {
            throw .malformed
        }
        guard (1...Self.mostSubjects).contains(subjects.count) else { throw .malformed }
    }

    private static func read(_ der: [UInt8]) throws -> ([Subject], [UInt8]?) {
        var whole = try DERReader.whole(der)
        var body = try whole.expect(DERTag.sequence).reader
        if let version = try body.takeExplicit(0), try version.smallInteger() != 0 { throw OCSPTrouble.malformed }
        _ = try body.take(DERTag.contextConstructed(1))
        var list = try body.expect(DERTag.sequence).reader
        var subjects: [Subject] = []
        while !list.isAtEnd {
            var request = try list.expect(DERTag.sequence).reader
            subjects.append(try subject(request.expect(DERTag.sequence)))
        }
        let extensions = try body.takeExplicit(2)
        try body.finish()
        return (subjects, try extensions.flatMap(nonce))
    }

    private static func subject(_ element: DERElement) throws -> Subject {
        var certID = element.reader
        var algorithm = try certID.expect(DERTag.sequence).reader
        let digest: DigestAlgorithm
        switch try algorithm.expect(DERTag.objectIdentifier).objectIdentifier() {
        case OID.sha1: digest = .sha1
        case OID.sha256: digest = .sha256
        default: throw OCSPTrouble.malformed
        }
        let name = try certID.expect(DERTag.octetString).content
        let key = try certID.expect(DERTag.octetString).content
        let serial = try certID.expect(DERTag.integer).integer()
        try certID.finish()
        return Subject(encoded: element.encoded, digest: digest, issuerName: name, issuerKey: key, serial: serial)
    }

    /// RFC 8954: 1 to 32 bytes; longer ones up to 128 come from older clients.
    private static func nonce(_ extensions: DERElement) throws -> [UInt8]? {
        var list = extensions.reader
        while !list.isAtEnd {
            var item = try list.expect(DERTag.sequence).reader
            let identifier = try item.expect(DERTag.objectIdentifier).objectIdentifier()
            _ = try item.take(DERTag.boolean)
            let value = try item.expect(DERTag.octetString).content
            guard identifier == .ocspNonce else { continue }
            guard (1...130).contains(value.count) else { throw OCSPTrouble.malformed }
            return value
        }
        return nil
    }
}

/// The answers without a signature (RFC 6960 §4.2.1).
enum OCSPTrouble: UInt8, Error, Sendable {
    case malformed = 1
    case `internal` = 2
    case unauthorized = 6

    var der: [UInt8] { DERWriter.build { $0.sequence { $0.enumerated(rawValue) } } }
}
