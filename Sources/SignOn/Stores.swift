package import Credentials
package import Vocabulary

// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself
// fails; callers answer that with "try again", never with a login.

package protocol TransactionStore: Sendable {
    func open(_ transaction: Transaction) async throws
    func transaction(_ id: TransactionID, at now: Timestamp) async throws -> Transaction?
    /// Takes the transaction out; of two callers one gets it.
    func consume(_ id: TransactionID, at now: Timestamp) async throws -> Transaction?
}

package protocol SessionStore: Sendable {
    /// Stores `session`, and in the same step ends `replaced`.
    func start(_ session: Session, replacing replaced: SessionID?, expires: Timestamp) async throws
    func session(_ id: SessionID, at now: Timestamp) async throws -> Session?
    func touch(_ id: SessionID, at now: Timestamp) async throws
    func end(_ id: SessionID) async throws
}

package protocol SubjectStore: Sendable {
    func subject(linkedTo certificate: CertificateIdentity) async throws -> SubjectID?
    /// Links the certificate to `fresh` unless it has a subject already; returns the subject it is linked to now.
    func link(_ certificate: CertificateIdentity, to fresh: SubjectID, at now: Timestamp) async throws -> SubjectID
    /// The citizen's identifier in a sector; `fresh`, made only then, becomes it when there was none.
    func pairwise(
        _ subject: SubjectID, sector: String, orElse fresh: @autoclosure @Sendable () throws -> PairwiseID, at now: Timestamp
    ) async throws -> PairwiseID
}

package protocol ChallengeStore: Sendable {
    func issue(_ challenge: CardChallenge) async throws
    /// Takes the challenge out; of two callers one gets it. Nil when unknown, used or expired.
    func consume(_ id: ChallengeID, at now: Timestamp) async throws -> CardChallenge?
    func issue(_ handover: Handover) async throws
    func consume(handover code: [UInt8], at now: Timestamp) async throws -> Handover?
}

package protocol ReplayGuard: Sendable {
    /// True for the first claim of `key` in `scope` until the given moment; false for every later one.
    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp) async throws -> Bool
}

package protocol AuditTrail: Sendable {
    /// Appends to the hash chain; returns after the record is kept.
    func append(_ record: Record) async throws
}

/// A gate and its trace in one step: what is recorded is what happened, for the price of one commit.
package protocol RecordingGuard: ReplayGuard, AuditTrail {
    /// Like `claim`; the record is appended if, and only if, the claim is the first.
    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record) async throws -> Bool
}

extension RecordingGuard {
    /// In two steps, for stores that cannot do it in one.
    package func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record
    ) async throws -> Bool {
        guard try await claim(key, scope: scope, until: until, at: now) else { return false }
        try await append(record)
        return true
    }
}
