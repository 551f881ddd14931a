import Credentials
import Foundation
import GRDB
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

extension IdentityRecordStore {
    /// As deployments are shipped.
    func keep(_ record: IdentityRecord, of subject: SubjectID, recording trace: Vocabulary.Record) async throws {
        try await keep(record, of: subject, relinkTie: .card, recording: trace)
    }
}

/// What signature certificates said, and the declarations that citizens sign.
enum Shown {
    static func record(
        _ member: String = "https://bank.example.co.jp", purpose: String = "account-opening", name: String = "髙橋　太郎", year: Int64? = 1975,
        tie: IdentityTie = .keys, until: Timestamp = F.afterwards
    ) throws(Missing) -> IdentityRecord {
        let birth = try F.some(BirthDate(year: year, month: 12, day: nil), "birth")
        let attributes = try F.some(
            BasicAttributes(
                name: name, nameSubstitutes: [Bool](repeating: true, count: name.unicodeScalars.count), birth: birth, sex: .notStated,
                address: "見本県川端市", addressSubstitutes: [false, false, true, false, false, false]), "attributes")
        return IdentityRecord(
            restored: attributes, place: AddressPlace(prefecture: "見本県"), certificate: F.bytes(1, "certificate"), carrier: .phone,
            tie: tie,
            presentedFor: try F.some(Purpose(purpose), purpose), member: try F.some(MemberID(member), member), at: F.now, statusAt: F.now,
            expiresAt: until)
    }

    static func challenge(_ number: UInt64 = 1) throws(Missing) -> IdentityChallenge {
        var random = SystemRandomNumberGenerator()
        return try F.some(
            IdentityChallenge.issue(
                origin: "https://login.example.jp", transaction: try F.transactionID(), member: try F.some(MemberID("bank"), "bank"),
                purpose: "account-opening", document: F.bytes(2, "document"), session: F.bytes(3, "session"), at: F.now, lifetime: 60,
                using: &random), "challenge")
    }
}

extension Promise {
    static let identities = [
        Promise("a record comes back as it was kept, for its citizen, purpose and member alone") { (store) async throws in
            let kept = try Shown.record()
            try await store.keep(kept, of: try F.subject(), recording: F.record(1))
            func found(_ citizen: Int, _ purpose: Purpose, _ member: MemberID, at now: Timestamp = F.now) async throws -> IdentityRecord? {
                try await store.record(of: try F.subject(citizen), for: purpose, member: member, at: now)
            }
            let (other, points) = try (F.some(MemberID("shop"), "shop"), F.some(Purpose("points"), "points"))
            #expect(try await found(1, kept.presentedFor, kept.member) == kept)
            #expect(try await found(2, kept.presentedFor, kept.member) == nil)
            #expect(try await found(1, points, kept.member) == nil)
            #expect(try await found(1, kept.presentedFor, other) == nil)
        },
        Promise("a record ends with its last moment") { (store) async throws in
            let kept = try Shown.record(until: F.later)
            try await store.keep(kept, of: try F.subject(), recording: F.record(1))
            let last = F.later.adding(milliseconds: -1)
            #expect(try await store.record(of: try F.subject(), for: kept.presentedFor, member: kept.member, at: last) == kept)
            #expect(try await store.record(of: try F.subject(), for: kept.presentedFor, member: kept.member, at: F.later) == nil)
            #expect(try await store.kept(of: try F.subject(), at: F.later) == [])
            #expect(try await store.births(of: try F.subject(), at: F.later) == [])
        },
        Promise("a new record takes the place of the old one") { (store) async throws in
            try await store.keep(try Shown.record(), of: try F.subject(), recording: F.record(1))
            let newer = try Shown.record(name: "高橋　太郎")
            try await store.keep(newer, of: try F.subject(), recording: F.record(2))
            #expect(try await store.record(of: try F.subject(), for: newer.presentedFor, member: newer.member, at: F.now) == newer)
            #expect(try await store.kept(of: try F.subject(), at: F.now).count == 1)
        },
        Promise("a citizen sees that records are there, and what they say of a birth") { (store) async throws in
            for (member, year) in [("a", Int64(1975)), ("b", 1976)] {
                try await store.keep(try Shown.record(member, year: year), of: try F.subject(), recording: F.record(1))
            }
            #expect(Set(try await store.kept(of: try F.subject(), at: F.now).map(\.member.text)) == ["a", "b"])
            #expect(Set(try await store.births(of: try F.subject(), at: F.now).map(\.year)) == [1975, 1976])
            #expect(try await store.kept(of: try F.subject(2), at: F.now) == [])
        },
        Promise("a record leads back to its citizen where one card was read, and no weaker one does") { (store) async throws in
            let attributes = try Shown.record().attributes
            for (number, tie) in IdentityTie.allCases.enumerated() {
                try await store.keep(try Shown.record(tie: tie), of: try F.subject(number + 1), recording: F.record(1))
                let card = try tie == .card ? [F.subject(number + 1)] : []
                #expect(try await store.subjects(recorded: attributes, at: F.now) == card, "\(tie)")
            }
            for citizen in 1...3 {
                try await store.keep(try Shown.record(tie: .journey), of: try F.subject(citizen), recording: F.record(2))
            }
            #expect(try await store.subjects(recorded: attributes, at: F.now) == [], "a weaker one took its place")
        },
        Promise("what a citizen deletes is gone, one or all") { (store) async throws in
            let records = try ["a", "b", "c"].map { (name) throws(Missing) in try Shown.record(name) }
            for record in records { try await store.keep(record, of: try F.subject(), recording: F.record(1)) }
            try await store.keep(records[0], of: try F.subject(2), recording: F.record(1))
            let first = records[0]
            #expect(
                try await store.forget(of: try F.subject(), for: first.presentedFor, member: first.member, recording: F.record(2)) == 1)
            #expect(try await store.record(of: try F.subject(), for: first.presentedFor, member: first.member, at: F.now) == nil)
            #expect(try await store.forget(of: try F.subject(), for: nil, member: records[1].member, recording: F.record(3)) == 1)
            #expect(try await store.forget(of: try F.subject(), for: nil, member: nil, recording: F.record(4)) == 1)
            #expect(try await store.forget(of: try F.subject(), for: nil, member: nil, recording: F.record(5)) == 0)
            #expect(try await store.kept(of: try F.subject(2), at: F.now).count == 1, "another citizen's stays")
        },
        Promise("a declaration is taken out once, and in its time") { (store) async throws in
            let (one, two) = try (Shown.challenge(), Shown.challenge())
            try await store.issue(one)
            try await store.issue(two)
            #expect(try await store.consume(identity: one.id, at: F.now) == one)
            #expect(try await store.consume(identity: one.id, at: F.now) == nil)
            #expect(try await store.consume(identity: two.id, at: two.expiresAt) == nil)
            #expect(try await store.consume(two.id, at: F.now) == nil, "a declaration is no login challenge")
        },
    ]
}

@Suite struct `What a signature certificate said, at rest` {
    private static let key = [UInt8](repeating: 5, count: 32)

    private func store(_ room: Room, key: [UInt8]? = Self.key) throws -> SQLiteStore {
        try SQLiteStore(path: room.path, durability: .normal, identityKey: key)
    }

    @Test func `is in no file of the store`() async throws {
        let room = try Room()
        let store = try store(room)
        let record = try Shown.record()
        try await store.keep(record, of: try F.subject(), recording: F.record(1))
        var bytes: [UInt8] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: room.folder) {
            bytes += [UInt8](try #require(FileManager.default.contents(atPath: room.folder + "/" + name)))
        }
        #expect(bytes.count > 4096)
        for secret in ["髙橋", "太郎", "見本県", "1975", "bank.example.co.jp", "account-opening", "not-stated"] {
            #expect(!bytes.contains(Array(secret.utf8)), "\(secret)")
        }
        #expect(bytes.contains(Array(try F.subject().text.utf8)), "the search finds what is there")
    }

    @Test func `outlives the process with the deployment's secret, and is gone without it`() async throws {
        let room = try Room()
        let record = try Shown.record()
        let find = { (store: SQLiteStore) in
            try await store.record(of: try F.subject(), for: record.presentedFor, member: record.member, at: F.now)
        }
        try await store(room).keep(record, of: try F.subject(), recording: F.record(1))
        #expect(try await find(try store(room)) == record)
        #expect(try await find(try store(room, key: [UInt8](repeating: 6, count: 32))) == nil)
        #expect(try await find(try store(room, key: nil)) == nil, "a process without the secret reads nothing")
    }

    @Test func `does not open when it was changed, or put in another's place`() async throws {
        let room = try Room()
        let (one, other) = try (Shown.record("a"), Shown.record("b"))
        let store = try store(room)
        try await store.keep(one, of: try F.subject(), recording: F.record(1))
        try await store.keep(other, of: try F.subject(2), recording: F.record(1))
        try room.tamper("UPDATE identity_records SET subject = (SELECT max(subject) FROM identity_records)")
        #expect(try await store.kept(of: try F.subject(), at: F.now).count + store.kept(of: try F.subject(2), at: F.now).count == 1)
        try room.tamper("UPDATE identity_records SET sealed = zeroblob(length(sealed))")
        #expect(try await store.kept(of: try F.subject(), at: F.now) == [])
        #expect(try await store.kept(of: try F.subject(2), at: F.now) == [])
    }

    @Test(arguments: IdentityTie.allCases) func `leads back to its citizen where it is tied as the operator asks`(needed: IdentityTie)
        async throws
    {
        let room = try Room()
        let store = try store(room)
        let attributes = try Shown.record().attributes
        for tie in IdentityTie.allCases {
            try await store.keep(try Shown.record(tie: tie), of: try F.subject(), relinkTie: needed, recording: F.record(1))
            let found = try tie >= needed ? [F.subject()] : []
            #expect(try await store.subjects(recorded: attributes, at: F.now) == found, "\(tie)")
        }
    }

    @Test func `leads nobody back where it was kept before ties were asked for`() async throws {
        let room = try Room()
        let record = try Shown.record(tie: .journey)
        let citizen = try F.subject()
        let before = try store(room)
        try await before.keep(record, of: citizen, relinkTie: .journey, recording: F.record(1))
        #expect(try await before.subjects(recorded: record.attributes, at: F.now) == [citizen])
        try room.tamper("DELETE FROM grdb_migrations WHERE identifier = '23 no print of a weak tie'")
        let after = try store(room)
        #expect(try await after.subjects(recorded: record.attributes, at: F.now) == [])
        #expect(try await after.births(of: citizen, at: F.now) == [record.attributes.birth], "what it says is there")
    }

    @Test func `is swept when its time is over`() async throws {
        let room = try Room()
        let store = try store(room)
        try await store.keep(try Shown.record(until: F.later), of: try F.subject(), recording: F.record(1))
        try await store.issue(try Shown.challenge())
        #expect(try await store.counts()["identity_records"] == 1)
        _ = try await store.sweep(at: F.later)
        #expect(try await store.counts()["identity_records"] == 0)
        #expect(try await store.counts()["identity_challenges"] == 0)
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard let first = part.first, count >= part.count else { return false }
        return indices.contains { self[$0] == first && self[$0...].starts(with: part) }
    }
}
