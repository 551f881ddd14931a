import Credentials
import Cryptography
import JOSE
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// A small imaginary federation that signs real messages: one provider, a ministry, a shop, one citizen.
struct Federation {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)
    static let issuer = "https://login.example"
    static let callback = "https://shop.example/cb"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let secret = "a random secret: 2f9c0e~+%&"

    let provider: Provider
    let policy: Policy
    let keys: Keys

    init(refreshTokens: Bool = false, lifetimes: Provider.Lifetimes = .init(), releasing: Set<AttributeSource> = [.pinUsed, .cardMode])
        throws
    {
        keys = try Keys.shared.get()
        provider = Provider(
            issuer: Self.issuer, signingKeys: [keys.providerES256, keys.providerRS256], lifetimes: lifetimes,
            scopes: ["openid", "profile", "offline_access"], refreshTokens: refreshTokens)
        policy = Policy(
            rules: [Rule(id: "shops", effect: .permit, release: releasing, basis: "a test")], ladder: Self.ladder, version: "1")
    }

    static let ladder = AssuranceLadder([
        AssuranceContext(
            name: "presence", samlClasses: ["urn:x:presence"], acrValues: ["urn:x:acr:presence", "aal1"], amr: ["swk"], proofingLevel: 1,
            authenticationLevel: 1, modes: [.presence, .face, .pin], carriers: [.card, .phone], needsStatement: false),
        AssuranceContext(
            name: "face", samlClasses: ["urn:x:face"], acrValues: ["urn:x:acr:face", "aal2"], amr: ["face", "sc"], proofingLevel: 3,
            authenticationLevel: 2, modes: [.face], carriers: [.card], needsStatement: true),
        AssuranceContext(
            name: "pin", samlClasses: ["urn:x:pin"], acrValues: ["urn:x:acr:pin", "aal3"], amr: ["pin", "sc"], proofingLevel: 3,
            authenticationLevel: 3, modes: [.pin], carriers: [.card, .phone], needsStatement: true),
    ])

    static func memberID(_ text: String) throws -> MemberID {
        guard let id = MemberID(text) else { throw Missing() }
        return id
    }

    func member(_ id: String = "shop", state: Accreditation.State = .accredited) throws -> Member {
        guard let purpose = Purpose("points") else { throw Missing() }
        return Member(
            id: try Self.memberID(id), kind: .privateVerifier, displayName: ["en": "Shop"],
            accreditation: Accreditation(
                state: state, notBefore: Self.now.adding(seconds: -86_400), notAfter: Self.now.adding(seconds: 86_400 * 365),
                purposes: [purpose]), defaultPurpose: purpose)
    }

    /// The shop authenticates with a P-256 key unless told otherwise.
    func client(
        _ id: String = "shop", redirects: Set<String> = [callback], authentication: ClientAuthentication? = nil,
        algorithm: JWSAlgorithm = .es256, scopes: Set<String> = ["openid", "profile"], requiresNonce: Bool = false,
        refreshTokens: Bool = false, audiences: AssertionAudiences = .issuerOrTokenEndpoint,
        afterLogout: Set<String> = [], backchannel: String? = nil
    ) throws -> Client {
        try Client(
            id: Self.memberID(id), redirectURIs: redirects, authentication: authentication ?? .privateKeyJWT(keys.set([keys.shopES256])),
            idTokenAlgorithm: algorithm, scopes: scopes, requiresNonce: requiresNonce, refreshTokens: refreshTokens,
            assertionAudiences: audiences, postLogoutRedirectURIs: afterLogout, backchannelLogoutURI: backchannel)
    }

    func secretClient(_ id: String = "shop") throws -> Client {
        try client(id, authentication: .clientSecretBasic(digest: Digest.sha256(Array(Self.secret.utf8))))
    }

    // MARK: - The journey

    func session(mode: CardMode = .pin, ago: Int64 = 60) throws -> Session {
        guard let id = SessionID([UInt8](repeating: 7, count: 32)), let subject = SubjectID("subject-of-hanako-0001") else {
            throw Missing()
        }
        let at = Self.now.adding(seconds: -ago)
        let authentication = SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .crl, statusAt: at, authenticatedAt: at),
            certificate: CertificateIdentity(issuer: "aa", serial: "06d1"), terminal: nil)
        return Session(
            id: id, subject: subject, authentications: [authentication], createdAt: at, lastSeenAt: at,
            indexSeed: [UInt8](repeating: 9, count: 32))
    }

    static let pairwise = "hanako7at7the7shop7aaaaaaaaaaaaa"

    func grant(_ ask: Ask, member: Member, session: Session) throws -> Grant {
        let rules = SessionRules(idle: 3_600, absolute: 28_800)
        let step = SignOn.next(for: ask, by: member, in: session, under: policy, sessions: rules, at: Self.now)
        guard case .permit(let permit) = step, let pairwise = PairwiseID(Self.pairwise) else { throw Missing() }
        return try permit.grant(to: pairwise, for: ask)
    }

    func refusal(_ ask: Ask, member: Member, session: Session?) throws -> SignOnRefusal {
        let rules = SessionRules(idle: 3_600, absolute: 28_800)
        guard case .refuse(let refusal) = SignOn.next(for: ask, by: member, in: session, under: policy, sessions: rules, at: Self.now)
        else {
            throw Missing()
        }
        return refusal
    }

    // MARK: - Messages

    static let plainRequest: [(String, String)] = [
        ("client_id", "shop"), ("redirect_uri", callback), ("response_type", "code"), ("scope", "openid"), ("state", "s-1"),
        ("nonce", "n-1"), ("code_challenge", challenge), ("code_challenge_method", "S256"),
    ]

    /// A well-formed request with some parameters replaced, added, or (nil) left out.
    static func query(_ changes: [(String, String?)] = []) -> String {
        var parameters = plainRequest.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { parameters.append((name, value)) } }
        return form(parameters)
    }

    static func form(_ parameters: [(String, String)]) -> String {
        parameters.map { encode($0.0) + "=" + encode($0.1) }.joined(separator: "&")
    }

    static func encode(_ text: String) -> String {
        text.utf8.map { byte -> String in
            let plain = byte.isBase64url || byte == 0x2e || byte == 0x7e
            return plain ? String(decoding: [byte], as: UTF8.self) : "%" + Hexadecimal.encode([byte])
        }.joined()
    }

    func verified(_ changes: [(String, String?)] = [], client: Client? = nil) throws -> VerifiedAuthorizationRequest {
        try UnverifiedAuthorizationRequest(parameters: Self.query(changes))
            .verified(for: client ?? self.client(), at: provider, at: Self.now)
    }

    /// The refusal of a request, or nil when it is accepted.
    func refusal(_ query: String, client: Client? = nil) throws -> AuthorizationRefusal? {
        let client = try client ?? self.client()
        do throws(AuthorizationRefusal) {
            _ = try UnverifiedAuthorizationRequest(parameters: query).verified(for: client, at: provider, at: Self.now)
            return nil
        } catch {
            return error
        }
    }

    /// A code for a well-formed request: its text, and its record.
    func code(_ changes: [(String, String?)] = [], client: Client? = nil, session: Session? = nil) throws -> (String, CodeRecord) {
        let client = try client ?? self.client()
        let request = try verified(changes, client: client)
        var random = SystemRandom()
        let grant = try grant(request.ask, member: member(client.id.text), session: session ?? self.session())
        let (record, answer) = try request.code(for: grant, at: provider, at: Self.now, using: &random)
        guard let code = Self.parameters(of: answer.location)["code"] else { throw Missing() }
        return (code, record)
    }

    static func tokenBody(_ code: String, _ changes: [(String, String?)] = []) -> [UInt8] {
        let plain = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("code_verifier", verifier),
        ]
        var parameters = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { parameters.append((name, value)) } }
        return Array(form(parameters).utf8)
    }

    func assertionClaims(_ changes: [(String, JSON?)] = [], client: String = "shop") -> JSON {
        let plain: [(String, JSON)] = [
            ("iss", .string(client)), ("sub", .string(client)), ("aud", .string(provider.tokenEndpoint)),
            ("exp", .integer(Self.now.seconds + 120)), ("iat", .integer(Self.now.seconds)), ("jti", "jti-1"),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return .object(members)
    }

    func assertion(_ changes: [(String, JSON?)] = [], key: SigningKey? = nil, type: String? = "JWT", client: String = "shop") throws
        -> String
    {
        try (key ?? keys.shopES256).signed(assertionClaims(changes, client: client), type: type)
    }

    static func credential(_ assertion: String) -> [(String, String?)] {
        [("client_assertion", assertion), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")]
    }

    static func basic(_ id: String, _ secret: String) -> String {
        "Basic " + Base64.encode(Array((encode(id) + ":" + encode(secret)).utf8))
    }

    /// The whole token request of the shop with a fresh assertion.
    func authenticated(_ body: [UInt8], authorization: String? = nil, client: Client? = nil) throws -> AuthenticatedTokenRequest {
        try UnverifiedTokenRequest(body: body, authorization: authorization)
            .authenticated(as: client ?? self.client(), at: provider, at: Self.now)
    }

    func tokens(
        _ record: CodeRecord, _ body: [UInt8], client: Client? = nil, member: Member? = nil, at now: Timestamp = now
    ) throws -> TokenAnswer {
        var random = SystemRandom()
        return try authenticated(body, client: client).tokens(
            for: record, member: member ?? self.member(), policy: policy, at: provider, at: now, using: &random)
    }

    /// The claims of an ID token of ours, verified against the published keys as a client would.
    func idTokenClaims(_ answer: TokenAnswer) throws -> (claims: JSON, header: JSON) {
        guard let text = answer.body["id_token"]?.string else { throw Missing() }
        let keys = try JWKSet(reading: provider.jwks(at: Self.now))
        let verified = try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [.es256, .rs256])
        return (try JSON(reading: verified.payload), verified.header)
    }

    static func parameters(of location: String) -> [String: String] {
        guard let mark = location.utf8.firstIndex(of: 0x3f) else { return [:] }
        var found: [String: String] = [:]
        for pair in location[location.utf8.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            found[String(parts[0])] = parts.count > 1 ? decode(String(parts[1])) : ""
        }
        return found
    }

    private static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let decoded = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))?.first {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

struct Missing: Error {}

/// Keys are slow to make; every test uses the same.
struct Keys: Sendable {
    static let shared = Result { try Keys() }

    let providerES256, providerRS256, shopES256, shopRS256, shopPS256, shopES384, strangerES256: SigningKey

    private init() throws {
        let rsa = try PrivateKey.generate(.rsa(bits: 2048))
        providerES256 = SigningKey(keyID: "p-ec", algorithm: .es256, key: try .generate(.ec(.p256)))
        providerRS256 = SigningKey(keyID: "p-rsa", algorithm: .rs256, key: try .generate(.rsa(bits: 2048)))
        shopES256 = SigningKey(keyID: "s-ec", algorithm: .es256, key: try .generate(.ec(.p256)))
        shopRS256 = SigningKey(keyID: "s-rsa", algorithm: .rs256, key: rsa)
        shopPS256 = SigningKey(keyID: "s-pss", algorithm: .ps256, key: rsa)
        shopES384 = SigningKey(keyID: "s-384", algorithm: .es384, key: try .generate(.ec(.p384)))
        strangerES256 = SigningKey(keyID: "s-ec", algorithm: .es256, key: try .generate(.ec(.p256)))
    }

    func set(_ keys: [SigningKey]) throws -> JWKSet {
        let public_ = keys.map { JWK($0.key.publicKey, keyID: $0.keyID, algorithm: $0.algorithm).json }
        return try JWKSet(reading: .object([("keys", .array(public_))]))
    }
}
