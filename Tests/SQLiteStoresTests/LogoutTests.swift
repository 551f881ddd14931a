import Foundation
import GRDB
import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

/// What of the session graph only a file can show.
@Suite struct `The session graph in the file` {
    @Test func `a repeated sign-on writes no row and no page for the graph`() async throws {
        let room = try Room()
        let store = try room.store()
        let session = try F.session()
        try await store.start(session, replacing: nil, expires: F.later)
        _ = try await store.session(session.id, at: F.now)
        let joining = try Leave.joining(session)
        for number in 0..<5 {
            #expect(
                try await store.claim(
                    "k\(number)", scope: "s", until: F.later, at: F.now, recording: F.record(number), joining: joining) == .first)
        }
        #expect(try await store.counts()["participations"] == 1)
        // The row goes, as nobody but this test would do it; who is remembered writes it no second time.
        let stranger = try DatabaseQueue(path: room.path)
        try await stranger.write { try $0.execute(sql: "DELETE FROM participations") }
        _ = try await store.claim("k9", scope: "s", until: F.later, at: F.now, recording: F.record(9), joining: joining)
        #expect(try await store.counts()["participations"] == 0)
    }

    @Test func `who is remembered is remembered no longer than the session`() async throws {
        let room = try Room()
        let store = try room.store()
        let session = try F.session()
        try await store.start(session, replacing: nil, expires: F.later)
        _ = try await store.session(session.id, at: F.now)
        let joining = try Leave.joining(session)
        _ = try await store.join(joining, recording: F.record(1))
        _ = try await store.begin(Leave.logout(), ending: [session.thread], recording: F.record(2)) { _ in LogoutPlan(.back) }
        #expect(try await !store.join(joining, recording: F.record(3)))
        #expect(
            try await store.claim("k", scope: "s", until: F.later, at: F.now, recording: F.record(4), joining: joining) == .sessionEnded)
    }

    @Test func `the queue survives the process: what was taken and not settled is due again`() async throws {
        let room = try Room()
        let (logout, legs) = try await Leave.begun(try room.store(), ["a": .back, "b": .back])
        do {
            let store = try room.store()
            _ = try await store.takeDue(of: nil, lease: F.now.adding(seconds: 30), limit: 9, at: F.now)
            _ = try await store.ask(legs[0].id, by: "r-1", at: F.now)
        }
        // `kill -9` here.
        let store = try room.store()
        let due = try await store.takeDue(of: logout.id, lease: F.now.adding(seconds: 90), limit: 9, at: F.now.adding(seconds: 30))
        #expect(due.map(\.leg.member.text).sorted() == ["a", "b"])
        #expect(due.map(\.leg.attempts).sorted() == [0, 1])
        #expect(due.first?.logout == logout)
    }

    @Test func `codes and tokens end with the session they come from, those of another session not`() async throws {
        let room = try Room()
        let store = try room.store()
        let client = try F.code().client
        var sids: [String] = []
        for number in 1...2 {
            let session = try F.session(number)
            try await store.start(session, replacing: nil, expires: F.later)
            let joining = try Leave.joining(session, client.text, .subject(try F.code(number).pairwise.text))
            sids.append(joining.sessionIndex)
            let code = try F.code(number).of(sid: joining.sessionIndex)
            #expect(try await store.issue(code, recording: F.record(number), joining: joining))
            try await store.issue(try F.access(number, of: nil).of(sid: joining.sessionIndex))
            try await store.issueRefresh(try F.refresh(number, of: number).of(sid: joining.sessionIndex))
        }
        func alive(_ number: Int) async throws -> [Bool] {
            [
                try await store.find(try F.access(number, of: nil).tokenDigest, at: F.now) != nil,
                try await store.refresh(try F.refresh(number, of: number).tokenDigest, at: F.now) != nil,
            ]
        }
        #expect(try await alive(1) == [true, true])
        _ = try await store.begin(Leave.logout(), ending: [F.session(1).thread], recording: F.record(5)) { _ in LogoutPlan(.back) }
        #expect(try await alive(1) == [false, false])
        #expect(try await alive(2) == [true, true])
        let successor = try F.refresh(3, of: 1).of(sid: sids[0])
        #expect(try await store.rotate(try F.refresh(1, of: 1).tokenDigest, to: successor, at: F.now) == .unknown)
        #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .unknown)
        #expect(try await store.consume(F.bytes(2, "code"), at: F.now) == .first(try F.code(2).of(sid: sids[1])))
    }

    @Test func `a file of before the graph learns it, and its sessions can be logged out`() async throws {
        let room = try Room()
        let session = try F.session()
        do {
            let store = try room.store()
            try await store.start(session, replacing: nil, expires: F.later)
        }
        let stranger = try DatabaseQueue(path: room.path)
        try await stranger.write { database in
            for table in ["participations", "logouts", "logout_legs", "logout_orders"] { try database.execute(sql: "DROP TABLE \(table)") }
            try database.execute(sql: "DROP INDEX sessions_thread")
            try database.execute(sql: "ALTER TABLE sessions DROP COLUMN thread")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier = '5 participations'")
        }
        try stranger.close()
        let store = try room.store()
        #expect(try await store.join(Leave.joining(session), recording: F.record(1)))
        _ = try await store.begin(Leave.logout(), ending: [session.thread], recording: F.record(2)) { _ in LogoutPlan(.back) }
        #expect(try await store.session(session.id, at: F.now) == nil)
    }

    @Test func `the sweep takes participations and logouts that ran out`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await Leave.begun(store, ["a": .back])
        let session = try F.session(2)
        try await store.start(session, replacing: nil, expires: F.later)
        _ = try await store.join(Leave.joining(session), recording: F.record(1))
        try await store.order(
            LogoutOrder(id: try Leave.logout(2).id, target: .thread(session.thread), at: F.now), until: F.later)
        _ = try await store.sweep(at: F.later.adding(milliseconds: -1))
        for table in ["participations", "logouts", "logout_legs", "logout_orders"] { #expect(try await store.counts()[table] == 1) }
        _ = try await store.sweep(at: F.later)
        for table in ["participations", "logouts", "logout_orders"] { #expect(try await store.counts()[table] == 0) }
        #expect(try await store.counts()["logout_legs"] == 1, "that its member was never told is not recorded yet")
        #expect(try await store.expireLegs(limit: 9, recording: { _ in F.record(3) }, at: F.later) == 1)
        _ = try await store.sweep(at: F.later)
        #expect(try await store.counts()["logout_legs"] == 0)
    }

    @Test func `of a member with hundreds that are due a few are taken, behind the first of each other`() async throws {
        let room = try Room()
        let store = try room.store()
        let session = try F.session()
        try await store.start(session, replacing: nil, expires: F.later)
        for number in 0..<40 {
            _ = try await store.join(Leave.joining(session, "down", .nameID("n\(number)", format: nil)), recording: F.record(1))
        }
        for member in ["up", "zone"] { _ = try await store.join(Leave.joining(session, member), recording: F.record(1)) }
        _ = try await store.begin(Leave.logout(), ending: [session.thread], recording: F.record(2)) { _ in LogoutPlan(.back) }
        func taken(_ limit: Int) async throws -> [String: Int] {
            let due = try await store.takeDue(of: nil, lease: F.now.adding(seconds: 30), limit: limit, at: F.now)
            return Dictionary(grouping: due, by: \.leg.member.text).mapValues(\.count)
        }
        #expect(try await taken(3) == ["down": 1, "up": 1, "zone": 1])
        #expect(try await taken(64) == ["down": 8])
        #expect(try await taken(64) == ["down": 8])
    }

    @Test func `the sweep leaves what a later answer prolonged, until that end`() async throws {
        let room = try Room()
        let store = try room.store()
        let session = try F.session()
        try await store.start(session, replacing: nil, expires: F.afterwards)
        _ = try await store.session(session.id, at: F.now)
        let end = F.later.adding(seconds: 60)
        for until in [F.later, end, F.later] {
            #expect(try await store.join(Leave.joining(session, until: until), recording: F.record(1)))
        }
        for (moment, left) in [(F.later, 1), (end.adding(milliseconds: -1), 1), (end, 0)] {
            _ = try await store.sweep(at: moment)
            #expect(try await store.counts()["participations"] == left)
        }
    }
}

extension CodeRecord {
    fileprivate func of(sid: String) throws -> CodeRecord { try #require(CodeRecord(json: json.setting("sid", .string(sid)))) }
}

extension AccessTokenRecord {
    fileprivate func of(sid: String) throws -> AccessTokenRecord {
        try #require(AccessTokenRecord(json: json.setting("sid", .string(sid))))
    }
}

extension RefreshTokenRecord {
    fileprivate func of(sid: String) throws -> RefreshTokenRecord {
        try #require(RefreshTokenRecord(json: json.setting("sid", .string(sid))))
    }
}

extension JSON {
    fileprivate func setting(_ name: String, _ value: JSON) -> JSON {
        .object((members ?? []).map { $0.0 == name ? ($0.0, value) : $0 })
    }
}
