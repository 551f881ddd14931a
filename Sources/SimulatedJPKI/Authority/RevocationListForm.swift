import Cryptography
import Vocabulary

/// A list of revocations in the making (RFC 5280 §5): one municipality's, or all of a generation's.
struct RevocationListForm {
    let entries: [RegisterEntry]
    /// Nil for the full list, which has no issuingDistributionPoint.
    let partition: DistinguishedName?
    let thisUpdate: Timestamp
    let nextUpdate: Timestamp

    /// The moment in milliseconds: grows from list to list, also across restarts, and needs no counter that two programs would share.
    var number: Int64 { thisUpdate.milliseconds }

    func signed(by authority: Authority, profile: SimulatedProfile) throws -> [UInt8] {
        let algorithm = try SigningForm(authority.key)
        let revoked = entries.compactMap { entry in entry.revocation.map { (entry.serial, $0) } }.sorted { $0.0 < $1.0 }
        return try algorithm.signed(
            DERWriter.build {
                $0.sequence { body in
                    body.integer(1)
                    body.raw(algorithm.identifier)
                    body.raw(profile.authorityName(authority.purpose).der)
                    body.time(thisUpdate)
                    body.time(nextUpdate)
                    if !revoked.isEmpty {
                        body.sequence { list in for (serial, revocation) in revoked { Self.write(serial, revocation, to: &list) } }
                    }
                    body.context(0) {
                        $0.sequence { extensions in
                            extensions.authorityKeyIdentifier(authority.key.publicKey)
                            extensions.crlNumber(number)
                            if let partition { extensions.issuingDistributionPoint(partition) }
                        }
                    }
                }
            })
    }

    private static func write(_ serial: UInt64, _ revocation: RegisterEntry.Revocation, to list: inout DERWriter) {
        list.sequence { entry in
            entry.unsigned(serial.bigEndianBytes)
            entry.time(revocation.at)
            // RFC 5280 §5.3.1: "unspecified" is said by saying nothing.
            if revocation.reason != .unspecified { entry.sequence { $0.reason(revocation.reason) } }
        }
    }
}
