import Outbound
import Settings
import Synchronization
import Vocabulary

/// What operators ask of the keeper.
extension SourceKeeper {
    func obey(_ plan: MetadataPlan) async {
        for (name, order) in orders.take() { orders.answer(name, await perform(order)) }
    }

    /// Does what an operator asks, and says what became of it.
    package func perform(_ order: MetadataOrder) async -> OrderAnswer {
        let plan = plan(), now = clock()
        if let query = state.withLock({ $0.queries[order.source] }) { return await perform(order, query, at: now) }
        guard let held = state.withLock({ $0.sources[order.source] }) else {
            return OrderAnswer(isDone: false, text: "there is no source `\(Explanation.redacted(order.source))`")
        }
        guard state.withLock({ $0.busy.insert(order.source).inserted }) else {
            return OrderAnswer(isDone: false, text: "the source is being refreshed at this moment; try again")
        }
        defer { state.withLock { _ = $0.busy.remove(order.source) } }
        let refusal: SourceRefusal?
        switch order.act {
        case .refresh:
            do throws(SourceRefusal) {
                try await bring(held, plan)
                refusal = nil
            } catch {
                fail(order.source, error)
                refusal = error
            }
        case .accept(let entities): refusal = await accept(held, entities, why: order.why, at: now)
        case .rollback(let entity): refusal = await rollback(held, entity, why: order.why, at: now)
        }
        publish()
        if state.withLock({ $0.isServing }) { await write(now: true) }
        if let refusal { return OrderAnswer(isDone: false, text: "\(refusal.code): \(refusal)") }
        let facts = state.withLock { $0.sources[order.source]?.index?.facts }
        return OrderAnswer(isDone: true, text: "\(order.source): \(facts?.entities ?? 0) members, \(facts?.held ?? 0) held")
    }

    func accept(_ held: Held, _ entities: [String], why: String, at now: Timestamp) async -> SourceRefusal? {
        var reading = SourceReading(source: held.source)
        if entities.isEmpty {
            for row in held.index?.rows ?? [] where !row.flags.isEmpty { reading.approved.formUnion(Self.approvals(row)) }
        } else {
            for entity in entities {
                guard let row = held.index?.row(entity), !row.flags.isEmpty else {
                    return .order("nothing of `\(Explanation.redacted(entity))` waits")
                }
                reading.approved.formUnion(Self.approvals(row))
            }
        }
        let isPaused = held.record.pause != nil
        guard !reading.approved.isEmpty || isPaused else { return .order("nothing waits") }
        guard SourceShelf(held.source.name, in: folder).hasDocument else { return .order("the document is gone; refresh first") }
        if isPaused {
            guard entities.isEmpty else { return .order("the source was rolled back; accept it as a whole") }
            reading.holdsNothing = true
            state.withLock { $0.sources[held.source.name]?.record.pause = nil }
        }
        let refusal = await rebuild(held.source, reading, why: why, event: .accepted)
        if refusal != nil, isPaused { state.withLock { $0.sources[held.source.name]?.record.pause = held.record.pause } }
        return refusal
    }

    static func approvals(_ row: IndexRow) -> [String] { [row.waitingDigest.text, "-" + row.key.text] }

    func rollback(_ held: Held, _ entity: String?, why: String, at now: Timestamp) async -> SourceRefusal? {
        let shelf = SourceShelf(held.source.name, in: folder)
        guard let entity else {
            guard held.record.generations.count > 1 else { return .order("there is no earlier state") }
            var record = held.record
            let gone = record.generations.removeFirst()
            record.pause = SourceRecord.Pause(at: now, why: why)
            let name = record.generations[0].index
            guard let index = await offPool({ try? shelf.open(name) }) else { return .order("the earlier state cannot be read") }
            record.validators = .none
            record.stamp = nil
            do throws(SourceRefusal) {
                do { try shelf.write(record) } catch { throw .disk(error.what) }
                try await succeed(
                    held.source, record, index,
                    [
                        ChangeJournal.Entry(
                            at: now, source: held.source.name, event: .rolledBack, why: why + " (from \(gone.at.text))")
                    ], at: now)
                return nil
            } catch { return error }
        }
        guard let current = held.index?.row(entity), current.current.length > 0 else {
            return .order("`\(Explanation.redacted(entity))` is no member from this source")
        }
        let earlier = held.record.generations.dropFirst().map(\.index)
        let pinned = await offPool { () -> [UInt8]? in
            for name in earlier {
                guard let index = try? shelf.open(name), let row = index.row(entity), row.digest != current.digest else { continue }
                if let bytes = index.bytes(row.current) { return bytes }
            }
            return nil
        }
        guard let pinned else { return .order("no earlier state of `\(Explanation.redacted(entity))` is kept") }
        var reading = SourceReading(source: held.source)
        reading.pins[current.key] = pinned
        let refusal = await rebuild(held.source, reading, why: why, event: .rolledBack)
        guard refusal == nil else { return refusal }
        do {
            try journal.append([.init(at: now, source: held.source.name, entity: entity, event: .rolledBack, why: why)])
        } catch { return .disk(error.what) }
        return nil
    }

    func perform(_ order: MetadataOrder, _ query: EntityQuery, at now: Timestamp) async -> OrderAnswer {
        switch order.act {
        case .refresh:
            await query.refresh(atMost: .max)
            return OrderAnswer(isDone: true, text: "\(order.source): \(query.count) entities in memory")
        case .accept(let entities):
            guard !entities.isEmpty else { return OrderAnswer(isDone: false, text: "name the entities") }
            for entity in entities {
                guard let id = MemberID(entity) else { continue }
                do throws(SourceRefusal) { try query.accept(id, why: order.why, at: now) } catch {
                    return OrderAnswer(isDone: false, text: "\(entity): \(error)")
                }
            }
            return OrderAnswer(isDone: true, text: "\(entities.count) accepted")
        case .rollback:
            return OrderAnswer(isDone: false, text: "a queried entity has no earlier states; use `changes: held-for-approval`")
        }
    }
}
