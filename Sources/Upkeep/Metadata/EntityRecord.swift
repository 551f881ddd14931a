import Outbound
import Vocabulary

/// What is remembered of one entity's answer.
struct EntityRecord: Sendable {
    static let longest = 1 << 16

    let id: String
    let fetched: Timestamp
    let validators: OutboundValidators
    /// Of the document; not written down.
    var cacheSeconds: Int64?

    init(id: String, fetched: Timestamp, validators: OutboundValidators) {
        self.id = id
        self.fetched = fetched
        self.validators = validators
    }

    var json: JSON {
        .object([
            ("format", 1), ("entity", .string(id)), ("fetched", .string(fetched.text)),
            ("etag", validators.etag.map { .string($0) } ?? .null),
            ("last-modified", validators.lastModified.map { .string($0) } ?? .null),
        ])
    }

    init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.longest), json["format"]?.integer == 1, let id = json["entity"]?.string,
            let fetched = json["fetched"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            id: id, fetched: fetched,
            validators: OutboundValidators(etag: json["etag"]?.string, lastModified: json["last-modified"]?.string))
    }
}
