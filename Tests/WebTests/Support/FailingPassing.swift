import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func leave(_ note: PassingNote, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.leave(note, at: now)
    }

    func passing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try gate()
        return try await store.passing(kind, key, at: now)
    }

    func takePassing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try gate()
        return try await store.takePassing(kind, key, at: now)
    }

    func guessPassing(
        _ kind: PassingNote.Kind, _ key: [UInt8], proof: [UInt8], at now: Timestamp
    ) async throws -> PassingGuess {
        try gate()
        return try await store.guessPassing(kind, key, proof: proof, at: now)
    }
}
