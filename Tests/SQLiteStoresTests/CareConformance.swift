import Credentials
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Losses, disavowals, and what ends with a consent.
enum Care {
    static let phone = 1

    static func logout(_ number: Int = 1) throws(Missing) -> LogoutID { try F.some(LogoutID("logout-care-0000\(number)"), "logout") }

    /// The citizen's card (0) and phone (1) are linked; a session that the phone began lives.
    static func life(_ store: any Stores) async throws -> Session {
        for certificate in [0, phone] { _ = try await store.link(F.certificate(certificate), to: try F.subject(), at: F.now) }
        let session = try F.session()
        try await store.start(session, replacing: nil, expires: F.afterwards)
        return session
    }

    static func report(
        _ certificates: [Int] = [phone], of citizen: Int = 1, logout number: Int = 1, at moment: Timestamp = F.now
    ) throws(Missing) -> LossReport {
        try F.some(
            LossReport(
                of: try F.subject(citizen), certificates.map { F.certificate($0) }, .lost, by: "citizen", logout: try logout(number),
                at: moment), "report")
    }

    static func handle(_ certificate: Int) throws(Missing) -> CertificateHandle {
        CertificateHandle(F.certificate(certificate), of: try F.subject())
    }

    /// A refresh token of the client, with its access token; the citizen has a name in the client's sector.
    static func tokens(_ store: any Stores) async throws {
        _ = try await store.pairwise(try F.subject(), sector: "shop", orElse: try F.pairwise(), at: F.now)
        let code = try F.code()
        try await store.issue(code)
        _ = try await store.redeem(
            code.codeDigest, claiming: [],
            for: IssuedTokens(access: try F.access(), refresh: try F.refresh(), record: F.record(1)), at: F.now)
    }
}

extension Promise {
    static let care = [
        Promise("a blocked certificate starts no session, and nothing is stored") { (store) async throws in
            let session = try await Care.life(store)
            let outcome = try await store.report(try Care.report()) { _ in F.record(2) }
            #expect(outcome.blocked == [try Care.handle(Care.phone)])
            let next = try F.session(2)
            #expect(try await !store.start(next, replacing: nil, expires: F.afterwards))
            #expect(try await store.session(next.id, at: F.now) == nil)
            // A step-up with it does not end the session that it would replace.
            #expect(try await !store.start(next, replacing: session.id, expires: F.afterwards))
            #expect(try await store.session(session.id, at: F.now) == session)
        },
        Promise("another certificate of the same citizen goes on opening sessions") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            let byCard = try F.session(3, logins: [.pin])
            #expect(try await store.start(byCard, replacing: nil, expires: F.afterwards))
        },
        Promise("a loss report ends refresh tokens, blocks, and leaves the order to end every session") { (store) async throws in
            _ = try await Care.life(store)
            try await Care.tokens(store)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) != nil)
            let report = try Care.report()
            let outcome = try await store.report(report) { _ in F.record(2) }
            #expect(outcome.families == 1)
            #expect(outcome.sessions == 1)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == nil)
            #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
            let orders = try await store.orders(limit: 9, at: F.now)
            #expect(orders.map(\.id) == [report.logout])
            #expect(orders.map(\.target) == [.subject(try F.subject())])
            let block = try await store.block(of: F.certificate(Care.phone))
            #expect(block?.reason == .lost)
            #expect(block?.by == "citizen")
            #expect(block?.subject == (try F.subject()))
        },
        Promise("a loss report ends nothing of another citizen, and does not block another's certificate") { (store) async throws in
            _ = try await Care.life(store)
            try await Care.tokens(store)
            let outcome = try await store.report(try Care.report(of: 2)) { _ in F.record(2) }
            #expect(outcome.blocked.isEmpty)
            #expect(outcome.families == 0)
            #expect(try await store.block(of: F.certificate(Care.phone)) == nil)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) != nil)
            #expect(try await store.orders(limit: 9, at: F.now).isEmpty)
        },
        Promise("a loss reported twice is one block, with the first moment") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            let again = try await store.report(try Care.report(logout: 2, at: F.later)) { _ in F.record(3) }
            #expect(again.blocked.isEmpty)
            #expect(try await store.block(of: F.certificate(Care.phone))?.at == F.now)
            #expect(try await store.blocks(of: nil, limit: 9).count == 1)
        },
        Promise("of 100 reports one blocks") { (store) async throws in
            _ = try await Care.life(store)
            let outcomes = try await atOnce { number in
                try await store.report(try Care.report(logout: number + 1)) { _ in F.record(number) }
            }
            #expect(outcomes.count { !$0.blocked.isEmpty } == 1)
        },
        Promise("a request that waits for the citizen is denied by the report; another's waits on") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.pairwise(try F.subject(), sector: "shop", orElse: try F.pairwise(), at: F.now)
            let grant = try Awaited.grant(1, .backchannel)
            let others = try Awaited.grant(2, .backchannel, pairwise: 2)
            for grant in [grant, others] {
                _ = try await store.open(grant, claiming: [], mostWaiting: 9, recording: F.record(1), at: F.now)
            }
            let outcome = try await store.report(try Care.report()) { _ in F.record(2) }
            #expect(outcome.requests == 1)
            #expect(try await store.awaited(grant.handle, .backchannel, at: F.now)?.state == .denied)
            #expect(try await store.awaited(others.handle, .backchannel, at: F.now)?.state == .waiting)
        },
        Promise("a yes by a card that was reported lost is none; by another, or once the block is lifted, it is one") {
            (store) async throws in
            _ = try await Care.life(store)
            for number in 1...2 { #expect(try await Awaited.open(try Awaited.grant(number), in: store) == .opened) }
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            // The order to end the citizen's sessions is there, and not carried out yet.
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .sessionEnded)
            #expect(try await store.session(try F.sessionID(2), at: F.now) == nil)
            #expect(try await Awaited.poll(in: store) == .pending)
            #expect(try await Awaited.settle(.approved(try Awaited.approval(3, logins: [.pin])), handle: 2, in: store) == .settled)
            #expect(try await store.lift(F.certificate(Care.phone), of: try F.subject(), recording: F.record(3)))
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .settled)
        },
        Promise("a block is lifted once, by its citizen alone") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            let phone = F.certificate(Care.phone)
            #expect(try await !store.lift(phone, of: try F.subject(2), recording: F.record(3)))
            #expect(try await store.block(of: phone) != nil)
            #expect(try await store.lift(phone, of: try F.subject(), recording: F.record(4)))
            #expect(try await !store.lift(phone, of: try F.subject(), recording: F.record(5)))
            #expect(try await store.start(try F.session(4), replacing: nil, expires: F.afterwards))
        },
        Promise("attempts with a blocked certificate are counted on it") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            for number in 0..<2 { try await store.noteUse(of: F.certificate(Care.phone), recording: F.record(number), at: F.later) }
            let block = try await store.block(of: F.certificate(Care.phone))
            #expect(block?.uses == 2)
            #expect(block?.lastUse == F.later)
        },
        Promise("cards and phones come with carrier, day and block; nobody's are another's") { (store) async throws in
            _ = try await Care.life(store)
            _ = try await store.report(try Care.report()) { _ in F.record(2) }
            let cards = try await store.certificates(of: try F.subject())
            #expect(cards.map(\.identity) == [F.certificate(0), F.certificate(Care.phone)])
            #expect(cards.map(\.carrier) == [nil, .phone])
            #expect(cards.last?.lastUsed == Timestamp("2026-11-21T00:00:00Z"))
            #expect(cards.map { $0.block == nil } == [true, false])
            #expect(try await store.certificates(of: try F.subject(2)).isEmpty)
            #expect(try await store.owners(ofSerial: F.certificate(Care.phone).serial).map(\.subject) == [try F.subject()])
            #expect(try await store.owners(ofSerial: "0f").isEmpty)
        },
        Promise("sessions come back with where they live and who was told, for their citizen alone") { (store) async throws in
            var session = try F.session()
            session = Session(
                id: session.id, subject: session.subject, authentications: session.authentications, createdAt: session.createdAt,
                lastSeenAt: session.lastSeenAt, indexSeed: session.indexSeed,
                device: DeviceWord(browser: .firefox, machine: .linux))
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.join(try Leave.joining(session), recording: F.record(1))
            let visits = try await store.visits(of: try F.subject(), at: F.now)
            #expect(visits.map(\.session) == [session])
            #expect(visits.first?.participations.map(\.member.text) == ["ministry"])
            #expect(try await store.visits(of: try F.subject(2), at: F.now).isEmpty)
            #expect(try await store.visits(of: try F.subject(), at: F.later).isEmpty)
        },
        Promise("a session is disavowed once, by its citizen alone, and the order to end it is left") { (store) async throws in
            let session = try await Care.life(store)
            let id = try Care.logout()
            let another = Disavowal(of: try F.subject(2), .session(session.thread), happenedAt: F.now, logout: id, at: F.now)
            #expect(try await !store.disavow(another) { _ in F.record(1) })
            #expect(try await store.orders(limit: 9, at: F.now).isEmpty)
            let own = Disavowal(of: try F.subject(), .session(session.thread), happenedAt: F.now, logout: id, at: F.now)
            #expect(try await store.disavow(own) { _ in F.record(2) })
            #expect(try await !store.disavow(own) { _ in F.record(3) })
            #expect(try await store.orders(limit: 9, at: F.now).map(\.target) == [.thread(session.thread)])
            #expect(try await store.disavowals(of: try F.subject(), limit: 9).map(\.what) == [.session(session.thread)])
            #expect(try await store.disavowals(of: try F.subject(2), limit: 9).isEmpty)
        },
        Promise("an entry is disavowed once, by its citizen alone") { (store) async throws in
            let entry = try Yes.entry()
            _ = try await store.note(entry, recording: F.record(1))
            let another = Disavowal(of: try F.subject(2), .entry(entry.reference), happenedAt: F.now, at: F.now)
            #expect(try await !store.disavow(another) { _ in F.record(2) })
            let own = Disavowal(of: try F.subject(), .entry(entry.reference), happenedAt: F.now, at: F.now)
            #expect(try await store.disavow(own) { _ in F.record(3) })
            #expect(try await !store.disavow(own) { _ in F.record(4) })
        },
        Promise("what a service may go on asking is seen and ended, for this citizen alone") { (store) async throws in
            try await Care.tokens(store)
            let client = try Awaited.member()
            let seen = try await store.accesses(of: try F.subject(), at: F.now)
            #expect(seen.map(\.member) == [client])
            #expect(try await store.accesses(of: try F.subject(2), at: F.now).isEmpty)
            #expect(try await store.endAccess(of: client, to: try F.subject(2)) { _ in F.record(2) } == 0)
            #expect(try await store.endAccess(of: try Leave.member("bank"), to: try F.subject()) { _ in F.record(2) } == 0)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) != nil)
            #expect(try await store.endAccess(of: client, to: try F.subject()) { _ in F.record(3) } == 1)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == nil)
        },
        Promise("one consent is taken back, or all; what rests on none stays") { (store) async throws in
            try await Care.tokens(store)
            for (member, purpose) in [("bank", "account-opening"), ("shop", "points"), ("shop", "delivery")] {
                try await store.give(try Yes.consent(member, purpose: purpose), recording: F.record(1))
            }
            let subject = try F.subject()
            let one = try await store.stop(
                (try Leave.member("shop"), try F.some(Purpose("points"), "purpose")), of: subject
            ) { _ in F.record(2) }
            #expect(one.consents.map(\.purpose.text) == ["points"])
            #expect(one.families == 0, "this token tells nothing under a consent")
            #expect(try await store.stop(nil, of: try F.subject(2)) { _ in F.record(3) }.consents.isEmpty)
            #expect(try await store.stop(nil, of: subject) { _ in F.record(4) }.consents.count == 2)
            #expect(try await store.stop(nil, of: subject) { _ in F.record(5) }.consents.isEmpty)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) != nil)
        },
        Promise("pages of the ledger lose no entry of one moment") { (store) async throws in
            for number in 0..<7 { _ = try await store.note(try Yes.entry(number), recording: F.record(number)) }
            _ = try await store.note(try Yes.entry(8, of: 2), recording: F.record(8))
            var seen: [LedgerReference] = []
            var last: LedgerPlace?
            while true {
                let page = try await store.entries(of: try F.subject(), after: last, limit: 2)
                guard let end = page.last else { break }
                seen += page.map(\.reference)
                last = LedgerPlace(end)
            }
            #expect(seen.count == 7)
            #expect(Set(seen).count == 7)
        },
        Promise("a sector that knows the citizen is named with its number") { (store) async throws in
            _ = try await store.pairwise(try F.subject(), sector: "shop", orElse: try F.pairwise(), at: F.now)
            #expect(
                try await store.sectors(of: try F.subject()) == [
                    KnownSector(sector: "shop", pairwise: try F.pairwise(), since: F.now)
                ])
            #expect(try await store.sectors(of: try F.subject(2)).isEmpty)
        },
    ]
}
