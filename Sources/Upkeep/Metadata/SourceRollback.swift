import SAML
import Settings
import Synchronization
import Vocabulary

/// The way back to an earlier state: of a whole source, or of one member.
extension SourceKeeper {
    /// Nothing new takes effect meanwhile, by whichever door it comes.
    static let rolledBack = SourceRefusal.order("the source was rolled back; accept it as a whole")

    func rollback(_ held: Held, _ entity: String?, why: String, at now: Timestamp) async -> SourceRefusal? {
        do throws(SourceRefusal) {
            if let entity {
                try await goBack(held, of: entity, why: why, at: now)
            } else {
                try await goBack(held, why: why, at: now)
            }
            return nil
        } catch { return error }
    }

    private func goBack(_ held: Held, why: String, at now: Timestamp) async throws(SourceRefusal) {
        let search = EarlierState(
            source: held.source, shelf: SourceShelf(held.source.name, in: folder), record: held.record, current: held.index)
        let outcome = await offPool { () -> Result<EarlierState.Found, SourceRefusal> in
            Result { () throws(SourceRefusal) in try search.find(why: why, at: now) }
        }
        let found = try outcome.get()
        try await succeed(held.source, found.record, found.index, found.entries, at: now)
    }

    private func goBack(_ held: Held, of entity: String, why: String, at now: Timestamp) async throws(SourceRefusal) {
        guard let id = MemberID(entity), let index = held.index, let current = index.row(entity), current.current.length > 0 else {
            throw .order("`\(Explanation.redacted(entity))` is no member from this source")
        }
        let source = held.source, shelf = SourceShelf(source.name, in: folder)
        let names = held.record.generations.dropFirst().map(\.index)
        let pinned = await offPool { Self.earlier(entity, than: current, names, shelf, source) }
        guard let pinned else { throw .order("no earlier state of `\(Explanation.redacted(entity))` is kept") }
        var reading = SourceReading(source: source)
        reading.pins[current.key] = pinned
        if let refusal = await rebuild(source, reading, why: why, event: .rolledBack) { throw refusal }
        let new = state.withLock { $0.sources[source.name]?.index }
        guard new?.row(entity)?.digest == IndexRow.digest(pinned) else {
            throw .order("`\(Explanation.redacted(entity))` is not in the newest document; it stays as it is")
        }
        let (journal, development) = (journal, source.development)
        let trouble = await offPool { () -> DiskTrouble? in
            let before = index.entity(id, development: development)?.provider
            let after = new?.entity(id, development: development)?.provider
            let changes = MetadataChange.between(before, after)
            do throws(DiskTrouble) {
                try journal.append([
                    .init(at: now, source: source.name, entity: entity, event: .rolledBack, changes: changes, why: why)
                ])
                return nil
            } catch { return error }
        }
        if let trouble { throw .disk(trouble.what) }
    }

    /// The newest state of a member behind the one in use, and none that was gone back from: said twice, it goes two states back, never
    /// forward again. `names` are the earlier indexes, the newest first.
    private static func earlier(
        _ entity: String, than current: IndexRow, _ names: [String], _ shelf: SourceShelf, _ source: MetadataSource
    ) -> [UInt8]? {
        var passed: Set<IndexKey> = [current.digest]
        var isBehind = true
        if current.flags.contains(.pinned) {
            passed.insert(current.waitingDigest)
            isBehind = false
        }
        for name in names {
            guard let index = try? shelf.open(name), vouches(source, for: index), let row = index.row(entity), row.current.length > 0
            else { continue }
            if row.flags.contains(.pinned) {
                passed.insert(row.waitingDigest)
            } else if row.digest == current.digest {
                isBehind = true
            }
            if isBehind, !passed.contains(row.digest), let bytes = index.bytes(row.current) { return bytes }
            passed.insert(row.digest)
        }
        return nil
    }
}
