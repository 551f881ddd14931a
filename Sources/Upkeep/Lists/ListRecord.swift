package import Outbound
package import Vocabulary

/// `<source>.json`: which list is in use, and what is remembered for the next request and the next list.
/// Replacing this file is what publishes a list on the disk; the list's own file stands beside it before.
package struct ListRecord: Hashable, Sendable {
    package static let longest = 1 << 16

    package let source: String
    package let facts: ListFacts
    /// The moment at which the list was proven, and at which it is proven again after a restart.
    package let acceptedAt: Timestamp
    package let validators: OutboundValidators
    /// Size and moment of change of the file it was copied from; nil for a fetched list.
    package let stamp: String?

    package init(source: String, facts: ListFacts, acceptedAt: Timestamp, validators: OutboundValidators, stamp: String?) {
        self.source = source
        self.facts = facts
        self.acceptedAt = acceptedAt
        self.validators = validators
        self.stamp = stamp
    }

    /// Whether this list may not follow the one in use, which another node put there: a source that brings it again only lags behind.
    func isOvertaken(by last: ListRecord?, _ rules: ListRules) -> Bool {
        last.map { ListSuccession.refusal(of: facts, after: $0.facts, rules: rules) != nil } ?? false
    }

    var json: JSON {
        var members: [(String, JSON)] = [("format", 1), ("source", .string(source)), ("accepted", .string(acceptedAt.text))]
        members += facts.members
        if let etag = validators.etag { members.append(("etag", .string(etag))) }
        if let lastModified = validators.lastModified { members.append(("last-modified", .string(lastModified))) }
        if let stamp { members.append(("stamp", .string(stamp))) }
        return .object(members)
    }

    /// nil: no record of ours.
    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.longest), json["format"]?.integer == 1,
            let source = json["source"]?.string, let accepted = json["accepted"]?.string.flatMap({ Timestamp($0) }),
            let facts = ListFacts(reading: json)
        else { return nil }
        self.source = source
        self.facts = facts
        acceptedAt = accepted
        validators = OutboundValidators(etag: json["etag"]?.string, lastModified: json["last-modified"]?.string)
        stamp = json["stamp"]?.string
    }
}

extension ListFacts {
    /// As they stand in the record and in the journal of evidence.
    var members: [(String, JSON)] {
        [
            ("digest", .string(digest)), ("bytes", .integer(Int64(bytes))), ("issuer", .string(issuer)),
            ("number", number.map { .string($0) } ?? .null), ("this-update", .string(thisUpdate.text)),
            ("next-update", nextUpdate.map { .string($0.text) } ?? .null), ("entries", .integer(Int64(entries))),
            ("delta", .bool(isDelta)), ("scope", .string(scope)),
        ]
    }

    package init?(reading json: JSON) {
        guard let digest = json["digest"]?.string, digest.utf8.count == 64, Hexadecimal.decode(digest) != nil,
            let bytes = json["bytes"]?.integer, let issuer = json["issuer"]?.string,
            let made = json["this-update"]?.string.flatMap({ Timestamp($0) }), let entries = json["entries"]?.integer, entries >= 0,
            let scope = json["scope"]?.string
        else { return nil }
        self.init(
            digest: digest, bytes: Int(bytes), issuer: issuer, number: json["number"]?.string, thisUpdate: made,
            nextUpdate: json["next-update"]?.string.flatMap { Timestamp($0) }, entries: Int(entries), isDelta: json["delta"]?.bool ?? false,
            scope: scope)
    }
}
