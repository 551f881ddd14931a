import Outbound
import SAML
import Settings
import Vocabulary

/// Looks for the state before the one in use: the newest that puts other metadata in force. Members that were rolled back one by one stay
/// as they are. Blocking.
struct EarlierState: Sendable {
    let source: MetadataSource
    let shelf: SourceShelf
    let record: SourceRecord
    /// In use; nil when it cannot be read.
    let current: EntityIndex?

    struct Found: Sendable {
        let index: EntityIndex
        /// On the disk already.
        let record: SourceRecord
        let entries: [ChangeJournal.Entry]
    }

    func find(why: String, at now: Timestamp) throws(SourceRefusal) -> Found {
        for (number, generation) in record.generations.enumerated().dropFirst() {
            let earlier: EntityIndex
            do { earlier = try shelf.open(generation.index) } catch { throw .order("the earlier state cannot be read") }
            guard SourceKeeper.vouches(source, for: earlier) else {
                throw .order("the earlier state was signed by a key that the settings name no longer")
            }
            let differing = differing(earlier)
            // One that differs in what waits alone: nobody would see that anything went back.
            guard current == nil || !differing.isEmpty else { continue }
            let index = try keepingPinned(earlier, at: now)
            var record = record
            record.generations.removeFirst(number)
            record.generations[0] = SourceRecord.Generation(index: index.digest, at: generation.at, why: generation.why)
            record.pause = SourceRecord.Pause(at: now, why: why)
            record.validators = .none
            record.stamp = nil
            do { try shelf.write(record) } catch { throw .disk(error.what) }
            return Found(index: index, record: record, entries: entries(differing, index, why: why, at: now))
        }
        throw .order("no earlier state is kept")
    }

    private static func inForce(_ index: EntityIndex) -> [IndexKey: IndexRow] {
        Dictionary(index.rows.filter { $0.current.length > 0 }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Members that would be others, would come or would go.
    private func differing(_ earlier: EntityIndex) -> [IndexKey] {
        guard let current else { return [] }
        let now = Self.inForce(current), then = Self.inForce(earlier)
        return Set(now.keys).union(then.keys).sorted().filter { key in
            guard let before = now[key], let after = then[key] else { return true }
            guard !before.flags.contains(.pinned) else { return false }
            return before.digest != after.digest || !current.inherited(before).isAsIdentifying(earlier.inherited(after))
        }
    }

    /// The earlier state with the members that were rolled back one by one as they are now; itself where there are none. A member that it
    /// does not have stays away.
    private func keepingPinned(_ earlier: EntityIndex, at now: Timestamp) throws(SourceRefusal) -> EntityIndex {
        guard let current else { return earlier }
        let then = Self.inForce(earlier)
        let pinned = Self.inForce(current).filter { key, row in
            row.flags.contains(.pinned)
                && then[key].map { $0.digest != row.digest || !current.inherited(row).isAsIdentifying(earlier.inherited($0)) } ?? false
        }
        guard !pinned.isEmpty else { return earlier }
        let writer: EntityIndexWriter
        do { writer = try EntityIndexWriter(shelf.folder.path(of: SourceShelf.building)) } catch { throw .disk(error.what) }
        do {
            for row in earlier.rows {
                var kept = pinned[row.key] ?? row
                let origin = pinned[row.key] == nil ? earlier : current
                kept.current = try Self.copy(kept.current, of: origin, to: writer)
                kept.waiting = try Self.copy(kept.waiting, of: origin, to: writer)
                // Its end is that of the state gone back to.
                let end = earlier.inherited(row).validUntil
                kept.waitingContext =
                    kept.waiting.length > 0 ? try writer.context(origin.inheritedWaiting(kept).ending(end)) : nil
                kept.context = try writer.context(origin.inherited(kept).ending(end))
                writer.add(kept)
            }
            var facts = earlier.facts
            facts.made = now
            facts.held = writer.rows.count { !$0.flags.isEmpty }
            facts.contexts = writer.contexts
            let digest = try writer.finish(facts)
            try shelf.place(digest)
            return try shelf.open(digest)
        } catch let trouble as DiskTrouble {
            writer.discard()
            throw .disk(trouble.what)
        } catch {
            writer.discard()
            throw .disk("the index gone back to cannot be read")
        }
    }

    private static func copy(
        _ span: IndexRow.Span, of index: EntityIndex, to writer: EntityIndexWriter
    ) throws(DiskTrouble) -> IndexRow.Span {
        guard span.length > 0 else { return .none }
        guard let bytes = index.bytes(span) else { throw DiskTrouble("an index cannot be read") }
        return try writer.write(bytes)
    }

    /// One for the source, and one for each member that is another now.
    private func entries(_ differing: [IndexKey], _ index: EntityIndex, why: String, at now: Timestamp) -> [ChangeJournal.Entry] {
        let from = record.generations.first.map { " (from \($0.at.text))" } ?? ""
        let whole = ChangeJournal.Entry(at: now, source: source.name, event: .rolledBack, why: why + from)
        guard let current else { return [whole] }
        let old = Self.inForce(current), new = Self.inForce(index)
        return [whole]
            + differing.prefix(SourceReading.mostDifferences).compactMap { key -> ChangeJournal.Entry? in
                let before = old[key].flatMap { read($0, of: current) }, after = new[key].flatMap { read($0, of: index) }
                let changes = MetadataChange.between(before?.provider, after?.provider)
                guard !changes.isEmpty, let entity = after ?? before else { return nil }
                return ChangeJournal.Entry(
                    at: now, source: source.name, entity: entity.entityID.text, event: .rolledBack, changes: changes, why: why)
            }
    }

    private func read(_ row: IndexRow, of index: EntityIndex) -> MetadataEntity? {
        index.bytes(row.current).flatMap {
            try? MetadataEntity.read($0, inherited: index.inherited(row), development: source.development)
        }
    }
}
