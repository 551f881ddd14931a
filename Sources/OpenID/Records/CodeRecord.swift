package import Vocabulary

/// An authorization code in the store: everything the tokens will say, bound to client, address and PKCE challenge. The code itself is
/// not in it.
package struct CodeRecord: Hashable, Sendable {
    /// SHA-256 of the code.
    package let codeDigest: [UInt8]
    package let redirectURI: String
    /// Nil: none was sent, by a client that may.
    package let codeChallenge: String?
    package let entitlement: Entitlement
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    init(
        codeDigest: [UInt8], redirectURI: String, codeChallenge: String?, entitlement: Entitlement, issuedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.codeDigest = codeDigest
        self.redirectURI = redirectURI
        self.codeChallenge = codeChallenge
        self.entitlement = entitlement
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    package var client: MemberID { entitlement.client }
    package var pairwise: PairwiseID { entitlement.pairwise }
    package var scopes: [String] { entitlement.scopes }
    package var nonce: String? { entitlement.nonce }
    package var sid: String? { entitlement.sid }
}

extension CodeRecord {
    /// For the store; `init(json:)` reads it back.
    package var json: JSON {
        .object(
            [
                ("digest", .string(Base64url.encode(codeDigest))), ("redirect", .string(redirectURI)),
                ("challenge", codeChallenge.map { .string($0) } ?? .null),
                ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
            ] + entitlement.stored)
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let redirect = json["redirect"]?.string, let challenge = json.optionalText("challenge"),
            let issued = json.moment("issued"), let expires = json.moment("expires"), let entitlement = Entitlement(json: json)
        else { return nil }
        self.init(
            codeDigest: digest, redirectURI: redirect, codeChallenge: challenge.text, entitlement: entitlement, issuedAt: issued,
            expiresAt: expires)
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
