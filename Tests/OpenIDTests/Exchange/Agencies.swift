import Cryptography
import JOSE
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// A portal, the agencies that it files at, and tokens as the store would give them back. Clients and requests come through the real
/// front doors; records are what a store has read.
struct Agencies {
    static let now = Federation.now
    static let portal = "portal"
    static let town = "town"
    static let pension = "pension"
    static let townResource = "https://town.example/api"
    static let pensionResource = "https://pension.example/api"
    static let token = "the-portals-own-access-token-of-43-chars-000"
    static let subject = "hanako7at7the7portal7aaaaaaaaaaa"
    static let subjectAtTown = "hanako7at7the7town7aaaaaaaaaaaaa"

    let federation: Federation
    let provider: Provider
    var policy: Policy

    init(lifetimes: Provider.Lifetimes = .init(), rules: [Rule]? = nil) throws {
        federation = try Federation()
        let keys = federation.keys
        provider = Provider(
            issuer: Federation.issuer, signingKeys: [keys.providerES256, keys.providerRS256], lifetimes: lifetimes,
            scopes: ["openid", "profile", "filing"])
        policy = Policy(
            rules: rules ?? [Rule(id: "all", effect: .permit, release: [.pinUsed], basis: "a test")], ladder: Federation.ladder,
            version: "7")
    }

    // MARK: - Members and clients

    func member(
        _ id: String, _ kind: MemberKind = .ministry, state: Accreditation.State = .accredited, purposes: [String] = ["filing"],
        until: Int64 = 86_400
    ) throws -> Member {
        let all = try purposes.map { text throws in
            guard let purpose = Purpose(text) else { throw Missing() }
            return purpose
        }
        guard let first = all.first else { throw Missing() }
        return Member(
            id: try Federation.memberID(id), kind: kind, displayName: ["en": id],
            accreditation: Accreditation(
                state: state, notBefore: Self.now.adding(seconds: -86_400), notAfter: Self.now.adding(seconds: until),
                purposes: Set(all)), defaultPurpose: first)
    }

    func client(_ id: String, _ configure: (inout ClientOptions) -> Void = { _ in }) throws -> Client {
        var options = ClientOptions()
        configure(&options)
        return try Client(
            id: Federation.memberID(id), redirectURIs: ["https://\(id).example/cb"],
            authentication: .privateKeyJWT(federation.keys.set([federation.keys.shopES256])), scopes: ["openid", "profile", "filing"],
            options: options)
    }

    /// May file at the town, and at the pension office by its name.
    func portalClient(_ configure: (inout ClientOptions) -> Void = { _ in }) throws -> Client {
        try client(Self.portal) { options in
            options.grants = [.authorizationCode, .tokenExchange]
            options.exchange = ExchangeRegistration(audiences: [Self.townResource, Self.pension])
            configure(&options)
        }
    }

    /// Takes what the portal hands on, and may hand on to the pension office.
    func townClient(_ configure: (inout ClientOptions) -> Void = { _ in }) throws -> Client {
        try client(Self.town) { options in
            options.grants = [.authorizationCode, .tokenExchange]
            options.audiences = [Self.townResource, "https://town.example/other"]
            options.exchange = ExchangeRegistration(audiences: [Self.pensionResource])
            options.acceptsExchangesFrom = [Self.portal]
            configure(&options)
        }
    }

    func pensionClient(_ configure: (inout ClientOptions) -> Void = { _ in }) throws -> Client {
        try client(Self.pension) { options in
            options.audiences = [Self.pensionResource]
            options.acceptsExchangesFrom = [Self.portal, Self.town]
            configure(&options)
        }
    }

    // MARK: - Tokens

    static func filing(at locations: [String], onward: [String] = [], procedure: String = "move") -> JSON {
        .object(
            [("type", "agency-filing"), ("procedure", .string(procedure)), ("locations", .array(locations.map { .string($0) }))]
                + (onward.isEmpty ? [] : [("onward", .array(onward.map { .string($0) }))]))
    }

    static let agreed: JSON = [filing(at: [townResource, pensionResource], onward: [pensionResource]), ["type": "own-notes"]]

    static func digest(_ token: String) -> [UInt8] { Digest.sha256(Array(token.utf8)) }

    /// An access token as the store has it, with members changed or (nil) left out.
    static func record(_ token: String = token, _ changes: [(String, JSON?)] = []) throws -> AccessTokenRecord {
        let plain: [(String, JSON)] = [
            ("digest", .string(Base64url.encode(digest(token)))), ("code", .string(Base64url.encode([UInt8](repeating: 3, count: 32)))),
            ("client", .string(portal)), ("pairwise", .string(subject)), ("scopes", ["openid", "profile", "filing"]),
            ("claims", ["pin_used": true, "iss": "forged", "sub": "forged"]), ("sid", "_sid"),
            ("issued", .integer(now.milliseconds - 1_000)),
            ("expires", .integer(now.milliseconds + 300_000)), ("acr", "urn:x:acr:pin"), ("auth", .integer(now.milliseconds - 60_000)),
            ("details", agreed), ("assurance", assurance()),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        guard let record = AccessTokenRecord(json: .object(members)) else { throw Missing() }
        return record
    }

    static func assurance(mode: String = "pin", purpose: String = "filing") -> JSON {
        [
            "purpose": .string(purpose), "mode": .string(mode), "stated": true, "carrier": "card", "door": "challenge", "source": "crl",
            "status": .integer(now.milliseconds - 120_000),
        ]
    }

    /// What an agency got from the portal: for the town, acted with by the portal.
    static func handedOn(_ token: String = "the-towns-token", _ changes: [(String, JSON?)] = []) throws -> AccessTokenRecord {
        try record(
            token,
            [
                ("pairwise", .string(subjectAtTown)), ("scopes", ["filing"]), ("claims", .object([])), ("sid", .null),
                ("resources", [.string(townResource)]), ("details", [filing(at: [townResource], onward: [pensionResource])]),
                ("act", ["sub": .string(portal)]),
            ].filter { name, _ in !changes.contains { $0.0 == name } } + changes)
    }

    // MARK: - Requests

    /// The client's proof of itself at an endpoint, through the front door.
    func authenticated(_ client: Client, _ form: [(String, String)] = []) throws -> (AuthenticatedClient, FormParameters) {
        let parameters = try FormParameters(body: Array(Federation.form(form + credential(client)).utf8))
        let unverified = try UnverifiedClient(parameters, ClientEvidence(address: provider.tokenEndpoint))
        return (try unverified.authenticated(as: client, at: provider, at: Self.now), parameters)
    }

    func credential(_ client: Client) throws -> [(String, String)] {
        Federation.credential(try federation.assertion([("aud", .string(Federation.issuer))], client: client.id.text)).compactMap {
            name, value in
            value.map { (name, $0) }
        }
    }

    static let plainExchange: [(String, String)] = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("resource", townResource),
    ]

    /// A well-formed exchange with some parameters replaced, added, or (nil) left out.
    func exchangeRequest(
        _ changes: [(String, String?)] = [], by client: Client? = nil, dpop: [String] = [], certificate: PresentedCertificate? = nil
    ) throws -> AuthenticatedTokenRequest {
        let client = try client ?? portalClient()
        var form = Self.plainExchange.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { form.append((name, value)) } }
        let evidence = ClientEvidence(dpop: dpop, certificate: certificate, address: provider.tokenEndpoint)
        return try UnverifiedTokenRequest(body: Array(Federation.form(form + credential(client)).utf8), evidence: evidence)
            .authenticated(as: client, at: provider, at: Self.now)
    }

    /// A DPoP proof for one request.
    static func proof(
        of key: SigningKey, _ method: String, _ address: String, token: String? = nil, nonce: String? = nil, jti: String = "p-1"
    ) throws -> String {
        var claims: [(String, JSON)] = [
            ("jti", .string(jti)), ("htm", .string(method)), ("htu", .string(address)), ("iat", .integer(now.seconds)),
        ]
        if let token { claims.append(("ath", .string(Base64url.encode(digest(token))))) }
        if let nonce { claims.append(("nonce", .string(nonce))) }
        let public_ = key.jwk.json.members?.filter { ["kty", "crv", "x", "y"].contains($0.0) } ?? []
        let header: JSON = .object([("typ", "dpop+jwt"), ("alg", .string(key.algorithm.rawValue)), ("jwk", .object(public_))])
        let input = Base64url.encode(header.bytes) + "." + Base64url.encode(JSON.object(claims).bytes)
        return input + "." + Base64url.encode(try key.key.sign(Array(input.utf8), key.algorithm.signature, encoding: .raw))
    }
}
