package import Vocabulary

/// What changed in what we believe, dated and with its reason: `feed.jsonl`.
package final class TrustFeed: Sendable {
    package struct Change: Hashable, Sendable {
        package enum Event: String, Sendable, CaseIterable {
            case anchorAdded = "anchor.added"
            case anchorRemoved = "anchor.removed"
            case intermediateAdded = "intermediate.added"
            case intermediateRemoved = "intermediate.removed"
            case listRefused = "list.refused"
            /// The operator took a list that was refused.
            case listTaken = "list.taken"
        }

        package let at: Timestamp
        package let event: Event
        /// An authority's name (RFC 4514), or a list's source.
        package let subject: String
        /// SHA-256 of a certificate or a list, lower-case hexadecimal.
        package let digest: String?
        package let why: String

        package init(at: Timestamp, event: Event, subject: String, digest: String?, why: String) {
            self.at = at
            self.event = event
            self.subject = subject
            self.digest = digest
            self.why = why
        }

        package var json: JSON {
            var members: [(String, JSON)] = [
                ("at", .string(at.text)), ("event", .string(event.rawValue)), ("subject", .string(Explanation.redacted(subject))),
            ]
            if let digest { members.append(("digest", .string(digest))) }
            return .object(members + [("why", .string(Explanation.redacted(why)))])
        }

        init?(reading json: JSON) {
            guard let at = json["at"]?.string.flatMap({ Timestamp($0) }),
                let event = json["event"]?.string.flatMap({ Event(rawValue: $0) }),
                let subject = json["subject"]?.string, let why = json["why"]?.string
            else { return nil }
            self.init(at: at, event: event, subject: subject, digest: json["digest"]?.string, why: why)
        }
    }

    package static let name = "feed.jsonl"
    /// The feed before, when one has grown beyond `longest`.
    package static let earlier = "feed.1.jsonl"
    package static let longest = 16 << 20

    private let folder: DiskFolder
    private let longest: Int

    package init(folder: DiskFolder, longest: Int = TrustFeed.longest) {
        self.folder = folder
        self.longest = longest
    }

    package func append(_ change: Change) throws(DiskTrouble) {
        try folder.append(Self.name, line: change.json.text, beyond: longest, into: Self.earlier)
    }

    /// The changes, the oldest first. A line that was cut is skipped.
    package static func read(_ folder: DiskFolder) -> [Change] {
        [earlier, name].flatMap { file -> [Change] in
            guard let bytes = try? folder.read(file, limit: 2 * longest) else { return [] }
            return bytes.split(separator: 0x0a).compactMap { line in (try? JSON(reading: Array(line))).flatMap { Change(reading: $0) } }
        }
    }
}
