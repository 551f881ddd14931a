import Cryptography
package import SAML
package import Vocabulary

/// Earlier states of the metadata files in `Metadata/members`: every state that was ever in use is kept, so that a change can be shown before
/// it takes effect and taken back after.
///
/// `members/<name>/<digest>.xml` and, in the order they were in use, `members/<name>/history.json`.
package struct MemberHistory: Sendable {
    package struct State: Hashable, Sendable {
        /// SHA-256 of the file.
        package let digest: String
        package let at: Timestamp
    }

    package static let mostStates = 50
    private static let file = "history.json"

    private let folder: DiskFolder

    /// `folder` is `metadata/` beside the store.
    package init(_ folder: DiskFolder) { self.folder = folder.folder("members") }

    private func place(_ id: MemberID) -> DiskFolder {
        folder.folder(Hexadecimal.encode(Digest.sha256(Array(id.text.utf8)).prefix(20)))
    }

    /// The newest last.
    package func states(_ id: MemberID) -> [State] {
        guard let bytes = try? place(id).read(Self.file, limit: 1 << 20), let json = try? JSON(reading: bytes, limit: 1 << 20) else {
            return []
        }
        return (json["states"]?.array ?? []).compactMap { state in
            guard let digest = state["digest"]?.string, digest.utf8.count == 64, Hexadecimal.decode(digest) != nil,
                let at = state["at"]?.string.flatMap({ Timestamp($0) })
            else { return nil }
            return State(digest: digest, at: at)
        }
    }

    package func bytes(_ state: State, of id: MemberID) -> [UInt8]? {
        guard let bytes = try? place(id).read(state.digest + ".xml", limit: 16 << 20),
            Hexadecimal.encode(Digest.sha256(bytes)) == state.digest
        else { return nil }
        return bytes
    }

    /// What was in use last; nil when the member is new to us.
    package func latest(_ id: MemberID) -> [UInt8]? { states(id).last.flatMap { bytes($0, of: id) } }

    /// The state before the one in use. A return to it is written down as a state of its own, and taken here for what it is: said twice, it
    /// goes two states back.
    package func earlier(_ id: MemberID) -> [UInt8]? {
        var line: [State] = []
        for state in states(id) {
            if line.dropLast().last?.digest == state.digest { line.removeLast() } else { line.append(state) }
        }
        return line.dropLast().last.flatMap { bytes($0, of: id) }
    }

    /// Writes down that these bytes are in use from now on. Returns what is different from before: nil when nothing is new, or when the
    /// member was not known before.
    @discardableResult package func note(_ bytes: [UInt8], of id: MemberID, development: Bool, at now: Timestamp) throws(DiskTrouble)
        -> [MetadataChange]?
    {
        let digest = Hexadecimal.encode(Digest.sha256(bytes))
        var states = states(id)
        guard states.last?.digest != digest else { return nil }
        let before = latest(id)
        let place = place(id)
        try place.make()
        if !place.has(digest + ".xml") { try place.write(digest + ".xml", bytes) }
        states.append(State(digest: digest, at: now))
        let dropped = states.prefix(max(states.count - Self.mostStates, 0)).map(\.digest)
        states = Array(states.suffix(Self.mostStates))
        try place.write(
            Self.file,
            JSON.object([
                ("format", 1), ("entity", .string(id.text)),
                ("states", .array(states.map { .object([("digest", .string($0.digest)), ("at", .string($0.at.text))]) })),
            ]).bytes)
        for old in dropped where !states.contains(where: { $0.digest == old }) { place.remove(old + ".xml") }
        return before.map { Self.changes($0, bytes, of: id, development: development) }
    }

    package static func changes(_ old: [UInt8], _ new: [UInt8], of id: MemberID, development: Bool) -> [MetadataChange] {
        func read(_ bytes: [UInt8]) -> ServiceProvider? {
            (try? ServiceProvider.read(metadata: bytes, development: development))?.first { $0.entityID == id }
        }
        return MetadataChange.between(read(old), read(new))
    }
}
