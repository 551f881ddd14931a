import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

/// Device codes and back-channel requests where two programs have one file, and where one of them ends in the middle.
@Suite struct `Waiting clients, two programs and a restart (E5, H7)` {
    private typealias F = Fixture

    @Test func `two citizens on two nodes: one decides`() async throws {
        let room = try Room()
        let stores = [try room.store(), try room.store()]
        try await stores[0].start(try F.session(1), replacing: nil, expires: F.afterwards)
        _ = try await Awaited.open(try Awaited.grant(), in: stores[0])
        let settled = try await atOnce(20) { number in
            let verdict: AwaitedVerdict = number.isMultiple(of: 3) ? .denied : .approved(try Awaited.approval(number + 10))
            return try await Awaited.settle(verdict, in: stores[number % 2])
        }
        #expect(settled.count { $0 == .settled } == 1)
        #expect(settled.count { if case .settledBefore = $0 { true } else { false } } == 19)
    }

    @Test func `two polls on two nodes after the yes: one gets tokens`() async throws {
        let room = try Room()
        let stores = [try room.store(), try room.store()]
        try await stores[0].start(try F.session(1), replacing: nil, expires: F.afterwards)
        _ = try await Awaited.open(try Awaited.grant(), in: stores[0])
        let approval = try Awaited.approval()
        _ = try await Awaited.settle(.approved(approval), in: stores[1])
        let member = try Awaited.member()
        let won = try await atOnce(20) { number in
            let store = stores[number % 2]
            guard case .approved(let entitlement) = try await Awaited.poll(in: store) else { return false }
            return try await store.redeem(
                Awaited.secret(), .device, by: member, for: try Awaited.issued(number, sid: entitlement.sid), at: F.now)
        }
        #expect(won.count { $0 } == 1)
    }

    @Test func `a restart between any two steps loses nothing`() async throws {
        let room = try Room()
        try await room.store().start(try F.session(1), replacing: nil, expires: F.afterwards)
        _ = try await Awaited.open(try Awaited.grant(1, .backchannel, ping: true), in: try room.store())
        #expect(try await Awaited.poll(1, .backchannel, in: try room.store()) == .pending)
        let approval = try Awaited.approval()
        #expect(try await Awaited.settle(.approved(approval), .backchannel, in: try room.store()) == .settled)
        #expect(try await room.store().takePings(lease: F.later, limit: 1, at: F.now).count == 1)
        #expect(try await Awaited.poll(1, .backchannel, in: try room.store()) == .approved(approval.entitlement))
        let issued = try Awaited.issued(sid: approval.entitlement.sid)
        let redeemed = try await room.store().redeem(Awaited.secret(), .backchannel, by: try Awaited.member(), for: issued, at: F.now)
        #expect(redeemed)
        #expect(try await room.store().find(issued.access.tokenDigest, at: F.now) == issued.access)
        #expect(try await Awaited.poll(1, .backchannel, in: try room.store()) == .redeemed)
    }

    @Test func `the file holds no code, no auth_req_id and no token once the ping is over`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await Awaited.open(try Awaited.grant(1, .backchannel, ping: true), in: store)
        _ = try await Awaited.settle(.denied, .backchannel, in: store)
        _ = try await store.takePings(lease: F.later, limit: 1, at: F.now)
        try await store.endPing(Awaited.secret(1), recording: F.record(1), at: F.now)
        let row = try await store.awaited(F.bytes(1, "handle"), .backchannel, at: F.now)
        #expect(row?.grant.notification == nil)
        #expect(try await store.sweep(at: F.afterwards) >= 1)
        #expect(try await store.counts()["awaited"] == 0)
    }
}
