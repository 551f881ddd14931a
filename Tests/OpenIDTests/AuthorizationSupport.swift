import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

/// What the suites of the authorization endpoint share. Everything goes through the front door: signed requests are signed, pushed ones
/// pushed by a client that authenticated.
extension Federation {
    /// A `request_uri` as we give them out, which nobody pushed.
    static let reference = "urn:ietf:params:oauth:request_uri:" + String(repeating: "A", count: 43)

    /// Two types of authorization details, as a deployment would describe them.
    static let details = AuthorizationDetailsTypes([
        AuthorizationDetailsType(
            name: "agency-filing", title: Wording(japanese: "役所への届出", english: "Filing with agencies"),
            fields: [
                DetailsField(
                    name: "locations", title: Wording(japanese: "届出先", english: "Filed with"), kind: .list(.address, most: 3),
                    isRequired: true),
                DetailsField(
                    name: "actions", title: Wording(japanese: "すること", english: "What is done"),
                    kind: .list(
                        .text(
                            longest: 64,
                            choices: [
                                .init("submit", Wording(japanese: "提出する", english: "submit")),
                                .init("follow", Wording(japanese: "状況を見る", english: "follow")),
                            ]), most: 4)),
                DetailsField(name: "effective", title: Wording(japanese: "異動日", english: "Effective from"), kind: .day),
                DetailsField(
                    name: "copies", title: Wording(japanese: "部数", english: "Copies"), kind: .integer(1...5), narrowing: .atMost),
                DetailsField(name: "urgent", title: Wording(japanese: "至急", english: "Urgent"), kind: .flag),
                DetailsField(
                    name: "case", title: Wording(japanese: "申込み", english: "Application"),
                    kind: .object([
                        DetailsField(
                            name: "number", title: Wording(japanese: "受付番号", english: "number"), kind: .text(longest: 16, choices: []),
                            isRequired: true)
                    ])),
            ]),
        AuthorizationDetailsType(
            name: "pension-only", title: Wording(japanese: "年金", english: "Pension"), members: MemberID("pension").map { [$0] },
            fields: [DetailsField(name: "year", title: Wording(japanese: "年度", english: "Year"), kind: .integer(2000...2100))]),
    ])

    /// The provider with everything an authorization request can use.
    var rich: Provider {
        provider.with(
            decryptionKeys: [EncryptionKeys.provider],
            authorization: AuthorizationRules(pushedLifetime: 90, details: Self.details))
    }

    /// A client of a profile, with signed requests and answers.
    func rp(
        _ profile: ClientProfile = .core, id: String = "shop", _ change: (inout ClientOptions) -> Void = { _ in }
    ) throws -> Client {
        var options = ClientOptions()
        options.profile = profile
        let requestKeys = [keys.shopES256, keys.shopPS256] + (profile.isFAPI ? [] : [keys.shopRS256])
        var published = try keys.set(requestKeys).json["keys"]?.array ?? []
        published.append(EncryptionKeys.client.jwk.json)
        options.keys = try JWKSet(reading: .object([("keys", .array(published))]))
        options.requestObjects = RequestObjects(
            algorithms: profile.isFAPI ? [.es256, .ps256] : [.es256, .ps256, .rs256], isRequired: profile == .fapi2MessageSigning)
        options.authorizationSigning = .es256
        options.authorizationDetailsTypes = ["agency-filing", "pension-only"]
        options.resources = ["https://api.example/a", "https://api.example/b"]
        change(&options)
        return try Client(
            id: Self.memberID(id), redirectURIs: [Self.callback], authentication: .privateKeyJWT(keys.set([keys.shopES256])),
            scopes: ["openid", "profile"], requiresNonce: profile == .digitalAuthApp, options: options)
    }

    /// What a request through the browser comes to.
    func judged(_ query: String, _ client: Client) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        try UnverifiedAuthorizationRequest(parameters: query).verified(for: client, at: rich, at: Self.now)
    }

    /// Why one is refused; nil when it is accepted.
    func judgedRefusal(_ query: String, _ client: Client) -> AuthorizationRefusal? {
        do throws(AuthorizationRefusal) {
            _ = try judged(query, client)
            return nil
        } catch {
            return error
        }
    }

    /// The claims of a good request object, changed: nil leaves a claim out.
    static func objectClaims(_ changes: [(String, JSON?)] = [], client: String = "shop") -> JSON {
        let plain: [(String, JSON)] =
            [
                ("iss", .string(client)), ("aud", .string(issuer)), ("exp", .integer(now.seconds + 300)), ("nbf", .integer(now.seconds)),
            ] + plainRequest.map { ($0.0, $0.0 == "client_id" ? .string(client) : .string($0.1)) }
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return .object(members)
    }

    func requestObject(
        _ changes: [(String, JSON?)] = [], key: SigningKey? = nil, type: String? = "oauth-authz-req+jwt", client: String = "shop"
    ) throws -> String {
        try (key ?? keys.shopES256).signed(Self.objectClaims(changes, client: client), type: type)
    }

    /// A query that has nothing but a request object.
    static func query(object: String, beside more: [(String, String)] = []) -> String {
        form([("client_id", "shop"), ("request", object)] + more)
    }

    /// The client at the pushed authorization request endpoint, authenticated by a signed assertion.
    func pushed(
        _ parameters: [(String, String)], _ client: Client, proof: DPoPProof? = nil, at now: Timestamp = now, jti: String = "jti-1"
    ) throws -> VerifiedPush {
        let body = Array(
            Self.form(
                parameters + [
                    ("client_assertion", try assertion([("aud", .string(Self.issuer)), ("jti", .string(jti))], client: client.id.text)),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ]
            ).utf8)
        let evidence = ClientEvidence(address: provider.pushedAuthorizationEndpoint)
        let authenticated = try UnverifiedClient(FormParameters(body: body), evidence).authenticated(as: client, at: rich, at: now)
        var random = SystemRandom()
        return try UnverifiedPush(body: body).verified(
            from: authenticated, showing: proof, at: rich, keptFor: 900, at: now, using: &random)
    }

    /// Why a push is refused.
    func pushRefusal(_ parameters: [(String, String)], _ client: Client, proof: DPoPProof? = nil) throws -> AuthorizationRefusal? {
        do {
            _ = try pushed(parameters, client, proof: proof)
            return nil
        } catch let refusal as AuthorizationRefusal {
            return refusal
        }
    }

    /// A proof of `key` for the endpoint of pushes.
    func proof(of key: SigningKey) throws -> DPoPProof? {
        let claims: JSON = .object([
            ("jti", "proof-1"), ("htm", "POST"), ("htu", .string(provider.pushedAuthorizationEndpoint)),
            ("iat", .integer(Self.now.seconds)),
        ])
        let public_ = JWK(key.key.publicKey, keyID: "x", algorithm: key.algorithm).json.members?.filter {
            ["kty", "crv", "x", "y"].contains($0.0)
        }
        let header: JSON = .object([("typ", "dpop+jwt"), ("alg", .string(key.algorithm.rawValue)), ("jwk", .object(public_ ?? []))])
        let input = Base64url.encode(header.bytes) + "." + Base64url.encode(claims.bytes)
        let signature = try key.key.sign(Array(input.utf8), key.algorithm.signature, encoding: .raw)
        return try DPoPProof.proven(
            [input + "." + Base64url.encode(signature)], method: "POST", address: provider.pushedAuthorizationEndpoint, accessToken: nil,
            nonces: .off, at: Self.now)
    }
}

/// Keys to encrypt to; slow to make, shared.
enum EncryptionKeys {
    static let provider = make("p-enc")
    static let client = make("c-enc")

    /// The provider's, in a token that does not answer.
    static func away() throws -> DecryptionKey {
        let uri = try TokenURI("pkcs11:token=Away;object=e1")
        let token = Token.at(module: "/nowhere/no-module.so", uri, rules: Token.Rules(patience: 500, sessions: 1)) { nil }
        return DecryptionKey(
            keyID: provider.keyID, key: PrivateKey(TokenKey(token, uri, for: .decryption), publicKey: provider.key.publicKey))
    }

    private static func make(_ name: String) -> DecryptionKey {
        guard let key = try? PrivateKey.generate(.ec(.p256)) else { fatalError("no key for the tests") }
        return DecryptionKey(keyID: name, key: key)
    }
}

extension AuthorizationRefusal {
    /// Where a plain answer goes; nil for a page.
    func location(issuer: String) -> String? {
        var random = Seeded()
        return try? answer(at: Provider(issuer: issuer, keys: []), at: Federation.now, using: &random)?.location
    }

    /// Whether it is told on a page of ours and nowhere else.
    var isPage: Bool {
        guard case .page = self else { return false }
        return true
    }
}

extension VerifiedAuthorizationRequest {
    func location(refusing refusal: SignOnRefusal, at provider: Provider) throws -> String {
        var random = Seeded()
        return try answer(refusing: refusal, at: provider, at: Federation.now, using: &random).location
    }
}

extension AuthorizationAnswer {
    /// The parameters it carries, by name; a name that comes twice fails.
    func parameters() throws -> [String: String] {
        switch self {
        case .redirect(let location): return Federation.parameters(of: location)
        case .form(_, let fields): return Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        }
    }
}
