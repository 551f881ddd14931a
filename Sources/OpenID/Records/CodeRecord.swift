package import Vocabulary

/// An authorization code in the store: everything the tokens will say, bound to client, address and PKCE challenge. The code itself is
/// not in it.
package struct CodeRecord: Hashable, Sendable {
    /// SHA-256 of the code.
    package let codeDigest: [UInt8]
    package let client: MemberID
    package let redirectURI: String
    package let codeChallenge: String
    package let nonce: String?
    package let scopes: [String]
    package let pairwise: PairwiseID
    package let acr: String
    package let amr: [String]
    package let authenticatedAt: Timestamp
    /// What policy released: an object of claims.
    package let claims: JSON
    package let sid: String?
    package let sessionExpires: Timestamp
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
}

extension CodeRecord {
    /// For the store; `init(json:)` reads it back.
    package var json: JSON {
        .object([
            ("digest", .string(Base64url.encode(codeDigest))), ("client", .string(client.text)), ("redirect", .string(redirectURI)),
            ("challenge", .string(codeChallenge)), ("nonce", nonce.map { .string($0) } ?? .null), ("scopes", .texts(scopes)),
            ("pairwise", .string(pairwise.text)), ("acr", .string(acr)), ("amr", .texts(amr)), ("auth", .moment(authenticatedAt)),
            ("claims", claims), ("sid", sid.map { .string($0) } ?? .null), ("session", .moment(sessionExpires)),
            ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
        ])
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let redirect = json["redirect"]?.string, let challenge = json["challenge"]?.string, let nonce = json.optionalText("nonce"),
            let scopes = json["scopes"]?.strings, let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }),
            let acr = json["acr"]?.string, let amr = json["amr"]?.strings, let auth = json.moment("auth"), let claims = json["claims"],
            claims.members != nil, let sid = json.optionalText("sid"), let session = json.moment("session"),
            let issued = json.moment("issued"), let expires = json.moment("expires")
        else { return nil }
        self.init(
            codeDigest: digest, client: client, redirectURI: redirect, codeChallenge: challenge, nonce: nonce.text, scopes: scopes,
            pairwise: pairwise, acr: acr, amr: amr, authenticatedAt: auth, claims: claims, sid: sid.text, sessionExpires: session,
            issuedAt: issued, expiresAt: expires)
    }
}

/// A text that may be null, once it is known to be one or the other.
struct OptionalText { let text: String? }

extension JSON {
    static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    static func moment(_ moment: Timestamp) -> JSON { .integer(moment.milliseconds) }

    func moment(_ name: String) -> Timestamp? { self[name]?.integer.map { Timestamp(milliseconds: $0) } }

    func digest(_ name: String) -> [UInt8]? {
        guard let bytes = self[name]?.string.flatMap(Base64url.decode), bytes.count == 32 else { return nil }
        return bytes
    }

    func optionalText(_ name: String) -> OptionalText? {
        switch self[name] {
        case .some(.null): OptionalText(text: nil)
        case .some(.string(let text)): OptionalText(text: text)
        default: nil
        }
    }
}
