import SignOn
import Vocabulary

extension Interfering {
    func leave(_ note: PassingNote, at now: Timestamp) async throws -> Bool {
        try await call { try await inner.leave(note, at: now) }
    }
    func passing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try await call { try await inner.passing(kind, key, at: now) }
    }
    func takePassing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try await call { try await inner.takePassing(kind, key, at: now) }
    }
    func guessPassing(
        _ kind: PassingNote.Kind, _ key: [UInt8], proof: [UInt8], at now: Timestamp
    ) async throws -> PassingGuess {
        try await call { try await inner.guessPassing(kind, key, proof: proof, at: now) }
    }
}
