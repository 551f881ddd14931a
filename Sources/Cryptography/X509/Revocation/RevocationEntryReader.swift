import Vocabulary

/// Walks revokedCertificates once (RFC 5280 §5.1.2.6, §5.3), entry by entry, into the index.
struct RevocationEntryReader {
    private var reader: DERReader?
    private let isVersionTwo: Bool

    init(_ reader: DERReader?, isVersionTwo: Bool) {
        self.reader = reader
        self.isVersionTwo = isVersionTwo
    }

    mutating func readAll() throws(RevocationListRefusal) -> RevocationIndex {
        var builder = RevocationIndex.Builder()
        guard var reader else { return RevocationIndex() }
        repeat {
            let serial: [UInt8]
            let date: Timestamp
            let extensions: [RawExtension]?
            do {
                var fields = try reader.expect(DERTag.sequence).reader
                serial = try fields.expect(DERTag.integer).integer()
                date = try fields.next().time()
                extensions = try fields.take(DERTag.sequence).map { list throws(DERError) in try RawExtension.list(list) }
                try fields.finish()
            } catch { throw .malformed(error) }
            guard extensions == nil || isVersionTwo else { throw .version }
            let reason = try Self.reason(extensions ?? [])
            guard serial.count <= CertificateFields.longestSerial, builder.add(serial: serial, date: date, reason: reason) else {
                throw .malformed(.value)
            }
        } while !reader.isAtEnd
        guard let index = builder.build() else { throw .contradiction }
        return index
    }

    private static func reason(_ extensions: [RawExtension]) throws(RevocationListRefusal) -> RevocationReason {
        var reason = RevocationReason.unspecified
        for raw in extensions {
            switch raw.identifier {
            case .reasonCode:
                do {
                    guard let known = RevocationReason(rawValue: try raw.element(DERTag.enumerated).smallInteger()) else {
                        throw DERError.value
                    }
                    reason = known
                } catch { throw .extension(raw.identifier, (error as? DERError) ?? .value) }
            case .certificateIssuer: throw .indirect
            // When the key is thought to have been lost: for old signatures, not for logins.
            case .invalidityDate:
                do { _ = try raw.element(DERTag.generalizedTime).time() } catch { throw .extension(raw.identifier, error) }
            default:
                guard !raw.isCritical else { throw .unknownCriticalExtension(raw.identifier) }
            }
        }
        return reason
    }
}
