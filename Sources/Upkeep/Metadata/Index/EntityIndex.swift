import Cryptography
import Foundation
package import SAML
import Synchronization
package import Vocabulary

/// The members of one source as a sealed file: found by entityID without reading anything else. In memory is one row of 80 bytes per entity;
/// the metadata itself stays on the disk until somebody asks for it.
///
///     "SKENTIX2"
///     the entities' own bytes, one behind the other
///     facts: JSON; rows: 80 bytes each, in the order of their keys
///     lengths of facts and rows (8, 8) ‖ SHA-256 of the digests of all pieces of a mebibyte before this (32) ‖ "SKENTIX2"
///
/// INVARIANT: a file is named by its own digest and never written again.
package final class EntityIndex: Sendable {
    static let magic = [UInt8]("SKENTIX2".utf8)
    static let piece = 1 << 20
    static let trailer = 8 + 8 + 32 + 8

    package let facts: IndexFacts
    /// The file's name without `.index`.
    package let digest: String
    let rows: [IndexRow]
    private let handle: Mutex<FileHandle>

    /// Opens a file and checks all of it against its seal.
    package init(opening path: String, digest: String) throws(IndexTrouble) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .absent }
        let found: (facts: IndexFacts, rows: [IndexRow], digest: [UInt8])
        do { found = try Self.read(handle) } catch let trouble as IndexTrouble { throw trouble } catch { throw .unreadable }
        guard Hexadecimal.encode(found.digest.prefix(16)) == digest else { throw .damaged }
        facts = found.facts
        rows = found.rows
        self.digest = digest
        self.handle = Mutex(handle)
    }

    private static func read(_ handle: FileHandle) throws -> (IndexFacts, [IndexRow], [UInt8]) {
        let size = Int(try handle.seekToEnd())
        guard size >= magic.count + trailer else { throw IndexTrouble.damaged }
        let end = size - trailer
        var digests: [UInt8] = []
        try handle.seek(toOffset: 0)
        var offset = 0
        while offset < end {
            let bytes = [UInt8](try handle.read(upToCount: min(piece, end - offset)) ?? Data())
            guard !bytes.isEmpty else { throw IndexTrouble.damaged }
            if offset == 0, !bytes.starts(with: magic) { throw IndexTrouble.damaged }
            digests += Digest.sha256(bytes)
            offset += bytes.count
        }
        let tail = [UInt8](try handle.read(upToCount: trailer) ?? Data())
        guard tail.count == trailer, Array(tail.suffix(8)) == magic else { throw IndexTrouble.damaged }
        let seal = Array(tail[16..<48])
        let lengths = Array(tail[0..<16])
        guard Digest.sha256(digests + lengths) == seal else { throw IndexTrouble.damaged }
        let factsLength = Int(truncatingIfNeeded: Number.read(lengths, 0, 8)),
            rowsLength = Int(truncatingIfNeeded: Number.read(lengths, 8, 8))
        guard factsLength >= 0, rowsLength >= 0, rowsLength % IndexRow.width == 0, factsLength <= end, rowsLength <= end - factsLength
        else {
            throw IndexTrouble.damaged
        }
        try handle.seek(toOffset: UInt64(end - rowsLength - factsLength))
        let text = [UInt8](try handle.read(upToCount: factsLength) ?? Data())
        let table = [UInt8](try handle.read(upToCount: rowsLength) ?? Data())
        guard table.count == rowsLength, let facts = IndexFacts(reading: text) else { throw IndexTrouble.damaged }
        let rows = stride(from: 0, to: table.count, by: IndexRow.width).map { IndexRow(table, $0) }
        return (facts, rows, seal)
    }

    package var count: Int { facts.entities }

    func row(_ id: String) -> IndexRow? {
        let key = IndexKey(id)
        var low = 0, high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].key == key ? rows[low] : nil
    }

    /// Some bytes of the file; nil when the disk does not give them.
    func bytes(_ span: IndexRow.Span) -> [UInt8]? {
        guard span.length > 0 else { return nil }
        return handle.withLock { handle in
            guard (try? handle.seek(toOffset: span.offset)) != nil, let data = try? handle.read(upToCount: Int(span.length)),
                data.count == Int(span.length)
            else { return nil }
            return [UInt8](data)
        }
    }

    func inherited(_ row: IndexRow) -> InheritedMetadata { context(row.context) }

    /// What the state that waits inherits: its document may say other things of all its members than the one of the state in use.
    func inheritedWaiting(_ row: IndexRow) -> InheritedMetadata { context(row.waitingContext ?? row.context) }

    private func context(_ number: UInt16) -> InheritedMetadata {
        facts.contexts.indices.contains(Int(number)) ? facts.contexts[Int(number)] : InheritedMetadata()
    }

    /// One entity in use, read; nil when there is none of the name, and when it cannot be read.
    package func entity(_ id: MemberID, development: Bool) -> MetadataEntity? {
        guard let row = row(id.text), let entity = entity(row, development: development) else { return nil }
        // What was found by its digest must be what it is called.
        return entity.entityID == id ? entity : nil
    }

    /// Whose artifacts have this SourceID; nil when no entity's.
    package func issuer(ofArtifactsFrom source: [UInt8], development: Bool) -> MemberID? {
        let name = IndexName.source(source)
        return rows.lazy.filter { $0.name.source == name }.compactMap { self.entity($0, development: development)?.entityID }
            .first { Artifact.source(of: $0) == source }
    }

    private func entity(_ row: IndexRow, development: Bool) -> MetadataEntity? {
        bytes(row.current).flatMap { try? MetadataEntity.read($0, inherited: inherited(row), development: development) }
    }
}

/// Why an index cannot be used; it is made anew from the document then.
package enum IndexTrouble: Error, Hashable, Sendable {
    case absent, unreadable, damaged
}

/// Numbers in a file, the least significant byte first.
enum Number {
    static func read(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
        guard offset >= 0, offset + width <= bytes.count else { return 0 }
        return (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    static func bytes(_ value: UInt64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}
