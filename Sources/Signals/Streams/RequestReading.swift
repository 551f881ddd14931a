import Vocabulary

/// What the requests of receivers have in common: one JSON object, bounded, members of the right kind.
struct RequestReading {
    private let json: JSON

    /// Longest text that is anybody's name or note here, in bytes.
    static let longest = 1_024

    init(_ body: [UInt8]) throws(StreamRefusal) {
        guard body.count <= StreamLimits.body, let json = try? JSON(reading: body), json.members != nil else { throw .notJSON }
        self.json = json
    }

    func value(_ name: String) -> JSON? {
        guard let value = json[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws(StreamRefusal) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string, text.utf8.count <= Self.longest else { throw .malformed("a text is due", name) }
        return text
    }

    func stream() throws(StreamRefusal) -> StreamID {
        guard let text = try text("stream_id") else { throw .malformed("stream_id is missing", "stream_id") }
        guard let id = StreamID(text) else { throw .streamUnknown }
        return id
    }

    func flag(_ name: String) throws(StreamRefusal) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw .malformed("true or false is due", name) }
        return flag
    }

    /// Texts of a list, at most `most`.
    func texts(_ name: String, most: Int) throws(StreamRefusal) -> [String]? {
        guard let value = value(name) else { return nil }
        guard let texts = value.strings, texts.count <= most, texts.allSatisfy({ $0.utf8.count <= Self.longest }) else {
            throw .malformed("a list of texts is due", name)
        }
        return texts
    }
}

package enum StreamLimits {
    /// Bytes of a request to the management API or of a poll.
    package static let body = 65_536
    /// Event types that a receiver may ask for in one stream, known or not.
    static let events = 64
    /// Events of one poll, and acknowledgements.
    package static let poll = 100
    static let acknowledged = 1_000
}
