package import Outbound
package import Vocabulary

/// `state.json` of a source: which index is in use, and what is remembered for the next request. Replacing this file is what publishes an
/// index on the disk; the index stands beside it before.
package struct SourceRecord: Hashable, Sendable {
    package struct Generation: Hashable, Sendable {
        /// The name of an index file.
        package let index: String
        package let at: Timestamp
        package let why: String

        package init(index: String, at: Timestamp, why: String) {
            self.index = index
            self.at = at
            self.why = why
        }
    }

    /// The operator took an earlier state back: what comes waits until it is accepted.
    package struct Pause: Hashable, Sendable {
        package let at: Timestamp
        package let why: String

        package init(at: Timestamp, why: String) {
            self.at = at
            self.why = why
        }
    }

    package static let file = "state.json"
    package static let longest = 1 << 20

    package let source: String
    /// The newest first; the first is in use.
    package var generations: [Generation] = []
    package var validators = OutboundValidators.none
    /// Which of the source's locations the document came from, and size and moment of a file.
    package var location: String?
    package var stamp: String?
    package var lastSuccess: Timestamp?
    package var pause: Pause?

    package init(source: String) { self.source = source }

    package var index: String? { generations.first?.index }

    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        return .object([
            ("format", 1), ("source", .string(source)),
            (
                "generations",
                .array(
                    generations.map {
                        .object([("index", .string($0.index)), ("at", .string($0.at.text)), ("why", .string($0.why))])
                    })
            ), ("etag", text(validators.etag)), ("last-modified", text(validators.lastModified)), ("location", text(location)),
            ("stamp", text(stamp)), ("last-success", text(lastSuccess?.text)),
            ("pause", pause.map { .object([("at", .string($0.at.text)), ("why", .string($0.why))]) } ?? .null),
        ])
    }

    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.longest), json["format"]?.integer == 1, let source = json["source"]?.string
        else { return nil }
        self.source = source
        for entry in json["generations"]?.array ?? [] {
            guard let index = entry["index"]?.string, index.utf8.count == 32, Hexadecimal.decode(index) != nil,
                let at = entry["at"]?.string.flatMap({ Timestamp($0) })
            else { return nil }
            generations.append(Generation(index: index, at: at, why: entry["why"]?.string ?? ""))
        }
        validators = OutboundValidators(etag: json["etag"]?.string, lastModified: json["last-modified"]?.string)
        location = json["location"]?.string
        stamp = json["stamp"]?.string
        lastSuccess = json["last-success"]?.string.flatMap { Timestamp($0) }
        if let paused = json["pause"], let at = paused["at"]?.string.flatMap({ Timestamp($0) }) {
            pause = Pause(at: at, why: paused["why"]?.string ?? "")
        }
    }
}
