import Credentials
import OpenID
import SignOn
import Signals
import Testing
import TrustFramework
import Vocabulary

/// Streams, events and certificates of the store's tests.
enum Sig {
    static func member(_ name: String = "insurer") throws(Missing) -> MemberID { try F.some(MemberID(name), name) }
    static func id(_ number: Int = 1) throws(Missing) -> StreamID { try F.some(StreamID("stream-00000000\(number)"), "stream") }

    static func stream(
        _ number: Int = 1, _ name: String = "insurer", push: Bool = true, _ types: [EventType] = [.sessionRevoked, .customerChanged],
        status: StreamStatus = .enabled
    ) throws(Missing) -> SignalStream {
        SignalStream(
            id: try id(number), member: try member(name),
            delivery: push ? .push(endpoint: "https://insurer.example/events", authorization: "Bearer theirs-\(number)") : .poll,
            requested: Set(types.map(\.rawValue) + ["https://other/event"]), description: "見本", status: status, createdAt: F.now,
            changedAt: F.now)
    }

    static func signal(
        _ event: SignalEvent = .attributesChanged, _ name: String = "insurer", about subject: Int = 1, ledger: LedgerEntry? = nil
    ) throws(Missing) -> Signal {
        Signal(event, to: try member(name), about: try F.pairwise(subject).text, ledger: ledger, at: F.now)
    }

    static func own(_ number: Int = 1) throws(Missing) -> QueuedSignal {
        QueuedSignal(
            id: "verification-\(number)", stream: try id(number), member: try member(), type: .verification, subject: nil, session: nil,
            body: ["state": "x"], at: F.now, expiresAt: F.afterwards)
    }

    static func opened(_ store: any Stores, _ streams: SignalStream...) async throws {
        for stream in streams { _ = try await store.open(stream, most: 4, recording: F.record(1)) }
    }

    static func state(_ kind: CertificateState.Kind) -> CertificateState {
        CertificateState(kind, at: F.now, known: F.now, list: "series")
    }

    /// A session whose logins used the certificates 0 and 1, and its certificate 0 linked.
    static func watched(_ store: any Stores) async throws -> (Session, WatchedCertificate) {
        let session = try F.session()
        _ = try await store.link(F.certificate(0), to: session.subject, at: F.now)
        try await store.start(session, replacing: nil, expires: F.later)
        _ = try await store.join(Leave.joining(session, "insurer", .subject(try F.pairwise().text)), recording: F.record(1))
        return (session, try F.some(try await store.linked(F.certificate(0), at: F.now), "watched"))
    }

    static func change(
        _ watched: WatchedCertificate, _ kind: CertificateState.Kind = .revoked, telling signals: [Signal] = [], logout number: Int = 1
    ) throws -> CertificateChange {
        CertificateChange(
            watched, to: state(kind), ending: kind == .good ? nil : try Leave.logout(number, origin: .administrator),
            planning: { _ in LogoutPlan(.back) }, telling: signals, recording: { sessions, queued in F.record(sessions * 100 + queued) },
            at: F.now)
    }
}

extension Promise {
    static let signals = streams + stoppedStreams + queues + watches + serviceTokens

    private static let streams = [
        Promise("a stream comes back as it was opened, its secret too, to its member only (H17)") { (store) async throws in
            let stream = try Sig.stream()
            #expect(try await store.open(stream, most: 4, recording: F.record(1)))
            #expect(try await store.stream(stream.id, of: stream.member) == stream)
            #expect(try await store.stream(stream.id, of: try Sig.member("other")) == nil)
            #expect(try await store.streams(of: stream.member) == [stream])
            #expect(try await store.streams(of: try Sig.member("other")).isEmpty)
        },
        Promise("a member has so many streams and no more") { (store) async throws in
            for number in 1...2 { #expect(try await store.open(try Sig.stream(number), most: 2, recording: F.record(1))) }
            #expect(try await !store.open(try Sig.stream(3), most: 2, recording: F.record(1)))
            #expect(try await store.open(try Sig.stream(4, "other"), most: 2, recording: F.record(1)))
            #expect(try await store.streams(limit: 9).count == 3)
        },
        Promise("a change is made on what is known, and not on what changed meanwhile") { (store) async throws in
            let stream = try Sig.stream()
            try await Sig.opened(store, stream)
            var next = stream
            next.status = .paused
            next.reason = "night"
            next.changedAt = F.later
            #expect(try await store.change(next, knowing: stream, telling: nil, recording: F.record(2)))
            #expect(try await store.stream(stream.id, of: stream.member) == next)
            var other = stream
            other.requested = []
            #expect(try await !store.change(other, knowing: stream, telling: nil, recording: F.record(3)))
            #expect(try await store.stream(stream.id, of: stream.member) == next)
        },
        Promise("a stream that is closed takes with it what waits, and only its member closes it") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1), try Sig.stream(2, "other"))
            _ = try await store.enqueue([try Sig.signal(), try Sig.signal(.attributesChanged, "other")], recording: nil)
            #expect(try await !store.close(try Sig.id(1), of: try Sig.member("other"), recording: F.record(1)))
            #expect(try await store.close(try Sig.id(1), of: try Sig.member(), recording: F.record(1)))
            #expect(try await store.stream(try Sig.id(1), of: try Sig.member()) == nil)
            #expect(try await store.queues(at: F.now).map(\.stream) == [try Sig.id(2)])
        },
        Promise("a verification is asked for once in a while, and queued") { (store) async throws in
            try await Sig.opened(store, try Sig.stream())
            #expect(try await store.verify(try Sig.id(), of: try Sig.member(), since: F.now, telling: try Sig.own()))
            let again = try Sig.own(2)
            #expect(
                try await !store.verify(
                    try Sig.id(), of: try Sig.member(), since: F.now.adding(seconds: -60),
                    telling: QueuedSignal(
                        id: again.id, stream: try Sig.id(), member: again.member, type: .verification, subject: nil, session: nil,
                        body: [:], at: F.now, expiresAt: F.later)))
            let waiting = try await store.waiting(in: try Sig.id(), of: try Sig.member(), limit: 9, at: F.now)
            #expect(waiting.signals.map(\.id) == ["verification-1"] && !waiting.more)
            #expect(waiting.signals.first?.subject == nil && waiting.signals.first?.body["state"]?.string == "x")
        },
    ]

    private static let queues = [
        Promise("an event goes into every stream that asked for it, and into no other") { (store) async throws in
            try await Sig.opened(
                store, try Sig.stream(1), try Sig.stream(2, push: false), try Sig.stream(3, "insurer", [.linkEnded]),
                try Sig.stream(4, "other"))
            #expect(try await store.enqueue([try Sig.signal()], recording: F.record(1)) == 2)
            #expect(try await store.queues(at: F.now).map(\.stream) == [try Sig.id(1), try Sig.id(2)])
            let waiting = try await store.waiting(in: try Sig.id(2), of: try Sig.member(), limit: 9, at: F.now)
            #expect(try waiting.signals.first?.subject == F.pairwise().text && waiting.signals.first?.type == .customerChanged)
            #expect(try await store.waiting(in: try Sig.id(2), of: try Sig.member("other"), limit: 9, at: F.now).signals.isEmpty)
        },
        Promise("what no stream takes leaves nothing behind") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, "other"))
            let before = try await store.queues(at: F.now)
            #expect(try await store.enqueue([try Sig.signal()], recording: F.record(7)) == 0)
            #expect(try await store.queues(at: F.now) == before)
        },
        Promise("a disabled stream keeps nothing, a paused one all") { (store) async throws in
            try await Sig.opened(
                store, try Sig.stream(1, status: .disabled), try Sig.stream(2, status: .paused), try Sig.stream(3))
            #expect(try await store.enqueue([try Sig.signal()], recording: nil) == 2)
            let taken = try await store.takeSignals(lease: F.later, limit: 9, at: F.now)
            #expect(taken.map(\.stream.id) == [try Sig.id(3)])
            var resumed = try Sig.stream(2, status: .paused)
            let known = resumed
            resumed.status = .enabled
            #expect(try await store.change(resumed, knowing: known, telling: nil, recording: F.record(1)))
            #expect(try await store.takeSignals(lease: F.later, limit: 9, at: F.now).map(\.stream.id) == [try Sig.id(2)])
            var stopped = resumed
            stopped.status = .disabled
            #expect(try await store.change(stopped, knowing: resumed, telling: nil, recording: F.record(1)))
            #expect(try await store.queues(at: F.now).map(\.stream) == [try Sig.id(3)])
        },
        Promise("of 100 that take an event one has it, until its lease is over") { (store) async throws in
            try await Sig.opened(store, try Sig.stream())
            _ = try await store.enqueue([try Sig.signal()], recording: nil)
            let taken = try await atOnce { _ in try await store.takeSignals(lease: F.later, limit: 9, at: F.now) }.flatMap { $0 }
            #expect(taken.count == 1 && taken.first?.signal.attempts == 1)
            #expect(try taken.first?.stream.delivery == Sig.stream().delivery)
            #expect(try await store.takeSignals(lease: F.afterwards, limit: 9, at: F.later).first?.signal.attempts == 2)
        },
        Promise("a stream with many that are due holds up no other") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1), try Sig.stream(2, "other"))
            for number in 1...20 {
                _ = try await store.enqueue([try Sig.signal(about: number)], recording: nil)
            }
            _ = try await store.enqueue([try Sig.signal(.attributesChanged, "other")], recording: nil)
            let taken = try await store.takeSignals(lease: F.later, limit: 9, at: F.now).map(\.stream.id)
            #expect(taken.count { $0 == (try? Sig.id(2)) } == 1, "the youngest, of another stream")
            #expect(taken.count { $0 == (try? Sig.id(1)) } == 8)
            #expect(try await store.takeSignals(lease: F.later, limit: 64, at: F.now).count == 8, "no more of one stream in a round")
        },
        Promise("what could not be delivered comes round again, what was goes for good") { (store) async throws in
            try await Sig.opened(store, try Sig.stream())
            _ = try await store.enqueue([try Sig.signal()], recording: nil)
            let first = try F.some(try await store.takeSignals(lease: F.later, limit: 9, at: F.now).first, "event").signal
            try await store.postpone(first.id, until: F.now.adding(seconds: 5), attempts: first.attempts)
            #expect(try await store.takeSignals(lease: F.later, limit: 9, at: F.now.adding(seconds: 4)).isEmpty)
            #expect(try await store.takeSignals(lease: F.later, limit: 9, at: F.now.adding(seconds: 5)).count == 1)
            #expect(try await store.settle(first.id, recording: F.record(1)))
            #expect(try await !store.settle(first.id, recording: F.record(1)))
            #expect(try await store.takeSignals(lease: F.afterwards, limit: 9, at: F.later).isEmpty)
        },
        Promise("a poll sees what waits until it is acknowledged, by its own member, in order") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false), try Sig.stream(2, "other", push: false))
            for number in 1...3 { _ = try await store.enqueue([try Sig.signal(about: number)], recording: nil) }
            #expect(try await store.takeSignals(lease: F.later, limit: 9, at: F.later).isEmpty, "nothing of it is pushed")
            let (first, more) = try await store.waiting(in: try Sig.id(1), of: try Sig.member(), limit: 2, at: F.now)
            #expect(first.map(\.subject) == [try F.pairwise(1).text, try F.pairwise(2).text] && more)
            #expect(try await store.waiting(in: try Sig.id(1), of: try Sig.member(), limit: 2, at: F.now).signals == first)
            let ids = first.map(\.id)
            #expect(try await store.acknowledge(ids, in: try Sig.id(1), of: try Sig.member("other"), recording: nil) == 0)
            #expect(try await store.acknowledge(ids, in: try Sig.id(2), of: try Sig.member("other"), recording: nil) == 0)
            #expect(try await store.acknowledge(ids + ["unknown"], in: try Sig.id(1), of: try Sig.member(), recording: F.record(1)) == 2)
            let left = try await store.waiting(in: try Sig.id(1), of: try Sig.member(), limit: 9, at: F.now)
            #expect(left.signals.map(\.subject) == [try F.pairwise(3).text] && !left.more)
        },
        Promise("a citizen who was taken out of a stream is not told of, until he is put back") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1), try Sig.stream(2))
            let (id, member) = (try Sig.id(1), try Sig.member())
            try await store.set(try F.pairwise(1), in: id, of: member, isIn: false, recording: F.record(1))
            try await store.set(try F.pairwise(1), in: try Sig.id(2), of: try Sig.member("other"), isIn: false, recording: F.record(1))
            #expect(try await store.enqueue([try Sig.signal(about: 1)], recording: nil) == 1)
            #expect(try await store.enqueue([try Sig.signal(about: 2)], recording: nil) == 2)
            try await store.set(try F.pairwise(1), in: id, of: member, isIn: true, recording: F.record(1))
            #expect(try await store.enqueue([try Sig.signal(about: 1)], recording: nil) == 2)
        },
        Promise("a queue is bounded, and what found it full is counted") { (store) async throws in
            store.bound(by: SignalRules(queue: 2))
            try await Sig.opened(store, try Sig.stream())
            for number in 1...5 { _ = try await store.enqueue([try Sig.signal(about: number)], recording: nil) }
            #expect(try await store.queues(at: F.now).first?.waiting == 2)
            #expect(try await store.stream(try Sig.id(), of: try Sig.member())?.dropped == 3)
            store.bound(by: SignalRules())
        },
        Promise("where events are not offered nothing is queued") { (store) async throws in
            store.bound(by: SignalRules(isOffered: false))
            try await Sig.opened(store, try Sig.stream())
            #expect(try await store.enqueue([try Sig.signal()], recording: F.record(1)) == 0)
            store.bound(by: SignalRules())
        },
        Promise("what nobody took in time goes, is counted and recorded") { (store) async throws in
            store.bound(by: SignalRules(keep: 60))
            try await Sig.opened(store, try Sig.stream())
            _ = try await store.enqueue([try Sig.signal(about: 1), try Sig.signal(about: 2)], recording: nil)
            #expect(try await store.expire(limit: 9, recording: { _, _, lost in F.record(lost) }, at: F.later.adding(seconds: -1)) == 0)
            #expect(try await store.expire(limit: 9, recording: { _, _, lost in F.record(lost) }, at: F.later) == 2)
            #expect(try await store.stream(try Sig.id(), of: try Sig.member())?.dropped == 2)
            #expect(try await store.queues(at: F.now).isEmpty)
            store.bound(by: SignalRules())
        },
        Promise("what is told of a citizen is in his ledger, once, in the commit that queues it (R18)") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1), try Sig.stream(2))
            let entry = try LedgerEntry(
                reference: F.some(LedgerReference(String(repeating: "a", count: 32)), "reference"), subject: F.subject(),
                member: Sig.member(), purpose: F.some(Purpose("change-watch"), "purpose"), told: ["revocation-time"], rules: ["r"],
                bases: ["b"], policyVersion: "v", protocolName: "openid", path: .refresh, consentedAt: F.now, at: F.now)
            let other = try Sig.signal(.linkEnded, ledger: entry)
            #expect(try await store.enqueue([other], recording: nil) == 0)
            #expect(try await store.entries(of: try F.subject(), before: F.later, limit: 9).isEmpty, "what is not told is no entry")
            #expect(try await store.enqueue([try Sig.signal(ledger: entry)], recording: nil) == 2)
            #expect(try await store.entries(of: try F.subject(), before: F.later, limit: 9) == [entry])
        },
        Promise("who takes part in a session hears of its end, in the commit that ends it, and nobody else") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false), try Sig.stream(2, "other", push: false))
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            #expect(try await store.join(Leave.joining(session, "insurer", .subject("sub-of-insurer")), recording: F.record(1)))
            #expect(try await store.join(Leave.joining(session, "ministry"), recording: F.record(1)))
            _ = try await store.begin(
                try Leave.logout(), ending: [session.thread], recording: F.record(2), planning: { _ in LogoutPlan(.none, .noService) })
            let told = try await store.waiting(in: try Sig.id(1), of: try Sig.member(), limit: 9, at: F.now).signals
            #expect(told.map(\.type) == [.sessionRevoked] && told.first?.subject == "sub-of-insurer")
            #expect(told.first?.session == session.tie.index(for: try Sig.member()))
            #expect(told.first?.body["initiating_entity"]?.string == "user")
            #expect(try await store.queues(at: F.now).count == 1)
        },
        Promise("who asked for the end hears nothing, nor does anybody when the citizen left the others open") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false))
            for (number, initiator) in [(1, "insurer"), (2, nil)] as [(Int, String?)] {
                let session = try F.session(number)
                try await store.start(session, replacing: nil, expires: F.later)
                _ = try await store.join(Leave.joining(session, "insurer", .subject("sub")), recording: F.record(1))
                let logout = try Leave.logout(number, initiator: initiator)
                _ = try await store.begin(
                    Logout(
                        id: logout.id, browser: nil, origin: .ownPage, message: [], initiator: logout.initiator,
                        propagates: initiator != nil, startedAt: F.now, expiresAt: F.later), ending: [session.thread],
                    recording: F.record(2), planning: { _ in nil })
            }
            #expect(try await store.queues(at: F.now).isEmpty)
        },
    ]

    private static let watches = [
        Promise("links are walked in order, each once, with their state and whether somebody is logged in") { (store) async throws in
            let (session, first) = try await Sig.watched(store)
            #expect(first.hasSession && first.state == nil && first.subject == session.subject)
            for serial in 2...4 { _ = try await store.link(F.certificate(serial), to: try F.subject(serial), at: F.now) }
            var (seen, last): ([CertificateIdentity], CertificateIdentity?) = ([], nil)
            repeat {
                let page = try await store.linked(after: last, limit: 2, at: F.now)
                seen += page.map(\.certificate)
                last = page.last?.certificate
            } while last != nil
            #expect(seen == [0, 2, 3, 4].map { F.certificate($0) })
            #expect(try await store.linked(F.certificate(9), at: F.now) == nil)
            #expect(try await store.linked(to: try F.subject(3), at: F.now).map(\.certificate) == [F.certificate(3)])
            #expect(try await store.linked(F.certificate(2), at: F.now)?.hasSession == false)
            #expect(try await store.linked(F.certificate(0), at: F.later)?.hasSession == false)
        },
        Promise("a certificate's end ends its sessions, tells their members and queues the events, once") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false))
            let (session, watched) = try await Sig.watched(store)
            #expect(try await store.settle(try Sig.change(watched, telling: [try Sig.signal()])) == 1)
            #expect(try await store.session(session.id, at: F.now) == nil)
            let logout = try Leave.logout(1).id
            #expect(try await store.progress(of: logout, at: F.now)?.legs.map(\.member) == [try Sig.member()])
            let told = try await store.waiting(in: try Sig.id(1), of: try Sig.member(), limit: 9, at: F.now).signals
            #expect(Set(told.map(\.type)) == [.sessionRevoked, .customerChanged])
            #expect(told.first { $0.type == .sessionRevoked }?.body["initiating_entity"]?.string == "system")
            let now = try F.some(try await store.linked(F.certificate(0), at: F.now), "watched")
            #expect(now.state == Sig.state(.revoked) && !now.hasSession)
            #expect(try await store.settle(try Sig.change(now, telling: [try Sig.signal()], logout: 2)) == 0)
            #expect(try await store.queues(at: F.now).first?.waiting == 2, "nothing twice, after a restart either")
        },
        Promise("a session that came in behind the walk ends too, and nothing is told again") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false))
            let (_, watched) = try await Sig.watched(store)
            try await store.settle(try Sig.change(watched, telling: [try Sig.signal()]))
            let late = try F.session(2)
            try await store.start(late, replacing: nil, expires: F.later)
            let again = try F.some(try await store.linked(F.certificate(0), at: F.now), "watched")
            #expect(try await store.settle(try Sig.change(again, telling: [try Sig.signal()], logout: 2)) == 1)
            #expect(try await store.session(late.id, at: F.now) == nil)
            #expect(try await store.queues(at: F.now).first?.waiting == 2)
        },
        Promise("a session of the same citizen by another certificate goes on") { (store) async throws in
            let other = try F.session(3, logins: [.pin])  // certificate 0 only
            _ = try await store.link(F.certificate(7), to: other.subject, at: F.now)
            try await store.start(other, replacing: nil, expires: F.later)
            let watched = try F.some(try await store.linked(F.certificate(7), at: F.now), "watched")
            #expect(watched.hasSession)
            #expect(try await store.settle(try Sig.change(watched)) == 0)
            #expect(try await store.session(other.id, at: F.now) == other)
            #expect(try await store.linked(F.certificate(7), at: F.now)?.state?.kind == .revoked)
        },
        Promise("a hold is known as one until it is lifted, and lifting ends no session") { (store) async throws in
            let (_, watched) = try await Sig.watched(store)
            try await store.settle(try Sig.change(watched, .held))
            #expect(try await store.held(limit: 9) == [F.certificate(0)])
            let session = try F.session(5)
            try await store.start(session, replacing: nil, expires: F.later)
            let now = try F.some(try await store.linked(F.certificate(0), at: F.now), "watched")
            try await store.settle(try Sig.change(now, .good, logout: 2))
            #expect(try await store.held(limit: 9).isEmpty)
            #expect(try await store.session(session.id, at: F.now) == session)
        },
        Promise("a signature certificate is watched as long as its record is kept, and told of once") { (store) async throws in
            try await Sig.opened(store, try Sig.stream(1, push: false))
            let record = try Shown.record("insurer")
            try await store.watch(
                F.certificate(5), of: try F.subject(), shownTo: record.member, for: record.presentedFor.text, until: F.afterwards)
            #expect(try await store.shown(after: nil, limit: 9, at: F.now).certificates.isEmpty, "no record, no watch")
            try await store.keep(record, of: try F.subject(), recording: F.record(1))
            let (shown, last) = try await store.shown(after: nil, limit: 9, at: F.now)
            #expect(shown.map(\.certificate) == [F.certificate(5)] && shown.first?.member == record.member && last == nil)
            #expect(shown.first?.isSettled == false)
            let one = try F.some(shown.first, "shown")
            #expect(try await store.settle(one, telling: [try Sig.signal()], recording: F.record(2), at: F.now))
            #expect(try await !store.settle(one, telling: [try Sig.signal()], recording: F.record(2), at: F.now))
            #expect(try await store.queues(at: F.now).first?.waiting == 1)
            #expect(try await store.shown(after: nil, limit: 9, at: F.now).certificates.first?.isSettled == true)
            _ = try await store.forget(of: try F.subject(), for: nil, member: nil, recording: F.record(3))
            #expect(try await store.shown(after: nil, limit: 9, at: F.now).certificates.isEmpty)
        },
    ]

    private static let serviceTokens = [
        Promise("a client's token for itself is found until it ends, and ended by its client only") { (store) async throws in
            let token = try Self.token()
            let claim = AssertionClaim(scope: "client-assertion insurer", key: "jti", until: F.later)
            #expect(try await store.issue(token, claiming: [claim], recording: F.record(1), at: F.now) == nil)
            #expect(try await store.serviceToken(token.digest, at: F.now) == token)
            #expect(try await store.serviceToken(token.digest, at: F.later) == nil)
            #expect(try await store.serviceToken(F.bytes(9), at: F.now) == nil)
            #expect(try await !store.end(serviceToken: token.digest, of: try Sig.member("other"), recording: F.record(2)))
            #expect(try await store.end(serviceToken: token.digest, of: try Sig.member(), recording: F.record(2)))
            #expect(try await store.serviceToken(token.digest, at: F.now) == nil)
        },
        Promise("a client's proof that was used before makes no token, and takes nothing (E16)") { (store) async throws in
            let used = AssertionClaim(scope: "s", key: "used", until: F.later)
            let fresh = AssertionClaim(kind: .dpopProof, scope: "s", key: "fresh", until: F.later)
            #expect(try await store.claim(used.key, scope: used.scope, until: used.until, at: F.now))
            #expect(try await store.issue(try Self.token(), claiming: [fresh, used], recording: F.record(1), at: F.now) == used)
            #expect(try await store.serviceToken(try Self.token().digest, at: F.now) == nil)
            #expect(try await store.claim(fresh.key, scope: fresh.scope, until: fresh.until, at: F.now))
        },
    ]

    private static func token() throws(Missing) -> ServiceTokenRecord {
        try F.some(
            ServiceTokenRecord(
                json: .object([
                    ("digest", .string(Base64url.encode(F.bytes(1, "service")))), ("client", "insurer"), ("scopes", ["ssf.manage"]),
                    ("issued", .integer(F.now.milliseconds)), ("expires", .integer(F.later.milliseconds)),
                    ("cnf", .object([("jkt", .string(Base64url.encode(F.bytes(2))))])),
                ])), "service token")
    }
}
