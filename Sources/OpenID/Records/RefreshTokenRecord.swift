package import Vocabulary

/// A refresh token in the store. It never outlives the session it came from.
package struct RefreshTokenRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let tokenDigest: [UInt8]
    /// The digest of the code at the root: all tokens that follow from it are one family, and end together when one of them is reused.
    package let family: [UInt8]
    /// What it stands for. A binding in it holds for every use of the token.
    package let entitlement: Entitlement
    /// Public salt that, with the token itself as the key, gives its successor (docs/decisions/0042). Nil in records of an older version.
    package let seed: [UInt8]?
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    init(
        tokenDigest: [UInt8], family: [UInt8], entitlement: Entitlement, seed: [UInt8]?, issuedAt: Timestamp, expiresAt: Timestamp
    ) {
        self.tokenDigest = tokenDigest
        self.family = family
        self.entitlement = entitlement
        self.seed = seed
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    package var client: MemberID { entitlement.client }
    package var pairwise: PairwiseID { entitlement.pairwise }
    package var scopes: [String] { entitlement.scopes }
    package var sid: String? { entitlement.sid }
}

extension RefreshTokenRecord {
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("digest", .string(Base64url.encode(tokenDigest))), ("family", .string(Base64url.encode(family))),
            ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
        ]
        if let seed { members.append(("seed", .string(Base64url.encode(seed)))) }
        return .object(members + entitlement.stored)
    }

    /// Nil when anything is missing or malformed; members of a later version may be absent.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let family = json.digest("family"), let issued = json.moment("issued"),
            let expires = json.moment("expires"), json["seed"] == nil || json.digest("seed") != nil,
            let entitlement = Entitlement(json: json) ?? Entitlement(firstVersion: json, issued, expires)
        else { return nil }
        self.init(
            tokenDigest: digest, family: family, entitlement: entitlement, seed: json.digest("seed"), issuedAt: issued, expiresAt: expires)
    }
}

extension Entitlement {
    /// From a refresh token of the first version, which had nothing of the login but the claims.
    fileprivate init?(firstVersion json: JSON, _ issued: Timestamp, _ expires: Timestamp) {
        guard
            ["acr", "amr", "auth", "session", "nonce", "seed", "assurance", "cnf", "resources", "details", "info"]
                .allSatisfy({ json[$0] == nil }), let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }), let scopes = json["scopes"]?.strings,
            let claims = json["claims"], claims.members != nil, let sid = json.optionalText("sid")
        else { return nil }
        self.init(
            client: client, pairwise: pairwise, scopes: scopes, acr: "", amr: [], authenticatedAt: issued, claims: claims, sid: sid.text,
            sessionExpires: expires)
    }
}
