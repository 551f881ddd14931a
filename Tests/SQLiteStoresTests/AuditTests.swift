import Cryptography
import GRDB
import SQLiteStores
import Testing
import Vocabulary

@Suite struct `The audit trail` {
    static func trail(_ room: Room, _ count: Int = 5) async throws -> SQLiteStore {
        let store = try room.store()
        for number in 1...count { try await store.append(F.record(number)) }
        return store
    }

    static let disarmed = [
        "DROP TRIGGER audit_keeps_rows", "DROP TRIGGER audit_keeps_text", "DROP TRIGGER audit_grows_at_its_end",
    ]

    @Test func `holds from its first record on`() async throws {
        let room = try Room()
        let store = try room.store()
        guard case .holds(records: 0, let start) = try await store.verifyAudit() else { throw Missing(what: "an empty trail") }
        try await store.append(F.record(1))
        guard case .holds(records: 1, let head) = try await store.verifyAudit() else { throw Missing(what: "one record") }
        #expect(head != start && head.utf8.count == 64)
    }

    @Test func `tells its records as they were appended`() async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        let told = try await store.audit(from: 2, limit: 3)
        #expect(told.map(\.sequence) == [2, 3, 4])
        let appended = [2, 3, 4].map { F.record($0).json.text }
        #expect(told.map(\.body) == appended)
        #expect(try await store.audit(from: 6, limit: 3).isEmpty)
    }

    @Test func `is appended to in the order of the chain by 100 at once`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await atOnce { try await store.append(F.record($0)) }
        guard case .holds(records: 100, _) = try await store.verifyAudit() else { throw Missing(what: "100 records") }
        #expect(Set(try await store.audit(from: 1, limit: 200).map(\.body)).count == 100)
    }

    @Test(arguments: [
        ("changed", "UPDATE audit SET body = replace(body, '3', '4') WHERE sequence = 3", 3),
        ("changed behind a NUL", "UPDATE audit SET body = body || char(0) || 'x' WHERE sequence = 3", 3),
        ("given another hash", "UPDATE audit SET hash = zeroblob(32) WHERE sequence = 3", 3),
        ("given a short hash", "UPDATE audit SET hash = x'00' WHERE sequence = 3", 3),
        (
            "changed together with its hash",
            "UPDATE audit SET body = '{}', hash = (SELECT hash FROM audit WHERE sequence = 2) WHERE sequence = 3", 3
        ),
        ("dropped", "DELETE FROM audit WHERE sequence = 3", 3),
        ("dropped at the start", "DELETE FROM audit WHERE sequence = 1", 1),
        (
            "dropped and the others moved up",
            "DELETE FROM audit WHERE sequence = 3; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 3", 3
        ),
        (
            "swapped with the next",
            """
            UPDATE audit SET sequence = 99 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4;
            UPDATE audit SET sequence = 4 WHERE sequence = 99
            """, 3
        ),
        ("forged behind the last", "INSERT INTO audit SELECT 6, body, hash FROM audit WHERE sequence = 5", 6),
        ("forged behind a gap", "INSERT INTO audit SELECT 7, body, hash FROM audit WHERE sequence = 5", 6),
        ("forged before the first", "INSERT INTO audit SELECT 0, body, hash FROM audit WHERE sequence = 1", 1),
    ]) func `shows where a record was`(what: String, statement: String, sequence: Int64) async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        guard case .holds(records: 5, _) = try await store.verifyAudit() else { throw Missing(what: "a trail that holds") }
        try room.tamper((Self.disarmed + [statement]).joined(separator: ";"))
        guard case .broken(at: sequence, _) = try await store.verifyAudit() else {
            Issue.record("\(what): \(try await store.verifyAudit())")
            return
        }
        for page in [1, 2, 3, 5] {
            guard case .broken(at: sequence, _) = try await store.verifyAudit(page: page) else {
                Issue.record("\(what), \(page) records at a time: \(try await store.verifyAudit(page: page))")
                return
            }
        }
    }

    @Test(arguments: [
        "UPDATE audit SET body = '{}' WHERE sequence = 3", "UPDATE audit SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM audit", "DELETE FROM audit WHERE sequence = 5", "REPLACE INTO audit VALUES (3, '{}', x'00')",
        "INSERT OR REPLACE INTO audit VALUES (5, '{}', x'00')", "INSERT INTO audit VALUES (9, '{}', x'00')",
        "INSERT INTO audit VALUES (0, '{}', x'00')", "INSERT INTO audit (body, hash) VALUES ('{}', x'00')",
        "INSERT INTO audit VALUES (3, '{}', x'00') ON CONFLICT DO UPDATE SET body = '{}'",
    ]) func `refuses to be rewritten`(statement: String) async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        #expect { try room.tamper(statement) } throws: { "\($0)".contains("append-only") }
        guard case .holds(records: 5, _) = try await store.verifyAudit() else { throw Missing(what: "a trail that holds") }
        try await store.append(F.record(6))
        guard case .holds(records: 6, _) = try await store.verifyAudit() else { throw Missing(what: "a trail that goes on") }
    }

    @Test func `cut short or forged at its end no longer holds the head that was kept`() async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        guard case .holds(let records, let head) = try await store.verifyAudit() else { throw Missing(what: "a trail") }
        let kept = AuditHead(records: records, hash: head)
        guard case .holds = try await store.verifyAudit(expecting: kept) else { throw Missing(what: "the kept head") }
        try await store.append(F.record(6))
        guard case .holds(records: 6, _) = try await store.verifyAudit(expecting: kept) else { throw Missing(what: "a longer trail") }

        try room.tamper((Self.disarmed + ["DELETE FROM audit WHERE sequence >= 5"]).joined(separator: ";"))
        guard case .holds(records: 4, _) = try await store.verifyAudit() else { throw Missing(what: "a cut that verifies") }
        guard case .broken(at: 5, _) = try await store.verifyAudit(expecting: kept) else { throw Missing(what: "a cut that is found") }

        // Whoever writes on knows where the trail was; only a start over the forged file goes on from its end.
        let again = try room.store()
        try await again.append(F.record(50))
        guard case .holds(records: 5, _) = try await again.verifyAudit() else { throw Missing(what: "a forgery that verifies") }
        guard case .broken(at: 5, _) = try await again.verifyAudit(expecting: kept) else { throw Missing(what: "a forgery that is found") }
    }

    @Test(arguments: [1, 2, 4, 5, 6]) func `is read in pages, and holds over their edges`(page: Int) async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        let whole = try await store.verifyAudit()
        #expect(try await store.verifyAudit(page: page) == whole)
        guard case .holds(records: 5, let hash) = whole else { throw Missing(what: "a trail that holds") }
        let kept = AuditHead(records: 5, hash: hash)
        #expect(try await store.verifyAudit(expecting: kept, page: page) == whole)
        let longer = AuditHead(records: 6, hash: hash)
        guard case .broken(at: 6, _) = try await store.verifyAudit(expecting: longer, page: page) else {
            throw Missing(what: "a cut that is found")
        }
    }

    @Test func `is a chain of hashes that anybody can compute again`() async throws {
        let room = try Room()
        let store = try await Self.trail(room)
        var expected = Digest.sha256(Array("sekisho audit trail 1".utf8))
        for record in try await store.audit(from: 1, limit: 9) { expected = Digest.sha256(expected + Array(record.body.utf8)) }
        #expect(try await store.verifyAudit() == .holds(records: 5, head: Hexadecimal.encode(expected)))
    }

    @Test func `has a head that is written as it is read`() throws {
        let hash = String(repeating: "0f", count: 32)
        let head = try Fixture.some(AuditHead("12:" + hash), "a head")
        #expect(head == AuditHead(records: 12, hash: hash))
        #expect("\(head)" == "12:" + hash)
        #expect(AuditHead("12:" + hash.uppercased()) == head)
    }

    @Test(arguments: ["", "12", ":", "12:", "12:0f", "-1:", "+12:", "012:", "12::", " 12:", "12:zz"])
    func `has no head without a number and a hash`(text: String) {
        let hash = String(repeating: "0f", count: 32)
        #expect(AuditHead(text) == nil)
        #expect(AuditHead(hash) == nil)
        if text.hasSuffix(":"), text != "12:" { #expect(AuditHead(text + hash) == nil) }
    }
}
