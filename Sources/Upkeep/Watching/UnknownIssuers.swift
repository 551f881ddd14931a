import Cryptography
import Synchronization
package import Trust
package import Vocabulary

/// Authorities that nobody here believes and somebody tried to use: a new generation whose certificate the operator has not put in place,
/// a foreign card, or an attempt. Names of authorities and counts; nothing about whoever came.
///
/// Strangers choose the names, so the table is bounded and rows that were seen often stay.
package final class UnknownIssuers: Sendable {
    package struct Row: Hashable, Sendable {
        /// RFC 4514, at most 200 characters, control characters spelt out.
        package let issuer: String
        /// The key identifier the certificate gives its issuer, lower-case hexadecimal; longer ones than 32 bytes as their SHA-256.
        package let key: String?
        package fileprivate(set) var first: Timestamp
        package fileprivate(set) var last: Timestamp
        package fileprivate(set) var count: Int

        package var json: JSON {
            .object([
                ("issuer", .string(issuer)), ("key", key.map { .string($0) } ?? .null), ("first", .string(first.text)),
                ("last", .string(last.text)), ("count", .integer(Int64(count))),
            ])
        }

        init(issuer: String, key: String?, at now: Timestamp) {
            self.issuer = issuer
            self.key = key
            first = now
            last = now
            count = 1
        }

        init?(reading json: JSON) {
            guard let issuer = json["issuer"]?.string, let first = json["first"]?.string.flatMap({ Timestamp($0) }),
                let last = json["last"]?.string.flatMap({ Timestamp($0) }), let count = json["count"]?.integer, count > 0
            else { return nil }
            self.issuer = issuer
            key = json["key"]?.string
            self.first = first
            self.last = last
            self.count = Int(count)
        }
    }

    package static let name = "unknown.jsonl"
    package static let mostRows = 512

    private struct Name: Hashable {
        let issuer: String
        let key: String?
    }

    private struct State {
        var rows: [Name: Row] = [:]
        var dropped = 0
        var isChanged = false
    }

    private let folder: DiskFolder
    private let state: Mutex<State>

    /// Goes on with the table on the disk.
    package init(folder: DiskFolder) {
        self.folder = folder
        var state = State()
        for row in Self.read(folder).prefix(Self.mostRows) { state.rows[Name(issuer: row.issuer, key: row.key)] = row }
        self.state = Mutex(state)
    }

    /// The table on the disk, as old as the last turn.
    package static func read(_ folder: DiskFolder) -> [Row] {
        guard let bytes = try? folder.read(name, limit: 4 << 20) else { return [] }
        return bytes.split(separator: 0x0a).compactMap { line in (try? JSON(reading: Array(line))).flatMap { Row(reading: $0) } }
    }

    /// Cheap, and never waits for a disk: called while a citizen waits.
    package func record(issuer: String, key: [UInt8]?, at now: Timestamp) {
        let key = key.map { Hexadecimal.encode($0.count <= 32 ? $0 : Digest.sha256($0)) }
        let name = Name(issuer: Explanation.redacted(issuer), key: key)
        state.withLock { state in
            state.isChanged = true
            if var row = state.rows[name] {
                row.last = max(row.last, now)
                row.count = row.count == .max ? .max : row.count + 1
                state.rows[name] = row
                return
            }
            if state.rows.count >= Self.mostRows,
                let rarest = state.rows.min(by: { ($0.value.count, $0.value.last) < ($1.value.count, $1.value.last) })
            {
                state.rows[rarest.key] = nil
                state.dropped += 1
            }
            state.rows[name] = Row(issuer: name.issuer, key: key, at: now)
        }
    }

    /// Records the issuer of a certificate that was refused, unless it is one of the anchors. Generations share a name: a certificate that
    /// names a key none of them has comes from an authority we do not know.
    package func note(_ certificate: [UInt8], unlessOf anchors: [TrustAnchor], at now: Timestamp) {
        guard let certificate = try? Certificate(der: certificate) else { return }
        let key = certificate.authorityKeyIdentifier
        let isKnown = anchors.contains { anchor in
            guard anchor.certificate.subject == certificate.issuer else { return false }
            guard let key, let own = anchor.certificate.subjectKeyIdentifier else { return true }
            return key == own
        }
        if !isKnown { record(issuer: certificate.issuer.text, key: key, at: now) }
    }

    /// The most frequent first.
    package var rows: [Row] {
        state.withLock { Array($0.rows.values) }.sorted {
            ($0.count, $0.last, $0.issuer, $0.key ?? "") > ($1.count, $1.last, $1.issuer, $1.key ?? "")
        }
    }

    /// Rows that gave way to others since the start.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Writes the table when it has changed. A crash loses the counts since the last turn, never the table.
    func save() throws(DiskTrouble) {
        let isChanged = state.withLock { state in
            defer { state.isChanged = false }
            return state.isChanged
        }
        guard isChanged else { return }
        do {
            try folder.write(Self.name, Array(rows.map { $0.json.text + "\n" }.joined().utf8))
        } catch {
            state.withLock { $0.isChanged = true }
            throw error
        }
    }
}
