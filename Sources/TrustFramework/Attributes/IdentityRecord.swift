package import Vocabulary

/// What a citizen's signature certificate said, presented for one member and one purpose, and kept for a bounded time. Made from proven
/// evidence only (`SignOn`, from what `Credentials` proved); `restored` is for the store.
package struct IdentityRecord: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let attributes: BasicAttributes
    package let place: AddressPlace
    /// SHA-256 over the authority and serial of the certificate: says "the same certificate", and never leaves the platform.
    package let certificate: [UInt8]
    package let carrier: Carrier
    package let tie: IdentityTie
    package let presentedFor: Purpose
    package let member: MemberID
    /// When it was presented, and the moment that the word about its revocation speaks of.
    package let at: Timestamp
    package let statusAt: Timestamp
    /// Gone from this moment on.
    package let expiresAt: Timestamp

    package init(
        restored attributes: BasicAttributes, place: AddressPlace = AddressPlace(), certificate: [UInt8], carrier: Carrier,
        tie: IdentityTie, presentedFor: Purpose,
        member: MemberID, at: Timestamp, statusAt: Timestamp, expiresAt: Timestamp
    ) {
        self.attributes = attributes
        self.place = place
        self.certificate = certificate
        self.carrier = carrier
        self.tie = tie
        self.presentedFor = presentedFor
        self.member = member
        self.at = at
        self.statusAt = statusAt
        self.expiresAt = expiresAt
    }

    package func isAlive(at now: Timestamp) -> Bool { now < expiresAt }

    package var description: String { "IdentityRecord" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// That there is a record, without what it says: what its citizen is shown.
package struct KeptIdentity: Hashable, Sendable {
    package let member: MemberID
    package let purpose: Purpose
    package let at: Timestamp
    package let expiresAt: Timestamp

    package init(member: MemberID, purpose: Purpose, at: Timestamp, expiresAt: Timestamp) {
        self.member = member
        self.purpose = purpose
        self.at = at
        self.expiresAt = expiresAt
    }
}

/// Keeps records, unreadable to whoever has the file alone.
package protocol IdentityRecordStore: Sendable {
    /// Keeps it in place of an older one for the same member and purpose, and appends `trace`, in one step. What it says leads a new card to
    /// `subject` only where it is tied as strongly as `needed`.
    func keep(_ record: IdentityRecord, of subject: SubjectID, relinkTie needed: IdentityTie, recording trace: Record) async throws
    /// Nil when there is none, or its time is over.
    func record(of subject: SubjectID, for purpose: Purpose, member: MemberID, at now: Timestamp) async throws -> IdentityRecord?
    /// Latest first.
    func kept(of subject: SubjectID, at now: Timestamp) async throws -> [KeptIdentity]
    /// The dates of birth of the records there are: what never changes of a person.
    func births(of subject: SubjectID, at now: Timestamp) async throws -> [BirthDate]
    /// Deletes those of one member and purpose, or, with nil, all of them, and appends `trace`. Returns how many there were.
    func forget(of subject: SubjectID, for purpose: Purpose?, member: MemberID?, recording trace: Record) async throws -> Int
}
