import JOSE
package import SignOn
package import TrustFramework
package import Vocabulary

/// What a login granted a client, before there is any token: kept with a code, a device code, a CIBA request, a refresh token. `TokenMint`
/// turns it into tokens, and judges it again each time.
package struct Entitlement: Hashable, Sendable {
    package let client: MemberID
    package let pairwise: PairwiseID
    package let scopes: [String]
    /// Empty only in refresh tokens of an older version, which told nobody a level.
    package let acr: String
    package let amr: [String]
    package let authenticatedAt: Timestamp
    /// Released for the ID token: an object of claims.
    package let claims: JSON
    private let ownUserInfoClaims: JSON?
    /// What is told of the person, and what under a consent; nil: nothing.
    package let citizen: CitizenClaims?
    /// The session it comes from, as the client knows it: what comes of it ends with that session. Nil: it comes from none.
    package let sid: String?
    package let sessionExpires: Timestamp
    package let nonce: String?
    /// An array (RFC 9396 §7), as granted.
    package let authorizationDetails: JSON?
    /// Resources it was granted for (RFC 8707 §2.2); empty: none was named.
    package let resources: [String]
    /// The key that has to come with the request that redeems it: `dpop_jkt`, PAR's proof, a public refresh token's key.
    package let binding: TokenBinding?
    /// Nil in records of an older version.
    package let assurance: GrantedAssurance?

    init(
        client: MemberID, pairwise: PairwiseID, scopes: [String], acr: String, amr: [String], authenticatedAt: Timestamp, claims: JSON,
        userInfoClaims: JSON? = nil, citizen: CitizenClaims? = nil, sid: String?, sessionExpires: Timestamp, nonce: String? = nil,
        authorizationDetails: JSON? = nil, resources: [String] = [], binding: TokenBinding? = nil, assurance: GrantedAssurance? = nil
    ) {
        self.client = client
        self.pairwise = pairwise
        self.scopes = scopes
        self.acr = acr
        self.amr = amr
        self.authenticatedAt = authenticatedAt
        self.claims = claims
        ownUserInfoClaims = userInfoClaims
        self.citizen = citizen
        self.sid = sid
        self.sessionExpires = sessionExpires
        self.nonce = nonce
        self.authorizationDetails = authorizationDetails
        self.resources = resources
        self.binding = binding
        self.assurance = assurance
    }

    /// Released for userinfo and for the holders of access tokens: as for the ID token unless the request told them apart.
    package var userInfoClaims: JSON { ownUserInfoClaims ?? claims }

    package var purpose: Purpose? { assurance?.purpose }
}

/// What the level of a login was judged by, to be judged by again: the purpose it served, the facts of the card's use, and what the
/// request required.
package struct GrantedAssurance: Hashable, Sendable {
    package let purpose: Purpose
    package let facts: AssuranceFacts
    package let requirement: ContextRequirement?
    /// The island that the login was made for.
    package let island: String?
    /// The attributes that the request named.
    package let asked: Set<AttributeSource>
    package let actingFor: ActingFor

    package init(
        purpose: Purpose, facts: AssuranceFacts, requirement: ContextRequirement?, island: String? = nil,
        asked: Set<AttributeSource> = [], actingFor: ActingFor = .nobody
    ) {
        self.purpose = purpose
        self.facts = facts
        self.requirement = requirement
        self.island = island
        self.asked = asked
        self.actingFor = actingFor
    }

    /// The question of the login, asked anew on this path. `isShown`: whether what the citizen showed of a signature certificate is still kept;
    /// nil takes the login's word for it, for the answer that the citizen has just been through.
    package func question(
        by member: Member, on path: IssuancePath, under policy: Policy? = nil, showing isShown: Bool? = nil, at now: Timestamp
    ) -> Question {
        Question(
            member: member, purpose: purpose,
            facts: isShown.map { facts.presenting(signatureCertificate: facts.signatureCertificate && $0) } ?? facts,
            requirement: requirement, now: now,
            request: RequestFacts(protocol: .openid, path: path, asked: asked, actingFor: actingFor),
            circumstances: policy?.circumstances ?? Circumstances())
    }
}

extension Entitlement {
    /// From a grant. INVARIANT: it serves the member that policy granted to, whoever asked. `claims`, `userInfoClaims` and `citizen` may only
    /// leave out of what the grant releases.
    package init(
        _ grant: Grant, scopes: [String], requirement: ContextRequirement?, nonce: String? = nil, claims: JSON,
        userInfoClaims: JSON? = nil, citizen: CitizenClaims? = nil, authorizationDetails: JSON? = nil, resources: [String] = [],
        binding: TokenBinding? = nil
    ) {
        // The context's own name, or the one of its names that the client asked for: an answer "that matches one of the requested values"
        // (OpenID Connect Core §5.5.1.1).
        let names = grant.context.acrValues
        let acr = requirement?.values.first(where: names.contains) ?? names.first ?? grant.context.name
        self.init(
            client: grant.member.id, pairwise: grant.pairwise, scopes: scopes, acr: acr, amr: grant.context.amr,
            authenticatedAt: grant.facts.authenticatedAt,
            claims: claims, userInfoClaims: userInfoClaims, citizen: citizen, sid: grant.sessionIndex, sessionExpires: grant.sessionExpires,
            nonce: nonce, authorizationDetails: authorizationDetails,
            resources: resources, binding: binding,
            assurance: GrantedAssurance(
                purpose: grant.purpose, facts: grant.facts, requirement: requirement, island: grant.obligations.session?.island,
                asked: grant.question.request.asked ?? [], actingFor: grant.question.request.actingFor))
    }

    /// The same with less in it; `nil` leaves a part as it is. What is asked for must have been granted: the caller has checked. With a scope
    /// goes what it stands for of the person.
    func narrowed(scopes: [String]? = nil, resources: [String]? = nil, authorizationDetails: JSON? = nil) -> Entitlement {
        Entitlement(
            client: client, pairwise: pairwise, scopes: scopes ?? self.scopes, acr: acr, amr: amr, authenticatedAt: authenticatedAt,
            claims: claims, userInfoClaims: ownUserInfoClaims,
            citizen: scopes == nil ? citizen : citizen?.narrowed(from: self.scopes, to: scopes ?? []), sid: sid,
            sessionExpires: sessionExpires, nonce: nonce,
            authorizationDetails: authorizationDetails ?? self.authorizationDetails, resources: resources ?? self.resources,
            binding: binding, assurance: assurance)
    }

    /// The same, telling nothing but these.
    func telling(only sources: Set<AttributeSource>) -> Entitlement {
        let names = Set(AttributeSource.allCases.filter { !sources.contains($0) }.map(\.claim))
        func kept(_ claims: JSON) -> JSON { .object((claims.members ?? []).filter { !names.contains($0.0) }) }
        return Entitlement(
            client: client, pairwise: pairwise, scopes: scopes, acr: acr, amr: amr, authenticatedAt: authenticatedAt, claims: kept(claims),
            userInfoClaims: ownUserInfoClaims.map(kept),
            citizen: citizen.flatMap {
                CitizenClaims(
                    idToken: $0.idToken.filter(sources.contains), userInfo: $0.userInfo.filter(sources.contains),
                    consented: $0.consented.filter(sources.contains))
            }, sid: sid, sessionExpires: sessionExpires, nonce: nonce, authorizationDetails: authorizationDetails, resources: resources,
            binding: binding, assurance: assurance)
    }

    /// The same, to be redeemed with this key; nil: with any.
    func bound(to binding: TokenBinding?) -> Entitlement {
        if binding == self.binding { return self }
        return Entitlement(
            client: client, pairwise: pairwise, scopes: scopes, acr: acr, amr: amr, authenticatedAt: authenticatedAt, claims: claims,
            userInfoClaims: ownUserInfoClaims, citizen: citizen, sid: sid, sessionExpires: sessionExpires, nonce: nonce,
            authorizationDetails: authorizationDetails, resources: resources, binding: binding, assurance: assurance)
    }
}

extension Entitlement {
    /// For the store; `init(json:)` reads it back. What is nil or empty by far the most often is left out.
    package var json: JSON { .object(stored) }

    /// The members, to stand beside those of the record that keeps it.
    var stored: [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("client", .string(client.text)), ("nonce", nonce.map { .string($0) } ?? .null), ("scopes", .texts(scopes)),
            ("pairwise", .string(pairwise.text)), ("acr", .string(acr)), ("amr", .texts(amr)), ("auth", .moment(authenticatedAt)),
            ("claims", claims), ("sid", sid.map { .string($0) } ?? .null), ("session", .moment(sessionExpires)),
        ]
        if let ownUserInfoClaims { members.append(("info", ownUserInfoClaims)) }
        if let citizen { members.append(("citizen", citizen.json)) }
        if let authorizationDetails { members.append(("details", authorizationDetails)) }
        if !resources.isEmpty { members.append(("resources", .texts(resources))) }
        if let binding { members.append(("cnf", binding.cnf)) }
        if let assurance { members.append(("assurance", assurance.json)) }
        return members
    }

    /// Nil when anything is missing or malformed: a record that cannot be read whole is no record. The members that came with a later
    /// version may be absent, never malformed.
    package init?(json: JSON) {
        guard let client = json["client"]?.string.flatMap({ MemberID($0) }), let nonce = json.optionalText("nonce"),
            let scopes = json["scopes"]?.strings, let pairwise = json["pairwise"]?.string.flatMap({ PairwiseID($0) }),
            let acr = json["acr"]?.string, let amr = json["amr"]?.strings, let auth = json.moment("auth"), let claims = json["claims"],
            claims.members != nil, let sid = json.optionalText("sid"), let session = json.moment("session"),
            let later = LaterMembers(json, authenticatedAt: auth)
        else { return nil }
        self.init(
            client: client, pairwise: pairwise, scopes: scopes, acr: acr, amr: amr, authenticatedAt: auth, claims: claims,
            userInfoClaims: later.userInfoClaims, citizen: later.citizen, sid: sid.text, sessionExpires: session, nonce: nonce.text,
            authorizationDetails: later.details, resources: later.resources, binding: later.binding, assurance: later.assurance)
    }
}

/// The members that records of the first versions do not have; each may be absent, and none may be malformed.
struct LaterMembers {
    let userInfoClaims: JSON?
    let details: JSON?
    let resources: [String]
    let binding: TokenBinding?
    let assurance: GrantedAssurance?
    let citizen: CitizenClaims?

    init?(_ json: JSON, authenticatedAt: Timestamp) {
        userInfoClaims = json["info"]
        details = json["details"]
        guard userInfoClaims == nil || userInfoClaims?.members != nil, details == nil || details?.array != nil else { return nil }
        guard let resources = json["resources"].map(\.strings) ?? [] else { return nil }
        self.resources = resources
        binding = json["cnf"].flatMap { TokenBinding(cnf: $0) }
        assurance = json["assurance"].flatMap { GrantedAssurance(json: $0, authenticatedAt: authenticatedAt) }
        citizen = json["citizen"].flatMap { CitizenClaims(json: $0) }
        guard (json["cnf"] == nil) == (binding == nil), (json["assurance"] == nil) == (assurance == nil),
            (json["citizen"] == nil) == (citizen == nil)
        else { return nil }
    }
}

extension GrantedAssurance {
    var json: JSON {
        var members: [(String, JSON)] = [
            ("purpose", .string(purpose.text)), ("mode", .string(facts.mode.rawValue)), ("stated", .bool(facts.modeIsStated)),
            ("carrier", .string(facts.carrier.rawValue)), ("door", .string(facts.door.rawValue)),
            ("source", .string(facts.statusSource.rawValue)), ("status", .moment(facts.statusAt)),
        ]
        if let terminal = facts.terminalClass { members.append(("class", .string(terminal))) }
        if let upstream = facts.upstream { members.append(("upstream", .string(upstream.text))) }
        if facts.signatureCertificate { members.append(("signature", true)) }
        if let island { members.append(("island", .string(island))) }
        if !asked.isEmpty { members.append(("named", .texts(asked.map(\.rawValue).sorted()))) }
        if actingFor != .nobody { members.append(("acting", .string(actingFor.rawValue))) }
        if let requirement {
            members += [
                ("asked", .texts(requirement.values)), ("how", .string(requirement.comparison.rawValue)),
                ("essential", .bool(requirement.essential)),
            ]
        }
        return .object(members)
    }

    init?(json: JSON, authenticatedAt: Timestamp) {
        guard let purpose = json["purpose"]?.string.flatMap({ Purpose($0) }),
            let mode = json["mode"]?.string.flatMap(CardMode.init(rawValue:)), let stated = json["stated"]?.bool,
            let carrier = json["carrier"]?.string.flatMap(Carrier.init(rawValue:)),
            let door = json["door"]?.string.flatMap(Door.init(rawValue:)),
            let source = json["source"]?.string.flatMap(StatusSource.init(rawValue:)), let status = json.moment("status")
        else { return nil }
        let upstream = json["upstream"]?.string
        guard upstream == nil || upstream.flatMap({ MemberID($0) }) != nil else { return nil }
        var requirement: ContextRequirement?
        if let asked = json["asked"] {
            guard let values = asked.strings, let how = json["how"]?.string.flatMap(Comparison.init(rawValue:)),
                let essential = json["essential"]?.bool
            else { return nil }
            requirement = ContextRequirement(values: values, comparison: how, essential: essential)
        }
        let named = json["named"].map(\.strings) ?? []
        let acting = json["acting"].map { $0.string.flatMap(ActingFor.init(rawValue:)) } ?? .nobody
        guard let named, let acting, json["island"] == nil || json["island"]?.string != nil else { return nil }
        self.init(
            purpose: purpose,
            facts: AssuranceFacts(
                mode: mode, modeIsStated: stated, carrier: carrier, door: door, statusSource: source, statusAt: status,
                authenticatedAt: authenticatedAt, terminalClass: json["class"]?.string, upstream: upstream.flatMap { MemberID($0) },
                signatureCertificate: json["signature"]?.bool ?? false),
            requirement: requirement, island: json["island"]?.string, asked: Set(named.compactMap(AttributeSource.init(rawValue:))),
            actingFor: acting)
    }
}
