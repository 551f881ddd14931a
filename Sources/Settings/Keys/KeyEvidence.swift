import Foundation
package import Vocabulary

/// What we have seen of members that speaks for, or against, their knowing one of our keys: `key-evidence.json` beside the database.
///
/// Nobody tells us that a key was taken over. What can be seen, from the strongest: the member used something that it can only have from an
/// answer signed with the key (a logout request with the index of a session, an access token that came with
/// the ID token); its operator said so; somebody fetched our metadata under the member's own address while the key was in it. Against it: the
/// same session is sent back to us again and again right after an answer.
package struct KeyEvidence: Hashable, Sendable {
    package struct Use: Hashable, Sendable {
        package var last: Timestamp
        package var count: Int

        package init(last: Timestamp, count: Int) {
            self.last = last
            self.count = count
        }
    }

    package struct Told: Hashable, Sendable {
        package let at: Timestamp
        package let note: String

        package init(at: Timestamp, note: String) {
            self.at = at
            self.note = note
        }
    }

    /// By the key: the SHA-256 of its certificate for SAML, its `kid` for OpenID.
    package struct Line: Hashable, Sendable {
        /// When the member's own metadata address was fetched last, and which keys stood in the document.
        package var fetched: (at: Timestamp, keys: [String])? {
            get { fetchedAt.map { ($0, fetchedKeys) } }
            set { (fetchedAt, fetchedKeys) = (newValue?.at, newValue?.keys ?? []) }
        }
        var fetchedAt: Timestamp?
        var fetchedKeys: [String] = []
        /// Answers signed with the key.
        package var answered: [String: Use] = [:]
        /// Uses of what came with such an answer.
        package var accepted: [String: Use] = [:]
        /// Sessions that asked again within a minute of such an answer.
        package var again: [String: Use] = [:]
        package var told: [String: Told] = [:]

        package init() {}
    }

    /// Members and keys beyond these are not remembered: a bound on memory, far above any federation's.
    private static let mostMembers = 20_000
    private static let mostKeys = 16
    /// Bytes of the file: for all these members it would be some millions.
    private static let largest = 16 << 20

    package private(set) var members: [String: Line] = [:]

    /// The file is there and cannot be read: nobody writes over it.
    package private(set) var isDamaged = false

    package init() {}

    package static func path(beside store: String) -> String { KeyLedger.beside(store, "key-evidence.json") }

    package mutating func note(_ member: String, _ change: (inout Line) -> Void) {
        guard members[member] != nil || members.count < Self.mostMembers else { return }
        change(&members[member, default: Line()])
    }

    package static func add(_ key: String, to uses: inout [String: Use], at now: Timestamp) {
        if var use = uses[key] {
            use.last = max(use.last, now)
            use.count += 1
            uses[key] = use
        } else if uses.count < mostKeys {
            uses[key] = Use(last: now, count: 1)
        }
    }

    /// Takes in what another process wrote meanwhile: acknowledgements come from the command line.
    package mutating func merge(told other: KeyEvidence) {
        for (member, line) in other.members where !line.told.isEmpty {
            note(member) { mine in mine.told.merge(line.told) { $0.at > $1.at ? $0 : $1 } }
        }
    }
}

/// On disk.
extension KeyEvidence {
    /// What is not there, or cannot be read, is no evidence.
    package init(at path: String) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let bytes = KeyLedger.bytes(path, limit: Self.largest), let json = try? JSON(reading: bytes, limit: Self.largest),
            let written = json["members"]?.members
        else {
            isDamaged = true
            return
        }
        func uses(_ value: JSON?) -> [String: Use] {
            var found: [String: Use] = [:]
            for (key, use) in (value?.members ?? []).prefix(Self.mostKeys) {
                guard let last = use["last"]?.string.flatMap({ Timestamp($0) }), let count = use["count"]?.integer else { continue }
                found[key] = Use(last: last, count: max(0, Int(clamping: count)))
            }
            return found
        }
        for (member, value) in written.prefix(Self.mostMembers) {
            var line = Line()
            line.fetchedAt = value["fetched"]?["at"]?.string.flatMap { Timestamp($0) }
            line.fetchedKeys = value["fetched"]?["keys"]?.strings ?? []
            (line.answered, line.accepted, line.again) = (uses(value["answered"]), uses(value["accepted"]), uses(value["again"]))
            for (key, told) in (value["told"]?.members ?? []).prefix(Self.mostKeys) {
                guard let at = told["at"]?.string.flatMap({ Timestamp($0) }) else { continue }
                line.told[key] = Told(at: at, note: told["note"]?.string ?? "")
            }
            members[member] = line
        }
    }

    /// Throws also where the file would be longer than it may be to be read again.
    package func write(to path: String) throws {
        func uses(_ uses: [String: Use]) -> JSON {
            .object(
                uses.sorted { $0.key < $1.key }.map {
                    ($0, .object([("last", .string($1.last.text)), ("count", .integer(Int64($1.count)))]))
                })
        }
        let written = members.sorted { $0.key < $1.key }.map { member, line -> (String, JSON) in
            var values: [(String, JSON)] = []
            if let fetched = line.fetched {
                values.append(
                    ("fetched", .object([("at", .string(fetched.at.text)), ("keys", .array(fetched.keys.map { .string($0) }))])))
            }
            for (name, found) in [("answered", line.answered), ("accepted", line.accepted), ("again", line.again)] where !found.isEmpty {
                values.append((name, uses(found)))
            }
            if !line.told.isEmpty {
                values.append(
                    (
                        "told",
                        .object(
                            line.told.sorted { $0.key < $1.key }.map {
                                ($0, .object([("at", .string($1.at.text)), ("note", .string($1.note))]))
                            })
                    ))
            }
            return (member, .object(values))
        }
        let bytes = JSON.object([("members", .object(written))]).bytes
        guard bytes.count <= Self.largest else { throw KeyEvidenceFault.tooLarge(limit: Self.largest) }
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

package enum KeyEvidenceFault: Error, Hashable {
    case tooLarge(limit: Int)
}

extension Configuration {
    package var keyEvidencePath: String { KeyEvidence.path(beside: store.path) }
}
