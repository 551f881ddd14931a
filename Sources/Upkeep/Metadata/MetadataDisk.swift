import Cryptography
package import SAML
package import Settings
package import Vocabulary

/// What the keeper has on the disk, read by the operator's commands beside a running server or without one. Changes nothing.
package struct MetadataDisk: Sendable {
    package struct Found: Sendable {
        package let source: String
        package let entity: MetadataEntity
        /// The metadata itself, as it was signed.
        package let bytes: [UInt8]
        /// Something else waits for approval.
        package let isHeld: Bool
        /// Nil when the source's filter leaves it out.
        package let registration: Registration?
    }

    package struct Waiting: Sendable {
        package let entity: String
        package let changes: [MetadataChange]
        /// Back at an earlier state by the operator's word, not by the source's policy.
        package let isPinned: Bool
    }

    private let folder: DiskFolder

    package init(_ folder: DiskFolder) { self.folder = folder }

    package var journal: ChangeJournal { ChangeJournal(folder) }

    package func shelf(_ source: MetadataSource) -> SourceShelf { SourceShelf(source.name, in: folder) }

    package func index(_ source: MetadataSource) -> EntityIndex? {
        let shelf = shelf(source)
        return shelf.record?.index.flatMap { try? shelf.open($0) }
    }

    /// What a running server wrote last; nil when none did for a minute.
    package func health(at now: Timestamp) -> JSON? {
        guard let bytes = try? folder.read(SourceKeeper.health, limit: 16 << 20), let json = try? JSON(reading: bytes, limit: 16 << 20),
            let at = json["at"]?.string.flatMap({ Timestamp($0) }), now.seconds(since: at) <= 4 * SourceKeeper.pace
        else { return nil }
        return json
    }

    /// The state of each source by the disk alone.
    package func gauges(_ sources: [MetadataSource], at now: Timestamp) -> [SourceGauge] {
        sources.sorted { $0.name < $1.name }.map { source in
            guard source.kind != .mdq else {
                let names = folder.folder(source.name).names
                return SourceGauge(
                    query: source, entities: names.count { $0.hasSuffix(".json") }, asked: 0, failures: 0, trouble: nil, lastSuccess: nil,
                    held: names.count { $0.hasSuffix(".waiting.xml") }, at: now)
            }
            return SourceGauge(
                source, index: index(source), record: shelf(source).record, lastTry: nil, failures: 0, trouble: nil, due: nil, at: now)
        }
    }

    /// The entity by the source that `PublishedMembers` takes it from: documents by their names, then queries. One that is past its end,
    /// or that the source's filter leaves out, only where no other source has it.
    package func find(_ id: MemberID, in sources: [MetadataSource], at now: Timestamp) -> Found? {
        let sources = sources.sorted { $0.name < $1.name }
        var first: Found?
        for source in sources.filter({ $0.kind != .mdq }) + sources.filter({ $0.kind == .mdq }) {
            guard let (found, isAllowed) = find(id, in: source, at: now) else { continue }
            if isAllowed, let registration = found.registration, !registration.hasEnded(at: now) { return found }
            first = first ?? found
        }
        return first
    }

    /// And whether the source's settings allow its document's end now; a query's answers have no end but their own.
    private func find(_ id: MemberID, in source: MetadataSource, at now: Timestamp) -> (Found, isAllowed: Bool)? {
        if source.kind == .mdq {
            guard let bytes = try? folder.folder(source.name).read(EntityQuery.document(id), limit: source.largest),
                let entity = try? MetadataEntity.read(bytes, development: source.development)
            else { return nil }
            let found = Found(
                source: source.name, entity: entity, bytes: bytes, isHeld: folder.folder(source.name).has(EntityQuery.waiting(id)),
                registration: source.registration(of: entity))
            return (found, true)
        }
        guard let index = index(source), let row = index.row(id.text), let bytes = index.bytes(row.current),
            let entity = index.entity(id, development: source.development)
        else { return nil }
        let found = Found(
            source: source.name, entity: entity, bytes: bytes, isHeld: !row.flags.isEmpty, registration: source.registration(of: entity))
        return (found, source.validity.allows(index.facts.validUntil, at: now))
    }

    /// Members whose entityID, name, organization or registrar has all the words; reads everything, so it takes a second or two.
    package func search(_ words: [String], in sources: [MetadataSource], most: Int) -> [Found] {
        let words = words.map { $0.lowercased() }
        var found: [Found] = []
        for source in sources.sorted(by: { $0.name < $1.name }) where source.kind != .mdq {
            guard let index = index(source) else { continue }
            for row in index.rows where found.count < most {
                guard let bytes = index.bytes(row.current),
                    let entity = try? MetadataEntity.read(bytes, inherited: index.inherited(row), development: source.development),
                    let provider = entity.provider
                else { continue }
                let texts =
                    [entity.entityID.text, provider.registrationAuthority ?? ""] + provider.displayNames.values
                    + provider.facts.organization.values
                let text = texts.joined(separator: "\n").lowercased()
                guard words.allSatisfy({ text.contains($0) }) else { continue }
                found.append(
                    Found(
                        source: source.name, entity: entity, bytes: bytes, isHeld: !row.flags.isEmpty,
                        registration: source.registration(of: entity)))
            }
        }
        return found
    }

    /// What waits for the operator: what would change, member by member.
    package func waiting(_ source: MetadataSource) -> [Waiting] {
        guard source.kind != .mdq else { return waitingQueries(source) }
        guard let index = index(source) else { return [] }
        return index.rows.compactMap { row in
            guard !row.flags.isEmpty else { return nil }
            func read(_ span: IndexRow.Span, _ inherited: InheritedMetadata) -> MetadataEntity? {
                index.bytes(span).flatMap { try? MetadataEntity.read($0, inherited: inherited, development: source.development) }
            }
            let current = read(row.current, index.inherited(row)), next = read(row.waiting, index.inheritedWaiting(row))
            guard let name = (next ?? current)?.entityID.text else { return nil }
            return Waiting(
                entity: name, changes: MetadataChange.between(current?.provider, next?.provider), isPinned: row.flags.contains(.pinned))
        }.sorted { $0.entity < $1.entity }
    }

    private func waitingQueries(_ source: MetadataSource) -> [Waiting] {
        let folder = folder.folder(source.name)
        return folder.names.filter { $0.hasSuffix(".waiting.xml") }.sorted().compactMap { name in
            let stem = String(name.dropLast(".waiting.xml".utf8.count))
            func read(_ file: String) -> MetadataEntity? {
                guard let bytes = try? folder.read(file, limit: source.largest) else { return nil }
                return try? MetadataEntity.read(bytes, development: source.development)
            }
            let current = read(stem + ".xml"), next = read(name)
            // An empty file: the member is to go.
            guard next != nil || folder.size(of: name) == 0, let entity = (next ?? current)?.entityID.text else { return nil }
            return Waiting(entity: entity, changes: MetadataChange.between(current?.provider, next?.provider), isPinned: false)
        }
    }

    /// For a source that was rolled back: what its newest document would change. Proves the document again; a second or two.
    package func candidate(_ source: MetadataSource, at now: Timestamp) -> Result<[MemberDifference], SourceRefusal> {
        let shelf = shelf(source)
        var reading = SourceReading(source: source)
        reading.holdsNothing = true
        let target = shelf.folder.path(of: "looking.index")
        defer { shelf.folder.remove("looking.index") }
        do throws(SourceRefusal) {
            return .success(try reading.build(shelf.documentPath, from: index(source), into: target, at: now).differences)
        } catch { return .failure(error) }
    }
}
