import Credentials
import Foundation
import Logging
import SQLiteStores
import Settings
import SignOn
import Signals
import Testing
import Upkeep
import Vocabulary

@Suite struct `Phones and their cards (R17)` {
    private final class Desk: Sendable {
        let store: SQLiteStore
        let ended = Published<[CertificateIdentity]>([])
        let path: String
        let keeper: LinkKeeper
        static let now = Timestamp("2026-11-21T04:00:00Z") ?? Timestamp(seconds: 0)

        init(_ word: CorrespondenceWord) throws {
            path = NSTemporaryDirectory() + "sekisho-links-" + UUID().uuidString + ".sqlite"
            store = try SQLiteStore(path: path, durability: .normal)
            let ended = ended
            keeper = LinkKeeper(
                store: store, settings: { LinksPart() }, correspond: { _, _ in word },
                ended: { certificate, _ in ended.replace(ended.current + [certificate]) }, clock: { Self.now },
                logger: Logger(label: "links") { _ in SwiftLogNoOpLogHandler() })
        }

        deinit { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }

        static func certificate(_ serial: String) -> CertificateIdentity { CertificateIdentity(issuer: "a", serial: serial) }

        func link(_ serial: String, card: String? = nil, at moment: Timestamp = now) async throws {
            let subject = try #require(SubjectID("citizen-000000001"))
            _ = try await store.link(
                Self.certificate(serial), by: LinkEvidence(.first, of: subject, certificate: Self.certificate(serial), at: moment),
                card: card.map(Self.certificate), recording: Record("link.certificate", at: moment))
        }

        /// As the night watch finds it.
        func revoke(_ serial: String) async throws {
            let watched = try #require(try await store.linked(Self.certificate(serial), at: Self.now))
            let state = CertificateState(.revoked, at: Self.now, known: Self.now)
            try await store.settle(
                CertificateChange(
                    watched, to: state, ending: nil, planning: { _ in nil }, telling: [],
                    recording: { _, _ in Record("certificate.changed", at: Self.now) }, at: Self.now))
        }
    }

    @Test func `end with them, once, and are told to whoever ends sessions`() async throws {
        let desk = try Desk(.silent)
        try await desk.link("card")
        try await desk.link("phone", card: "card")
        #expect(try await desk.keeper.phones() == 0, "the card is good")
        try await desk.revoke("card")
        #expect(try await desk.keeper.phones() == 1)
        #expect(try await desk.keeper.phones() == 0)
        #expect(desk.ended.current == [Desk.certificate("phone")])
        #expect(try await desk.store.subject(linkedTo: Desk.certificate("phone")) == nil)
    }

    @Test func `go on with a card that was only renewed, by J-LIS's word`() async throws {
        let next = Desk.certificate("renewed")
        let desk = try Desk(.known(Correspondence(earlier: [], card: next, source: [1], at: Desk.now)))
        try await desk.link("card")
        try await desk.link("phone", card: "card")
        try await desk.revoke("card")
        #expect(try await desk.keeper.phones() == 0 && desk.ended.current.isEmpty)
        #expect(try await desk.store.certificateLink(Desk.certificate("phone"))?.card == next)
        #expect(try await desk.store.subject(linkedTo: Desk.certificate("phone")) != nil)
    }

    @Test func `go on with a newer card of their citizen where J-LIS is silent, and end where it knows them no more`() async throws {
        let silent = try Desk(.silent)
        try await silent.link("card")
        try await silent.link("phone", card: "card")
        try await silent.link("next", at: Desk.now.adding(seconds: 60))
        try await silent.revoke("card")
        #expect(try await silent.keeper.phones() == 0)
        #expect(try await silent.store.certificateLink(Desk.certificate("phone"))?.card == Desk.certificate("next"))
        let known = try Desk(.unknown)
        try await known.link("card")
        try await known.link("phone", card: "card")
        try await known.link("next", at: Desk.now.adding(seconds: 60))
        try await known.revoke("card")
        #expect(try await known.keeper.phones() == 1)
    }

    @Test(.timeLimit(.minutes(5)))
    func `are looked at again as soon as a clock that was ahead is right`() async throws {
        let desk = try Desk(.silent)
        try await desk.link("card")
        try await desk.link("phone", card: "card")
        let (time, asked) = (Published(Desk.now.adding(seconds: 3 * 3_600)), Published(0))
        let keeper = LinkKeeper(
            store: desk.store,
            settings: {
                asked.replace(asked.current + 1)
                return LinksPart()
            }, correspond: { _, _ in .silent }, ended: { _, _ in }, clock: { time.current },
            logger: Logger(label: "links") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { try await keeper.run() }
        // The rhythm is asked for once there was a first look.
        while asked.current == 0 { try await Task.sleep(for: .milliseconds(50)) }
        try await desk.revoke("card")
        let before = asked.current
        while asked.current < before + 2 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await desk.store.certificateLink(Desk.certificate("phone"))?.endedAt == nil, "not due")
        time.replace(Desk.now)
        while try await desk.store.certificateLink(Desk.certificate("phone"))?.endedAt == nil {
            try await Task.sleep(for: .milliseconds(50))
        }
        running.cancel()
        try await running.value
    }

    @Test func `and merges are undone as an operator orders, with the sessions of the one record`() async throws {
        let desk = try Desk(.silent)
        let (one, two) = (try #require(SubjectID("citizen-000000001")), try #require(SubjectID("citizen-000000002")))
        let merge = try #require(MergeID(String(repeating: "a", count: 32)))
        _ = try await desk.store.merge(
            merge, two, into: one, keeping: [], evidence: LinkEvidence(.merged, of: one, certificate: nil, at: Desk.now),
            recording: Record("link.merged", at: Desk.now), at: Desk.now)
        try await desk.store.orderUndo(merge, at: Desk.now)
        try await desk.keeper.orders()
        #expect(try await desk.store.merges(of: one).first?.undoneAt == Desk.now)
        #expect(try await desk.store.orders(limit: 9, at: Desk.now).map(\.target) == [.subject(one)])
        try await desk.keeper.orders()
        #expect(try await desk.store.orders(limit: 9, at: Desk.now).count == 1, "once")
    }
}
