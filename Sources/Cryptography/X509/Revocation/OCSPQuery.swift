/// An OCSP request (RFC 6960 §4.1), unsigned: writing only, the platform answers none.
package struct OCSPQuery: Sendable {
    package let questions: [OCSPCertificateID]
    /// 1 to 32 bytes (RFC 8954 §2.1).
    package let nonce: [UInt8]?

    package init(questions: [OCSPCertificateID], nonce: [UInt8]?) {
        self.questions = questions
        self.nonce = nonce
    }

    package var der: [UInt8] {
        DERWriter.build { writer in
            writer.sequence { writer in
                writer.sequence { writer in
                    writer.sequence { writer in
                        for question in questions { writer.sequence(question.write) }
                    }
                    if let nonce {
                        writer.context(2) { writer in writer.sequence { OCSPNonce.write(nonce, to: &$0) } }
                    }
                }
            }
        }
    }
}

/// The nonce extension (RFC 9654): an OCTET STRING inside the extension's own.
package enum OCSPNonce {
    /// What is sent: RFC 8954, which responders of yesterday follow, allows no more.
    package static let lengths = 1...32
    /// What is read: a stapled answer may give back somebody else's.
    static let readable = 1...128

    static func read(_ extensions: [RawExtension]) throws(DERError) -> [UInt8]? {
        guard let raw = extensions.first(where: { $0.identifier == .ocspNonce }) else { return nil }
        let nonce = try raw.element(DERTag.octetString).content
        guard readable.contains(nonce.count) else { throw .value }
        return nonce
    }

    /// The whole Extension.
    package static func write(_ nonce: [UInt8], to writer: inout DERWriter) {
        writer.sequence { writer in
            writer.objectIdentifier(.ocspNonce)
            writer.octetString { $0.octetString(nonce) }
        }
    }
}
