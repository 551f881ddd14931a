import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

/// Pushed requests of the store's tests.
enum Pushing {
    static func request(_ number: Int = 1, usable: Timestamp = F.later, kept: Timestamp = F.afterwards) throws -> PushedRequest {
        let json = JSON.object([
            ("digest", .string(Base64url.encode(F.bytes(number, "pushed")))), ("client", "RP00000001"),
            ("form", "client_id=RP00000001&state=%E9%96%A2'\""), ("jkt", .null), ("received", .integer(F.now.milliseconds)),
            ("usable", .integer(usable.milliseconds)), ("kept", .integer(kept.milliseconds)),
        ])
        return try F.some(PushedRequest(json: json), "pushed request")
    }

    static func claim(_ key: String) -> AssertionClaim { AssertionClaim(scope: "s", key: key, until: F.later) }

    static func issue(
        _ store: any Stores, code: Int = 1, of session: Session, finishing number: Int = 1, at now: Timestamp = F.now
    ) async throws -> PushedIssue {
        try await store.issue(
            F.code(code), recording: F.record(code), joining: Leave.joining(session), finishing: F.bytes(number, "pushed"), at: now)
    }
}

extension Promise {
    /// Checklist O2.
    static let pushed = [
        Promise("a pushed request comes back as it was pushed, as often as asked") { (store) async throws in
            let request = try Pushing.request()
            #expect(try await store.push(request, claiming: [], at: F.now) == .kept)
            for _ in 1...2 { #expect(try await store.pushed(request.digest, at: F.now) == request) }
            #expect(try await store.pushed(F.bytes(2, "pushed"), at: F.now) == nil)
        },
        Promise("a pushed request runs out for browsers, not for those that wait") { (store) async throws in
            let request = try Pushing.request()
            _ = try await store.push(request, claiming: [], at: F.now)
            #expect(try await store.pushed(request.digest, at: F.later.adding(milliseconds: -1)) == request)
            #expect(try await store.pushed(request.digest, at: F.later) == nil)
            #expect(try await store.finish(request.digest, recording: F.record(1), at: F.later))
        },
        Promise("an assertion or a proof that was used pushes nothing (checklist E16)") { (store) async throws in
            #expect(try await store.push(Pushing.request(1), claiming: [Pushing.claim("a"), Pushing.claim("b")], at: F.now) == .kept)
            #expect(
                try await store.push(Pushing.request(2), claiming: [Pushing.claim("a"), Pushing.claim("c")], at: F.now) == .replayed(0))
            #expect(
                try await store.push(Pushing.request(3), claiming: [Pushing.claim("d"), Pushing.claim("b")], at: F.now) == .replayed(1))
            for number in 2...3 { #expect(try await store.pushed(F.bytes(number, "pushed"), at: F.now) == nil) }
        },
        Promise("of 100 that push with one assertion one is kept") { (store) async throws in
            let outcomes = try await atOnce { number in
                try await store.push(Pushing.request(number), claiming: [Pushing.claim("a")], at: F.now)
            }
            #expect(outcomes.filter { $0 == .kept }.count == 1)
            #expect(outcomes.filter { $0 == .replayed(0) }.count == outcomes.count - 1)
        },
        Promise("a pushed request is finished once, and brought no more") { (store) async throws in
            let request = try Pushing.request()
            _ = try await store.push(request, claiming: [], at: F.now)
            #expect(try await store.finish(request.digest, recording: F.record(1), at: F.now))
            #expect(try await !store.finish(request.digest, recording: F.record(2), at: F.now))
            #expect(try await store.pushed(request.digest, at: F.now) == nil)
            #expect(try await !store.finish(F.bytes(2, "pushed"), recording: F.record(3), at: F.now))
        },
        Promise("a code is issued for the first that finishes, in the session, and for no other") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.push(Pushing.request(), claiming: [], at: F.now)
            #expect(try await Pushing.issue(store, of: session) == .issued)
            #expect(try await Pushing.issue(store, code: 2, of: session) == .finished)
            #expect(try await store.consume(F.code(1).codeDigest, at: F.now) == .first(F.code(1)))
            #expect(try await store.consume(F.code(2).codeDigest, at: F.now) == .unknown)
            #expect(try await store.pushed(F.bytes(1, "pushed"), at: F.now) == nil)
            #expect(try await !store.finish(F.bytes(1, "pushed"), recording: F.record(3), at: F.now))
        },
        Promise("of 100 tabs that complete one pushed request one gets a code") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.push(Pushing.request(), claiming: [], at: F.now)
            let outcomes = try await atOnce { number in try await Pushing.issue(store, code: number, of: session) }
            #expect(outcomes.filter { $0 == .issued }.count == 1)
            #expect(outcomes.filter { $0 == .finished }.count == outcomes.count - 1)
        },
        Promise("a session that ended gets no code, and the pushed request waits on") { (store) async throws in
            let session = try F.session()
            _ = try await store.push(Pushing.request(), claiming: [], at: F.now)
            #expect(try await Pushing.issue(store, of: session) == .sessionEnded)
            #expect(try await store.consume(F.code(1).codeDigest, at: F.now) == .unknown)
            #expect(try await store.pushed(F.bytes(1, "pushed"), at: F.now) != nil)
        },
    ]
}

@Suite struct `Pushed requests in a file` {
    @Test func `are brought to any node that shares it, and finished once among them`() async throws {
        let room = try Room()
        let (one, other) = (try room.store(), try room.store())
        let request = try Pushing.request()
        #expect(try await one.push(request, claiming: [Pushing.claim("a")], at: F.now) == .kept)
        #expect(try await other.pushed(request.digest, at: F.now) == request)
        #expect(try await other.push(Pushing.request(2), claiming: [Pushing.claim("a")], at: F.now) == .replayed(0))
        #expect(try await other.finish(request.digest, recording: F.record(1), at: F.now))
        #expect(try await !one.finish(request.digest, recording: F.record(2), at: F.now))
        #expect(try await one.pushed(request.digest, at: F.now) == nil)
    }

    @Test func `outlive the process, and are swept when nobody can wait for them any more`() async throws {
        let room = try Room()
        do { _ = try await room.store().push(Pushing.request(), claiming: [], at: F.now) }
        let store = try room.store()
        #expect(try await store.pushed(F.bytes(1, "pushed"), at: F.now) == Pushing.request())
        _ = try await store.sweep(at: F.afterwards.adding(milliseconds: -1))
        #expect(try await store.counts()["pushed_requests"] == 1)
        _ = try await store.sweep(at: F.afterwards)
        #expect(try await store.counts()["pushed_requests"] == 0)
    }
}
