import Foundation
import GRDB

/// Why a file is not opened as a store.
package enum StoreFileRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a SQLite database, or one of another program.
    case foreign(path: String)
    /// Written by a later version, whose tables this one does not know.
    case newer(path: String, migrations: [String])

    package var description: String {
        switch self {
        case .foreign(let path): "`\(path)` is not a Sekisho store; it was left as it is"
        case .newer(let path, let migrations):
            "`\(path)` was written by a newer version of this program (\(migrations.joined(separator: ", "))); it was left as it is"
        }
    }
}

enum StoreFile {
    /// The database holds who used which service: nobody but the service's own account reads it. SQLite gives its side files the mode of
    /// the file itself.
    static func keepPrivate(_ path: String) throws {
        let files = FileManager.default
        for suffix in ["", "-wal", "-shm"] {
            // The side files come and go with other programs' connections.
            guard let mode = (try? files.attributesOfItem(atPath: path + suffix))?[.posixPermissions] as? NSNumber else { continue }
            if mode.intValue == 0o600 { continue }
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + suffix)
        }
    }

    /// Seconds for which the opening of a store waits for others; a start and a command have more time than a citizen's write.
    private static let patience = 30

    /// Others open, close and turn to WAL meanwhile. The last one to close has the file for itself while it carries the log over, and not
    /// every lock is one that SQLite's busy timeout waits for; so what finds the file locked is tried again.
    static func patiently<Value>(_ open: () throws -> Value) throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(patience))
        while true {
            do {
                return try open()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && clock.now < end {
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
    }

    /// GRDB looks for its table after it could not read it; the table of a process that made it meanwhile would be an error.
    private static func applied(_ database: Database) throws -> Set<String> {
        try database.tableExists("grdb_migrations") ? Schema.migrator.appliedIdentifiers(database) : []
    }

    /// Several processes of a new version may start at once: a step that another one has done meanwhile fails here, and the next look finds
    /// it done. What fails though nobody has gone on is thrown.
    static func migrate(_ pool: DatabasePool) throws {
        try patiently {
            while true {
                let before = try pool.writeWithoutTransaction(applied)
                do {
                    return try Schema.migrator.migrate(pool)
                } catch let error as DatabaseError where error.resultCode != .SQLITE_BUSY {
                    guard try pool.writeWithoutTransaction(applied) != before else { throw error }
                }
            }
        }
    }

    /// Refuses what another program or a later version wrote, before anything is changed in it. Gives back the connection, for the caller
    /// to close when the store's own are open: were it the last one, its close would carry the whole log over and lock everybody out.
    static func examined(_ path: String, waiting busyMode: Database.BusyMode) throws -> DatabaseQueue {
        do {
            var configuration = Configuration()
            configuration.busyMode = busyMode
            // A queue, unlike a pool, does not turn the journal to WAL.
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { database in
                let applied = try applied(database)
                guard try Int.fetchOne(database, sql: "PRAGMA application_id") == Schema.application else {
                    // GRDB's own table may be there already when the first start was cut short.
                    let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
                    guard applied.isEmpty, tables.isSubset(of: ["grdb_migrations"]) else { throw StoreFileRefusal.foreign(path: path) }
                    return
                }
                let unknown = applied.subtracting(Schema.migrator.migrations)
                guard unknown.isEmpty else { throw StoreFileRefusal.newer(path: path, migrations: unknown.sorted()) }
            }
            return queue
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw StoreFileRefusal.foreign(path: path)
        }
    }
}
