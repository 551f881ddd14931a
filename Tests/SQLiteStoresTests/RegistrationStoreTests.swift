import Foundation
import OpenID
import SQLiteStores
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Registered clients in the store (checklist C4, O22)` {
    private typealias F = Fixture
    private static let bounds = RegistrationBounds(most: 4, mostOfSponsor: 3, perHour: 5)

    private static func terms(_ sponsor: String = "sponsor") throws -> RegistrationTerms {
        let purpose = try F.some(Purpose("points"), "purpose")
        return RegistrationTerms(
            sponsor: try F.some(MemberID(sponsor), "sponsor"), kind: .privateVerifier, purposes: [purpose], defaultPurpose: purpose)
    }

    private static func registration(
        _ number: Int = 1, sponsor: String = "sponsor", access: Int? = nil, keysAt: Timestamp? = nil
    ) throws -> RegistrationRecord {
        let name = "dyn-" + String(repeating: "A", count: 30) + (number < 10 ? "0" : "") + "\(number)"
        let json = JSON.object([
            ("id", .string(name)), ("metadata", .object([("jwks_uri", "https://rp.example/jwks"), ("client_name", "a'b\"")])),
            ("terms", try terms(sponsor).json), ("signed", .null), ("registered", .integer(F.now.milliseconds)),
            ("updated", .integer(F.now.milliseconds)), ("access", .string(Base64url.encode(F.bytes(access ?? number, "access")))),
            ("secret", .null), ("secret-expires", .null), ("hosts", "rp.example"),
            ("keys", keysAt == nil ? .null : .object([("keys", [])])), ("keys-at", keysAt.map { .integer($0.milliseconds) } ?? .null),
        ])
        return try F.some(RegistrationRecord(json: json, version: 1), "registration")
    }

    private static func token(uses: Int = 1) throws -> InitialAccess {
        InitialAccess(digest: F.bytes(1, "token"), terms: try terms(), uses: uses, madeAt: F.now, expiresAt: F.later, note: "a note")
    }

    @Test func `a registration comes back as it was kept, with its trace`() async throws {
        let room = try Room()
        let store = try room.store()
        let record = try Self.registration()
        #expect(try await store.register(record, using: nil, within: Self.bounds, recording: F.record(1), at: F.now) == .registered)
        #expect(try store.registration(record.id) == record)
        #expect(try store.registrationVersion(record.id) == 1)
        #expect(try await store.audit(from: 1, limit: 9).count == 1)
        #expect(try store.registration(Self.registration(2).id) == nil)
        let reopened = try room.store()
        #expect(try reopened.registration(record.id) == record)
    }

    @Test func `a token is good for its uses, however many come at once`() async throws {
        let room = try Room()
        let (store, other) = (try room.store(), try room.store())
        try await store.keep(Self.token(uses: 2), recording: F.record(1))
        let digest = try Self.token().digest
        #expect(try await store.initialAccess(digest, at: F.now)?.uses == 2)
        let wide = RegistrationBounds(most: 100, mostOfSponsor: 100, perHour: 100)
        let outcomes = try await atOnce(12) { number in
            try await (number % 2 == 0 ? store : other)
                .register(Self.registration(number), using: digest, within: wide, recording: F.record(number), at: F.now)
        }
        #expect(outcomes.count { $0 == .registered } == 2 && outcomes.count { $0 == .tokenSpent } == 10)
        #expect(try await store.initialAccess(digest, at: F.now)?.uses == 0)
        #expect(try await store.registrations(limit: 100, skip: 0).count == 2)
        #expect(try await store.initialAccess(digest, at: F.later) == nil)
        guard case .holds(let records, _) = try await store.verifyAudit() else { throw Missing(what: "a whole trail") }
        #expect(records == 3)
    }

    @Test func `a withdrawn token registers nobody`() async throws {
        let room = try Room()
        let store = try room.store()
        let token = try Self.token()
        try await store.keep(token, recording: F.record(1))
        #expect(try await store.initialAccesses(at: F.now) == [token])
        #expect(try await store.withdraw(initialAccess: token.digest, recording: F.record(2)))
        #expect(try await !store.withdraw(initialAccess: token.digest, recording: F.record(3)))
        #expect(
            try await store.register(Self.registration(), using: token.digest, within: Self.bounds, recording: F.record(4), at: F.now)
                == .tokenSpent)
        #expect(try await store.audit(from: 1, limit: 9).count == 2)
    }

    @Test func `bounds hold in all, of a sponsor, and of an hour`() async throws {
        let room = try Room()
        let store = try room.store()
        func register(_ number: Int, _ sponsor: String = "sponsor", at now: Timestamp = F.now) async throws -> RegistrationOutcome {
            try await store.register(
                Self.registration(number, sponsor: sponsor), using: nil, within: Self.bounds, recording: F.record(number), at: now)
        }
        for number in 1...3 { #expect(try await register(number) == .registered) }
        #expect(try await register(4) == .full(3))
        #expect(try await register(5, "rival") == .registered)
        #expect(try await register(6, "rival") == .full(4))
        for number in 1...2 {
            #expect(try await store.remove(Self.registration(number).id, knowing: nil, recording: F.record(9), at: F.now))
        }
        for number in 7...8 { #expect(try await register(number) == .registered) }
        #expect(try await store.remove(Self.registration(7).id, knowing: nil, recording: F.record(9), at: F.now))
        guard case .tooFast(let seconds) = try await register(10) else { throw Missing(what: "a pause") }
        #expect((3_590...3_601).contains(seconds))
        #expect(try await register(11, at: F.now.adding(seconds: 3_601)) == .registered)
    }

    @Test func `of two that know one access token, one changes the registration`() async throws {
        let room = try Room()
        let (store, other) = (try room.store(), try room.store())
        _ = try await store.register(Self.registration(), using: nil, within: Self.bounds, recording: F.record(1), at: F.now)
        let before = store.registrationChanges
        let won = try await atOnce(8) { number in
            try await (number % 2 == 0 ? store : other)
                .replace(Self.registration(1, access: 50 + number), knowing: F.bytes(1, "access"), recording: F.record(number), at: F.now)
        }
        #expect(won.count { $0 } == 1)
        #expect(try store.registrationVersion(Self.registration().id) == 2)
        #expect(store.registrationChanges != before)
        #expect(try await !store.remove(Self.registration().id, knowing: F.bytes(1, "access"), recording: F.record(9), at: F.now))
        #expect(try await store.audit(from: 1, limit: 20).count == 2)
    }

    @Test func `removing takes it out of sessions, and leaves another's place alone`() async throws {
        let room = try Room()
        let store = try room.store()
        let record = try Self.registration()
        _ = try await store.register(record, using: nil, within: Self.bounds, recording: F.record(1), at: F.now)
        try room.tamper(
            "INSERT INTO participations (thread, member, name, tongue, format, qualifier, sp_qualifier, session_index, subject, joined, expires) "
                + "SELECT X'00', '\(record.id.text)', 'n', 'openid', NULL, NULL, NULL, 'i', 's', 1, 99999999999999 "
                + "UNION ALL SELECT X'00', 'shop', 'n', 'openid', NULL, NULL, NULL, 'i', 's', 1, 99999999999999")
        #expect(try await store.counts()["participations"] == 2)
        #expect(try await store.remove(record.id, knowing: F.bytes(1, "access"), recording: F.record(2), at: F.now))
        #expect(try await store.counts()["participations"] == 1)
        #expect(try store.registration(record.id) == nil)
        #expect(try await !store.remove(record.id, knowing: nil, recording: F.record(3), at: F.now))
    }

    @Test func `published keys are due in turns, to one process at a time`() async throws {
        let room = try Room()
        let (store, other) = (try room.store(), try room.store())
        let record = try Self.registration(1, keysAt: F.now)
        _ = try await store.register(record, using: nil, within: Self.bounds, recording: F.record(1), at: F.now)
        _ = try await store.register(Self.registration(2), using: nil, within: Self.bounds, recording: F.record(1), at: F.now)
        #expect(try await store.takeDueKeys(lease: F.later, limit: 9, at: F.now).isEmpty)
        let due = F.now.adding(seconds: 3_601)
        let lease = due.adding(seconds: 120)
        let taken = try await [store.takeDueKeys(lease: lease, limit: 9, at: due), other.takeDueKeys(lease: lease, limit: 9, at: due)]
        #expect(taken.map(\.count).sorted() == [0, 1])
        let keys = JSON.object([("keys", [.object([("kty", "EC")])])])
        try await store.keep(keys: keys, of: record.id, version: 1, due: lease, recording: F.record(2), at: due)
        #expect(try store.registration(record.id)?.keys == keys)
        #expect(try store.registration(record.id)?.keysAt == due)
        #expect(try store.registrationVersion(record.id) == 2)
        // What was fetched for a registration that is another by now is not kept.
        try await store.keep(keys: .object([("keys", [])]), of: record.id, version: 1, due: lease, recording: F.record(3), at: due)
        #expect(try store.registration(record.id)?.keys == keys)
        try await store.keep(keys: nil, of: record.id, version: 2, due: lease, recording: nil, at: due)
        #expect(try store.registration(record.id)?.keys == keys)
        #expect(try await store.audit(from: 1, limit: 9).count == 3)
    }

    @Test func `what nobody uses is swept, with a trace of each`() async throws {
        let room = try Room()
        let store = try room.store()
        for number in 1...3 {
            _ = try await store.register(Self.registration(number), using: nil, within: Self.bounds, recording: F.record(1), at: F.now)
        }
        let then = F.now.adding(seconds: 1_000)
        try await store.noteUse(of: [Self.registration(2).id], at: then)
        let swept = try await store.sweepUnused(since: F.now.adding(seconds: 1), limit: 9, recording: { _ in F.record(8) }, at: then)
        #expect(swept == 2)
        #expect(try await store.registrations(limit: 9, skip: 0).map(\.record.id) == [Self.registration(2).id])
        #expect(try await store.audit(from: 1, limit: 9).count == 5)
        // Sweeping by age leaves registrations alone.
        _ = try await store.sweep(at: F.afterwards)
        #expect(try await store.registrations(limit: 9, skip: 0).count == 1)
    }

    @Test func `neither tokens nor secrets are in the file`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.keep(Self.token(), recording: F.record(1))
        _ = try await store.sweep(at: F.afterwards)
        #expect(try await store.initialAccesses(at: F.now).isEmpty)
        #expect(try await store.counts()["initial_access"] == 0)
    }
}
