import Credentials
import Cryptography
import Foundation
import GRDB
import OpenID
import SignOn
import Signals
import Synchronization
package import Vocabulary

/// The embedded store: one file, of one process or, when it is opened so, of several on one machine. See the conformances for what it keeps.
package final class SQLiteStore: Sendable {
    /// What a commit waits for.
    package enum Durability: String, Sendable, CaseIterable {
        /// The operating system has the bytes: survives `kill -9`, may lose the last moments at a power failure.
        case normal
        /// The disk has the bytes: survives a power failure too.
        case full

        /// SQLite's number for it (`PRAGMA synchronous`).
        var level: Int { self == .full ? 2 : 1 }
    }

    let pool: DatabasePool
    let writer: GroupCommit
    /// For the few reads that answer without suspension. Never the pool's: its readers go back by way of the event loops, so a loop that waited
    /// for one would wait for itself.
    let atOnce: DatabaseQueue
    let identitySeal: IdentitySeal
    /// Whether other processes answer citizens from the same file.
    let isShared: Bool
    let sessions: Memory<SessionID, KeptSession>
    /// What a code stands for never changes; whether it was used, the file says.
    let codes = Memory<[UInt8], CodeRecord>(capacity: 10_000)
    let identifiers: Memory<PairwiseKey, PairwiseID>
    /// The day that is written down as the last use of a certificate.
    let lastUses = Memory<CertificateIdentity, Int64>(capacity: 50_000)
    /// What streams may take and how long; and what moves whenever something was queued for one.
    let signalRules = Published(SignalRules())
    let signalsQueued = Atomic<Int64>(0)
    /// Moves whenever a registered client may have changed.
    let registered = Atomic<Int64>(0)

    /// Opens the file, creating and migrating it as needed. Throws `StoreFileRefusal` when it is not ours or is newer than this program,
    /// and leaves such a file as it was.
    /// A commit gathers the writes of the requests that `attendance` counts. Under `identityKey`, 32 secret bytes, lies what citizens'
    /// signature certificates said; without it under one of this process alone. `isShared`: other processes write into the file while this
    /// one answers, so nothing is remembered here that they may change; a session then costs a read for each request. `lockPatience`:
    /// seconds that a write waits while another process has the file, before it fails.
    package init(
        path: String, durability: Durability = .full, readers: Int = 4, attendance: Attendance? = nil, identityKey: [UInt8]? = nil,
        checkpoints rules: Checkpoints.Rules = .init(), isShared: Bool = false, lockPatience: Double = 5
    ) throws {
        self.isShared = isShared
        sessions = Memory(capacity: isShared ? 0 : 20_000)
        identifiers = Memory(capacity: isShared ? 0 : 50_000)
        var random = SystemRandom()
        identitySeal = IdentitySeal(identityKey ?? random.bytes(32))
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(lockPatience)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(rules.limit)")
            try database.execute(sql: "PRAGMA cache_size = -8000")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        // Not even the first moment of a new file is readable to others; when this fails SQLite will say why.
        PrivateFile.make(path)
        let examined = try StoreFile.patiently { try StoreFile.examined(path, waiting: .timeout(lockPatience)) }
        defer { try? examined.close() }
        try StoreFile.keepPrivate(path)
        let pool = try StoreFile.patiently { try DatabasePool(path: path, configuration: configuration) }
        self.pool = pool
        // INVARIANT: after the pool is made. GRDB itself sets NORMAL on the writer when it turns the journal to WAL.
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = \(durability.level)")
        }
        try StoreFile.migrate(pool)
        configuration.readonly = true
        atOnce = try DatabaseQueue(path: path, configuration: configuration)
        configuration.readonly = false
        writer = GroupCommit(
            pool, checkpoints: try Checkpoints(path: path, configuration, rules), attendance: attendance, isShared: isShared)
    }

    /// What the writer's commits wait for, as SQLite itself tells it; nil when that is neither.
    package func durability() throws -> Durability? {
        let level = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        return Durability.allCases.first { $0.level == level }
    }

    /// Runs a read on a connection of its own; never waits for writers.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await pool.read(body)
    }

    /// Runs a write in the next commit; returns after that commit.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await writer.run(body)
    }

    /// Deletes what expired before `now`, at most `limit` rows of each kind. Returns how many rows went.
    package func sweep(at now: Timestamp, limit: Int = 500) async throws -> Int {
        try await write { database in
            var swept = 0
            for table in Schema.swept {
                let only = Schema.sweptOnly[table].map { " AND " + $0 } ?? ""
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(table) WHERE expires <= ?\(only) LIMIT ?)",
                    arguments: [now.milliseconds, limit])
                swept += database.changesCount
            }
            try database.execute(
                sql: "DELETE FROM claims WHERE key IN (SELECT key FROM claims WHERE expires <= ? LIMIT ?)",
                arguments: [now.milliseconds, limit])
            swept += database.changesCount
            return swept
        }
    }

    /// Rows per table, for operators and tests.
    package func counts() async throws -> [String: Int] {
        try await read { database in
            var counts: [String: Int] = [:]
            for table in Schema.swept + ["claims", "links", "pairwise", "audit"] {
                counts[table] = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
            }
            return counts
        }
    }
}
