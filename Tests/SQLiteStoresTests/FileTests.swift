import Credentials
import Foundation
import GRDB
import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

@Suite struct `The file` {
    @Test func `keeps everything over a restart`() async throws {
        let room = try Room()
        var store = try room.store()
        let challenge = try F.challenge()
        for number in 1...2 {
            try await store.open(try F.transaction(number))
            try await store.issue(try F.handover(number))
            try await store.issue(try F.code(number))
            try await store.issue(try F.access(number, of: number))
            try await store.issueRefresh(try F.refresh(number, of: number))
            _ = try await store.claim("\(number)", scope: "s", until: F.later, at: F.now)
            try await store.append(F.record(number))
        }
        try await store.issue(challenge)
        try await store.start(try F.session(), replacing: nil, expires: F.later)
        try await store.touch(try F.sessionID(), at: F.now.adding(seconds: 7))
        _ = try await store.link(F.certificate(), to: F.subject(), at: F.now)
        _ = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(), at: F.now)
        _ = try await store.consume(try F.transactionID(1), at: F.now)
        _ = try await store.consume(handover: F.bytes(1, "handover"), at: F.now)
        _ = try await store.consume(F.bytes(1, "code"), at: F.now)
        _ = try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(3, of: 1), at: F.now)
        let verdict = try await store.verifyAudit()

        store = try room.store()
        #expect(try await store.transaction(try F.transactionID(1), at: F.now) == nil)
        #expect(try await store.transaction(try F.transactionID(2), at: F.now) == F.transaction(2))
        #expect(try await store.consume(handover: F.bytes(1, "handover"), at: F.now) == nil)
        #expect(try await store.consume(handover: F.bytes(2, "handover"), at: F.now) == F.handover(2))
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == F.access(1, of: 1))
        #expect(try await store.refresh(F.bytes(3, "refresh"), at: F.now) == F.refresh(3, of: 1))
        #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .replayed)
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
        #expect(try await store.consume(F.bytes(2, "code"), at: F.now) == .first(F.code(2)))
        #expect(try await store.rotate(F.bytes(2, "refresh"), to: F.refresh(4, of: 2), at: F.now) == .rotated)
        #expect(try await !store.claim("1", scope: "s", until: F.later, at: F.now))
        #expect(try await store.consume(challenge.id, at: F.now) == challenge)
        #expect(try await store.session(try F.sessionID(), at: F.now)?.lastSeenAt == F.now.adding(seconds: 7))
        #expect(try await store.link(F.certificate(), to: F.subject(2), at: F.now) == F.subject())
        #expect(try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(2), at: F.now) == F.pairwise())
        #expect(try await store.verifyAudit() == verdict)
    }

    @Test func `is readable to its owner only`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.append(F.record(1))
        for suffix in ["", "-wal", "-shm"] { #expect(try room.mode(suffix) == 0o600, "\(suffix)") }
    }

    @Test func `is made private when it was not`() throws {
        let room = try Room()
        _ = try room.store()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: room.path)
        _ = try room.store()
        #expect(try room.mode() == 0o600)
    }

    @Test func `of another program is refused and left as it is`() throws {
        let room = try Room()
        try room.tamper("CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('miso soup')")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: room.path)
        let before = try Data(contentsOf: URL(fileURLWithPath: room.path))
        #expect(throws: StoreFileRefusal.foreign(path: room.path)) { try room.store() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: room.path)) == before)
        #expect(try room.mode() == 0o644)
    }

    @Test(arguments: ["a letter to my mother, which is long enough to be no header of a database", "SQLite format 3\u{0}"])
    func `that is no database is refused and left as it is`(text: String) throws {
        let room = try Room()
        let bytes = Data((text + String(repeating: " and so on", count: 100)).utf8)
        try bytes.write(to: URL(fileURLWithPath: room.path))
        #expect(throws: StoreFileRefusal.foreign(path: room.path)) { try room.store() }
        #expect(try Data(contentsOf: URL(fileURLWithPath: room.path)) == bytes)
    }

    @Test func `of a newer version is refused, and says of which`() async throws {
        let room = try Room()
        try await room.store().append(F.record(1))
        try room.tamper("INSERT INTO grdb_migrations VALUES ('2 from the future')")
        #expect(throws: StoreFileRefusal.newer(path: room.path, migrations: ["2 from the future"])) { try room.store() }
        let words = StoreFileRefusal.newer(path: "x", migrations: ["2 from the future"]).description
        #expect(words.contains("newer") && words.contains("2 from the future"))
        try room.tamper("DELETE FROM grdb_migrations WHERE identifier = '2 from the future'")
        _ = try room.store()
    }

    @Test func `that is empty, or was begun and not finished, is taken`() throws {
        let room = try Room()
        try room.tamper("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        _ = try room.store()
        _ = try room.store()
        let empty = try Room()
        try Data().write(to: URL(fileURLWithPath: empty.path))
        _ = try empty.store()
    }

    @Test func `in no folder is refused`() throws {
        let room = try Room()
        #expect(throws: DatabaseError.self) { try SQLiteStore(path: room.folder + "/nowhere/store.sqlite") }
    }

    @Test(arguments: ["[]", "[{}]", "no JSON", #"[{"mode":"pin"}]"#])
    func `with a session that cannot be read whole holds no session`(text: String) async throws {
        let room = try Room()
        let store = try room.store()
        try await store.start(try F.session(1), replacing: nil, expires: F.later)
        try await store.start(try F.session(2), replacing: nil, expires: F.later)
        try room.tamper("UPDATE sessions SET authentications = '\(text)' WHERE id = x'\(Hexadecimal.encode(F.bytes(1, "session")))'")
        #expect(try await store.session(try F.sessionID(1), at: F.now) == nil)
        #expect(try await store.session(try F.sessionID(2), at: F.now) != nil)
    }

    @Test func `with a session at an unreadable terminal holds no session`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.start(try F.session(), replacing: nil, expires: F.later)
        try room.tamper("UPDATE sessions SET authentications = replace(authentications, 'kiosk-7', 'kiosk 7')")
        #expect(try await store.session(try F.sessionID(), at: F.now) == nil)
    }
}
