import Cryptography
import Foundation
package import Vocabulary

/// When each of our keys was first shown to the world, and since when it is used: `keys.json` beside the database. What a key's own files say
/// could be changed by whoever changes the key; this is what happened.
package struct KeyLedger: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let use: KeyUse
        package let published: Timestamp
        package var used: Timestamp?
    }

    /// By the SHA-256 of the public key.
    package private(set) var lines: [String: Line] = [:]

    /// The file is there and says nothing that can be read.
    package private(set) var isDamaged = false

    package init() {}

    /// Beside the database file.
    package static func path(beside store: String) -> String { beside(store, "keys.json") }

    static func beside(_ store: String, _ name: String) -> String {
        let parts = store.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (parts.isEmpty ? "" : parts.joined(separator: "/") + "/") + name
    }

    /// A ledger that is not there, or cannot be read, is empty: then nobody has been told anything.
    package init(at path: String) {
        guard let bytes = Self.bytes(path) else { return }
        guard let json = try? JSON(reading: bytes, limit: 1 << 20), let members = json["keys"]?.members else {
            isDamaged = true
            return
        }
        for (key, value) in members {
            guard let use = value["use"]?.string.flatMap({ KeyUse(rawValue: $0) }),
                let published = value["published"]?.string.flatMap({ Timestamp($0) })
            else { continue }
            lines[key] = Line(use: use, published: published, used: value["used"]?.string.flatMap { Timestamp($0) })
        }
    }

    /// What is longer ends at the limit, and reads as damaged.
    static func bytes(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limit) else { return nil }
        return [UInt8](data)
    }

    /// Whether the world has ever been shown a key for this. Metadata without a key of its own is signed by the message key.
    func knows(_ use: KeyUse) -> Bool { lines.values.contains { $0.use == use || (use == .samlMetadata && $0.use == .samlSigning) } }

    subscript(_ key: PublicKey) -> Line? { lines[Self.digest(of: key)] }

    static func digest(of key: PublicKey) -> String { Hexadecimal.encode(Digest.sha256(key.spki)) }

    /// Writes down that these keys are published from now on, those that are in their time used. True when that was news.
    mutating func note(_ keys: [HeldKey], at now: Timestamp) -> Bool {
        let before = lines
        for key in keys where key.life.isPublished(at: now) {
            var line = lines[key.digest] ?? Line(use: key.entry.use, published: now)
            if line.used == nil, key.life.state(at: now) == .current {
                // Found in use after the fact: since the moment it was to be.
                line.used = key.life.from.map { max($0, line.published) } ?? now
            }
            lines[key.digest] = line
        }
        return lines != before
    }

    package func write(to path: String) throws {
        let members = lines.sorted { $0.key < $1.key }.map { key, line -> (String, JSON) in
            var values: [(String, JSON)] = [("use", .string(line.use.rawValue)), ("published", .string(line.published.text))]
            if let used = line.used { values.append(("used", .string(used.text))) }
            return (key, .object(values))
        }
        try Data(JSON.object([("keys", .object(members))]).bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

extension Configuration {
    package var keyLedgerPath: String { KeyLedger.path(beside: store.path) }

    /// Called by the server when it begins to show these keys.
    package func noteKeys(at now: Timestamp) throws {
        var ledger = KeyLedger(at: keyLedgerPath)
        if ledger.note(keys, at: now) { try ledger.write(to: keyLedgerPath) }
    }
}
