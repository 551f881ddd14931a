import SignOn
import Testing
import Vocabulary

/// Small things for minutes.
private enum Passing {
    static func note(
        _ number: Int = 1, _ kind: PassingNote.Kind = .appAnswer, proof: Int? = nil, tries: Int = 1, login: Bool = false,
        body: String = "関所",
        expires: Timestamp = F.later
    ) throws -> PassingNote {
        PassingNote(
            kind, key: F.bytes(number, "passing"), proof: proof.map { F.bytes($0, "proof") }, tries: tries,
            login: login ? try F.session().authentications.last : nil, body: Array(body.utf8), expiresAt: expires)
    }

    static func key(_ number: Int = 1) -> [UInt8] { F.bytes(number, "passing") }
    static func proof(_ number: Int) -> [UInt8] { F.bytes(number, "proof") }
}

extension Promise {
    /// Checklist H7: what one node was left, any node takes once.
    static let passing = [
        Promise("a note comes back as it was left, login and all, until it is taken") { (store) async throws in
            let note = try Passing.note(login: true)
            #expect(try await store.leave(note, at: F.now))
            #expect(try await store.passing(.appAnswer, note.key, at: F.now) == note)
            #expect(try await store.passing(.cardNews, note.key, at: F.now) == nil, "kinds have names of their own")
            #expect(try await store.takePassing(.appAnswer, note.key, at: F.now) == note)
            #expect(try await store.takePassing(.appAnswer, note.key, at: F.now) == nil)
        },
        Promise("a later note takes the place of the one before it") { (store) async throws in
            #expect(try await store.leave(try Passing.note(body: "one"), at: F.now))
            #expect(try await store.leave(try Passing.note(body: "two"), at: F.now))
            #expect(try await store.passing(.appAnswer, Passing.key(), at: F.now)?.body == Array("two".utf8))
        },
        Promise("of 100 that take a note one gets it") { (store) async throws in
            let note = try Passing.note(1, .sandboxCode)
            #expect(try await store.leave(note, at: F.now))
            #expect(try await atOnce { _ in try await store.takePassing(.sandboxCode, note.key, at: F.now) }.compactMap { $0 } == [note])
        },
        Promise("a note ends with its last moment") { (store) async throws in
            let note = try Passing.note()
            #expect(try await store.leave(note, at: F.now))
            #expect(try await store.passing(.appAnswer, note.key, at: F.later) == nil)
            #expect(try await store.takePassing(.appAnswer, note.key, at: F.later) == nil)
            #expect(try await store.passing(.appAnswer, note.key, at: F.later.adding(milliseconds: -1)) == note)
        },
        Promise("a note that asks for a proof is given for it once, and not without it") { (store) async throws in
            let note = try Passing.note(proof: 7, tries: 3)
            #expect(try await store.leave(note, at: F.now))
            #expect(try await store.takePassing(.appAnswer, note.key, at: F.now) == nil)
            #expect(try await store.guessPassing(.appAnswer, note.key, proof: Passing.proof(7), at: F.now) == .right(note))
            #expect(try await store.guessPassing(.appAnswer, note.key, proof: Passing.proof(7), at: F.now) == .nothing)
        },
        Promise("wrong proofs are counted, and the last one throws the note away") { (store) async throws in
            let note = try Passing.note(proof: 7, tries: 3)
            #expect(try await store.leave(note, at: F.now))
            for left in [2, 1, 0] {
                #expect(try await store.guessPassing(.appAnswer, note.key, proof: Passing.proof(8), at: F.now) == .wrong(left: left))
            }
            #expect(try await store.guessPassing(.appAnswer, note.key, proof: Passing.proof(7), at: F.now) == .nothing)
        },
        Promise("of 100 right proofs at once one gets the note") { (store) async throws in
            let note = try Passing.note(proof: 7, tries: 3)
            #expect(try await store.leave(note, at: F.now))
            let found = try await atOnce { _ in try await store.guessPassing(.appAnswer, note.key, proof: Passing.proof(7), at: F.now) }
            #expect(found.count { $0 == .right(note) } == 1)
            #expect(found.count { $0 == .nothing } == 99)
        },
    ]
}
