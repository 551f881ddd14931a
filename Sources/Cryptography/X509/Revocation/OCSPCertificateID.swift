/// Which certificate an OCSP message is about (RFC 6960 §4.1.1): its issuer by two digests, and its serial.
package struct OCSPCertificateID: Hashable, Sendable {
    package let digest: DigestAlgorithm
    package let issuerNameHash: [UInt8]
    package let issuerKeyHash: [UInt8]
    package let serial: [UInt8]

    package init(serial: [UInt8], issuer: Certificate, digest: DigestAlgorithm) {
        self.digest = digest
        issuerNameHash = Digest.compute(digest, issuer.subject.der)
        issuerKeyHash = Digest.compute(digest, issuer.publicKey.bits)
        self.serial = serial
    }

    init(_ element: DERElement) throws(DERError) {
        var fields = element.reader
        var algorithm = try fields.expect(DERTag.sequence).reader
        let name = try algorithm.expect(DERTag.objectIdentifier).objectIdentifier()
        try algorithm.take(DERTag.null)?.null()
        try algorithm.finish()
        guard let digest = DigestAlgorithm.allCases.first(where: { $0.objectIdentifier == name }) else { throw .value }
        self.digest = digest
        issuerNameHash = try fields.expect(DERTag.octetString).content
        issuerKeyHash = try fields.expect(DERTag.octetString).content
        serial = try fields.expect(DERTag.integer).integer()
        try fields.finish()
    }

    package func write(to writer: inout DERWriter) {
        writer.sequence { writer in
            writer.sequence {
                $0.objectIdentifier(digest.objectIdentifier)
                $0.null()
            }
            writer.octetString(issuerNameHash)
            writer.octetString(issuerKeyHash)
            writer.integer(content: serial)
        }
    }
}

extension PublicKey {
    /// The subjectPublicKey BIT STRING's bytes: what key identifiers and CertIDs hash.
    package var bits: [UInt8] {
        guard var fields = try? DERReader.whole(spki), (try? fields.next()) != nil, let bits = try? fields.next().bytesOfBits() else {
            return []
        }
        return bits
    }
}
