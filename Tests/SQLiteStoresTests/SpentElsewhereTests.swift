import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

@Suite struct `A login for one answer` {
    @Test func `is used up by a yes that a client waits for elsewhere, once`() async throws {
        let room = try Room()
        let store = try room.store()
        let browser = try F.session(1)
        try await store.start(browser, replacing: nil, expires: F.afterwards)
        for number in 1...2 { #expect(try await Awaited.open(try Awaited.grant(number, handle: number), in: store) == .opened) }
        let plain = try Awaited.approval(2)
        func approval(_ number: Int) throws -> AwaitedApproval {
            let one = try Awaited.approval(number)
            return AwaitedApproval(
                entitlement: one.entitlement, session: one.session, sessionExpires: one.sessionExpires, joining: one.joining,
                approver: plain.approver, spending: Yes.spending(browser))
        }
        #expect(try await Awaited.settle(.approved(try approval(2)), handle: 1, in: store) == .settled)
        #expect(try await store.session(browser.id, at: F.now)?.authentications.allSatisfy(\.isSpent) == true)
        #expect(try await Awaited.settle(.approved(try approval(3)), handle: 2, in: store) == .sessionEnded, "nor by a second")
        #expect(try await store.awaited(F.bytes(2, "handle"), .device, at: F.now)?.state == .waiting)
    }

    @Test func `stays used up when another tab renews the session from what it was`() async throws {
        let room = try Room()
        let store = try room.store()
        let session = try F.session(1)
        try await store.start(session, replacing: nil, expires: F.afterwards)
        let issued = try await store.issue(
            try F.code(), recording: F.record(1), joining: try Yes.joining(session, spending: Yes.spending(session)))
        #expect(issued)
        let other = try F.session(2, logins: [.presence])
        let renewed = Session(
            id: other.id, subject: session.subject, authentications: session.authentications + [try #require(other.authentications.first)],
            createdAt: session.createdAt, lastSeenAt: F.now, indexSeed: session.indexSeed)
        #expect(try await store.start(renewed, replacing: session.id, expires: F.afterwards))
        let logins = try #require(try await store.session(renewed.id, at: F.now)).authentications
        #expect(logins.dropLast().filter { !$0.isSpent }.isEmpty)
        #expect(logins.last?.isSpent == false, "the new one serves")
    }
}
