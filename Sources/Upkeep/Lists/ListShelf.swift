import Cryptography
import Vocabulary

/// The lists on the disk, all in one folder: `<digest>.crl`, for a large one `<digest>.index` beside it, and for each source
/// `<source>.json`, which names the list in use.
///
/// INVARIANT: a file is named by what is in it and never written again, so that one that is mapped never changes.
package struct ListShelf: Sendable {
    let folder: DiskFolder

    /// `folder` is the trust store's; the shelf is `lists/` in it.
    package init(in folder: DiskFolder) { self.folder = folder.folder("lists") }

    /// Addresses are no file names, their digests are.
    private static func name(of source: ListSource) -> String { Hexadecimal.encode(Digest.sha256(Array(source.name.utf8)).prefix(16)) }
    private static func record(_ source: ListSource) -> String { name(of: source) + ".json" }
    static func incoming(_ source: ListSource) -> String { name(of: source) + ".incoming" }
    static func sealing(_ source: ListSource) -> String { name(of: source) + ".sealing" }
    static func list(_ digest: String) -> String { digest + ".crl" }
    static func index(_ digest: String) -> String { digest + ".index" }

    /// The file of a list by its digest; it may be gone.
    package func path(of digest: String) -> String { folder.path(of: Self.list(digest)) }

    /// The records of all sources, for other programs: what is in use by the disk.
    package var records: [ListRecord] {
        folder.names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            guard let bytes = try? folder.read(name, limit: ListRecord.longest) else { return nil }
            return ListRecord(reading: bytes)
        }
    }

    /// The path a new list is written to before it is proven; nothing stands there.
    func incoming(_ source: ListSource) throws(DiskTrouble) -> String {
        try folder.make()
        discardIncoming(source)
        return folder.path(of: Self.incoming(source))
    }

    func discardIncoming(_ source: ListSource) {
        folder.remove(Self.incoming(source))
        folder.remove(Self.sealing(source))
    }

    /// The record of the list in use: nil when there is none, trouble when it cannot be read.
    func record(_ source: ListSource) throws(DiskTrouble) -> ListRecord? {
        guard let bytes = try folder.read(Self.record(source), limit: ListRecord.longest) else { return nil }
        guard let record = ListRecord(reading: bytes), record.source == source.name else { throw DiskTrouble("the record is damaged") }
        return record
    }

    /// The proven incoming file after `last`, which the shelf has; `isSame`: the list that this process holds came again.
    func keep(_ record: ListRecord, _ source: ListSource, isSame: Bool, after last: ListRecord?) throws(DiskTrouble) {
        guard isSame, last?.facts.digest == record.facts.digest else { return try publish(record, source, after: last) }
        try remember(record, source)
    }

    /// Puts the proven incoming file in use, and the index that was sealed for it. On trouble the list before is in use still.
    func publish(_ record: ListRecord, _ source: ListSource, after old: ListRecord?) throws(DiskTrouble) {
        let digest = record.facts.digest
        // The same bytes may be here from another source or an earlier day; what was proven just now is what is kept.
        try place(Self.incoming(source), as: Self.list(digest))
        if folder.has(Self.sealing(source)) { try place(Self.sealing(source), as: Self.index(digest)) }
        try folder.write(Self.record(source), record.json.bytes)
        // Who explains the past reads the list itself. Whoever has the index mapped keeps it.
        if let old, old.facts.digest != digest { folder.remove(Self.index(old.facts.digest)) }
    }

    /// An index made anew for a list that is in use already.
    func placeIndex(_ source: ListSource, _ digest: String) throws(DiskTrouble) {
        try place(Self.sealing(source), as: Self.index(digest))
    }

    private func place(_ name: String, as target: String) throws(DiskTrouble) {
        folder.remove(target)
        try folder.move(name, to: target)
    }

    /// The same list again: only what is remembered of the request changes.
    func remember(_ record: ListRecord, _ source: ListSource) throws(DiskTrouble) {
        discardIncoming(source)
        try folder.write(Self.record(source), record.json.bytes)
    }

    func remove(_ digests: Set<String>) {
        for digest in digests {
            folder.remove(Self.list(digest))
            folder.remove(Self.index(digest))
        }
    }

    /// Removes what crashes and failures left behind: no evidence and no record names it, and nobody touched it for a day.
    func sweep(keeping digests: Set<String>, at now: Timestamp) {
        let kept = digests.union(records.map(\.facts.digest))
        for name in folder.names where !name.hasSuffix(".json") && !kept.contains(String(name.prefix { $0 != "." })) {
            guard let changed = folder.changed(name), now.seconds(since: changed) > 86_400 else { continue }
            folder.remove(name)
        }
    }
}
