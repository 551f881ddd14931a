import Cryptography
package import Vocabulary

/// An authorization request that its client pushed (RFC 9126), in the store: the parameters as they came, without what authenticated the
/// client. It may be brought by browsers several times before a login completes, and never after.
package struct PushedRequest: Hashable, Sendable {
    /// SHA-256 of the `request_uri`.
    package let digest: [UInt8]
    package let client: MemberID
    /// A form. Client credentials are not in it.
    let parameters: String
    /// The key whose DPoP proof came with it: RFC 7638 thumbprint.
    let provenThumbprint: String?
    package let receivedAt: Timestamp
    /// No browser may bring it later.
    package let usableUntil: Timestamp
    /// How long it has to be remembered that a login came of it: the longest pause behind the last use.
    package let keptUntil: Timestamp

    init(
        digest: [UInt8], client: MemberID, parameters: String, provenThumbprint: String?, receivedAt: Timestamp, usableUntil: Timestamp,
        keptUntil: Timestamp
    ) {
        self.digest = digest
        self.client = client
        self.parameters = parameters
        self.provenThumbprint = provenThumbprint
        self.receivedAt = receivedAt
        self.usableUntil = usableUntil
        self.keptUntil = keptUntil
    }
}

extension PushedRequest {
    /// What stands before the 43 characters of a reference (RFC 9126 §2.2).
    static let prefix = "urn:ietf:params:oauth:request_uri:"

    /// Whether a `request_uri` looks like ours: our prefix, behind it 256 bits in Base64url.
    static func isReference(_ uri: String) -> Bool {
        guard uri.utf8.starts(with: prefix.utf8), uri.utf8.count == prefix.utf8.count + 43 else { return false }
        return uri.utf8.dropFirst(prefix.utf8.count).allSatisfy(\.isBase64url)
    }
}

extension PushedRequest {
    /// For the store, and for a paused journey; `init(json:)` reads it back.
    package var json: JSON {
        .object([
            ("digest", .string(Base64url.encode(digest))), ("client", .string(client.text)), ("form", .string(parameters)),
            ("jkt", provenThumbprint.map { .string($0) } ?? .null), ("received", .moment(receivedAt)), ("usable", .moment(usableUntil)),
            ("kept", .moment(keptUntil)),
        ])
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let parameters = json["form"]?.string, let thumbprint = json.optionalText("jkt"), let received = json.moment("received"),
            let usable = json.moment("usable"), let kept = json.moment("kept")
        else { return nil }
        self.init(
            digest: digest, client: client, parameters: parameters, provenThumbprint: thumbprint.text, receivedAt: received,
            usableUntil: usable, keptUntil: kept)
    }

    /// The message of a paused journey (checklist E25). It begins with a byte that no query and no form may have: whoever is at the
    /// browser cannot send one.
    package var paused: [UInt8] { [0] + json.bytes }

    /// Nil for the message of a request that a browser brought whole.
    package init?(paused message: [UInt8]) {
        guard message.first == 0, let json = try? JSON(reading: Array(message.dropFirst()), limit: 1 << 18) else { return nil }
        self.init(json: json)
    }
}
