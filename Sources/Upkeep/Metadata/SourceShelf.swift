import Settings
import Vocabulary

/// What one source has on the disk: `state.json`, `document.xml` as it came, and `<digest>.index` for the state in use and some before it.
package struct SourceShelf: Sendable {
    static let document = "document.xml"
    static let incoming = "incoming.xml"
    static let building = "building.index"

    package let folder: DiskFolder

    /// `folder` is that of all sources: `metadata/` beside the store.
    package init(_ source: String, in folder: DiskFolder) { self.folder = folder.folder(source) }

    static func file(_ index: String) -> String { index + ".index" }

    /// Nil when there is none, or none of ours: everything is fetched anew then.
    package var record: SourceRecord? {
        guard let bytes = try? folder.read(SourceRecord.file, limit: SourceRecord.longest) else { return nil }
        return SourceRecord(reading: bytes)
    }

    package func open(_ index: String) throws(IndexTrouble) -> EntityIndex {
        try EntityIndex(opening: folder.path(of: Self.file(index)), digest: index)
    }

    package var hasDocument: Bool { folder.has(Self.document) }
    package var documentPath: String { folder.path(of: Self.document) }

    /// Gives a new index its name. The same one may be there already.
    func place(_ index: String) throws(DiskTrouble) {
        folder.remove(Self.file(index))
        try folder.move(Self.building, to: Self.file(index))
    }

    /// What came becomes the document that indexes are made from.
    func keepIncoming() throws(DiskTrouble) {
        folder.remove(Self.document)
        try folder.move(Self.incoming, to: Self.document)
    }

    func write(_ record: SourceRecord) throws(DiskTrouble) { try folder.write(SourceRecord.file, record.json.bytes) }

    /// Indexes that no generation names.
    func sweep(_ record: SourceRecord) {
        let kept = Set(record.generations.map { Self.file($0.index) })
        for name in folder.names where name.hasSuffix(".index") && name != Self.building && !kept.contains(name) { folder.remove(name) }
    }
}
