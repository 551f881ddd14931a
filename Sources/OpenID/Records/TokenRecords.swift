package import Vocabulary

/// An access token in the store, by its digest; opaque to its holder, good for userinfo only.
package struct AccessTokenRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let tokenDigest: [UInt8]
    /// The code the token goes back to, also through refreshes: when that code is replayed the token ends.
    package let codeDigest: [UInt8]?
    package let client: MemberID
    package let pairwise: PairwiseID
    package let scopes: [String]
    /// What policy released: an object of claims.
    package let claims: JSON
    /// The session it comes from, as the client knows it: when that session ends, so does the token. Nil: it comes from none.
    package let sid: String?
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
}

extension AccessTokenRecord {
    package var json: JSON {
        .object([
            ("digest", .string(Base64url.encode(tokenDigest))), ("code", codeDigest.map { .string(Base64url.encode($0)) } ?? .null),
            ("client", .string(client.text)), ("pairwise", .string(pairwise.text)), ("scopes", .texts(scopes)), ("claims", claims),
            ("sid", sid.map { .string($0) } ?? .null), ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
        ])
    }

    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let code = json["code"], code == .null || json.digest("code") != nil,
            let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }), let scopes = json["scopes"]?.strings,
            let claims = json["claims"], claims.members != nil, let sid = json.optionalText("sid"), let issued = json.moment("issued"),
            let expires = json.moment("expires")
        else { return nil }
        self.init(
            tokenDigest: digest, codeDigest: json.digest("code"), client: client, pairwise: pairwise, scopes: scopes, claims: claims,
            sid: sid.text, issuedAt: issued, expiresAt: expires)
    }
}

/// A refresh token in the store. It never outlives the session it came from.
package struct RefreshTokenRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let tokenDigest: [UInt8]
    /// The digest of the code at the root: all tokens that follow from it are one family, and end together when one of them is reused.
    package let family: [UInt8]
    package let client: MemberID
    package let pairwise: PairwiseID
    package let scopes: [String]
    package let claims: JSON
    /// The session it comes from, as the client knows it: when that session ends, so does the token. Nil: it comes from none.
    package let sid: String?
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
}

extension RefreshTokenRecord {
    package var json: JSON {
        .object([
            ("digest", .string(Base64url.encode(tokenDigest))), ("family", .string(Base64url.encode(family))),
            ("client", .string(client.text)), ("pairwise", .string(pairwise.text)), ("scopes", .texts(scopes)), ("claims", claims),
            ("sid", sid.map { .string($0) } ?? .null), ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
        ])
    }

    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let family = json.digest("family"),
            let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }), let scopes = json["scopes"]?.strings,
            let claims = json["claims"], claims.members != nil, let sid = json.optionalText("sid"), let issued = json.moment("issued"),
            let expires = json.moment("expires")
        else { return nil }
        self.init(
            tokenDigest: digest, family: family, client: client, pairwise: pairwise, scopes: scopes, claims: claims,
            sid: sid.text, issuedAt: issued, expiresAt: expires)
    }
}
