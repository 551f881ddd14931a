import SQLiteStores
import Testing
import Vocabulary

@Suite struct `Every store keeps its promises` {
    @Test(arguments: Promise.all) func `in SQLite`(promise: Promise) async throws {
        let room = try Room()
        let store = try room.store()
        try await promise.hold(store)
        guard case .holds = try await store.verifyAudit() else { throw Missing(what: "a trail that holds") }
    }

    @Test(arguments: Promise.all, InterruptedStores.Kind.allCases)
    func `in SQLite when the disk fails in the middle of every call and the caller tries again`(
        promise: Promise, kind: InterruptedStores.Kind
    ) async throws {
        let room = try Room()
        let store = try room.store()
        try await promise.hold(try InterruptedStores(store, path: room.path, at: kind))
        guard case .holds = try await store.verifyAudit() else { throw Missing(what: "a trail that holds") }
    }

    /// Whichever call fails, its caller hears of it: no answer stands in for one that did not come.
    @Test(arguments: Promise.all) func `or says so, at whichever call it fails`(promise: Promise) async throws {
        for call in 1...12 {
            let room = try Room()
            let failing = FailingStores(try room.store(), atCall: call)
            var heard = false
            do { try await promise.hold(failing) } catch is Outage { heard = true }
            if !failing.hasFailed {
                #expect(!heard)
                break
            }
            // A promise that expects a refusal takes the outage for it; all others must not get past it.
            #expect(heard || promise.expectsRefusal, "call \(call)")
        }
    }

    @Test func `and the interruptions are real`() async throws {
        let room = try Room()
        let interrupted = try InterruptedStores(try room.store(), path: room.path, at: .insert)
        try await interrupted.append(F.record(1))
        #expect(interrupted.count == 1)
        #expect(try await interrupted.transaction(try F.transactionID(), at: F.now) == nil)
        #expect(interrupted.count == 1)
    }
}
