import Foundation
import GRDB
import SQLiteStores
import Testing
import Vocabulary

@Suite struct `A copy of a store` {
    private static func served(_ room: Room, _ records: ClosedRange<Int> = 1...20) async throws -> SQLiteStore {
        let store = try room.store()
        for number in records { try await store.append(F.record(number)) }
        return store
    }

    private static func beside(_ room: Room) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: room.folder).filter { $0.hasPrefix("copy") })
    }

    @Test func `made while others write is whole, and its trail is theirs up to the head that is told`() async throws {
        let room = try Room()
        let store = try await Self.served(room)
        _ = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(), at: F.now)
        let target = room.folder + "/copy.sqlite"
        let head = try await withThrowingTaskGroup(of: AuditHead?.self) { group in
            group.addTask {
                for number in 21...400 { try await store.append(F.record(number)) }
                return nil
            }
            group.addTask { try StoreCopy.make(of: room.path, at: target) }
            return try await group.reduce(into: [AuditHead]()) { if let head = $1 { $0.append(head) } }
        }.first
        let kept = try F.some(head, "a head")
        #expect((20...400).contains(kept.records))
        #expect(try Self.beside(room) == ["copy.sqlite"], "nothing of it stands in another file")
        let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)

        let copy = try SQLiteStore(path: target, durability: .normal)
        #expect(try await copy.verifyAudit() == .holds(records: kept.records, head: kept.hash))
        #expect(try await copy.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(2), at: F.now) == F.pairwise())
        guard case .holds(records: 400, _) = try await store.verifyAudit(expecting: kept) else {
            throw Missing(what: "the trail that was copied")
        }
    }

    @Test func `has what was committed and not yet carried into the file`() async throws {
        let room = try Room()
        let store = try await Self.served(room)
        #expect(try StoreCopy.make(of: room.path, at: room.folder + "/copy.sqlite").records == 20)
        guard case .holds(records: 20, _) = try await store.verifyAudit() else { throw Missing(what: "20 records") }
    }

    @Test func `is not made over a file that is there, nor of a store that is not`() async throws {
        let room = try Room()
        let store = try await Self.served(room)
        let target = room.folder + "/copy.sqlite"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: target))
        #expect(throws: StoreCopy.Refusal.taken(path: target)) { try StoreCopy.make(of: room.path, at: target) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == Data("mine".utf8))
        let nowhere = room.folder + "/nowhere.sqlite"
        #expect(throws: StoreCopy.Refusal.absent(path: nowhere)) { try StoreCopy.make(of: nowhere, at: room.folder + "/copy-2") }
        #expect(try Self.beside(room) == ["copy.sqlite"])
        #expect(!FileManager.default.fileExists(atPath: nowhere))
        guard case .holds(records: 20, _) = try await store.verifyAudit() else { throw Missing(what: "20 records") }
    }

    @Test func `is not made of another program's file`() throws {
        let room = try Room()
        try room.tamper("CREATE TABLE recipes (name TEXT)")
        #expect(throws: StoreFileRefusal.foreign(path: room.path)) {
            try StoreCopy.make(of: room.path, at: room.folder + "/copy.sqlite")
        }
        #expect(try Self.beside(room).isEmpty)
    }

    @Test func `of a damaged store says so`() async throws {
        let room = try Room()
        _ = try await Self.served(room)
        // Pages that nothing leads to.
        try room.tamper("PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'sessions_subject'")
        let refusal = #expect(throws: StoreCopy.Refusal.self) {
            try StoreCopy.make(of: room.path, at: room.folder + "/copy.sqlite")
        }
        #expect(refusal?.code == "backup.store.damaged")
        #expect(refusal?.leavesCopy == true)
    }

    @Test func `of a store whose trail was changed says where, and stays for whoever looks into it`() async throws {
        let room = try Room()
        _ = try await Self.served(room)
        try room.tamper("DROP TRIGGER audit_keeps_rows", "DELETE FROM audit WHERE sequence = 3")
        let refusal = #expect(throws: StoreCopy.Refusal.self) {
            try StoreCopy.make(of: room.path, at: room.folder + "/copy.sqlite")
        }
        #expect(refusal == .trail(at: 3, "the record is missing"))
        #expect(try Self.beside(room) == ["copy.sqlite"])
    }
}
