import Logging
import SQLiteStores
import Settings
import Upkeep
import Vocabulary

/// The night shift of the ledger: what `care.ledger-days` no longer keeps goes, as `sekisho ledger forget` would delete it, a thousand entries
/// in a commit. Without that setting nothing goes by itself.
enum LedgerKeeping {
    static func service(_ configuration: Published<Configuration>, _ store: SQLiteStore, _ logger: Logger) -> Periodic {
        Periodic("ledger", every: 3_600, logger: logger) {
            let now = SystemClock.now()
            guard let moment = configuration.current.care.ledgerStart(at: now) else { return }
            while !Task.isCancelled, try await forget(before: moment, store, at: now) == 1_000 { await Task.yield() }
        }
    }

    private static func forget(before moment: Timestamp, _ store: SQLiteStore, at now: Timestamp) async throws -> Int {
        try await store.forget(before: moment, limit: 1_000) { count in
            Record(
                "ledger.forgotten", at: now,
                [("before", .string(moment.text)), ("entries", .integer(Int64(count))), ("by", "care.ledger-days")])
        }
    }
}
