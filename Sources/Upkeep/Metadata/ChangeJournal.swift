package import SAML
package import Vocabulary

/// `changes.jsonl`: what became of each member's metadata, and when. For people; nothing decides by it.
package struct ChangeJournal: Sendable {
    package struct Entry: Hashable, Sendable {
        package enum Event: String, Sendable, CaseIterable {
            /// In use from now on.
            case taken
            /// Waits for the operator.
            case held
            /// The operator let it through.
            case accepted
            /// An earlier state is in use again.
            case rolledBack = "rolled-back"
            /// The first document of a source, or one after its settings changed: too many to tell one by one.
            case published
        }

        package let at: Timestamp
        /// The source's name, or the member's file.
        package let source: String
        /// Nil: the source as a whole.
        package let entity: String?
        package let event: Event
        package let changes: [MetadataChange]
        package let why: String?

        package init(
            at: Timestamp, source: String, entity: String? = nil, event: Event, changes: [MetadataChange] = [], why: String? = nil
        ) {
            self.at = at
            self.source = source
            self.entity = entity
            self.event = event
            self.changes = changes
            self.why = why
        }
    }

    static let file = "changes.jsonl"
    static let before = "changes.1.jsonl"
    /// Bytes after which a new file is begun; the one before is kept.
    package static let longest = 32 << 20

    private let folder: DiskFolder
    private let longest: Int

    package init(_ folder: DiskFolder, longest: Int = ChangeJournal.longest) {
        self.folder = folder
        self.longest = longest
    }

    /// One addition, however many entries.
    package func append(_ entries: [Entry]) throws(DiskTrouble) {
        guard !entries.isEmpty else { return }
        try folder.append(
            Self.file, line: entries.map(\.json.text).joined(separator: "\n"), beyond: longest, into: Self.before)
    }

    /// The last `most` entries that `isWanted`, the oldest first.
    package func read(most: Int, where isWanted: (Entry) -> Bool = { _ in true }) -> [Entry] {
        var found: [Entry] = []
        for name in [Self.before, Self.file] {
            guard let bytes = try? folder.read(name, limit: Self.longest * 4) else { continue }
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                guard let entry = Entry(reading: Array(line)), isWanted(entry) else { continue }
                found.append(entry)
                if found.count > 2 * max(most, 1) { found.removeFirst(found.count - most) }
            }
        }
        return found.suffix(most)
    }
}

extension ChangeJournal.Entry {
    var json: JSON {
        var members: [(String, JSON)] = [("at", .string(at.text)), ("source", .string(source)), ("event", .string(event.rawValue))]
        if let entity { members.append(("entity", .string(entity))) }
        if !changes.isEmpty { members.append(("changes", .array(changes.map(\.json)))) }
        if let why { members.append(("why", .string(why))) }
        return .object(members)
    }

    init?(reading line: [UInt8]) {
        guard let json = try? JSON(reading: line, limit: 1 << 20), let at = json["at"]?.string.flatMap({ Timestamp($0) }),
            let source = json["source"]?.string, let event = json["event"]?.string.flatMap({ Event(rawValue: $0) })
        else { return nil }
        self.init(
            at: at, source: source, entity: json["entity"]?.string, event: event,
            changes: (json["changes"]?.array ?? []).compactMap(MetadataChange.init(reading:)), why: json["why"]?.string)
    }
}

extension MetadataChange {
    package var json: JSON {
        .object([
            ("subject", .string(subject.rawValue)), ("direction", .string(direction.rawValue)), ("text", .string(text)),
            ("security", .bool(isSecurityRelevant)),
        ])
    }

    init?(reading json: JSON) {
        guard let subject = json["subject"]?.string, let direction = json["direction"]?.string, let text = json["text"]?.string else {
            return nil
        }
        self.init(subject: subject, direction: direction, text: text)
    }
}
