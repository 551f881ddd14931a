package import Vocabulary

/// An access token in the store, by its digest: opaque ones, and JWTs too, so that revocation and introspection work alike for both.
package struct AccessTokenRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let tokenDigest: [UInt8]
    /// What the token goes back to, also through refreshes: the digest of the code, device code or CIBA request. When that code is replayed
    /// the token ends.
    package let codeDigest: [UInt8]?
    package let client: MemberID
    package let pairwise: PairwiseID
    package let scopes: [String]
    /// What policy released, for userinfo: an object of claims.
    package let claims: JSON
    /// The session it comes from, as the client knows it: when that session ends, so does the token. Nil: it comes from none.
    package let sid: String?
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
    /// Nil: a bearer token.
    package let binding: TokenBinding?
    /// Resources the token is for (RFC 8707); empty: none was named, and it is good for userinfo.
    package let audience: [String]
    package let authorizationDetails: JSON?
    /// Who acts for the citizen, outermost first (RFC 8693 §4.1).
    package let act: JSON?
    /// Nil in records of an older version.
    package let acr: String?
    package let authenticatedAt: Timestamp?
    /// `jti` of a JWT access token.
    package let tokenID: String?
    /// For clients that may exchange the token: what the level is judged by again.
    package let assurance: GrantedAssurance?
    /// What userinfo tells of the person, and what under a consent; nil: nothing.
    package let citizen: CitizenClaims?

    init(
        tokenDigest: [UInt8], codeDigest: [UInt8]?, client: MemberID, pairwise: PairwiseID, scopes: [String], claims: JSON, sid: String?,
        issuedAt: Timestamp, expiresAt: Timestamp, binding: TokenBinding? = nil, audience: [String] = [], authorizationDetails: JSON? = nil,
        act: JSON? = nil, acr: String? = nil, authenticatedAt: Timestamp? = nil, tokenID: String? = nil, assurance: GrantedAssurance? = nil,
        citizen: CitizenClaims? = nil
    ) {
        self.tokenDigest = tokenDigest
        self.codeDigest = codeDigest
        self.client = client
        self.pairwise = pairwise
        self.scopes = scopes
        self.claims = claims
        self.sid = sid
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.binding = binding
        self.audience = audience
        self.authorizationDetails = authorizationDetails
        self.act = act
        self.acr = acr
        self.authenticatedAt = authenticatedAt
        self.tokenID = tokenID
        self.assurance = assurance
        self.citizen = citizen
    }
}

extension AccessTokenRecord {
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("digest", .string(Base64url.encode(tokenDigest))), ("code", codeDigest.map { .string(Base64url.encode($0)) } ?? .null),
            ("client", .string(client.text)), ("pairwise", .string(pairwise.text)), ("scopes", .texts(scopes)), ("claims", claims),
            ("sid", sid.map { .string($0) } ?? .null), ("issued", .moment(issuedAt)), ("expires", .moment(expiresAt)),
        ]
        if let acr { members.append(("acr", .string(acr))) }
        if let authenticatedAt { members.append(("auth", .moment(authenticatedAt))) }
        if let binding { members.append(("cnf", binding.cnf)) }
        if !audience.isEmpty { members.append(("resources", .texts(audience))) }
        if let authorizationDetails { members.append(("details", authorizationDetails)) }
        if let act { members.append(("act", act)) }
        if let tokenID { members.append(("jti", .string(tokenID))) }
        if let assurance { members.append(("assurance", assurance.json)) }
        if let citizen { members.append(("citizen", citizen.json)) }
        return .object(members)
    }

    /// Nil when anything is missing or malformed; members of a later version may be absent.
    package init?(json: JSON) {
        guard let digest = json.digest("digest"), let code = json["code"], code == .null || json.digest("code") != nil,
            let client = json["client"]?.string.flatMap({ MemberID($0) }),
            let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }), let scopes = json["scopes"]?.strings,
            let claims = json["claims"], claims.members != nil, let sid = json.optionalText("sid"), let issued = json.moment("issued"),
            let expires = json.moment("expires")
        else { return nil }
        let authenticatedAt = json.moment("auth")
        guard let later = LaterMembers(json, authenticatedAt: authenticatedAt ?? issued),
            (json["auth"] == nil) == (authenticatedAt == nil), json["acr"] == nil || json["acr"]?.string != nil,
            json["act"] == nil || json["act"]?.members != nil, json["jti"] == nil || json["jti"]?.string != nil
        else { return nil }
        self.init(
            tokenDigest: digest, codeDigest: json.digest("code"), client: client, pairwise: pairwise, scopes: scopes, claims: claims,
            sid: sid.text, issuedAt: issued, expiresAt: expires, binding: later.binding, audience: later.resources,
            authorizationDetails: later.details, act: json["act"], acr: json["acr"]?.string, authenticatedAt: authenticatedAt,
            tokenID: json["jti"]?.string, assurance: later.assurance, citizen: later.citizen)
    }

    /// What the token stands for, so that another can be made from it (token exchange). It lives no longer than the token.
    package var entitlement: Entitlement {
        Entitlement(
            client: client, pairwise: pairwise, scopes: scopes, acr: acr ?? "", amr: [], authenticatedAt: authenticatedAt ?? issuedAt,
            claims: claims, citizen: citizen, sid: sid, sessionExpires: expiresAt, authorizationDetails: authorizationDetails,
            resources: audience,
            assurance: assurance)
    }
}
