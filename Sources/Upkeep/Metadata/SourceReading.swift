import Cryptography
import Foundation
package import SAML
import Settings
import Vocabulary
import XML
import XMLSecurity

/// One difference that a new document makes, or would make.
package struct MemberDifference: Hashable, Sendable {
    package enum Fate: String, Sendable, CaseIterable {
        case taken
        /// Waits for the operator.
        case held
    }

    package let entity: String
    package let changes: [MetadataChange]
    package let fate: Fate
    /// Names the state that came, for an approval.
    package let digest: String
}

/// Reads one document and writes the index of its members, with what is in use before in view. Blocking, and a second of CPU for a
/// nation's federation: never on the shared pool.
struct SourceReading {
    let source: MetadataSource
    /// What the operator approved: digests of entities' states, and `-` with the key of one that may go.
    var approved: Set<String> = []
    /// Entities to be as they were, by key.
    var pins: [IndexKey: [UInt8]] = [:]
    /// A look only: holds nothing back and keeps no promise about order.
    var holdsNothing = false

    struct Built {
        let digest: String
        let facts: IndexFacts
        /// Empty for the first document of a source.
        let differences: [MemberDifference]
    }

    static let mostDifferences = 20_000
    private static let marker = [UInt8]("SPSSODescriptor".utf8)

    /// Writes `target`. `old` is what is in use; nil at the first time.
    func build(_ document: String, from old: EntityIndex?, into target: String, at now: Timestamp) throws(SourceRefusal) -> Built {
        let writer: EntityIndexWriter
        do { writer = try EntityIndexWriter(target) } catch { throw .disk(error.what) }
        do {
            var pass = Pass(reading: self, old: old, writer: writer)
            let (facts, signer, digest) = try read(document, &pass)
            try judge(facts, old: old, at: now)
            try pass.finish()
            let index = IndexFacts(
                source: source.name, seal: source.seal, made: now, proven: now, document: digest, documentBytes: facts.bytes,
                validUntil: facts.root.validUntil, cacheSeconds: facts.root.cacheSeconds, name: facts.root.name, signer: signer,
                published: Self.published(facts.root), entities: pass.taken,
                documentEntities: facts.entities + facts.nameless
                    + facts.oversized.count, left: pass.left(facts), held: pass.held, unusable: pass.unusable, contexts: writer.contexts)
            return Built(digest: try writer.finish(index), facts: index, differences: pass.differences)
        } catch let refusal as SourceRefusal {
            writer.discard()
            throw refusal
        } catch let trouble as DiskTrouble {
            writer.discard()
            throw .disk(trouble.what)
        } catch let refusal as AggregateRefusal {
            writer.discard()
            throw .aggregate(refusal)
        } catch {
            writer.discard()
            throw .disk("\(type(of: error))")
        }
    }

    private func read(_ document: String, _ pass: inout Pass) throws -> (AggregateFacts, String?, String) {
        guard let handle = FileHandle(forReadingAtPath: document) else { throw SourceRefusal.file("the document cannot be opened") }
        defer { try? handle.close() }
        var digests: [UInt8] = []
        let next = { () throws -> [UInt8] in
            let piece = try handle.read(upToCount: 1 << 18).map { [UInt8]($0) } ?? []
            if !piece.isEmpty { digests += Digest.sha256(piece) }
            return piece
        }
        let limits = AggregateLimits(document: .aggregate, groups: 8, entities: source.mostEntities)
        let facts: AggregateFacts
        var signer: String?
        if source.keys.isEmpty {
            facts = try StreamedSignature.read(trusted: next, limits: limits) { try pass.take($0) }
        } else {
            let verified = try StreamedSignature.verify(next, keys: source.keys, limits: limits) { try pass.take($0) }
            facts = verified.facts
            signer = Hexadecimal.encode(Digest.sha256(verified.key.spki))
        }
        return (facts, signer, Hexadecimal.encode(Digest.sha256(digests)))
    }

    /// What the document says about its own end, and about its age.
    private func judge(_ facts: AggregateFacts, old: EntityIndex?, at now: Timestamp) throws(SourceRefusal) {
        try source.validity.judge(facts.root.validUntil, at: now)
        if let published = Self.published(facts.root), let before = old?.facts.published, published < before {
            throw .older(published, than: before)
        }
    }

    /// `mdrpi:PublicationInfo` (MDRPI §2.2).
    private static func published(_ root: AggregateGroup) -> Timestamp? {
        guard let bytes = root.extensions, let extensions = try? XMLDocument(parsing: bytes).root else { return nil }
        return extensions.child(XMLName("urn:oasis:names:tc:SAML:metadata:rpi", "PublicationInfo"))?.attribute("creationInstant")
            .flatMap { Timestamp($0) }
    }

    // MARK: Entities

    /// One walk over a document.
    private struct Pass {
        let reading: SourceReading
        let old: EntityIndex?
        let writer: EntityIndexWriter
        private(set) var taken = 0
        private(set) var held = 0
        private(set) var differences: [MemberDifference] = []
        private(set) var unusable: [IndexFacts.Unusable] = []
        private var counts: [String: Int] = [:]
        private var seen: Set<IndexKey> = []

        init(reading: SourceReading, old: EntityIndex?, writer: EntityIndexWriter) {
            self.reading = reading
            self.old = old
            self.writer = writer
        }

        private var source: MetadataSource { reading.source }

        mutating func take(_ slice: EntitySlice) throws {
            // The first one counts: whoever comes behind it in the same document must not replace it.
            guard !slice.isRepeated else { return leave("repeated") }
            let inherited = InheritedMetadata(
                validUntil: slice.inheritedValidUntil, registrationAuthority: slice.inheritedRegistrationAuthority,
                entityAttributes: Dictionary(
                    slice.inheritedAttributes.map { ($0.name, Set($0.values)) }, uniquingKeysWith: { $0.union($1) }))
            let context = try writer.context(inherited)
            let before = old?.row(slice.entityID).flatMap { $0.current.length > 0 ? $0 : nil }
            let digest = IndexRow.digest(slice.bytes)
            if let old, let before, before.digest == digest, old.facts.seal == source.seal,
                old.inherited(before).isAsIdentifying(inherited), reading.pins[before.key] == nil
            {
                return try keep(before.name, slice.bytes, digest, context)
            }
            guard Self.contains(slice.bytes, SourceReading.marker) else { return leave(EntityFilter.Objection.role.rawValue) }
            let entity: MetadataEntity
            do throws(MetadataRefusal) {
                entity = try MetadataEntity.read(slice.bytes, inherited: inherited, development: source.development)
            } catch {
                if unusable.count < IndexFacts.mostUnusable {
                    unusable.append(.init(entity: slice.entityID, code: error.explanation.code, summary: error.explanation.summary))
                }
                return leave("unusable")
            }
            guard let provider = entity.provider else { return leave(EntityFilter.Objection.role.rawValue) }
            if let objection = source.filter.objection(to: entity) { return leave(objection.rawValue) }
            try place(slice, provider, digest, inherited, before)
        }

        /// A member whose metadata is new to us, beside what is in use.
        private mutating func place(
            _ slice: EntitySlice, _ provider: ServiceProvider, _ digest: IndexKey, _ inherited: InheritedMetadata, _ before: IndexRow?
        ) throws {
            let member = IndexName(provider.entityID), context = try writer.context(inherited)
            // What the groups say of their members is held like what the member says: in use stays what was, under the new document's end.
            let kept = old.flatMap { old in before.map { old.inherited($0).ending(inherited.validUntil) } } ?? inherited
            let waiting = (bytes: slice.bytes, digest: digest, inherited: inherited)
            if let pinned = reading.pins[member.key] {
                // What the document says itself needs nobody to hold it.
                guard IndexRow.digest(pinned) != digest else { return try keep(member, slice.bytes, digest, context) }
                return try hold(member, (bytes: pinned, inherited: kept), waiting, .pinned)
            }
            guard let old else { return try keep(member, slice.bytes, digest, context) }
            let name = digest.text
            let current = before.flatMap { old.bytes($0.current) }
            let inUse = before.flatMap { row in
                current.flatMap {
                    try? MetadataEntity.read($0, inherited: old.inherited(row), development: source.development).provider
                }
            }
            let changes = MetadataChange.between(inUse, provider)
            let isApproved = reading.approved.contains(name) || reading.holdsNothing
            let isPinned = before?.flags.contains(.pinned) ?? false
            guard !isApproved, isPinned || source.changes.holds(changes) else {
                if !changes.isEmpty { note(MemberDifference(entity: slice.entityID, changes: changes, fate: .taken, digest: name)) }
                return try keep(member, slice.bytes, digest, context)
            }
            // Told once: it may wait for weeks.
            let told = old.row(slice.entityID)
            if told.map({ $0.waitingDigest != digest || !old.inheritedWaiting($0).isAsIdentifying(inherited) }) ?? true {
                note(MemberDifference(entity: slice.entityID, changes: changes, fate: .held, digest: name))
            }
            try hold(member, (bytes: current ?? [], inherited: kept), waiting, isPinned ? .pinned : .held)
        }

        private mutating func keep(_ name: IndexName, _ bytes: [UInt8], _ digest: IndexKey, _ context: UInt16) throws {
            seen.insert(name.key)
            taken += 1
            writer.add(IndexRow(name: name, current: try writer.write(bytes), digest: digest, context: context))
        }

        /// `waiting` is nil where the member is to go.
        private mutating func hold(
            _ name: IndexName, _ current: (bytes: [UInt8], inherited: InheritedMetadata),
            _ waiting: (bytes: [UInt8], digest: IndexKey, inherited: InheritedMetadata)?, _ flags: IndexRow.Flags
        ) throws {
            seen.insert(name.key)
            held += 1
            if !current.bytes.isEmpty { taken += 1 }
            var row = IndexRow(
                name: name, current: current.bytes.isEmpty ? .none : try writer.write(current.bytes),
                digest: IndexRow.digest(current.bytes), context: try writer.context(current.inherited), flags: flags)
            if let waiting {
                row.waiting = try writer.write(waiting.bytes)
                row.waitingDigest = waiting.digest
                row.waitingContext = try writer.context(waiting.inherited)
            }
            writer.add(row)
        }

        /// Members that are not there any more.
        mutating func finish() throws {
            guard let old else { return }
            for row in old.rows where row.current.length > 0 && !seen.contains(row.key) {
                guard let bytes = old.bytes(row.current),
                    let entity = try? MetadataEntity.read(bytes, inherited: old.inherited(row), development: source.development)
                else { continue }
                let changes = MetadataChange.between(entity.provider, nil)
                let name = "-" + row.key.text
                let isApproved = reading.approved.contains(name) || reading.holdsNothing || old.facts.seal != source.seal
                if !isApproved, source.changes.holds(changes) {
                    if !row.flags.contains(.held) {
                        note(MemberDifference(entity: entity.entityID.text, changes: changes, fate: .held, digest: name))
                    }
                    try hold(row.name, (bytes: bytes, inherited: old.inherited(row)), nil, .held)
                } else {
                    note(MemberDifference(entity: entity.entityID.text, changes: changes, fate: .taken, digest: name))
                }
            }
        }

        private mutating func leave(_ why: String) { counts[why, default: 0] += 1 }

        private mutating func note(_ difference: MemberDifference) {
            guard differences.count < SourceReading.mostDifferences else { return }
            differences.append(difference)
        }

        func left(_ facts: AggregateFacts) -> [String: Int] {
            var counts = counts
            if facts.nameless > 0 { counts["nameless"] = facts.nameless }
            if !facts.oversized.isEmpty { counts["oversized"] = facts.oversized.count }
            return counts
        }

        /// Most entities of a federation are identity providers; they need not be parsed to be left out.
        private static func contains(_ bytes: [UInt8], _ marker: [UInt8]) -> Bool {
            guard let first = marker.first, bytes.count >= marker.count else { return false }
            var index = bytes.startIndex
            let last = bytes.count - marker.count
            while index <= last, let found = bytes[index...].firstIndex(of: first), found <= last {
                if bytes[found..<(found + marker.count)].elementsEqual(marker) { return true }
                index = found + 1
            }
            return false
        }
    }
}

extension MetadataSource.Validity {
    /// What a document says about its own end (IIP-MD04, M9).
    func judge(_ end: Timestamp?, at now: Timestamp) throws(SourceRefusal) {
        if let end, end <= now { throw .expired(end) }
        guard !allows(end, at: now) else { return }
        guard let end else { throw .validUntilMissing }
        throw .tooFar(end, longest: longest)
    }

    /// Whether it says one, and one near enough: also of what is on the disk since the settings wanted less. That an end is over is another
    /// matter, which its members are told.
    func allows(_ end: Timestamp?, at now: Timestamp) -> Bool {
        end.map { $0.seconds(since: now) <= longest } ?? !isRequired
    }
}

extension InheritedMetadata {
    /// The same but for its end, which every new document moves.
    func isAsIdentifying(_ other: InheritedMetadata) -> Bool {
        registrationAuthority == other.registrationAuthority && entityAttributes == other.entityAttributes
    }

    /// The same under another document's end.
    func ending(_ end: Timestamp?) -> InheritedMetadata {
        InheritedMetadata(validUntil: end, registrationAuthority: registrationAuthority, entityAttributes: entityAttributes)
    }
}

extension IndexKey {
    var text: String { Hexadecimal.encode(Number.bytes(high, 8) + Number.bytes(low, 8)) }
}
