import Cryptography
import Foundation
import GRDB
import Synchronization
package import Trust
import Vocabulary

/// The memory of revocations in the same file as everything else.
///
/// A login with a good card reads no disk: the first eight bytes of every key are held in memory, loaded at the start, and a key that is not
/// among them was never remembered. They take about 16 bytes each, so that `capacity` of 2 million, all revoked cards that ever tried, is
/// some 40 MB; beyond it the set is given up and every recall reads the file, which is slower and as right.
///
/// INVARIANT: one of these per file, but where the store is shared: then the set is given up from the start, since another node may remember
/// what this one does not.
package final class SQLiteRevocationMemory: RevocationMemory {
    private enum Known {
        /// No key begins otherwise; some of these may have been swept since.
        case exactly(Set<UInt64>)
        case tooMany
    }

    private let store: SQLiteStore
    private let capacity: Int
    private let known: Mutex<Known>

    package init(_ store: SQLiteStore, capacity: Int = 2_000_000) async throws {
        self.store = store
        self.capacity = capacity
        known = Mutex(store.isShared ? .tooMany : try await store.read { database in try Self.load(database, capacity: capacity) })
    }

    private static func load(_ database: Database, capacity: Int) throws -> Known {
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM revocations") ?? 0
        guard count <= capacity else { return .tooMany }
        var prefixes = Set<UInt64>(minimumCapacity: count)
        let rows = try Data.fetchCursor(database, sql: "SELECT key FROM revocations")
        while let key = try rows.next() { prefixes.insert(prefix([UInt8](key))) }
        return .exactly(prefixes)
    }

    private static func prefix(_ digest: [UInt8]) -> UInt64 { digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    @discardableResult
    package func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation {
        // Before the commit: who recalls it in between reads the file, and finds it there or not yet.
        expect(revocation.key)
        return try await store.write { database in
            if let earlier = try Self.row(revocation.key, database), !revocation.replaces(earlier) { return earlier }
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO revocations (key, reason, revoked, source, known, expires) VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                Data(revocation.key.digest), revocation.reason.rawValue, revocation.revokedAt.milliseconds, revocation.source.rawValue,
                revocation.thisUpdate.milliseconds, revocation.expiresAt.milliseconds,
            ])
            return revocation
        }
    }

    package func recall(_ key: RevocationKey) async throws -> RememberedRevocation? {
        guard isExpected(key) else { return nil }
        return try await store.read { database in try Self.row(key, database) }
    }

    private func expect(_ key: RevocationKey) {
        known.withLock { known in
            guard case .exactly(var prefixes) = known else { return }
            // The set must have one owner while it grows, or it is copied.
            known = .tooMany
            prefixes.insert(Self.prefix(key.digest))
            if prefixes.count <= capacity { known = .exactly(prefixes) }
        }
    }

    private func isExpected(_ key: RevocationKey) -> Bool {
        known.withLock { known in
            guard case .exactly(let prefixes) = known else { return true }
            return prefixes.contains(Self.prefix(key.digest))
        }
    }

    private static func row(_ key: RevocationKey, _ database: Database) throws -> RememberedRevocation? {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT reason, revoked, source, known, expires FROM revocations WHERE key = ?"),
            arguments: [Data(key.digest)])
        guard let row else { return nil }
        // A row we cannot read is still a revocation: the reason is lost, not the fact.
        return RememberedRevocation(
            key: key, reason: RevocationReason(rawValue: row["reason"]) ?? .unspecified,
            revokedAt: Timestamp(milliseconds: row["revoked"]), source: StatusSource(rawValue: row["source"]) ?? StatusSource.none,
            thisUpdate: Timestamp(milliseconds: row["known"]), expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}
