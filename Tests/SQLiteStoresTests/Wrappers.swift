import Credentials
import GRDB
import OpenID
import SignOn
import Synchronization
import TrustFramework
import Vocabulary

/// A store in front of another that may interfere with each call.
protocol Interfering: Stores {
    var inner: any Stores { get }
    func call<Value: Sendable>(_ verb: @Sendable () async throws -> Value) async throws -> Value
}

extension Interfering {
    func push(_ request: PushedRequest, claiming claims: [AssertionClaim], at now: Timestamp) async throws -> PushedOutcome {
        try await call { try await inner.push(request, claiming: claims, at: now) }
    }
    func pushed(_ digest: [UInt8], at now: Timestamp) async throws -> PushedRequest? {
        try await call { try await inner.pushed(digest, at: now) }
    }
    func finish(_ digest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws -> Bool {
        try await call { try await inner.finish(digest, recording: record, at: now) }
    }
    func issue(
        _ code: CodeRecord, recording record: Vocabulary.Record, joining: Joining, finishing digest: [UInt8], at now: Timestamp
    ) async throws -> PushedIssue {
        try await call { try await inner.issue(code, recording: record, joining: joining, finishing: digest, at: now) }
    }
    func open(_ transaction: Transaction) async throws { try await call { try await inner.open(transaction) } }
    func transaction(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try await call { try await inner.transaction(id, at: now) }
    }
    func consume(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try await call { try await inner.consume(id, at: now) }
    }
    @discardableResult func start(_ session: Session, replacing replaced: SessionID?, expires: Timestamp) async throws -> Bool {
        try await call { try await inner.start(session, replacing: replaced, expires: expires) }
    }
    func session(_ id: SessionID, at now: Timestamp) async throws -> Session? { try await call { try await inner.session(id, at: now) } }
    func touch(_ id: SessionID, at now: Timestamp) async throws { try await call { try await inner.touch(id, at: now) } }
    func end(_ id: SessionID) async throws { try await call { try await inner.end(id) } }
    func subject(linkedTo certificate: CertificateIdentity) async throws -> SubjectID? {
        try await call { try await inner.subject(linkedTo: certificate) }
    }
    func link(_ certificate: CertificateIdentity, to fresh: SubjectID, at now: Timestamp) async throws -> SubjectID {
        try await call { try await inner.link(certificate, to: fresh, at: now) }
    }
    func pairwise(
        _ subject: SubjectID, sector: String, orElse fresh: @autoclosure @Sendable () throws -> PairwiseID, at now: Timestamp
    ) async throws -> PairwiseID {
        let fresh = try fresh()
        return try await call { try await inner.pairwise(subject, sector: sector, orElse: fresh, at: now) }
    }
    func issue(_ challenge: CardChallenge) async throws { try await call { try await inner.issue(challenge) } }
    func consume(_ id: ChallengeID, at now: Timestamp) async throws -> CardChallenge? {
        try await call { try await inner.consume(id, at: now) }
    }
    func issue(_ handover: Handover) async throws { try await call { try await inner.issue(handover) } }
    func consume(handover code: [UInt8], at now: Timestamp) async throws -> Handover? {
        try await call { try await inner.consume(handover: code, at: now) }
    }
    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp) async throws -> Bool {
        try await call { try await inner.claim(key, scope: scope, until: until, at: now) }
    }
    func owner(of pairwise: PairwiseID) async throws -> PairwiseOwner? { try await call { try await inner.owner(of: pairwise) } }
    func living(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try await call { try await inner.living(digest, at: now) }
    }
    func issue(
        _ token: AccessTokenRecord, exchangedFor parent: [UInt8], claiming claims: [AssertionClaim],
        recording record: Vocabulary.Record, ledger: LedgerEntry?, at now: Timestamp
    ) async throws -> ExchangeIssue {
        try await call {
            try await inner.issue(token, exchangedFor: parent, claiming: claims, recording: record, ledger: ledger, at: now)
        }
    }
    func consent(of subject: SubjectID, member: MemberID, purpose: Purpose) async throws -> Consent? {
        try await call { try await inner.consent(of: subject, member: member, purpose: purpose) }
    }
    func give(_ consent: Consent, recording record: Vocabulary.Record) async throws {
        try await call { try await inner.give(consent, recording: record) }
    }
    func withdraw(of subject: SubjectID, member: MemberID, purpose: Purpose, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.withdraw(of: subject, member: member, purpose: purpose, recording: record) }
    }
    func consents(of subject: SubjectID) async throws -> [Consent] { try await call { try await inner.consents(of: subject) } }
    func note(_ entry: LedgerEntry, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.note(entry, recording: record) }
    }
    func hasEntry(_ reference: LedgerReference) async throws -> Bool { try await call { try await inner.hasEntry(reference) } }
    func entries(of subject: SubjectID, before moment: Timestamp, limit: Int) async throws -> [LedgerEntry] {
        try await call { try await inner.entries(of: subject, before: moment, limit: limit) }
    }
    func entry(_ reference: LedgerReference) async throws -> LedgerEntry? { try await call { try await inner.entry(reference) } }
    func counts(from start: Timestamp, until end: Timestamp) async throws -> [LedgerCount] {
        try await call { try await inner.counts(from: start, until: end) }
    }
    func forget(
        before moment: Timestamp, limit: Int, recording record: @escaping @Sendable (Int) -> Vocabulary.Record
    ) async throws -> Int {
        try await call { try await inner.forget(before: moment, limit: limit, recording: record) }
    }
    func revoke(accessToken digest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        try await call { try await inner.revoke(accessToken: digest, recording: record, at: now) }
    }
    func revoke(family: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        try await call { try await inner.revoke(family: family, recording: record, at: now) }
    }
    func isFresh(refreshToken digest: [UInt8], at now: Timestamp) async throws -> Bool {
        try await call { try await inner.isFresh(refreshToken: digest, at: now) }
    }
    func append(_ record: Vocabulary.Record) async throws { try await call { try await inner.append(record) } }
    func issue(_ record: CodeRecord) async throws { try await call { try await inner.issue(record) } }
    func consume(_ codeDigest: [UInt8], at now: Timestamp) async throws -> CodeConsumption {
        try await call { try await inner.consume(codeDigest, at: now) }
    }
    func issue(_ record: AccessTokenRecord) async throws { try await call { try await inner.issue(record) } }
    func find(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try await call { try await inner.find(digest, at: now) }
    }
    func issueRefresh(_ record: RefreshTokenRecord) async throws { try await call { try await inner.issueRefresh(record) } }
    func refresh(_ digest: [UInt8], at now: Timestamp) async throws -> RefreshTokenRecord? {
        try await call { try await inner.refresh(digest, at: now) }
    }
    func rotate(_ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp) async throws -> RefreshRotation {
        try await call { try await inner.rotate(old, to: new, within: grace, at: now) }
    }
    func code(_ codeDigest: [UInt8]) async throws -> CodeRecord? { try await call { try await inner.code(codeDigest) } }
    func consume(_ codeDigest: [UInt8], claiming claims: [AssertionClaim], at now: Timestamp) async throws -> CodeConsumption {
        try await call { try await inner.consume(codeDigest, claiming: claims, at: now) }
    }
    func redeem(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, at now: Timestamp
    ) async throws -> CodeConsumption {
        try await call { try await inner.redeem(codeDigest, claiming: claims, for: issued, at: now) }
    }
    func exchange(
        _ old: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, within grace: Int64, at now: Timestamp
    ) async throws -> RefreshRotation {
        try await call { try await inner.exchange(old, claiming: claims, for: issued, within: grace, at: now) }
    }
    func issue(_ code: CodeRecord, recording record: Vocabulary.Record) async throws {
        try await call { try await inner.issue(code, recording: record) }
    }
    func issue(_ code: CodeRecord, recording record: Vocabulary.Record, joining: Joining) async throws -> Bool {
        try await call { try await inner.issue(code, recording: record, joining: joining) }
    }
    func issue(_ token: AccessTokenRecord, recording record: Vocabulary.Record) async throws {
        try await call { try await inner.issue(token, recording: record) }
    }
}

struct Outage: Error {}

/// Throws at its n-th call, and does nothing in that call.
final class FailingStores: Interfering {
    let inner: any Stores
    private let left: Atomic<Int>

    init(_ inner: any Stores, atCall number: Int) {
        self.inner = inner
        left = Atomic(number)
    }

    /// Whether the call came that fails.
    var hasFailed: Bool { left.load(ordering: .sequentiallyConsistent) <= 0 }

    func call<Value: Sendable>(_ verb: @Sendable () async throws -> Value) async throws -> Value {
        if left.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { throw Outage() }
        return try await verb()
    }
}

/// Lets the database itself fail in the middle of every call, after its first row of the given kind was written, and then calls again: what
/// threw must have changed nothing. One call at a time, for the failure is the whole file's.
final class InterruptedStores: Interfering {
    enum Kind: String, CaseIterable, Sendable { case insert, update, delete }

    let inner: any Stores
    private let stranger: DatabaseQueue
    private let isBusy = Atomic(false)
    private let interruptions = Atomic(0)

    init(_ inner: any Stores, path: String, at kind: Kind) throws {
        self.inner = inner
        stranger = try DatabaseQueue(path: path)
        try stranger.writeWithoutTransaction { database in
            try database.execute(sql: "CREATE TABLE outage (now INTEGER NOT NULL); INSERT INTO outage VALUES (0)")
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('outage', 'grdb_migrations', 'sqlite_sequence')")
            for table in tables {
                try database.execute(
                    sql: """
                        CREATE TRIGGER outage_\(table) AFTER \(kind.rawValue) ON \(table) WHEN (SELECT now FROM outage)
                            BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
                        """)
            }
        }
    }

    var count: Int { interruptions.load(ordering: .sequentiallyConsistent) }

    private func outage(_ now: Bool) throws {
        try stranger.writeWithoutTransaction { try $0.execute(sql: "UPDATE outage SET now = \(now ? 1 : 0)") }
    }

    func call<Value: Sendable>(_ verb: @Sendable () async throws -> Value) async throws -> Value {
        while !isBusy.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged { await Task.yield() }
        defer { isBusy.store(false, ordering: .sequentiallyConsistent) }
        try outage(true)
        let first: Result<Value, any Error>
        do { first = .success(try await verb()) } catch { first = .failure(error) }
        try outage(false)
        // What was answered during the outage did not need the disk.
        if case .success(let value) = first { return value }
        interruptions.add(1, ordering: .sequentiallyConsistent)
        return try await verb()
    }
}
