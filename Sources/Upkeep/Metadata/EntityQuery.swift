import Cryptography
import Foundation
import Logging
import Outbound
import SAML
import Settings
import Synchronization
import Vocabulary

/// Metadata Query (draft-young-md-query): one source that gives one entity at a time. What it gave is kept on the disk as it was signed and is
/// proven again whenever it is read from there; what was asked for lately is kept in memory; what nobody knew is not asked for again for a
/// while. All three are bounded.
final class EntityQuery: Sendable {
    let source: MetadataSource
    let folder: DiskFolder
    private let outbound: @Sendable () -> Outbound
    private let clock: @Sendable () -> Timestamp
    let journal: ChangeJournal
    private let logger: Logger
    private let flights = Flights<MemberID, Bool>()
    private let state = Mutex(State())

    struct Entity: Sendable {
        let registration: Registration
        let provider: ServiceProvider
        let validUntil: Timestamp?
        let record: EntityRecord
        var due: Timestamp
        var usedAt: Timestamp
        /// The last answer was that the service has no metadata of it.
        var isMissed = false
    }

    private struct State {
        var entities: [MemberID: Entity] = [:]
        /// Of those in memory, by the SourceID of their artifacts.
        var sources: [[UInt8]: MemberID] = [:]
        /// Until when an entity is not asked for.
        var negative: [MemberID: Timestamp] = [:]
        var flying = 0
        var failures = 0
        /// A service that fails is left alone for a while, so that requests do not wait for it.
        var restsUntil: Timestamp?
        var trouble: SourceRefusal?
        var lastSuccess: Timestamp?
        var asked = 0
        /// One round at a time.
        var isRefreshing = false

        // A moment that is further off than it may be was set by a clock that was ahead.
        func rests(at now: Timestamp) -> Bool { restsUntil.map { now < $0 && $0.seconds(since: now) <= EntityQuery.rest } ?? false }
        func denies(_ id: MemberID, atMost longest: Int64, at now: Timestamp) -> Bool {
            negative[id].map { now < $0 && $0.seconds(since: now) <= longest } ?? false
        }
    }

    /// Bytes of a SourceID.
    private static let digest = 20
    static let mostNegative = 4096
    /// Questions at one time; whoever comes beyond them does not wait.
    static let mostFlying = 16
    private static let restAfter = 4
    private static let rest: Int64 = 15

    init(
        source: MetadataSource, folder: DiskFolder, outbound: @escaping @Sendable () -> Outbound,
        clock: @escaping @Sendable () -> Timestamp, journal: ChangeJournal, logger: Logger
    ) {
        self.source = source
        self.folder = folder.folder(source.name)
        self.outbound = outbound
        self.clock = clock
        self.journal = journal
        self.logger = logger
    }

    var count: Int { state.withLock { $0.entities.count } }

    /// What is known without asking: in memory, or on the disk. Never one that is past its end.
    func known(_ id: MemberID) -> Registration? {
        let now = clock()
        if let entity = inMemory(id, at: now) { return entity.registration }
        if state.withLock({ $0.denies(id, atMost: source.query.negative, at: now) }) { return nil }
        guard let entity = onDisk(id, at: now) else { return nil }
        keep(entity, id)
        return entity.registration
    }

    /// Asks for an entity that is not known; true when it is known afterwards. Of many that want the same one, one asks.
    func learn(_ id: MemberID) async -> Bool {
        let now = clock()
        if known(id) != nil { return true }
        guard !id.text.hasPrefix(Self.hashed), mayAsk(id, at: now), source.filter.mayName(id) else { return false }
        return await askOnce(id, at: addresses(id)) { $0.text.hasSameBytes(as: id.text) }
    }

    /// Asks for the entity whose artifacts have this SourceID (SAML Bindings §3.6.4.2), by the SHA-1 of its name, which is what a SourceID is.
    /// Bounded and remembered like any other question; the name that comes back is proven to have that digest.
    func learn(artifactsFrom source: [UInt8]) async -> MemberID? {
        if let known = issuer(ofArtifactsFrom: source) { return known }
        guard source.count == Self.digest, let key = MemberID(Self.hashed + Hexadecimal.encode(source)), mayAsk(key, at: clock()) else {
            return nil
        }
        let addresses = self.source.locations.map { Self.hashedAddress($0, source) }
        let isFound = await askOnce(key, at: addresses) { Artifact.source(of: $0) == source }
        return isFound ? issuer(ofArtifactsFrom: source) : nil
    }

    /// Before the digest of an unknown name: no entityID is spelled so, or its asker could deny us the artifacts of another.
    private static let hashed = "{sha1}"

    /// Of an entity that is known and was asked for lately.
    func issuer(ofArtifactsFrom source: [UInt8]) -> MemberID? {
        state.withLock { $0.sources[source] }.flatMap { known($0) == nil ? nil : $0 }
    }

    private func mayAsk(_ id: MemberID, at now: Timestamp) -> Bool {
        state.withLock { state in
            !state.denies(id, atMost: source.query.negative, at: now) && !state.rests(at: now) && state.flying < Self.mostFlying
        }
    }

    /// Entities in memory whose time has come, the ones that were used lately first; a few at a time, and none of a service that rests. By
    /// order of the operator all of them, and one of a service that rests.
    func refresh(atMost most: Int = 8, evenIfNotDue isOrdered: Bool = false) async {
        let now = clock()
        let due = state.withLock { state -> [(key: MemberID, value: Entity)] in
            if isOrdered {
                state.restsUntil = nil
            } else if state.isRefreshing || state.rests(at: now) {
                return []
            }
            let due = state.entities.filter { isOrdered || SourceSchedule.isDue($0.value.due, refresh: source.refresh, at: now) }
                .sorted { $0.value.usedAt > $1.value.usedAt }.prefix(most)
            if !isOrdered { state.isRefreshing = !due.isEmpty }
            return Array(due)
        }
        guard !due.isEmpty else { return }
        defer { if !isOrdered { state.withLock { $0.isRefreshing = false } } }
        for (id, entity) in due {
            let moment = clock()
            guard !state.withLock({ $0.rests(at: moment) }) else { return }
            _ = await ask(id, at: addresses(id), held: entity) { $0.text.hasSameBytes(as: id.text) }
        }
    }

    // MARK: Asking

    /// Of many that want the same one, one asks.
    private func askOnce(_ asked: MemberID, at addresses: [String], _ isMeant: @escaping @Sendable (MemberID) -> Bool) async -> Bool {
        await flights.share(asked) {
            state.withLock { $0.flying += 1 }
            defer { state.withLock { $0.flying -= 1 } }
            return await ask(asked, at: addresses, held: nil, isMeant)
        }.value ?? false
    }

    /// `asked`: by what the answer is remembered; `isMeant`: whose metadata will do.
    private func ask(
        _ asked: MemberID, at addresses: [String], held: Entity?, _ isMeant: @escaping @Sendable (MemberID) -> Bool
    ) async -> Bool {
        let now = clock()
        state.withLock { $0.asked += 1 }
        do throws(SourceRefusal) {
            let answer = try await answer(from: addresses, held)
            switch answer.status {
            case 304 where held != nil:
                succeed()
                // What is in use stands: nothing waits any more.
                folder.remove(Self.waiting(asked))
                state.withLock { state in
                    state.entities[asked]?.due = due(after: now, held?.record, held?.validUntil)
                    state.entities[asked]?.isMissed = false
                }
                return true
            case 404:
                // An answer, not a failure: there is no metadata of it (draft-young-md-query).
                succeed()
                guard let held else {
                    deny(asked, for: source.query.negative, at: now)
                    return false
                }
                return try await miss(asked, held, at: now)
            case 200: break
            default: throw .status(answer.status)
            }
            let validators = OutboundValidators(etag: answer.header("etag"), lastModified: answer.header("last-modified"))
            let body = answer.body
            let outcome = await offPool { [self] in
                Result { () throws(SourceRefusal) in try take(body, isMeant, validators, held, at: now) }
            }
            let taken = try outcome.get()
            succeed()
            guard let entity = taken else {
                dismiss(asked, at: now)
                return false
            }
            keep(entity, entity.provider.entityID)
            return true
        } catch {
            fail(error, asked, isKnown: held != nil, at: now)
            return false
        }
    }

    /// There is no metadata of a member. Once may be the mistake of a cache on the way; at the second such answer in a row the member goes,
    /// or its going waits for the operator. True: it is still in use.
    private func miss(_ id: MemberID, _ held: Entity, at now: Timestamp) async throws(SourceRefusal) -> Bool {
        if held.isMissed {
            let outcome = await offPool { [self] in
                Result { () throws(SourceRefusal) in try release(id, held.provider, at: now) }
            }
            if try outcome.get() {
                dismiss(id, at: now)
                return false
            }
        }
        let wait = held.isMissed ? source.refresh.every : min(source.refresh.least, 300)
        state.withLock { state in
            state.entities[id]?.isMissed = true
            state.entities[id]?.due = now.adding(seconds: wait)
        }
        return true
    }

    /// Of the first of the service's addresses that is not in trouble, in their order; else what the last one did.
    private func answer(from addresses: [String], _ held: Entity?) async throws(SourceRefusal) -> OutboundAnswer {
        var refusal = SourceRefusal.entity("no such address")
        for address in addresses {
            do throws(OutboundRefusal) {
                let answer = try await outbound().get(address, headers: headers(held))
                if answer.status < 500 { return answer }
                refusal = .status(answer.status)
            } catch { refusal = .fetch(error) }
        }
        throw refusal
    }

    private func addresses(_ id: MemberID) -> [String] {
        source.locations.compactMap { source.query.name == .sha1 ? Self.hashedAddress($0, id) : Self.address($0, id) }
    }

    private func headers(_ held: Entity?) -> [OutboundRequest.Header] {
        var headers = [OutboundRequest.Header("Accept", "application/samlmetadata+xml")]
        if let etag = held?.record.validators.etag { headers.append(OutboundRequest.Header("If-None-Match", etag)) }
        if let changed = held?.record.validators.lastModified { headers.append(OutboundRequest.Header("If-Modified-Since", changed)) }
        return headers
    }

    // MARK: Memory

    /// The next look-up reads the disk, or asks.
    func forget(_ id: MemberID) {
        state.withLock { state in
            state.entities[id] = nil
            state.negative[id] = nil
        }
    }

    private func inMemory(_ id: MemberID, at now: Timestamp) -> Entity? {
        state.withLock { state in
            guard let entity = state.entities[id] else { return nil }
            if let until = entity.validUntil, until <= now {
                state.entities[id] = nil
                return nil
            }
            state.entities[id]?.usedAt = now
            return entity
        }
    }

    private func keep(_ entity: Entity, _ id: MemberID) {
        state.withLock { state in
            state.negative[id] = nil
            state.entities[id] = entity
            state.sources[Artifact.source(of: id)] = id
            guard state.entities.count > source.query.entities else { return }
            // A tenth at once, so that a full memory is not sorted at every turn.
            for old in state.entities.sorted(by: { $0.value.usedAt < $1.value.usedAt }).prefix(max(source.query.entities / 10, 1)) {
                state.entities[old.key] = nil
            }
            state.sources = state.sources.filter { state.entities[$0.value] != nil }
        }
    }

    /// Not in use any more, and not asked for again for a while.
    private func dismiss(_ id: MemberID, at now: Timestamp) {
        deny(id, for: source.query.negative, at: now)
        state.withLock { state in
            state.entities[id] = nil
            state.sources[Artifact.source(of: id)] = nil
        }
    }

    private func deny(_ id: MemberID, for seconds: Int64, at now: Timestamp) {
        state.withLock { state in
            if state.negative.count >= Self.mostNegative {
                state.negative = state.negative.filter { now < $0.value }
                if state.negative.count >= Self.mostNegative { state.negative = [:] }
            }
            state.negative[id] = now.adding(seconds: seconds)
        }
    }

    private func succeed() {
        state.withLock { state in
            state.failures = 0
            state.restsUntil = nil
            state.trouble = nil
            state.lastSuccess = clock()
        }
    }

    private func fail(_ refusal: SourceRefusal, _ id: MemberID, isKnown: Bool, at now: Timestamp) {
        let isNew = state.withLock { state -> Bool in
            let isNew = state.trouble?.code != refusal.code
            state.trouble = refusal
            if !refusal.isAlarm {
                state.failures += 1
                if state.failures >= Self.restAfter { state.restsUntil = now.adding(seconds: Self.rest) }
            }
            if isKnown { state.entities[id]?.due = now.adding(seconds: min(source.refresh.least, 300)) }
            return isNew
        }
        // Nobody waits twice within seconds for the same failure.
        if !isKnown { deny(id, for: min(source.query.negative, refusal.isAlarm ? 60 : 10), at: now) }
        logger.log(
            level: refusal.isAlarm || isNew ? .warning : .debug, "metadata query without an answer that counts",
            metadata: ["source": "\(source.name)", "code": "\(refusal.code)", "why": "\(refusal)"])
    }

    func due(after moment: Timestamp, _ record: EntityRecord?, _ validUntil: Timestamp?) -> Timestamp {
        var random = SystemRandom()
        return SourceSchedule.afterSuccess(
            cacheSeconds: record?.cacheSeconds, validUntil: validUntil, refresh: source.refresh, at: moment, using: &random)
    }

    func note(_ id: MemberID, _ event: ChangeJournal.Entry.Event, _ changes: [MetadataChange], at now: Timestamp) {
        do { try journal.append([.init(at: now, source: source.name, entity: id.text, event: event, changes: changes)]) } catch {
            logger.error("metadata change not written down", metadata: ["source": "\(source.name)", "why": "\(error)"])
        }
    }

    var gauge: SourceGauge {
        let state = state.withLock { $0 }
        let now = clock()
        return SourceGauge(
            query: source, entities: state.entities.count, asked: state.asked, failures: state.failures, trouble: state.trouble,
            lastSuccess: state.lastSuccess, held: folder.names.count { $0.hasSuffix(".waiting.xml") }, at: now)
    }
}
