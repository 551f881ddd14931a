package import TrustFramework
package import Vocabulary

/// What a client waits for while the citizen decides elsewhere: by a code that a device shows (RFC 8628), or because the client named him
/// (CIBA Core 1.0). No credential of anybody is in it but digests; the one exception is `notification`.
package struct AwaitedGrant: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case device
        case backchannel
    }

    /// The citizen a client named, as its sector knows him. Whether there is such a citizen is not asked before one logs in (checklist H9).
    package struct Addressee: Hashable, Sendable {
        package let sector: String
        package let pairwise: PairwiseID

        package init(sector: String, pairwise: PairwiseID) {
            self.sector = sector
            self.pairwise = pairwise
        }
    }

    /// What a ping needs (CIBA Core §10.2). Both are kept as they are, because they have to be sent; they go with the ping, or with the row.
    package struct Notification: Hashable, Sendable {
        package let token: String
        package let requestID: String

        package init(token: String, requestID: String) {
            self.token = token
            self.requestID = requestID
        }
    }

    package let kind: Kind
    /// SHA-256 of the device_code or auth_req_id: what the client redeems, and the root of the tokens' family.
    package let secretDigest: [UInt8]
    /// SHA-256 of the user code or of the approval ticket: what the citizen's side finds it by.
    package let handle: [UInt8]
    package let client: MemberID
    package let scopes: [String]
    /// `acr_values`, voluntary.
    package let acrValues: [String]
    package let resources: [String]
    /// `binding_message`, checked.
    package let message: String?
    package let addressee: Addressee?
    /// The network address that asked; shown to the citizen.
    package let askedFrom: String?
    package let askedAt: Timestamp
    package let expiresAt: Timestamp
    /// Seconds between two polls, at the beginning.
    package let interval: Int64
    package let notification: Notification?

    /// What the login has to reach, where the client said so.
    package var requirement: ContextRequirement? { .wished(acrValues) }
}

extension AwaitedGrant {
    /// For the store, without `notification`, which has columns of its own and goes first; `init(json:notification:)` reads it back.
    package var json: JSON {
        .object([
            ("kind", .string(kind.rawValue)), ("digest", .string(Base64url.encode(secretDigest))),
            ("handle", .string(Base64url.encode(handle))), ("client", .string(client.text)), ("scopes", .texts(scopes)),
            ("acr", .texts(acrValues)), ("resources", .texts(resources)), ("message", message.map { .string($0) } ?? .null),
            ("sector", addressee.map { .string($0.sector) } ?? .null),
            ("pairwise", addressee.map { .string($0.pairwise.text) } ?? .null), ("from", askedFrom.map { .string($0) } ?? .null),
            ("asked", .moment(askedAt)), ("expires", .moment(expiresAt)), ("interval", .integer(interval)),
        ])
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON, notification: Notification? = nil) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let digest = json.digest("digest"),
            let handle = json.digest("handle"), let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let scopes = json["scopes"]?.strings, let acr = json["acr"]?.strings, let resources = json["resources"]?.strings,
            let message = json.optionalText("message"), let sector = json.optionalText("sector"),
            let pairwise = json.optionalText("pairwise"), let from = json.optionalText("from"), let asked = json.moment("asked"),
            let expires = json.moment("expires"), let interval = json["interval"]?.integer
        else { return nil }
        var addressee: Addressee?
        if let sector = sector.text, let text = pairwise.text {
            guard let id = PairwiseID(text) else { return nil }
            addressee = Addressee(sector: sector, pairwise: id)
        }
        guard addressee != nil || kind == .device else { return nil }
        self.init(
            kind: kind, secretDigest: digest, handle: handle, client: client, scopes: scopes, acrValues: acr, resources: resources,
            message: message.text, addressee: addressee, askedFrom: from.text, askedAt: asked, expiresAt: expires, interval: interval,
            notification: notification)
    }
}
