import Cryptography
import Foundation
import Glibc
import SAML
import Vocabulary

/// Writes an index piece by piece; nothing of the entities stays in memory. Counts for nothing before `finish` has given its digest.
final class EntityIndexWriter {
    private let handle: FileHandle
    private let path: String
    private var waiting: [UInt8]
    private var digests: [UInt8] = []
    private var offset: UInt64
    private var loose = 0
    private(set) var rows: [IndexRow] = []
    private(set) var contexts: [InheritedMetadata] = []
    private var numbers: [InheritedMetadata: UInt16] = [:]

    /// Contexts of one file: groups of groups, never one per entity.
    private static let mostContexts = 4096

    init(_ path: String) throws(DiskTrouble) {
        self.path = path
        try? FileManager.default.removeItem(atPath: path)
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forUpdatingAtPath: path)
        else { throw DiskTrouble("the index cannot be made") }
        self.handle = handle
        waiting = EntityIndex.magic
        offset = UInt64(EntityIndex.magic.count)
        waiting.reserveCapacity(EntityIndex.piece * 2)
    }

    deinit { try? handle.close() }

    func context(_ inherited: InheritedMetadata) throws(DiskTrouble) -> UInt16 {
        if let known = numbers[inherited] { return known }
        guard contexts.count < Self.mostContexts else { throw DiskTrouble("the document has too many groups") }
        let number = UInt16(contexts.count)
        contexts.append(inherited)
        numbers[inherited] = number
        return number
    }

    /// Writes some bytes and says where.
    func write(_ bytes: [UInt8]) throws(DiskTrouble) -> IndexRow.Span {
        guard let length = UInt32(exactly: bytes.count) else { throw DiskTrouble("an entity is too large") }
        defer { offset += UInt64(bytes.count) }
        let span = IndexRow.Span(offset: offset, length: length)
        try put(bytes)
        return span
    }

    func add(_ row: IndexRow) { rows.append(row) }

    /// The seal's first half in hexadecimal: the file's name to be. The file is whole and on the disk.
    func finish(_ facts: IndexFacts) throws(DiskTrouble) -> String {
        let text = facts.json.bytes
        var lengths = Number.bytes(UInt64(text.count), 8)
        try put(text)
        rows.sort { $0.key < $1.key }
        var count = 0
        for row in rows {
            let bytes = row.bytes
            count += bytes.count
            try put(bytes)
        }
        lengths += Number.bytes(UInt64(count), 8)
        try flush(all: true)
        let seal = Digest.sha256(digests + lengths)
        try append(lengths + seal + EntityIndex.magic)
        do { try handle.synchronize() } catch { throw DiskTrouble("the index cannot be brought to the disk", error) }
        return Hexadecimal.encode(seal.prefix(16))
    }

    func discard() { try? FileManager.default.removeItem(atPath: path) }

    private func put(_ bytes: [UInt8]) throws(DiskTrouble) {
        waiting += bytes
        if waiting.count >= EntityIndex.piece { try flush(all: false) }
    }

    /// Whole pieces, because each has its digest; the last may be shorter.
    private func flush(all: Bool) throws(DiskTrouble) {
        var start = 0
        while waiting.count - start >= EntityIndex.piece || (all && start < waiting.count) {
            let end = min(start + EntityIndex.piece, waiting.count)
            let piece = Array(waiting[start..<end])
            digests += Digest.sha256(piece)
            try append(piece)
            start = end
        }
        waiting.removeFirst(start)
    }

    private func append(_ bytes: [UInt8]) throws(DiskTrouble) {
        do { try handle.write(contentsOf: Data(bytes)) } catch { throw DiskTrouble("the index cannot be written", error) }
        loose += bytes.count
        guard loose >= DiskFolder.loose else { return }
        loose = 0
        _ = fdatasync(handle.fileDescriptor)
    }
}
