import Cryptography
import Foundation
import Logging
import Outbound
import SAML
import Settings
import Synchronization
import Vocabulary
import XML
import XMLSecurity

/// Metadata Query (draft-young-md-query): one source that gives one entity at a time. What it gave is kept on the disk as it was signed and is
/// proven again whenever it is read from there; what was asked for lately is kept in memory; what nobody knew is not asked for again for a
/// while. All three are bounded.
final class EntityQuery: Sendable {
    let source: MetadataSource
    private let folder: DiskFolder
    private let outbound: @Sendable () -> Outbound
    private let clock: @Sendable () -> Timestamp
    private let journal: ChangeJournal
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
        if state.withLock({ $0.negative[id].map { now < $0 } ?? false }) { return nil }
        guard let entity = onDisk(id, at: now) else { return nil }
        keep(entity, id)
        return entity.registration
    }

    /// Asks for an entity that is not known; true when it is known afterwards. Of many that want the same one, one asks.
    func learn(_ id: MemberID) async -> Bool {
        let now = clock()
        if known(id) != nil { return true }
        guard !id.text.hasPrefix(Self.hashed), mayAsk(id, at: now), source.filter.mayName(id) else { return false }
        return await askOnce(id, at: address(id)) { $0.text.hasSameBytes(as: id.text) }
    }

    /// Asks for the entity whose artifacts have this SourceID (SAML Bindings §3.6.4.2), by the SHA-1 of its name, which is what a SourceID is.
    /// Bounded and remembered like any other question; the name that comes back is proven to have that digest.
    func learn(artifactsFrom source: [UInt8]) async -> MemberID? {
        if let known = issuer(ofArtifactsFrom: source) { return known }
        guard source.count == Self.digest, let key = MemberID(Self.hashed + Hexadecimal.encode(source)), mayAsk(key, at: clock()) else {
            return nil
        }
        let base = self.source.locations.first ?? ""
        let isFound = await askOnce(key, at: Self.hashedAddress(base, source)) { Artifact.source(of: $0) == source }
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
            if let until = state.negative[id], now < until { return false }
            if let until = state.restsUntil, now < until { return false }
            return state.flying < Self.mostFlying
        }
    }

    /// Entities in memory whose time has come, the ones that were used lately first; a few at a time.
    func refresh(atMost most: Int = 8) async {
        let now = clock()
        let due = state.withLock { state in
            Array(state.entities.filter { $0.value.due <= now }.sorted { $0.value.usedAt > $1.value.usedAt }.prefix(most))
        }
        for (id, entity) in due { _ = await ask(id, at: address(id), held: entity) { $0.text.hasSameBytes(as: id.text) } }
    }

    // MARK: Asking

    /// Of many that want the same one, one asks.
    private func askOnce(_ asked: MemberID, at address: String?, _ isMeant: @escaping @Sendable (MemberID) -> Bool) async -> Bool {
        await flights.share(asked) {
            state.withLock { $0.flying += 1 }
            defer { state.withLock { $0.flying -= 1 } }
            return await ask(asked, at: address, held: nil, isMeant)
        }.value ?? false
    }

    /// `asked`: by what the answer is remembered; `isMeant`: whose metadata will do.
    private func ask(
        _ asked: MemberID, at address: String?, held: Entity?, _ isMeant: @escaping @Sendable (MemberID) -> Bool
    ) async -> Bool {
        let now = clock()
        state.withLock { $0.asked += 1 }
        do throws(SourceRefusal) {
            guard let address else { throw .entity("no such address") }
            let answer: OutboundAnswer
            do throws(OutboundRefusal) { answer = try await outbound().get(address, headers: headers(held)) } catch { throw .fetch(error) }
            switch answer.status {
            case 304 where held != nil:
                succeed()
                state.withLock { state in state.entities[asked]?.due = due(after: now, held?.record, held?.validUntil) }
                return true
            case 404 where held == nil:
                succeed()
                deny(asked, for: source.query.negative, at: now)
                return false
            case 200: break
            default: throw .status(answer.status)
            }
            let validators = OutboundValidators(etag: answer.header("etag"), lastModified: answer.header("last-modified"))
            let body = answer.body
            let outcome = await offPool { [self] in
                Result { () throws(SourceRefusal) in try take(body, isMeant, validators, held, at: now) }
            }
            let entity = try outcome.get()
            succeed()
            keep(entity, entity.provider.entityID)
            return true
        } catch {
            fail(error, asked, isKnown: held != nil, at: now)
            return false
        }
    }

    private func address(_ id: MemberID) -> String? {
        let base = source.locations.first ?? ""
        return source.query.name == .sha1 ? Self.hashedAddress(base, id) : Self.address(base, id)
    }

    private func headers(_ held: Entity?) -> [OutboundRequest.Header] {
        var headers = [OutboundRequest.Header("Accept", "application/samlmetadata+xml")]
        if let etag = held?.record.validators.etag { headers.append(OutboundRequest.Header("If-None-Match", etag)) }
        if let changed = held?.record.validators.lastModified { headers.append(OutboundRequest.Header("If-Modified-Since", changed)) }
        return headers
    }

    // MARK: Proving

    private struct Proven {
        let entity: MetadataEntity
        let validUntil: Timestamp?
        let cacheSeconds: Int64?
        let bytes: [UInt8]
    }

    /// Signed by whom the settings name, about the entity that was asked for, in time.
    private func prove(
        _ document: [UInt8], _ isMeant: (MemberID) -> Bool, at now: Timestamp
    ) throws(SourceRefusal) -> Proven {
        var slices: [EntitySlice] = []
        var rest = document[...]
        let next = { () -> [UInt8] in
            defer { rest = rest.dropFirst(1 << 18) }
            return Array(rest.prefix(1 << 18))
        }
        let facts: AggregateFacts
        do {
            let limits = AggregateLimits(document: .aggregate, groups: 1, entities: 1)
            facts =
                source.keys.isEmpty
                ? try StreamedSignature.read(trusted: next, limits: limits) { slices.append($0) }
                : try StreamedSignature.verify(next, keys: source.keys, limits: limits) { slices.append($0) }.facts
        } catch let refusal as AggregateRefusal { throw .aggregate(refusal) } catch { throw .entity("\(type(of: error))") }
        guard let slice = slices.first, !facts.isGroup else { throw .entity("the answer is no single entity") }
        guard let id = MemberID(slice.entityID), isMeant(id) else { throw .otherEntity(slice.entityID) }
        if let until = facts.root.validUntil {
            guard now < until else { throw .expired(until) }
            guard until.seconds(since: now) <= source.validity.longest else { throw .tooFar(until, longest: source.validity.longest) }
        } else if source.validity.isRequired {
            throw .validUntilMissing
        }
        do throws(MetadataRefusal) {
            return Proven(
                entity: try MetadataEntity.read(slice.bytes, development: source.development), validUntil: facts.root.validUntil,
                cacheSeconds: facts.root.cacheSeconds, bytes: slice.bytes)
        } catch { throw .entity(error.explanation.code + ": " + error.explanation.summary) }
    }

    private func take(
        _ document: [UInt8], _ isMeant: (MemberID) -> Bool, _ validators: OutboundValidators, _ held: Entity?, at now: Timestamp
    ) throws(SourceRefusal) -> Entity {
        let proven = try prove(document, isMeant, at: now)
        let id = proven.entity.entityID
        guard source.filter.mayName(id), let registration = source.registration(of: proven.entity), let provider = proven.entity.provider
        else {
            throw .entity(
                "the entity is none that this source may give: "
                    + (source.filter.objection(to: proven.entity)?.rawValue ?? "role"))
        }
        let record = EntityRecord(id: id.text, fetched: now, validators: validators)
        // Another node may have fetched it, or let a change through, since this one remembered it.
        let isOutdated = held.map { held in recordOnDisk(id).map { $0.fetched > held.record.fetched } ?? false } ?? true
        let held = isOutdated ? onDisk(id, at: now) ?? held : held
        let before = held?.provider
        let changes = before.map { MetadataChange.between($0, provider) } ?? []
        do throws(DiskTrouble) {
            try folder.make()
            if before != nil, source.changes.holds(changes), let held {
                let isNew = (try folder.read(Self.waiting(id), limit: source.largest)) != document
                try folder.write(Self.waiting(id), document)
                if isNew { note(id, .held, changes, at: now) }
                var kept = held
                kept.due = now.adding(seconds: source.refresh.every)
                return kept
            }
            try folder.write(Self.document(id), document)
            try folder.write(Self.record(id), record.json.bytes)
            folder.remove(Self.waiting(id))
        } catch { throw .disk(error.what) }
        if !changes.isEmpty { note(id, .taken, changes, at: now) }
        var kept = record
        kept.cacheSeconds = proven.cacheSeconds
        return Entity(
            registration: registration, provider: provider, validUntil: provider.validUntil, record: kept,
            due: due(after: now, kept, provider.validUntil), usedAt: now)
    }

    private func recordOnDisk(_ id: MemberID) -> EntityRecord? {
        guard folder.has(Self.record(id)), let text = try? folder.read(Self.record(id), limit: EntityRecord.longest),
            let record = EntityRecord(reading: text), record.id.hasSameBytes(as: id.text)
        else { return nil }
        return record
    }

    /// Proven again as it lies there.
    private func onDisk(_ id: MemberID, at now: Timestamp) -> Entity? {
        guard var record = recordOnDisk(id), let document = try? folder.read(Self.document(id), limit: source.largest),
            let proven = try? prove(document, { $0.text.hasSameBytes(as: id.text) }, at: now), let provider = proven.entity.provider,
            let registration = source.registration(of: proven.entity)
        else { return nil }
        record.cacheSeconds = proven.cacheSeconds
        return Entity(
            registration: registration, provider: provider, validUntil: provider.validUntil, record: record,
            due: due(after: record.fetched, record, provider.validUntil), usedAt: now)
    }

    /// The operator lets a waiting state through.
    func accept(_ id: MemberID, why: String?, at now: Timestamp) throws(SourceRefusal) {
        do throws(DiskTrouble) {
            guard let document = try folder.read(Self.waiting(id), limit: source.largest) else {
                throw DiskTrouble("nothing waits for approval")
            }
            let proven = try? prove(document, { $0.text.hasSameBytes(as: id.text) }, at: now)
            let before = onDisk(id, at: now)?.provider
            guard let proven, let provider = proven.entity.provider else { throw DiskTrouble("what waits cannot be proven any more") }
            try folder.write(Self.document(id), document)
            try folder.write(Self.record(id), EntityRecord(id: id.text, fetched: now, validators: .none).json.bytes)
            folder.remove(Self.waiting(id))
            try journal.append([
                .init(
                    at: now, source: source.name, entity: id.text, event: .accepted, changes: MetadataChange.between(before, provider),
                    why: why)
            ])
        } catch { throw .order(error.what) }
        forget(id)
    }

    /// The next look-up reads the disk, or asks.
    func forget(_ id: MemberID) {
        state.withLock { state in
            state.entities[id] = nil
            state.negative[id] = nil
        }
    }

    // MARK: Memory

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

    private func due(after moment: Timestamp, _ record: EntityRecord?, _ validUntil: Timestamp?) -> Timestamp {
        var random = SystemRandom()
        return SourceSchedule.afterSuccess(
            cacheSeconds: record?.cacheSeconds, validUntil: validUntil, refresh: source.refresh, at: moment, using: &random)
    }

    private func note(_ id: MemberID, _ event: ChangeJournal.Entry.Event, _ changes: [MetadataChange], at now: Timestamp) {
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
