package import Credentials
import Cryptography
package import Logging
import ServiceLifecycle
package import Settings
package import SignOn
package import Signals
import Synchronization
package import Trust
import TrustFramework
package import Vocabulary

/// Compares revocation with what we hold: after every publication of a list, and when a responder has called a card revoked at a door. Sessions
/// that were opened with the certificate end, their members are told in their protocols, the state is kept and the events are queued: one
/// commit for each certificate, and none when it was settled before.
///
/// It walks over our own links and records, a page at a time, and asks the index of the lists: a nation's list costs no more than our citizens.
package final class NightWatch: Service {
    package typealias Store = CertificateWatchStore & SignalStore & ConsentStore & SubjectStore & AuditTrail

    private let store: any Store
    private let lists: Published<RevocationLists>
    private let memory: any RevocationMemory
    private let configuration: @Sendable () -> Configuration
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// Words from the doors that nobody looked at yet.
        var heard: [CertificateIdentity: CertificateState] = [:]
        var compromised: Set<CertificateIdentity> = []
        /// On hold: only of these a *good* at a door is news.
        var held: Set<CertificateIdentity> = []
        var walked: Set<RevocationListHead>?
        var words: CertificateWords?
        /// A login that was judged by the lists of before may have come in behind the walk.
        var againAt: Timestamp?
    }

    private static let page = 1_000
    /// Words from doors that wait; beyond it the next walk finds what they said.
    private static let mostHeard = 4_096
    /// Seconds after which a walk is repeated: a login takes fewer from the word on its card to its session.
    private static let again: Int64 = 15

    package init(
        store: any Store, lists: Published<RevocationLists>, memory: any RevocationMemory,
        configuration: @escaping @Sendable () -> Configuration, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = store
        self.lists = lists
        self.memory = memory
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    // MARK: Hearing

    /// A door asked for the status of a card. Costs a good card one look at a set that is nearly always empty.
    package func saw(_ certificate: CertificateIdentity, _ status: CertificateStatus) {
        guard let known = status.thisUpdate else { return }
        switch status.verdict {
        case .revoked(let reason, let at):
            hear(certificate, CertificateState(reason.isPermanent ? .revoked : .held, at: at, known: known), reason.isCompromise)
        case .good:
            guard state.withLock({ !$0.held.isEmpty && $0.held.contains(certificate) }) else { return }
            hear(certificate, CertificateState(.good, at: known, known: known), false)
        case .unknown: return
        }
    }

    /// A phone that ended with its card. Its link says so too, for a walk, where this word is lost.
    package func ended(_ certificate: CertificateIdentity, at now: Timestamp) {
        hear(certificate, CertificateState(.revoked, at: now, known: now), false)
    }

    private func hear(_ certificate: CertificateIdentity, _ word: CertificateState, _ isCompromise: Bool) {
        state.withLock { state in
            guard state.heard.count < Self.mostHeard else { return }
            state.heard[certificate] = word
            if isCompromise { state.compromised.insert(certificate) }
        }
    }

    // MARK: Turns

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.turn()
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// One look: what the doors heard, and a walk when lists were published since the last, or it is due again.
    package func turn() async {
        await judgeHeard()
        do {
            let heads = Set(lists.current.lists.map(\.head)), now = clock()
            let isNew = state.withLock { $0.walked != heads }
            let isAgain = state.withLock { $0.againAt.map { $0 <= now } ?? false }
            guard isNew || isAgain else { return }
            state.withLock { state in
                state.words = nil
                // Before the walk: what is published while it walks is walked for once more.
                state.walked = heads
                state.againAt = isNew ? now.adding(seconds: Self.again) : nil
            }
            try await walk()
        } catch {
            state.withLock { $0.walked = nil }
            logger.warning("night watch", metadata: ["error": "\(type(of: error))"])
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// What the doors heard. A word that cannot be judged now waits for the next turn, and holds up neither the others nor the walk.
    private func judgeHeard() async {
        var isFailing = false
        for (certificate, word, isCompromise) in takeHeard() {
            do {
                guard let watched = try await store.linked(certificate, at: clock()) else { continue }
                _ = try await judge(watched, word, isCompromise, try words())
            } catch {
                if state.withLock({ $0.heard[certificate] == nil }) {
                    hear(certificate, word, isCompromise)
                } else if isCompromise {
                    state.withLock { _ = $0.compromised.insert(certificate) }
                }
                if !isFailing { logger.warning("night watch", metadata: ["error": "\(type(of: error))"]) }
                isFailing = true
            }
        }
        if isFailing { try? await Task.sleep(for: .seconds(1)) }
    }

    private func takeHeard() -> [(CertificateIdentity, CertificateState, Bool)] {
        state.withLock { state in
            defer {
                state.heard = [:]
                state.compromised = []
            }
            return state.heard.map { ($0.key, $0.value, state.compromised.contains($0.key)) }
        }
    }

    private func words() throws -> CertificateWords {
        if let words = state.withLock({ $0.words }) { return words }
        let settings = configuration()
        let words = CertificateWords(
            lists.current, authorities: settings.cards.anchorList.map(\.certificate) + settings.profiles.intermediates)
        state.withLock { $0.words = words }
        return words
    }

    private func walk() async throws {
        let start = ContinuousClock.now
        let words = try words()
        var (walked, changed) = (0, 0)
        var last: CertificateIdentity?
        while !Task.isCancelled {
            let page = try await store.linked(after: last, limit: Self.page, at: clock())
            for watched in page {
                let (word, isCompromise) = try await word(on: watched, words)
                if try await judge(watched, word, isCompromise, words) { changed += 1 }
            }
            walked += page.count
            guard page.count == Self.page, let end = page.last else { break }
            last = end.certificate
            await Task.yield()
        }
        changed += try await walkShown(words)
        let held = Set(try await store.held(limit: 100_000))
        state.withLock { $0.held = held }
        let took = start.duration(to: .now)
        logger.info(
            "night watch", metadata: ["links": "\(walked)", "changed": "\(changed)", "milliseconds": "\(took / .milliseconds(1))"])
    }

    private func word(on watched: WatchedCertificate, _ words: CertificateWords) async throws -> (CertificateState?, Bool) {
        let (word, isCompromise) = try await word(on: watched.certificate, words)
        guard word?.kind != .revoked, let end = watched.endedAt else { return (word, isCompromise) }
        return (CertificateState(.revoked, at: end, known: end), false)
    }

    private func word(on certificate: CertificateIdentity, _ words: CertificateWords) async throws -> (CertificateState?, Bool) {
        if let listed = words.listed(certificate), listed.state.kind == .revoked { return (listed.state, listed.isCompromise) }
        if let key = words.key(of: certificate), let seen = try await memory.recall(key) {
            let state = CertificateState(seen.reason.isPermanent ? .revoked : .held, at: seen.revokedAt, known: seen.thisUpdate)
            if state.kind == .revoked { return (state, seen.reason.isCompromise) }
            // A hold that was seen on line, and lists from after it that no longer know of one.
            if words.listed(certificate) == nil, words.hasLaterWord(than: state, on: certificate) { return (nil, false) }
            return (words.listed(certificate)?.state ?? state, false)
        }
        return (words.listed(certificate)?.state, false)
    }

    // MARK: One certificate

    /// True when something was settled.
    private func judge(
        _ watched: WatchedCertificate, _ word: CertificateState?, _ isCompromise: Bool, _ words: CertificateWords
    ) async throws -> Bool {
        switch (watched.state?.kind, word?.kind) {
        case (nil, nil), (.good?, nil), (.revoked?, nil), (nil, .good?), (.good?, .good?), (.revoked?, .good?): return false
        case (.held?, nil):
            guard let state = watched.state, words.hasLaterWord(than: state, on: watched.certificate) else { return false }
            return try await lift(watched, words)
        case (.held?, .good?):
            guard let state = watched.state, let word, word.known > state.known else { return false }
            return try await lift(watched, words)
        // Settled before: only a session that came in meanwhile is news. What was revoked for good is never again merely on hold.
        case (.revoked?, .held?), (.revoked?, .revoked?), (.held?, .held?):
            guard watched.hasSession, let state = watched.state else { return false }
            return try await settle(watched, state, telling: [])
        case (_, .some):
            guard let word else { return false }
            return try await settle(watched, word, telling: try await events(watched, word, isCompromise, words))
        }
    }

    private func events(
        _ watched: WatchedCertificate, _ word: CertificateState, _ isCompromise: Bool, _ words: CertificateWords
    ) async throws -> [SignalEvent] {
        var events: [SignalEvent] = word.kind == .revoked ? [.credentialChange(.revoke)] : []
        if isCompromise { events.append(.credentialCompromise) }
        if watched.state?.isBad != true, try await !hasAnother(than: watched, words) { events.append(.accountDisabled) }
        return events
    }

    /// Whether the citizen can still log in with another certificate.
    private func hasAnother(than watched: WatchedCertificate, _ words: CertificateWords) async throws -> Bool {
        for other in try await store.linked(to: watched.subject, at: clock())
        where other.certificate != watched.certificate && other.state?.isBad != true {
            if try await word(on: other, words).0 == nil { return true }
        }
        return false
    }

    private func lift(_ watched: WatchedCertificate, _ words: CertificateWords) async throws -> Bool {
        let now = clock()
        let events: [SignalEvent] = try await hasAnother(than: watched, words) ? [] : [.accountEnabled]
        return try await settle(watched, CertificateState(.good, at: now, known: now), telling: events)
    }

    private func settle(
        _ watched: WatchedCertificate, _ word: CertificateState, telling events: [SignalEvent]
    ) async throws -> Bool {
        let (now, settings) = (clock(), configuration())
        let audience = SignalAudience(store, settings)
        var signals: [Signal] = []
        for event in events { signals += try await audience.signals(for: event, about: watched.subject, happened: word.at, at: now) }
        var random = SystemRandom()
        guard let id = LogoutID.fresh(using: &random) else { return false }
        let logout = Logout(
            id: id, browser: nil, origin: .administrator, message: [], initiator: nil, propagates: true, startedAt: now,
            expiresAt: now.adding(seconds: Logout.lifetime))
        let (told, federation) = (signals, settings.federation)
        let ended = try await store.settle(
            CertificateChange(
                watched, to: word, ending: word.isBad ? logout : nil, planning: { federation.logoutPlan(for: $0, at: now) },
                telling: told,
                recording: { sessions, queued in
                    Record(
                        "certificate." + word.kind.rawValue, at: now,
                        [
                            ("subject", .string(watched.subject.text)), ("by", "watch"), ("happened", .string(word.at.text)),
                            ("known", .string(word.known.text)), ("sessions", .integer(Int64(sessions))),
                            ("signals", .integer(Int64(queued))),
                            ("members", .array(Set(told.map(\.member.text)).sorted().map { .string($0) })),
                            ("ledger", .array(told.compactMap { $0.ledger.map { .string($0.reference.text) } })),
                        ])
                }, at: now))
        if word.kind == .held { state.withLock { _ = $0.held.insert(watched.certificate) } }
        if ended > 0 { logger.notice("sessions ended", metadata: ["because": "\(word.kind.rawValue)", "sessions": "\(ended)"]) }
        return true
    }

    // MARK: Signature certificates

    /// One that ended for good says that something about its holder changed: name, address, or more (R9). What, it does not say, and nor do we.
    /// Told are those who watch this citizen in the sector that it was shown to: what another sector was shown is not theirs to profit from.
    private func walkShown(_ words: CertificateWords) async throws -> Int {
        var (changed, last): (Int, [UInt8]?) = (0, nil)
        repeat {
            let (page, next) = try await store.shown(after: last, limit: Self.page, at: clock())
            for shown in page where !shown.isSettled {
                guard let word = try await word(on: shown.certificate, words).0, word.kind == .revoked else { continue }
                let now = clock()
                let signals = try await SignalAudience(store, configuration()).signals(
                    for: .attributesChanged, about: shown.subject, sharing: shown.member, happened: word.at, at: now)
                let record = Record(
                    "certificate.shown-ended", at: now,
                    [
                        ("subject", .string(shown.subject.text)), ("by", "watch"), ("happened", .string(word.at.text)),
                        ("members", .array(signals.map { .string($0.member.text) })),
                        ("ledger", .array(signals.compactMap { $0.ledger.map { .string($0.reference.text) } })),
                    ])
                if try await store.settle(shown, telling: signals, recording: signals.isEmpty ? nil : record, at: now) { changed += 1 }
            }
            last = next
        } while last != nil && !Task.isCancelled
        return changed
    }
}
