import SAML
import SQLiteStores
import SignOn
import Testing
import Vocabulary

extension Interfering {
    func keep(
        _ answer: SealedAnswer, claiming claim: ReplayKey?, joining: Joining?, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> JoinedClaim {
        try await call { try await inner.keep(answer, claiming: claim, joining: joining, recording: record, at: now) }
    }
    func take(
        _ digest: [UInt8], for member: MemberID, claiming claim: ReplayKey, at now: Timestamp,
        recording: @escaping @Sendable (ArtifactTaking) -> Vocabulary.Record
    ) async throws -> ArtifactTaking {
        try await call { try await inner.take(digest, for: member, claiming: claim, at: now, recording: recording) }
    }
    func session(in thread: SessionThread, at now: Timestamp) async throws -> Session? {
        try await call { try await inner.session(in: thread, at: now) }
    }
}

/// Answers by artifact of the store's tests.
enum Waiting {
    static func answer(_ number: Int = 1, for member: String = "ministry") throws -> SealedAnswer {
        SealedAnswer(
            digest: F.bytes(number, "artifact"), member: try Leave.member(member), sealed: [0, 0x27, 0xff, UInt8(number)],
            expiresAt: F.later)
    }

    static func key(_ text: String) -> ReplayKey { ReplayKey(scope: "s", key: text, until: F.later) }

    static func take(
        _ store: any Stores, _ number: Int = 1, for member: String = "ministry", by question: String = "q", at now: Timestamp = F.now
    ) async throws -> ArtifactTaking {
        try await store.take(F.bytes(number, "artifact"), for: try Leave.member(member), claiming: key(question), at: now) { _ in
            F.record(2)
        }
    }

    static func keep(
        _ store: any Stores, _ number: Int = 1, claiming key: String? = nil, joining: Joining? = nil
    ) async throws -> JoinedClaim {
        try await store.keep(
            answer(number), claiming: key.map { Self.key($0) }, joining: joining, recording: F.record(1), at: F.now)
    }
}

extension Promise {
    /// Checklist S4.
    static let artifacts = [
        Promise("an artifact is resolved once, by the member it was made for") { (store) async throws in
            #expect(try await Waiting.keep(store) == .first)
            #expect(try await Waiting.take(store, 2, by: "a") == .unknown)
            #expect(try await Waiting.take(store, by: "b") == .answer(Waiting.answer()))
            #expect(try await Waiting.take(store, by: "c") == .unknown)
        },
        Promise("an artifact in the wrong hands gives nothing and stays for its member") { (store) async throws in
            _ = try await Waiting.keep(store)
            #expect(try await Waiting.take(store, for: "library", by: "a") == .otherMember(Leave.member("ministry")))
            #expect(try await Waiting.take(store, by: "b") == .answer(Waiting.answer()))
            #expect(try await Waiting.take(store, for: "library", by: "c") == .unknown)
        },
        Promise("of 100 that resolve an artifact one gets the answer") { (store) async throws in
            _ = try await Waiting.keep(store)
            let taken = try await atOnce { number in try await Waiting.take(store, by: "\(number)") }
            #expect(taken.filter { $0 == (try? .answer(Waiting.answer())) }.count == 1)
            #expect(taken.filter { $0 == .unknown }.count == taken.count - 1)
        },
        Promise("an artifact ends with its last moment") { (store) async throws in
            _ = try await Waiting.keep(store)
            #expect(try await Waiting.take(store, by: "a", at: F.later) == .unknown)
            let last = F.later.adding(milliseconds: -1)
            #expect(try await Waiting.take(store, by: "b", at: last) == .answer(Waiting.answer()))
        },
        Promise("a question that comes again resolves nothing, not even another artifact") { (store) async throws in
            _ = try await Waiting.keep(store)
            _ = try await Waiting.keep(store, 2)
            #expect(try await Waiting.take(store, by: "a") == .answer(Waiting.answer()))
            #expect(try await Waiting.take(store, 2, by: "a") == .replayed)
            #expect(try await Waiting.take(store, 2, by: "b") == .answer(Waiting.answer(2)))
        },
        Promise("claim, answer and participation are one: a request answered before leaves no second artifact") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            #expect(try await Waiting.keep(store, claiming: "k", joining: Leave.joining(session)) == .first)
            #expect(try await Waiting.keep(store, 2, claiming: "k", joining: Leave.joining(session, "library")) == .taken)
            #expect(try await Waiting.take(store, 2, by: "a") == .unknown)
            #expect(try await store.participations(in: session.thread).map(\.member.text) == ["ministry"])
            #expect(try await Waiting.take(store, by: "b") == .answer(Waiting.answer()))
        },
        Promise("nothing is kept for a session that has ended, and nothing is claimed") { (store) async throws in
            let session = try F.session()
            #expect(try await Waiting.keep(store, claiming: "k", joining: Leave.joining(session)) == .sessionEnded)
            #expect(try await Waiting.take(store, by: "a") == .unknown)
            #expect(try await store.claim("k", scope: "s", until: F.later, at: F.now))
        },
        Promise("a session is found by its thread while it lives, under whatever id") { (store) async throws in
            let session = try F.session()
            #expect(try await store.session(in: session.thread, at: F.now) == nil)
            try await store.start(session, replacing: nil, expires: F.later)
            #expect(try await store.session(in: session.thread, at: F.now) == session)
            let renewed = session.renewed(with: try F.session(2).authentications[0], id: try F.sessionID(2), at: F.now)
            try await store.start(renewed, replacing: session.id, expires: F.later)
            #expect(try await store.session(in: session.thread, at: F.now) == renewed)
            #expect(try await store.session(in: session.thread, at: F.later) == nil)
            try await store.end(renewed.id)
            #expect(try await store.session(in: session.thread, at: F.now) == nil)
        },
    ]
}
