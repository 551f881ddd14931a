import Outbound
import SAML
import Settings
import Vocabulary
import XML
import XMLSecurity

/// What an answer has to prove, what becomes of it on the disk, and what waits there for the operator.
extension EntityQuery {
    private struct Proven {
        let entity: MetadataEntity
        let validUntil: Timestamp?
        let cacheSeconds: Int64?
        let bytes: [UInt8]
    }

    /// Signed by whom the settings name, about the entity that was asked for, in time. Without `now` its time is not looked at.
    private func prove(
        _ document: [UInt8], _ isMeant: (MemberID) -> Bool, at now: Timestamp?
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
        if let now { try source.validity.judge(facts.root.validUntil, at: now) }
        do throws(MetadataRefusal) {
            return Proven(
                entity: try MetadataEntity.read(slice.bytes, development: source.development), validUntil: facts.root.validUntil,
                cacheSeconds: facts.root.cacheSeconds, bytes: slice.bytes)
        } catch { throw .entity(error.explanation.code + ": " + error.explanation.summary) }
    }

    /// What is in use from now on. Nil: what came waits for the operator, and what was in use is past its end.
    func take(
        _ document: [UInt8], _ isMeant: (MemberID) -> Bool, _ validators: OutboundValidators, _ held: Entity?, at now: Timestamp
    ) throws(SourceRefusal) -> Entity? {
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
        // A state that is past its end is not in use, but no change passes for that.
        let last = isOutdated ? onDisk(id, at: nil) : nil
        let changes = (last ?? held).map { MetadataChange.between($0.provider, provider) } ?? []
        do throws(DiskTrouble) {
            try folder.make()
            if source.changes.holds(changes) {
                let isNew = (try folder.read(Self.waiting(id), limit: source.largest)) != document
                try folder.write(Self.waiting(id), document)
                if isNew { note(id, .held, changes, at: now) }
                let inUse = last == nil ? held : onDisk(id, at: now)
                guard var kept = inUse, kept.validUntil.map({ now < $0 }) ?? true else { return nil }
                kept.due = now.adding(seconds: source.refresh.every)
                kept.isMissed = false
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

    /// Proven again as it lies there. Without `now` one that is past its end, too: to compare with, not to use.
    func onDisk(_ id: MemberID, at now: Timestamp?) -> Entity? {
        guard var record = recordOnDisk(id), let document = try? folder.read(Self.document(id), limit: source.largest),
            let proven = try? prove(document, { $0.text.hasSameBytes(as: id.text) }, at: now), let provider = proven.entity.provider,
            let registration = source.registration(of: proven.entity)
        else { return nil }
        record.cacheSeconds = proven.cacheSeconds
        return Entity(
            registration: registration, provider: provider, validUntil: provider.validUntil, record: record,
            due: due(after: record.fetched, record, provider.validUntil), usedAt: now ?? record.fetched)
    }

    /// The service has no metadata of a member any more: true when the member is gone from the disk. Where the policy holds that, an empty
    /// file waits for the operator.
    func release(_ id: MemberID, _ provider: ServiceProvider, at now: Timestamp) throws(SourceRefusal) -> Bool {
        // Another node has let it go already, and has said so.
        guard folder.has(Self.document(id)) else { return true }
        let changes = MetadataChange.between(provider, nil)
        guard source.changes.holds(changes) else {
            note(id, .taken, changes, at: now)
            erase(id)
            return true
        }
        guard folder.size(of: Self.waiting(id)) != 0 else { return false }
        do throws(DiskTrouble) { try folder.write(Self.waiting(id), []) } catch { throw .disk(error.what) }
        note(id, .held, changes, at: now)
        return false
    }

    private func erase(_ id: MemberID) {
        for name in [Self.document(id), Self.record(id), Self.waiting(id)] { folder.remove(name) }
    }

    /// The operator lets a waiting state through, or a member go.
    func accept(_ id: MemberID, why: String?, at now: Timestamp) throws(SourceRefusal) {
        do throws(DiskTrouble) {
            guard let document = try folder.read(Self.waiting(id), limit: source.largest) else {
                throw DiskTrouble("nothing waits for approval")
            }
            let before = onDisk(id, at: nil)?.provider
            var after: ServiceProvider?
            if document.isEmpty {
                erase(id)
            } else {
                after = (try? prove(document, { $0.text.hasSameBytes(as: id.text) }, at: now))?.entity.provider
                guard after != nil else { throw DiskTrouble("what waits cannot be proven any more") }
                try folder.write(Self.document(id), document)
                try folder.write(Self.record(id), EntityRecord(id: id.text, fetched: now, validators: .none).json.bytes)
                folder.remove(Self.waiting(id))
            }
            try journal.append([
                .init(
                    at: now, source: source.name, entity: id.text, event: .accepted, changes: MetadataChange.between(before, after),
                    why: why)
            ])
        } catch { throw .order(error.what) }
        forget(id)
    }
}
