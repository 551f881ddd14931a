import OpenID
import SignOn
import Testing
import Vocabulary

extension Interfering {
    func open(
        _ grant: AwaitedGrant, claiming claims: [AssertionClaim], mostWaiting: Int, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AwaitedOpening {
        try await call { try await inner.open(grant, claiming: claims, mostWaiting: mostWaiting, recording: record, at: now) }
    }
    func awaited(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, at now: Timestamp
    ) async throws -> (grant: AwaitedGrant, state: AwaitedState)? {
        try await call { try await inner.awaited(handle, kind, at: now) }
    }
    func waiting(for subject: SubjectID, limit: Int, at now: Timestamp) async throws -> [AwaitedGrant] {
        try await call { try await inner.waiting(for: subject, limit: limit, at: now) }
    }
    func countWaiting(for subject: SubjectID, at now: Timestamp) async throws -> Int {
        try await call { try await inner.countWaiting(for: subject, at: now) }
    }
    func settle(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, as verdict: AwaitedVerdict, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AwaitedSettlement {
        try await call { try await inner.settle(handle, kind, as: verdict, recording: record, at: now) }
    }
    func poll(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> AwaitedPoll {
        try await call { try await inner.poll(secretDigest, kind, by: client, claiming: claims, at: now) }
    }
    func redeem(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, for issued: IssuedTokens, at now: Timestamp
    ) async throws -> Bool {
        try await call { try await inner.redeem(secretDigest, kind, by: client, for: issued, at: now) }
    }
    func takePings(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [AwaitedPing] {
        try await call { try await inner.takePings(lease: lease, limit: limit, at: now) }
    }
    func endPing(_ secretDigest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        try await call { try await inner.endPing(secretDigest, recording: record, at: now) }
    }
    func postponePing(_ secretDigest: [UInt8], until: Timestamp, attempts: Int) async throws {
        try await call { try await inner.postponePing(secretDigest, until: until, attempts: attempts) }
    }
}

/// What a client waits for, and what a citizen says to it.
enum Awaited {
    static let client = "RP00000001"

    static func member() throws(Missing) -> MemberID { try F.some(MemberID(client), "member") }

    static func grant(
        _ number: Int = 1, _ kind: AwaitedGrant.Kind = .device, handle: Int? = nil, pairwise: Int = 1, ping: Bool = false,
        expires: Timestamp = F.later
    ) throws(Missing) -> AwaitedGrant {
        let isNamed = kind == .backchannel
        let json = JSON.object([
            ("kind", .string(kind.rawValue)), ("digest", .string(Base64url.encode(secret(number)))),
            ("handle", .string(Base64url.encode(F.bytes(handle ?? number, "handle")))), ("client", .string(client)), ("scopes", ["openid"]),
            ("acr", .array([])), ("resources", .array([])), ("message", isNamed ? "受付 12番" : .null), ("sector", isNamed ? "shop" : .null),
            ("pairwise", isNamed ? .string(try F.pairwise(pairwise).text) : .null), ("from", "203.0.113.7"),
            ("asked", .integer(F.now.milliseconds)), ("expires", .integer(expires.milliseconds)), ("interval", 5),
        ])
        return try F.some(
            AwaitedGrant(json: json, notification: ping ? .init(token: "notify-\(number)", requestID: "request-\(number)") : nil), "grant")
    }

    static func secret(_ number: Int = 1) -> [UInt8] { F.bytes(number, "secret") }

    /// The citizen's yes: a session of the client's own, and the session of the browser it was said in.
    static func approval(
        _ number: Int = 2, by approver: Int = 1, logins: [CardMode] = [.face, .pin]
    ) throws(Missing) -> AwaitedApproval {
        let session = try F.session(number, logins: logins)
        let member = try member()
        let sid = session.tie.index(for: member)
        let json = JSON.object([
            ("client", .string(client)), ("nonce", .null), ("scopes", ["openid"]), ("pairwise", .string(try F.pairwise().text)),
            ("acr", "urn:x-sekisho:ac:card-pin"), ("amr", ["sc", "pin"]), ("auth", .integer(F.now.milliseconds)),
            ("claims", .object([("pin_used", true)])), ("sid", .string(sid)), ("session", .integer(F.afterwards.milliseconds)),
        ])
        return AwaitedApproval(
            entitlement: try F.some(Entitlement(json: json), "entitlement"), session: session, sessionExpires: F.afterwards,
            joining: Joining(
                tie: session.tie, subject: session.subject, member: member, name: .subject(try F.pairwise().text), sessionIndex: sid,
                at: F.now,
                expiresAt: F.afterwards), approver: try F.session(approver).thread)
    }

    static func issued(_ number: Int = 1, sid: String?) throws -> IssuedTokens {
        var members = try F.some(try F.access(number, of: nil).json.members, "token").filter { $0.0 != "sid" && $0.0 != "code" }
        members += [("sid", sid.map { .string($0) } ?? .null), ("code", .string(Base64url.encode(secret())))]
        return IssuedTokens(
            access: try F.some(AccessTokenRecord(json: .object(members)), "token"), refresh: nil, record: F.record(number))
    }

    static func open(_ grant: AwaitedGrant, in store: any Stores, most: Int = 3) async throws -> AwaitedOpening {
        try await store.open(grant, claiming: [], mostWaiting: most, recording: F.record(1), at: F.now)
    }

    static func settle(
        _ verdict: AwaitedVerdict, _ kind: AwaitedGrant.Kind = .device, handle: Int = 1, in store: any Stores, at now: Timestamp = F.now
    ) async throws -> AwaitedSettlement {
        try await store.settle(F.bytes(handle, "handle"), kind, as: verdict, recording: F.record(2), at: now)
    }

    static func poll(
        _ number: Int = 1, _ kind: AwaitedGrant.Kind = .device, by client: String = client, in store: any Stores, at now: Timestamp = F.now
    ) async throws -> AwaitedPoll {
        try await store.poll(secret(number), kind, by: try F.some(MemberID(client), "client"), claiming: [], at: now)
    }
}

extension Promise {
    static let waiting = [
        Promise("what is opened is found by its handle, while it lives") { (store) async throws in
            let grant = try Awaited.grant()
            #expect(try await Awaited.open(grant, in: store) == .opened)
            let found = try await store.awaited(grant.handle, .device, at: F.now)
            #expect(found?.grant == grant)
            #expect(found?.state == .waiting)
            #expect(try await store.awaited(grant.handle, .backchannel, at: F.now) == nil)
            #expect(try await store.awaited(F.bytes(2, "handle"), .device, at: F.now) == nil)
            #expect(try await store.awaited(grant.handle, .device, at: grant.expiresAt) == nil)
        },
        Promise("of two with one user code the second is told to take another") { (store) async throws in
            #expect(try await Awaited.open(try Awaited.grant(1, handle: 7), in: store) == .opened)
            #expect(try await Awaited.open(try Awaited.grant(2, handle: 7), in: store) == .handleTaken)
            #expect(try await Awaited.poll(2, in: store) == .unknown)
            #expect(try await Awaited.poll(1, in: store) == .pending)
        },
        Promise("what proves the request is taken once, and then nothing is opened") { (store) async throws in
            let claim = AssertionClaim(scope: "ciba-request RP00000001", key: "jti-1", until: F.later)
            let first = try Awaited.grant(1)
            let second = try Awaited.grant(2)
            let opening = try await store.open(first, claiming: [claim], mostWaiting: 3, recording: F.record(1), at: F.now)
            #expect(opening == .opened)
            let again = try await store.open(second, claiming: [claim], mostWaiting: 3, recording: F.record(1), at: F.now)
            #expect(again == .taken(claim))
            #expect(try await Awaited.poll(2, in: store) == .unknown)
        },
        Promise("a client has at most so many requests waiting for one citizen") { (store) async throws in
            for number in 1...3 { #expect(try await Awaited.open(try Awaited.grant(number, .backchannel), in: store) == .opened) }
            #expect(try await Awaited.open(try Awaited.grant(4, .backchannel), in: store) == .tooMany)
            #expect(try await Awaited.open(try Awaited.grant(5, .backchannel, pairwise: 2), in: store) == .opened)
            #expect(try await Awaited.settle(.denied, .backchannel, in: store) == .settled)
            #expect(try await Awaited.open(try Awaited.grant(6, .backchannel), in: store) == .opened)
        },
        Promise("a client has at most so many device codes waiting for anybody") { (store) async throws in
            for number in 1...3 { #expect(try await Awaited.open(try Awaited.grant(number, handle: number), in: store) == .opened) }
            #expect(try await Awaited.open(try Awaited.grant(4, handle: 4), in: store) == .tooMany)
            #expect(try await Awaited.open(try Awaited.grant(5, .backchannel), in: store) == .opened)
            #expect(try await Awaited.settle(.denied, in: store) == .settled)
            #expect(try await Awaited.open(try Awaited.grant(6, handle: 6), in: store) == .opened)
        },
        Promise("a request waits for the citizen who has the name, in the sector, and for nobody else") { (store) async throws in
            _ = try await store.pairwise(try F.subject(1), sector: "shop", orElse: try F.pairwise(1), at: F.now)
            _ = try await store.pairwise(try F.subject(2), sector: "other", orElse: try F.pairwise(2), at: F.now)
            #expect(try await Awaited.open(try Awaited.grant(1, .backchannel, pairwise: 1), in: store) == .opened)
            #expect(try await Awaited.open(try Awaited.grant(2, .backchannel, pairwise: 2), in: store) == .opened)
            #expect(try await Awaited.open(try Awaited.grant(3, .backchannel, pairwise: 3), in: store) == .opened)
            let mine = try await store.waiting(for: try F.subject(1), limit: 9, at: F.now)
            #expect(mine.map(\.secretDigest) == [Awaited.secret(1)])
            #expect(try await store.countWaiting(for: try F.subject(1), at: F.now) == 1)
            // The name is somebody's, but of another sector.
            #expect(try await store.countWaiting(for: try F.subject(2), at: F.now) == 0)
            #expect(try await store.countWaiting(for: try F.subject(1), at: F.later) == 0)
            _ = try await Awaited.settle(.denied, .backchannel, in: store)
            #expect(try await store.waiting(for: try F.subject(1), limit: 9, at: F.now).isEmpty)
        },
        Promise("polling in time is pending, too soon slows down, and the interval stays longer") { (store) async throws in
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            let seconds: [(Int64, AwaitedPoll)] = [
                (0, .pending), (5, .pending), (7, .slowDown), (17, .pending), (22, .slowDown), (37, .pending),
            ]
            for (second, answer) in seconds {
                #expect(try await Awaited.poll(in: store, at: F.now.adding(seconds: second)) == answer, "\(second)")
            }
        },
        Promise("another client, another grant and another secret know nothing") { (store) async throws in
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            #expect(try await Awaited.poll(by: "RP00000002", in: store) == .unknown)
            #expect(try await Awaited.poll(1, .backchannel, in: store) == .unknown)
            #expect(try await Awaited.poll(2, in: store) == .unknown)
            #expect(try await Awaited.poll(in: store) == .pending)
        },
        Promise("a yes is kept with the client's own session, and redeemed once") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            let approval = try Awaited.approval()
            #expect(try await Awaited.settle(.approved(approval), in: store) == .settled)
            #expect(try await store.session(approval.session.id, at: F.now) == approval.session)
            #expect(try await store.participations(in: approval.session.thread) == [approval.joining.participation])
            #expect(try await Awaited.poll(in: store) == .approved(approval.entitlement))
            let issued = try Awaited.issued(sid: approval.entitlement.sid)
            let member = try Awaited.member()
            #expect(try await store.redeem(Awaited.secret(), .device, by: member, for: issued, at: F.now))
            #expect(try await store.find(issued.access.tokenDigest, at: F.now) == issued.access)
            let second = try Awaited.issued(2, sid: approval.entitlement.sid)
            #expect(try await store.redeem(Awaited.secret(), .device, by: member, for: second, at: F.now) == false)
            #expect(try await store.find(second.access.tokenDigest, at: F.now) == nil)
            // A client that asks twice has lost an answer; what it got stays good.
            #expect(try await Awaited.poll(in: store) == .redeemed)
            #expect(try await store.find(issued.access.tokenDigest, at: F.now) == issued.access)
        },
        Promise("of 100 that redeem one wins") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            let approval = try Awaited.approval()
            _ = try await Awaited.settle(.approved(approval), in: store)
            let member = try Awaited.member()
            let sid = approval.entitlement.sid
            let won = try await atOnce { number in
                try await store.redeem(Awaited.secret(), .device, by: member, for: try Awaited.issued(number, sid: sid), at: F.now)
            }
            #expect(won.count { $0 } == 1)
        },
        Promise("of two citizens the first decides and the second is told") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .settled)
            #expect(try await Awaited.settle(.approved(try Awaited.approval(3)), in: store) == .settledBefore(.approved))
            #expect(try await Awaited.settle(.denied, in: store) == .settledBefore(.approved))
            #expect(try await store.session(try F.sessionID(3), at: F.now) == nil)
        },
        Promise("a no is a no") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            #expect(try await Awaited.settle(.denied, in: store) == .settled)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .settledBefore(.denied))
            #expect(try await Awaited.poll(in: store) == .denied)
            let redeemed = try await store.redeem(
                Awaited.secret(), .device, by: try Awaited.member(), for: try Awaited.issued(sid: nil), at: F.now)
            #expect(!redeemed)
        },
        Promise("time runs out for who decides and for who fetches") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(1), in: store)
            _ = try await Awaited.open(try Awaited.grant(2), in: store)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .settled)
            #expect(try await Awaited.settle(.denied, handle: 2, in: store, at: F.later) == .gone)
            #expect(try await Awaited.settle(.denied, handle: 3, in: store) == .gone)
            #expect(try await Awaited.poll(1, in: store, at: F.later) == .expired)
            #expect(try await Awaited.poll(2, in: store, at: F.later) == .expired)
        },
        Promise("who was logged out meanwhile says nothing any more") { (store) async throws in
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            #expect(try await Awaited.settle(.approved(try Awaited.approval()), in: store) == .sessionEnded)
            #expect(try await Awaited.poll(in: store) == .pending)
        },
        Promise("an administrator's logout reaches what was approved and not fetched yet, and what was fetched") { (store) async throws in
            try await store.start(try F.session(1), replacing: nil, expires: F.afterwards)
            _ = try await Awaited.open(try Awaited.grant(), in: store)
            let approval = try Awaited.approval()
            _ = try await Awaited.settle(.approved(approval), in: store)
            #expect(try await store.threads(of: try F.subject(), at: F.now).contains(approval.session.thread))
            let logout = Logout(
                id: try F.some(LogoutID("logout-0000000001"), "logout"), browser: nil, origin: .administrator, message: [], initiator: nil,
                propagates: true, startedAt: F.now, expiresAt: F.later)
            _ = try await store.begin(logout, ending: [approval.session.thread], recording: F.record(3)) { _ in nil }
            #expect(try await Awaited.poll(in: store) == .unknown)
            let redeemed = try await store.redeem(
                Awaited.secret(), .device, by: try Awaited.member(), for: try Awaited.issued(sid: approval.entitlement.sid), at: F.now)
            #expect(!redeemed)
        },
        Promise("what a ping would have needed is forgotten when nobody decided in time") { (store) async throws in
            _ = try await Awaited.open(try Awaited.grant(1, .backchannel, ping: true), in: store)
            let last = F.later.adding(milliseconds: -1)
            #expect(try await store.takePings(lease: F.later, limit: 9, at: last).isEmpty)
            #expect(try await store.awaited(F.bytes(1, "handle"), .backchannel, at: last)?.grant.notification != nil)
            #expect(try await store.takePings(lease: F.afterwards, limit: 9, at: F.later).isEmpty)
            #expect(try await store.awaited(F.bytes(1, "handle"), .backchannel, at: last)?.grant.notification == nil)
        },
        Promise("a ping is due when the citizen has decided, taken by one, and forgotten with its end") { (store) async throws in
            _ = try await Awaited.open(try Awaited.grant(1, .backchannel, ping: true), in: store)
            _ = try await Awaited.open(try Awaited.grant(2, .backchannel), in: store)
            #expect(try await store.takePings(lease: F.later, limit: 9, at: F.now).isEmpty)
            _ = try await Awaited.settle(.denied, .backchannel, handle: 1, in: store)
            _ = try await Awaited.settle(.denied, .backchannel, handle: 2, in: store)
            let due = try await store.takePings(lease: F.later, limit: 9, at: F.now)
            #expect(due.map(\.notification) == [.init(token: "notify-1", requestID: "request-1")])
            #expect(due.map(\.attempts) == [1])
            #expect(try await store.takePings(lease: F.later, limit: 9, at: F.now).isEmpty)
            try await store.postponePing(Awaited.secret(1), until: F.now.adding(seconds: 3), attempts: 1)
            #expect(try await store.takePings(lease: F.later, limit: 9, at: F.now.adding(seconds: 2)).isEmpty)
            #expect(try await store.takePings(lease: F.later, limit: 9, at: F.now.adding(seconds: 3)).map(\.attempts) == [2])
            try await store.endPing(Awaited.secret(1), recording: F.record(4), at: F.now)
            #expect(try await store.takePings(lease: F.afterwards, limit: 9, at: F.afterwards).isEmpty)
            let kept = try await store.awaited(F.bytes(1, "handle"), .backchannel, at: F.now)
            #expect(kept != nil)
            #expect(kept?.grant.notification == nil)
        },
    ]
}
