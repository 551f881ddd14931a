import Credentials
import SignOn
import Testing
import Vocabulary

extension Interfering {
    func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Vocabulary.Record, joining: Joining
    ) async throws -> JoinedClaim {
        try await call { try await inner.claim(key, scope: scope, until: until, at: now, recording: record, joining: joining) }
    }
    func join(_ joining: Joining, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.join(joining, recording: record) }
    }
    func participations(of member: MemberID, named name: String) async throws -> [Participation] {
        try await call { try await inner.participations(of: member, named: name) }
    }
    func participations(in thread: SessionThread) async throws -> [Participation] {
        try await call { try await inner.participations(in: thread) }
    }
    func begin(
        _ logout: Logout, ending threads: [SessionThread], recording record: Vocabulary.Record,
        planning: @escaping @Sendable (Participation) -> LogoutPlan?
    ) async throws -> [LogoutLeg] {
        try await call { try await inner.begin(logout, ending: threads, recording: record, planning: planning) }
    }
    func progress(of logout: LogoutID, at now: Timestamp) async throws -> LogoutProgress? {
        try await call { try await inner.progress(of: logout, at: now) }
    }
    func leg(asking request: String, at now: Timestamp) async throws -> LogoutLeg? {
        try await call { try await inner.leg(asking: request, at: now) }
    }
    func ask(_ leg: LogoutLegID, by request: String, at now: Timestamp) async throws -> Bool {
        try await call { try await inner.ask(leg, by: request, at: now) }
    }
    func settle(
        _ leg: LogoutLegID, as state: LogoutLeg.State, _ reason: LogoutReason?, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> Bool {
        try await call { try await inner.settle(leg, as: state, reason, recording: record, at: now) }
    }
    func skip(_ leg: LogoutLegID, at now: Timestamp) async throws { try await call { try await inner.skip(leg, at: now) } }
    func takeDue(of logout: LogoutID?, lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [(logout: Logout, leg: LogoutLeg)] {
        try await call { try await inner.takeDue(of: logout, lease: lease, limit: limit, at: now) }
    }
    func postpone(_ leg: LogoutLegID, until: Timestamp, _ reason: LogoutReason?, at now: Timestamp) async throws {
        try await call { try await inner.postpone(leg, until: until, reason, at: now) }
    }
    func expireLegs(
        limit: Int, recording record: @escaping @Sendable (LogoutLeg) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> Int {
        try await call { try await inner.expireLegs(limit: limit, recording: record, at: now) }
    }
    func liveSessions(limit: Int, at now: Timestamp) async throws -> [LiveSession] {
        try await call { try await inner.liveSessions(limit: limit, at: now) }
    }
    func threads(of subject: SubjectID, at now: Timestamp) async throws -> [SessionThread] {
        try await call { try await inner.threads(of: subject, at: now) }
    }
    func order(_ order: LogoutOrder, until: Timestamp) async throws { try await call { try await inner.order(order, until: until) } }
    func orders(limit: Int, at now: Timestamp) async throws -> [LogoutOrder] {
        try await call { try await inner.orders(limit: limit, at: now) }
    }
}

/// Members, names and logouts of the store's tests.
enum Leave {
    static func member(_ name: String) throws(Missing) -> MemberID { try F.some(MemberID(name), name) }

    static func joining(
        _ session: Session, _ member: String = "ministry",
        _ name: MemberName = .nameID("n", format: "f", nameQualifier: nil, spNameQualifier: "q"), until end: Timestamp = F.later
    ) throws(Missing) -> Joining {
        let id = try self.member(member)
        return Joining(
            tie: session.tie, subject: session.subject, member: id, name: name, sessionIndex: session.tie.index(for: id), at: F.now,
            expiresAt: end)
    }

    static func logout(_ number: Int = 1, origin: Logout.Origin = .ownPage, initiator: String? = nil) throws -> Logout {
        Logout(
            id: try F.some(LogoutID("logout-000000000\(number)"), "id"), browser: F.bytes(number, "browser"), origin: origin,
            message: [0, 1, 255], initiator: try initiator.map { name throws(Missing) in try member(name) }, propagates: true,
            startedAt: F.now, expiresAt: F.later)
    }

    /// A session with members, ended: its legs.
    static func begun(_ store: any Stores, _ members: [String: LogoutChannel], number: Int = 1) async throws -> (Logout, [LogoutLeg]) {
        let session = try F.session(number)
        try await store.start(session, replacing: nil, expires: F.later)
        for member in members.keys.sorted() { _ = try await store.join(joining(session, member), recording: F.record(1)) }
        let logout = try logout(number)
        let legs = try await store.begin(logout, ending: [session.thread], recording: F.record(2)) { participation in
            members[participation.member.text].map { LogoutPlan($0) }
        }
        return (logout, legs)
    }
}

extension Promise {
    static let graph = [
        Promise("a member joins once, under the name it was told, absent parts absent") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            let joining = try Leave.joining(session)
            for _ in 0..<3 { #expect(try await store.join(joining, recording: F.record(1))) }
            #expect(try await store.participations(in: session.thread) == [joining.participation])
            #expect(try await store.participations(of: joining.member, named: "n") == [joining.participation])
            #expect(try await store.participations(of: joining.member, named: "N").isEmpty)
            #expect(try await store.participations(of: Leave.member("other"), named: "n").isEmpty)
        },
        Promise("a member that knows the citizen by two names takes part under both") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            for name in [MemberName.nameID("a", format: "f"), .nameID("b", format: nil)] {
                _ = try await store.join(Leave.joining(session, "ministry", name), recording: F.record(1))
            }
            #expect(try await store.participations(in: session.thread).map(\.name.text) == ["a", "b"])
        },
        Promise("nobody joins a session that has ended, and then nothing is claimed") { (store) async throws in
            let session = try F.session()
            #expect(try await !store.join(Leave.joining(session), recording: F.record(1)))
            let refused = try await store.claim(
                "k", scope: "s", until: F.later, at: F.now, recording: F.record(1), joining: Leave.joining(session))
            #expect(refused == .sessionEnded)
            #expect(try await store.participations(in: session.thread).isEmpty)
            #expect(try await store.claim("k", scope: "s", until: F.later, at: F.now))
        },
        Promise("claim, record and participation are one: a replay joins nobody") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            func claim(_ key: String, _ member: String) async throws -> JoinedClaim {
                try await store.claim(
                    key, scope: "s", until: F.later, at: F.now, recording: F.record(1), joining: Leave.joining(session, member))
            }
            #expect(try await claim("k", "ministry") == .first)
            #expect(try await claim("k", "library") == .taken)
            #expect(try await claim("k", "ministry") == .taken)
            #expect(try await claim("k2", "ministry") == .first)
            #expect(try await store.participations(in: session.thread).map(\.member.text) == ["ministry"])
        },
        Promise("who joins again stays until the later of the two ends, and a replay prolongs nothing") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.afterwards)
            _ = try await store.session(session.id, at: F.now)
            func claim(_ key: String, until seconds: Int64) async throws -> JoinedClaim {
                try await store.claim(
                    key, scope: "s", until: F.later, at: F.now, recording: F.record(1),
                    joining: Leave.joining(session, until: F.now.adding(seconds: seconds)))
            }
            func ends() async throws -> [Int64] {
                try await store.participations(in: session.thread).map { $0.expiresAt.seconds(since: F.now) }
            }
            #expect(try await claim("k1", until: 900) == .first)
            #expect(try await claim("k2", until: 600) == .first)
            #expect(try await ends() == [900], "none shortens what was told before")
            #expect(try await claim("k2", until: 1_500) == .taken)
            #expect(try await ends() == [900])
            #expect(try await claim("k3", until: 1_500) == .first)
            #expect(try await ends() == [1_500])
            #expect(try await claim("k4", until: 1_500) == .first)
            #expect(try await claim("k5", until: 1_200) == .first)
            #expect(try await ends() == [1_500])
        },
        Promise("of 100 sign-ons that race for one request one joins") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            let answers = try await atOnce { _ in
                try await store.claim(
                    "k", scope: "s", until: F.later, at: F.now, recording: F.record(1), joining: Leave.joining(session))
            }
            #expect(answers.filter { $0 == .first }.count == 1)
            #expect(answers.filter { $0 == .taken }.count == answers.count - 1)
            #expect(try await store.participations(in: session.thread).count == 1)
        },
        Promise("a step-up renews the id and the members stay") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.join(Leave.joining(session), recording: F.record(1))
            let renewed = try session.renewed(with: F.session(2).authentications[0], id: try F.sessionID(2), at: F.now)
            try await store.start(renewed, replacing: session.id, expires: F.later)
            #expect(try await store.participations(in: renewed.thread).count == 1)
            #expect(try await store.join(Leave.joining(renewed), recording: F.record(1)))
            #expect(try await store.participations(of: Leave.member("ministry"), named: "n").count == 1)
        },
    ]

    static let logouts = [
        Promise("a logout ends the session first, takes its members and plans each") { (store) async throws in
            let (logout, legs) = try await Leave.begun(store, ["a": .back, "b": .front, "c": .none])
            #expect(try await store.session(F.sessionID(), at: F.now) == nil)
            #expect(try await store.participations(in: F.session().thread).isEmpty)
            #expect(legs.map(\.member.text) == ["a", "b", "c"])
            #expect(legs.map(\.channel) == [.back, .front, .none])
            #expect(legs.map(\.reason) == [nil, nil, .noService])
            #expect(legs.map(\.id.number) == [1, 2, 3])
            let progress = try #require(try await store.progress(of: logout.id, at: F.now))
            #expect(progress.logout == logout)
            #expect(progress.legs == legs)
            #expect(try await store.progress(of: logout.id, at: F.later) == nil)
        },
        Promise("a logout that was begun before stays as it is") { (store) async throws in
            let (logout, legs) = try await Leave.begun(store, ["a": .back])
            let again = try await store.begin(logout, ending: [F.session().thread], recording: F.record(3)) { _ in LogoutPlan(.front) }
            #expect(again == legs)
        },
        Promise("who asked by itself is left out, and ends all the same") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.join(Leave.joining(session, "a"), recording: F.record(1))
            let legs = try await store.begin(
                Leave.logout(origin: .samlPost, initiator: "a"), ending: [session.thread], recording: F.record(2)
            ) { _ in nil }
            #expect(legs.isEmpty)
            #expect(try await store.participations(in: session.thread).isEmpty)
        },
        Promise("several sessions end at once, another citizen's not") { (store) async throws in
            let sessions = [try F.session(1), try F.session(2), try F.session(3)]
            for session in sessions {
                try await store.start(session, replacing: nil, expires: F.later)
                _ = try await store.join(Leave.joining(session), recording: F.record(1))
            }
            let legs = try await store.begin(
                Leave.logout(), ending: sessions.prefix(2).map(\.thread), recording: F.record(2)
            ) { _ in LogoutPlan(.back) }
            #expect(legs.map(\.participation.thread) == sessions.prefix(2).map(\.thread))
            #expect(try await store.session(sessions[2].id, at: F.now) == sessions[2])
            #expect(try await store.participations(in: sessions[2].thread).count == 1)
        },
        Promise("a member's answer is found by what it was asked, and the first word counts") { (store) async throws in
            let (_, legs) = try await Leave.begun(store, ["a": .front])
            #expect(try await store.leg(asking: "r-1", at: F.now) == nil)
            #expect(try await store.ask(legs[0].id, by: "r-1", at: F.now))
            let asked = try #require(try await store.leg(asking: "r-1", at: F.now))
            #expect(asked.state == .asked)
            #expect(asked.attempts == 1)
            #expect(try await store.settle(asked.id, as: .ended, nil, recording: F.record(4), at: F.now))
            #expect(try await !store.settle(asked.id, as: .failed, .refused, recording: F.record(5), at: F.now))
            #expect(try await !store.ask(asked.id, by: "r-2", at: F.now))
            #expect(try await store.leg(asking: "r-1", at: F.now)?.state == .ended)
        },
        Promise("a member that was skipped may still answer") { (store) async throws in
            let (logout, legs) = try await Leave.begun(store, ["a": .front])
            _ = try await store.ask(legs[0].id, by: "r-1", at: F.now)
            try await store.skip(legs[0].id, at: F.now)
            #expect(try await store.progress(of: logout.id, at: F.now)?.legs[0].reason == .skipped)
            #expect(try await store.settle(legs[0].id, as: .ended, nil, recording: F.record(4), at: F.now))
        },
        Promise("who is due is taken once, comes back when the lease is over, and is gone when settled") { (store) async throws in
            let (logout, _) = try await Leave.begun(store, ["a": .back, "b": .back, "c": .front])
            let lease = F.now.adding(seconds: 30)
            func taken(_ now: Timestamp, limit: Int = 9) async throws -> [String] {
                try await store.takeDue(of: nil, lease: now.adding(seconds: 30), limit: limit, at: now).map(\.leg.member.text).sorted()
            }
            #expect(try await taken(F.now, limit: 1) == ["a"])
            #expect(try await taken(F.now) == ["b"])
            #expect(try await taken(lease.adding(milliseconds: -1)).isEmpty)
            #expect(try await taken(lease) == ["a", "b"], "whoever took them died")
            let legs = try #require(try await store.progress(of: logout.id, at: F.now)).legs
            _ = try await store.settle(legs[0].id, as: .ended, nil, recording: F.record(4), at: lease)
            try await store.postpone(legs[1].id, until: lease.adding(seconds: 5), .unreachable, at: lease)
            #expect(try await taken(lease.adding(seconds: 4)).isEmpty)
            #expect(try await taken(lease.adding(seconds: 5)) == ["b"])
            #expect(try await store.progress(of: logout.id, at: F.now)?.legs[1].reason == .unreachable)
        },
        Promise("what ran out before its turn came is settled as failed, once, and what somebody has taken when his lease is over") {
            (store) async throws in
            let (_, legs) = try await Leave.begun(store, ["a": .back, "b": .back, "c": .front])
            let lease = F.later.adding(seconds: 5)
            #expect(try await store.takeDue(of: nil, lease: lease, limit: 1, at: F.now).count == 1)
            func expired(_ now: Timestamp) async throws -> Int {
                try await store.expireLegs(limit: 9, recording: { _ in F.record(6) }, at: now)
            }
            #expect(try await expired(F.later.adding(milliseconds: -1)) == 0)
            #expect(try await expired(F.later) == 1)
            #expect(try await expired(F.later) == 0)
            #expect(try await expired(lease) == 1)
            for leg in legs.prefix(2) {
                #expect(try await !store.settle(leg.id, as: .ended, nil, recording: F.record(4), at: lease), "the first word counts")
            }
        },
        Promise("of 100 couriers one takes each leg") { (store) async throws in
            _ = try await Leave.begun(store, ["a": .back, "b": .back])
            let taken = try await atOnce { _ in
                try await store.takeDue(of: nil, lease: F.now.adding(seconds: 30), limit: 1, at: F.now).map(\.leg.member.text)
            }
            #expect(taken.flatMap(\.self).sorted() == ["a", "b"])
        },
        Promise("administrators see who lives, and their orders wait until they are carried out") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            _ = try await store.join(Leave.joining(session, "a"), recording: F.record(1))
            let live = try await store.liveSessions(limit: 5, at: F.now)
            #expect(live.map(\.thread) == [session.thread])
            #expect(live.first?.members.map(\.text) == ["a"])
            #expect(try await store.threads(of: session.subject, at: F.now) == [session.thread])
            #expect(try await store.threads(of: session.subject, at: F.later).isEmpty)
            let orders = [
                LogoutOrder(id: try Leave.logout(1).id, target: .thread(session.thread), at: F.now),
                LogoutOrder(id: try Leave.logout(2).id, target: .subject(session.subject), at: F.now.adding(seconds: 1)),
            ]
            for order in orders { try await store.order(order, until: F.later) }
            #expect(try await store.orders(limit: 5, at: F.now) == orders)
            _ = try await store.begin(Leave.logout(1), ending: [session.thread], recording: F.record(2)) { _ in LogoutPlan(.back) }
            #expect(try await store.orders(limit: 5, at: F.now) == [orders[1]])
            #expect(try await store.orders(limit: 5, at: F.later).isEmpty)
        },
    ]
}
