import Vocabulary

/// A certificate read in Swift, before anything is made of its key: hostile bytes meet no C before they have this shape.
struct CertificateFields: Sendable {
    let signed: SignedStructure
    let version: Int
    let serial: [UInt8]
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let notBefore: Timestamp
    let notAfter: Timestamp
    let spki: [UInt8]
    let extensions: CertificateExtensions

    init(der: [UInt8]) throws(CertificateRefusal) {
        let parts: Parts
        do { parts = try Parts(der: der) } catch { throw .malformed(error) }
        // Version 1 has neither identifiers nor extensions, version 2 no extensions, and 1 is the default that DER does not write.
        guard (1...3).contains(parts.version), !parts.spellsVersionOne, parts.version > 1 || !parts.hasUniqueIdentifiers,
            parts.version == 3 || parts.extensions == nil
        else { throw .version }
        // RFC 5280 §4.1.2.2 says at most 20; longer, negative and zero ones exist and are only names here.
        guard parts.serial.count <= Self.longestSerial else { throw .serial }
        guard parts.signed.algorithmIdentifier == parts.algorithm else { throw .algorithmMismatch }
        extensions = try CertificateExtensions(parts.extensions ?? [], issuer: parts.issuer)
        guard !parts.issuer.isEmpty, !parts.subject.isEmpty || extensions.critical.contains(.subjectAlternativeName) else {
            throw .nameless
        }
        signed = parts.signed
        version = parts.version
        serial = parts.serial
        issuer = parts.issuer
        subject = parts.subject
        notBefore = parts.notBefore
        notAfter = parts.notAfter
        spki = parts.spki
    }

    static let longestSerial = 64

    /// Certificate and TBSCertificate (RFC 5280 §4.1), field by field.
    private struct Parts {
        let signed: SignedStructure
        let version: Int
        let spellsVersionOne: Bool
        let serial: [UInt8]
        let algorithm: [UInt8]
        let issuer: DistinguishedName
        let notBefore: Timestamp
        let notAfter: Timestamp
        let subject: DistinguishedName
        let spki: [UInt8]
        let hasUniqueIdentifiers: Bool
        let extensions: [RawExtension]?

        init(der: [UInt8]) throws(DERError) {
            var outer = try DERReader.whole(der)
            signed = try SignedStructure(reading: &outer)
            try outer.finish()
            var fields = try DERReader.whole(signed.body)
            let written = try fields.takeExplicit(0)
            if let written, written.tag != DERTag.integer { throw .tag(written.tag) }
            version = (try written?.smallInteger() ?? 0) + 1
            spellsVersionOne = written != nil && version == 1
            serial = try fields.expect(DERTag.integer).integer()
            algorithm = try fields.expect(DERTag.sequence).encoded
            issuer = try DistinguishedName(fields.expect(DERTag.sequence))
            var validity = try fields.expect(DERTag.sequence).reader
            notBefore = try validity.next().time()
            notAfter = try validity.next().time()
            try validity.finish()
            subject = try DistinguishedName(fields.expect(DERTag.sequence))
            spki = try fields.expect(DERTag.sequence).encoded
            let issuerIdentifier = try fields.take(DERTag.context(1))
            let subjectIdentifier = try fields.take(DERTag.context(2))
            hasUniqueIdentifiers = issuerIdentifier != nil || subjectIdentifier != nil
            extensions = try fields.takeExplicit(3).map { list throws(DERError) in try RawExtension.list(list) }
            try fields.finish()
        }
    }
}
