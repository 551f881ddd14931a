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
            guard entities.isEmpty else { return Self.rolledBack }
            reading.holdsNothing = true
            state.withLock { $0.sources[held.source.name]?.record.pause = nil }
        }
        let refusal = await rebuild(held.source, reading, why: why, event: .accepted)
        if refusal != nil, isPaused { state.withLock { $0.sources[held.source.name]?.record.pause = held.record.pause } }
        return refusal
    }

    static func approvals(_ row: IndexRow) -> [String] { [row.waitingDigest.text, "-" + row.key.text] }

    func perform(_ order: MetadataOrder, _ query: EntityQuery, at now: Timestamp) async -> OrderAnswer {
        switch order.act {
        case .refresh:
            await query.refresh(atMost: .max, evenIfNotDue: true)
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
