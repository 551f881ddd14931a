package import Vocabulary

/// A basic OCSP response (RFC 6960 §4.2.1), read strictly: what it says, not yet whether anybody should believe it.
package struct ParsedOCSPResponse: Sendable {
    /// One answer and one responder certificate take 3 kB.
    package static let largest = 65_536
    private static let mostCertificates = 8

    package enum Responder: Hashable, Sendable {
        case name(DistinguishedName)
        /// SHA-1 of the key's bits.
        case key([UInt8])

        package func isOwner(_ name: DistinguishedName, _ key: PublicKey) -> Bool {
            switch self {
            case .name(let own): own == name
            case .key(let own): own == key.keyIdentifier
            }
        }
    }

    package let responder: Responder
    package let producedAt: Timestamp
    package let answers: [OCSPAnswer]
    package let nonce: [UInt8]?
    /// Certificates that came along and that we can read; others are of no use and passed over.
    package let certificates: [Certificate]
    private let signed: SignedStructure

    package init(der: [UInt8]) throws(OCSPRefusal) {
        guard der.count <= Self.largest else { throw .tooLarge(der.count) }
        do {
            var basic = try Self.basicResponse(der)
            signed = try SignedStructure(reading: &basic)
            let bundle = try basic.takeExplicit(0)
            try basic.finish()
            certificates = try bundle.map { list throws(DERError) in try Self.certificates(list) } ?? []

            var fields = try DERReader.whole(signed.body)
            // Version 1 is the default and often spelled out.
            guard try fields.takeExplicit(0)?.smallInteger() ?? 0 == 0 else { throw DERError.value }
            if let name = try fields.takeExplicit(1) {
                responder = .name(try DistinguishedName(name))
            } else if let key = try fields.takeExplicit(2) {
                guard key.tag == DERTag.octetString else { throw DERError.tag(key.tag) }
                responder = .key(key.content)
            } else {
                throw DERError.value
            }
            producedAt = try fields.expect(DERTag.generalizedTime).time()
            var list = try fields.expect(DERTag.sequence).reader
            var answers: [OCSPAnswer] = []
            while !list.isAtEnd { answers.append(try OCSPAnswer(list.expect(DERTag.sequence))) }
            self.answers = answers
            let extensions = try fields.takeExplicit(1).map { list throws(DERError) in try RawExtension.list(list) } ?? []
            try fields.finish()
            if let unknown = RawExtension.unknownCritical(in: extensions, besides: [.ocspNonce]) {
                throw OCSPRefusal.unknownCriticalExtension(unknown)
            }
            nonce = try OCSPNonce.read(extensions)
        } catch let refusal as OCSPRefusal { throw refusal } catch { throw .malformed((error as? DERError) ?? .value) }
    }

    package var isSignedOverSHA1: Bool { SignatureAlgorithm(identifier: signed.algorithmIdentifier)?.digest == .sha1 }

    /// Whether this key made the signature. False for SHA-1 and algorithms we do not know.
    package func isSigned(by key: PublicKey) -> Bool { signed.isSigned(by: key) }

    /// OCSPResponse down to the inside of BasicOCSPResponse.
    private static func basicResponse(_ der: [UInt8]) throws -> DERReader {
        var outer = try DERReader.whole(der)
        let status = try outer.expect(DERTag.enumerated).smallInteger()
        guard status == 0 else {
            guard let known = OCSPResponderStatus(rawValue: status) else { throw DERError.value }
            throw OCSPRefusal.status(known)
        }
        guard let bytes = try outer.takeExplicit(0), bytes.tag == DERTag.sequence else { throw DERError.value }
        try outer.finish()
        var response = bytes.reader
        let kind = try response.expect(DERTag.objectIdentifier).objectIdentifier()
        guard kind == .ocspBasicResponse else { throw OCSPRefusal.kind(kind) }
        let content = try response.expect(DERTag.octetString).content
        try response.finish()
        return try DERReader.whole(content)
    }

    private static func certificates(_ list: DERElement) throws(DERError) -> [Certificate] {
        guard list.tag == DERTag.sequence else { throw .tag(list.tag) }
        var reader = list.reader
        var certificates: [Certificate] = []
        var count = 0
        while !reader.isAtEnd {
            let element = try reader.expect(DERTag.sequence)
            count += 1
            guard count <= mostCertificates else { throw .value }
            if let certificate = try? Certificate(der: element.encoded) { certificates.append(certificate) }
        }
        return certificates
    }
}
