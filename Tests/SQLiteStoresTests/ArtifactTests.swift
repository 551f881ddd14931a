import SAML
import SQLiteStores
import SignOn
import Testing
import Vocabulary

@Suite struct `Artifacts in a file, checklist S4` {
    @Test func `are resolved by any node that shares it, once among them`() async throws {
        let room = try Room()
        let (one, other) = (try room.store(), try room.store())
        #expect(try await Waiting.keep(one) == .first)
        #expect(try await Waiting.take(other, by: "a") == .answer(Waiting.answer()))
        #expect(try await Waiting.take(one, by: "b") == .unknown)
    }

    @Test func `outlive the process that made them`() async throws {
        let room = try Room()
        do { _ = try await Waiting.keep(room.store()) }
        #expect(try await Waiting.take(room.store(), by: "a") == .answer(Waiting.answer()))
    }

    @Test func `are swept when nobody came for them`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await Waiting.keep(store)
        #expect(try await store.counts()["artifacts"] == 1)
        _ = try await store.sweep(at: F.later.adding(milliseconds: -1))
        #expect(try await store.counts()["artifacts"] == 1)
        _ = try await store.sweep(at: F.later)
        #expect(try await store.counts()["artifacts"] == 0)
    }
}
