package import Vocabulary

/// One SingleResponse (RFC 6960 §4.2.1).
package struct OCSPAnswer: Sendable {
    package enum Status: Hashable, Sendable {
        case good
        case revoked(RevocationReason, Timestamp)
        case unknown
    }

    package let certificate: OCSPCertificateID
    package let status: Status
    package let thisUpdate: Timestamp
    /// nil: newer word is to be had at any time.
    package let nextUpdate: Timestamp?

    init(_ element: DERElement) throws {
        var fields = element.reader
        certificate = try OCSPCertificateID(fields.expect(DERTag.sequence))
        let status = try fields.next()
        switch status.tag {
        case DERTag.context(0):
            try status.null()
            self.status = .good
        case DERTag.contextConstructed(1):
            var information = status.reader
            let moment = try information.expect(DERTag.generalizedTime).time()
            let code = try information.takeExplicit(0)
            try information.finish()
            self.status = .revoked(try code.map { code throws(DERError) in try Self.reason(code) } ?? .unspecified, moment)
        case DERTag.context(2):
            try status.null()
            self.status = .unknown
        default: throw DERError.tag(status.tag)
        }
        thisUpdate = try fields.expect(DERTag.generalizedTime).time()
        nextUpdate = try fields.takeExplicit(0)?.time()
        let extensions = try fields.takeExplicit(1).map { list throws(DERError) in try RawExtension.list(list) } ?? []
        try fields.finish()
        if let unknown = RawExtension.unknownCritical(in: extensions, besides: [.ocspTransparency]) {
            throw OCSPRefusal.unknownCriticalExtension(unknown)
        }
    }

    private static func reason(_ element: DERElement) throws(DERError) -> RevocationReason {
        guard element.tag == DERTag.enumerated, let reason = RevocationReason(rawValue: try element.smallInteger()) else { throw .value }
        return reason
    }
}
