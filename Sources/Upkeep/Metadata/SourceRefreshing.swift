import Logging
import SAML
import Settings
import Synchronization
import Vocabulary

/// How one source is refreshed.
extension SourceKeeper {
    func take(_ isWanted: (Held) -> Bool, atMost most: Int) -> [String] {
        state.withLock { state in
            let room = max(most - state.busy.count, 0)
            let wanted = state.sources.keys.sorted().filter { name in
                !state.busy.contains(name) && state.sources[name].map(isWanted) ?? false
            }.prefix(room)
            state.busy.formUnion(wanted)
            return Array(wanted)
        }
    }

    /// A source that was taken.
    func refresh(_ name: String, _ plan: MetadataPlan) async {
        defer { state.withLock { _ = $0.busy.remove(name) } }
        let before = state.withLock { state -> Held? in
            state.sources[name]?.lastTry = clock()
            return state.sources[name]
        }
        guard let before else { return }
        do throws(SourceRefusal) {
            try await bring(before, plan)
        } catch {
            fail(name, error)
        }
    }

    func bring(_ held: Held, _ plan: MetadataPlan) async throws(SourceRefusal) {
        let source = held.source, shelf = SourceShelf(source.name, in: folder)
        do { try shelf.folder.make() } catch { throw .disk(error.what) }
        shelf.folder.remove(SourceShelf.incoming)
        let isWhole = held.index?.facts.seal == source.seal && shelf.hasDocument
        let brought: SourceFetch.Outcome
        do throws(SourceRefusal) {
            brought = try await SourceFetch(source: source, outbound: plan.outbound(source)).bring(
                to: shelf.folder.path(of: SourceShelf.incoming), unless: isWhole ? held.record : nil)
        } catch {
            shelf.folder.remove(SourceShelf.incoming)
            throw error
        }
        let now = clock()
        guard case .brought(let location, let validators, let stamp) = brought else {
            // The same document again; it may have come to its end meanwhile, or the settings may want another end than it had.
            if let index = held.index { try source.validity.judge(index.facts.validUntil, at: now) }
            var record = held.record
            record.lastSuccess = now
            return try await succeed(source, record, nil, [], at: now)
        }
        var record = held.record
        record.location = location
        record.validators = validators
        record.stamp = stamp
        record.lastSuccess = now
        let old = held.index
        let reading = SourceReading(source: source)
        if record.pause != nil {
            // Proven and kept, for the operator to look at; what is in use stays.
            let outcome = await offPool { () -> Result<Void, SourceRefusal> in
                Result { () throws(SourceRefusal) in
                    let built = try reading.build(
                        shelf.folder.path(of: SourceShelf.incoming), from: old, into: shelf.folder.path(of: SourceShelf.building), at: now)
                    shelf.folder.remove(SourceShelf.building)
                    _ = built
                    do throws(DiskTrouble) { try shelf.keepIncoming() } catch { throw .disk(error.what) }
                }
            }
            if case .failure(let refusal) = outcome { throw refusal }
            return try await succeed(source, record, nil, [], at: now)
        }
        let (index, built, written) = try await make(
            source, reading, record, old, from: SourceShelf.incoming, why: old == nil ? "first document" : "refreshed", at: now)
        try await succeed(source, written, index, journalled(source, built, isFirst: old == nil, at: now), at: now)
    }

    /// Builds, opens and writes down, all off the pool.
    func make(
        _ source: MetadataSource, _ reading: SourceReading, _ record: SourceRecord, _ old: EntityIndex?, from document: String,
        why: String, at now: Timestamp
    ) async throws(SourceRefusal) -> (EntityIndex, SourceReading.Built, SourceRecord) {
        let shelf = SourceShelf(source.name, in: folder)
        let outcome = await offPool { () -> Result<(EntityIndex, SourceReading.Built, SourceRecord), SourceRefusal> in
            Result { () throws(SourceRefusal) in
                let built = try reading.build(
                    shelf.folder.path(of: document), from: old, into: shelf.folder.path(of: SourceShelf.building), at: now)
                do {
                    try shelf.place(built.digest)
                    let index = try shelf.open(built.digest)
                    var record = record
                    let generation = SourceRecord.Generation(index: built.digest, at: now, why: why)
                    // A federation signs the same members anew every day; that is no state to go back to. Nor is what the operator went away
                    // from when a member was rolled back: it waits, to be accepted.
                    if old != nil, built.differences.isEmpty, !record.generations.isEmpty {
                        record.generations[0] = generation
                    } else {
                        record.generations.insert(generation, at: 0)
                        record.generations = Array(record.generations.prefix(source.changes.generations + 1))
                    }
                    if document == SourceShelf.incoming { try shelf.keepIncoming() }
                    try shelf.write(record)
                    shelf.sweep(record)
                    return (index, built, record)
                } catch let trouble as DiskTrouble {
                    throw .disk(trouble.what)
                } catch { throw .disk("the new index cannot be read") }
            }
        }
        if case .failure = outcome { shelf.folder.remove(SourceShelf.incoming) }
        return try outcome.get()
    }

    /// Another index from the document that is there.
    @discardableResult func rebuild(
        _ source: MetadataSource, _ reading: SourceReading, why: String, event: ChangeJournal.Entry.Event?
    ) async -> SourceRefusal? {
        let now = clock()
        guard let held = state.withLock({ $0.sources[source.name] }) else { return .order("there is no such source") }
        // INVARIANT: the document of a source that was rolled back is what the operator went away from.
        guard held.record.pause == nil else { return Self.rolledBack }
        do throws(SourceRefusal) {
            let (index, built, record) = try await make(
                source, reading, held.record, held.index, from: SourceShelf.document, why: why, at: now)
            var entries = journalled(source, built, isFirst: held.index == nil, at: now)
            if let event { entries = entries.map { $0.because(event, why) } }
            try await succeed(source, record, index, entries, at: now)
            return nil
        } catch {
            fail(source.name, error)
            return error
        }
    }

    func journalled(
        _ source: MetadataSource, _ built: SourceReading.Built, isFirst: Bool, at now: Timestamp
    ) -> [ChangeJournal.Entry] {
        guard !isFirst else {
            return [
                ChangeJournal.Entry(
                    at: now, source: source.name, event: .published,
                    why: "\(built.facts.entities) of \(built.facts.documentEntities) entities")
            ]
        }
        return built.differences.map {
            ChangeJournal.Entry(
                at: now, source: source.name, entity: $0.entity, event: $0.fate == .held ? .held : .taken, changes: $0.changes)
        }
    }

    func succeed(
        _ source: MetadataSource, _ record: SourceRecord, _ index: EntityIndex?, _ entries: [ChangeJournal.Entry], at now: Timestamp
    ) async throws(SourceRefusal) {
        var random = draw()
        let (journal, shelf, isNew) = (journal, SourceShelf(source.name, in: folder), index != nil)
        let trouble = await offPool { () -> DiskTrouble? in
            do throws(DiskTrouble) {
                if !isNew { try shelf.write(record) }
                try journal.append(entries)
                return nil
            } catch { return error }
        }
        let facts = state.withLock { state -> IndexFacts? in
            guard state.sources[source.name] != nil else { return nil }
            state.sources[source.name]?.failures = 0
            state.sources[source.name]?.trouble = trouble.map { .disk($0.what) }
            state.sources[source.name]?.record = record
            let current = state.sources[source.name]?.source
            if let index, let current, Self.vouches(current, for: index) {
                state.sources[source.name]?.index = index
                state.isDirty = true
            }
            let facts = state.sources[source.name]?.index?.facts
            // Settings that changed meanwhile have it looked at once more.
            state.sources[source.name]?.due =
                current != source
                ? now
                : SourceSchedule.afterSuccess(
                    cacheSeconds: facts?.cacheSeconds, validUntil: facts?.validUntil, refresh: source.refresh, at: now, using: &random)
            return facts
        }
        guard let facts, isNew else { return }
        publish()
        let held = entries.count { $0.event == .held }
        logger.log(
            level: held > 0 ? .warning : .notice, "members' metadata published",
            metadata: [
                "source": "\(source.name)", "members": "\(facts.entities)", "of": "\(facts.documentEntities)",
                "changes": "\(entries.count)", "held": "\(facts.held)",
            ])
    }

    func fail(_ name: String, _ refusal: SourceRefusal) {
        let now = clock()
        var random = draw()
        let isNew = state.withLock { state -> Bool in
            guard let held = state.sources[name] else { return false }
            let isNew = held.trouble?.code != refusal.code
            let failures = held.failures + 1
            state.sources[name]?.failures = failures
            state.sources[name]?.trouble = refusal
            state.sources[name]?.due = SourceSchedule.afterFailure(failures, refresh: held.source.refresh, at: now, using: &random)
            return isNew
        }
        logger.log(
            level: refusal.isAlarm ? .error : isNew ? .warning : .debug, "members' metadata not refreshed",
            metadata: ["source": "\(name)", "code": "\(refusal.code)", "why": "\(refusal)"])
    }
}

extension ChangeJournal.Entry {
    fileprivate func because(_ event: Event, _ why: String) -> ChangeJournal.Entry {
        ChangeJournal.Entry(
            at: at, source: source, entity: entity, event: self.event == .held ? .held : event, changes: changes, why: why)
    }
}
