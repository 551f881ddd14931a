import Cryptography
package import Vocabulary

/// A request to the client configuration endpoint (RFC 7592): whose registration it is about and what it shows.
package struct UnverifiedManagement: Sendable {
    package let id: MemberID?
    private let digest: [UInt8]?
    private let bringsNothing: Bool

    package init(id: String?, authorization: String?) {
        self.id = id.flatMap { MemberID($0) }.flatMap { RegistrationRecord.isDynamic($0) ? $0 : nil }
        digest = RegistrationBearer.digest(of: authorization)
        bringsNothing = authorization == nil
    }

    /// Proves that whoever asks holds the registration access token of `record`, which is what the store has under `id`. An unknown client
    /// and a wrong token are one answer: nobody learns which clients there are (RFC 7592 §2.1, §4).
    package func verified(for record: RegistrationRecord?) throws(RegistrationRefusal) -> ManagedRegistration {
        if bringsNothing { throw .noAccess }
        guard let digest, let record, record.id == id, ConstantTime.equal(digest, record.accessDigest) else { throw .unknownAccess }
        return ManagedRegistration(record: record)
    }
}

/// Proof that the holder of a registration asks.
package struct ManagedRegistration: Sendable {
    package let record: RegistrationRecord

    fileprivate init(record: RegistrationRecord) { self.record = record }
}
