import Credentials
import OpenID
import SQLiteStores
import SignOn
import Synchronization
import Vocabulary
import Web

/// What a broken disk says; its text must stay inside.
struct StoreDown: Error, CustomStringConvertible {
    var description: String { "secret detail" }
}

/// A store of which one call fails, counted from 1.
final class FailingStores: Stores {
    let store: SQLiteStore
    private let broken: Mutex<Int>
    private let count = Mutex(0)
    /// What comes before a session starts or a member joins.
    let racing: @Sendable () async throws -> Void

    init(_ store: SQLiteStore, at broken: Int = 0, racing: @escaping @Sendable () async throws -> Void = {}) {
        self.store = store
        self.broken = Mutex(broken)
        self.racing = racing
    }

    var calls: Int { count.withLock { $0 } }

    func gate() throws {
        let call = count.withLock { count in
            count += 1
            return count
        }
        if call == broken.withLock({ $0 }) { throw StoreDown() }
    }

    /// Another call than before, counted from the first.
    func breaks(at call: Int) { broken.withLock { $0 = call } }

    func open(_ transaction: Transaction) async throws {
        try gate()
        try await store.open(transaction)
    }

    func transaction(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try gate()
        return try await store.transaction(id, at: now)
    }

    func consume(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try gate()
        return try await store.consume(id, at: now)
    }

    @discardableResult func start(_ session: Session, replacing replaced: SessionID?, expires: Timestamp) async throws -> Bool {
        try gate()
        try await racing()
        return try await store.start(session, replacing: replaced, expires: expires)
    }

    func session(_ id: SessionID, at now: Timestamp) async throws -> Session? {
        try gate()
        return try await store.session(id, at: now)
    }

    func touch(_ id: SessionID, at now: Timestamp) async throws {
        try gate()
        try await store.touch(id, at: now)
    }

    func end(_ id: SessionID) async throws {
        try gate()
        try await store.end(id)
    }

    func subject(linkedTo certificate: CertificateIdentity) async throws -> SubjectID? {
        try gate()
        return try await store.subject(linkedTo: certificate)
    }

    func link(_ certificate: CertificateIdentity, to fresh: SubjectID, at now: Timestamp) async throws -> SubjectID {
        try gate()
        return try await store.link(certificate, to: fresh, at: now)
    }

    func pairwise(
        _ subject: SubjectID, sector: String, orElse fresh: @autoclosure @Sendable () throws -> PairwiseID, at now: Timestamp
    ) async throws -> PairwiseID {
        try gate()
        return try await store.pairwise(subject, sector: sector, orElse: try fresh(), at: now)
    }

    func issue(_ challenge: CardChallenge) async throws {
        try gate()
        try await store.issue(challenge)
    }

    func consume(_ id: ChallengeID, at now: Timestamp) async throws -> CardChallenge? {
        try gate()
        return try await store.consume(id, at: now)
    }

    func issue(_ handover: Handover) async throws {
        try gate()
        try await store.issue(handover)
    }

    func consume(handover code: [UInt8], at now: Timestamp) async throws -> Handover? {
        try gate()
        return try await store.consume(handover: code, at: now)
    }

    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.claim(key, scope: scope, until: until, at: now)
    }

    func append(_ record: Record) async throws {
        try gate()
        try await store.append(record)
    }

    func issue(_ record: CodeRecord) async throws {
        try gate()
        try await store.issue(record)
    }

    func consume(_ codeDigest: [UInt8], at now: Timestamp) async throws -> CodeConsumption {
        try gate()
        return try await store.consume(codeDigest, at: now)
    }

    func code(_ codeDigest: [UInt8]) async throws -> CodeRecord? {
        try gate()
        return try await store.code(codeDigest)
    }

    func issue(_ record: AccessTokenRecord) async throws {
        try gate()
        try await store.issue(record)
    }

    func find(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try gate()
        return try await store.find(digest, at: now)
    }

    func issueRefresh(_ record: RefreshTokenRecord) async throws {
        try gate()
        try await store.issueRefresh(record)
    }

    func refresh(_ digest: [UInt8], at now: Timestamp) async throws -> RefreshTokenRecord? {
        try gate()
        return try await store.refresh(digest, at: now)
    }

    func rotate(_ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp) async throws -> RefreshRotation {
        try gate()
        return try await store.rotate(old, to: new, within: grace, at: now)
    }
}
