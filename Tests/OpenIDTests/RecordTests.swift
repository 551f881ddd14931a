import Cryptography
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Records go through the store unchanged` {
    private func answer(_ federation: Federation) throws -> (CodeRecord, TokenAnswer) {
        let client = try federation.client(scopes: ["offline_access"], refreshTokens: true)
        let (code, record) = try federation.code([("scope", "openid offline_access"), ("acr_values", "aal3")], client: client)
        let answer = try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
        return (record, answer)
    }

    private func lacking(_ json: JSON) -> [(String, JSON)] {
        let members = json.members ?? []
        return members.indices.map { index in
            (members[index].0, .object(members.enumerated().filter { $0.offset != index }.map(\.element)))
        }
    }

    @Test func `code, access token and refresh token read back what was written`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try federation.client(scopes: ["offline_access"], refreshTokens: true)
        for changes in [[("scope", "openid offline_access")], [("scope", "openid offline_access"), ("nonce", nil)]] as [[(String, String?)]]
        {
            let (code, record) = try federation.code(changes, client: client)
            #expect(CodeRecord(json: try JSON(reading: record.json.text)) == record)
            let answer = try federation.tokens(
                record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
            #expect(AccessTokenRecord(json: try JSON(reading: answer.accessToken.json.text)) == answer.accessToken)
            let refresh = try #require(answer.refreshToken)
            #expect(RefreshTokenRecord(json: try JSON(reading: refresh.json.text)) == refresh)
        }
    }

    /// What came with this version may be absent, as in rows of the one before; everything else has to be there.
    @Test func `a record that lacks a member is no record`() throws {
        let federation = try Federation(refreshTokens: true)
        let (record, answer) = try answer(federation)
        for (name, json) in lacking(record.json) {
            #expect((CodeRecord(json: json) != nil) == ["assurance"].contains(name), "\(name)")
        }
        for (name, json) in lacking(answer.accessToken.json) {
            #expect((AccessTokenRecord(json: json) != nil) == ["acr", "auth"].contains(name), "\(name)")
        }
        for (name, json) in lacking(try #require(answer.refreshToken).json) {
            #expect((RefreshTokenRecord(json: json) != nil) == ["seed", "assurance"].contains(name), "\(name)")
        }
    }

    @Test(
        arguments: [
            ("assurance", .object([("purpose", "points")])), ("assurance", "pin"), ("cnf", .object([("jkt", "short")])),
            ("cnf", .object([("kid", "x")])), ("cnf", .object([])), ("resources", "https://a.example"), ("resources", [1]),
            ("details", .object([])), ("info", []), ("seed", "AA"), ("claims", []), ("scopes", "openid"), ("nonce", 1),
        ] as [(String, JSON)])
    func `a member that is there and malformed makes it no record`(name: String, value: JSON) throws {
        let federation = try Federation(refreshTokens: true)
        let (record, answer) = try answer(federation)
        let refresh = try #require(answer.refreshToken)
        if name != "seed" { #expect(CodeRecord(json: record.json.with(name, value)) == nil) }
        #expect(RefreshTokenRecord(json: refresh.json.with(name, value)) == nil)
    }

    @Test(arguments: [TokenBinding.dpop(jkt: jkt), .certificate(x5tS256: jkt)])
    func `a binding is read back from cnf`(binding: TokenBinding) throws {
        #expect(TokenBinding(cnf: binding.cnf) == binding)
        #expect(TokenBinding(cnf: .object((binding.cnf.members ?? []) + [("x", "y")])) == nil)
    }

    private static let jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

    @Test func `every later member is read back`() throws {
        let json = Self.firstRefresh.with(
            [
                ("acr", "urn:x:acr:pin"), ("amr", ["pin"]), ("auth", 1_795_233_540_000), ("session", 1_795_262_340_000), ("nonce", .null),
                ("info", .object([("card_carrier", "card")])), ("details", [.object([("type", "t")])]),
                ("resources", ["https://a.example"]), ("cnf", .object([("jkt", .string(Self.jkt))])),
                ("seed", .string(Base64url.encode([UInt8](repeating: 3, count: 32)))),
                (
                    "assurance",
                    .object([
                        ("purpose", "points"), ("mode", "pin"), ("stated", true), ("carrier", "card"), ("door", "tls"), ("source", "crl"),
                        ("status", 1_795_230_000_000), ("asked", ["aal3"]), ("how", "minimum"), ("essential", true),
                    ])
                ),
            ])
        let record = try #require(RefreshTokenRecord(json: json))
        #expect(record.entitlement.binding == .dpop(jkt: Self.jkt))
        #expect(record.entitlement.assurance?.requirement?.values == ["aal3"])
        #expect(record.entitlement.resources == ["https://a.example"])
        #expect(record.entitlement.userInfoClaims == .object([("card_carrier", "card")]))
        #expect(record.entitlement.claims == .object([("pin_used", true)]))
        #expect(RefreshTokenRecord(json: try JSON(reading: record.json.text)) == record)
        #expect(Entitlement(json: try JSON(reading: record.entitlement.json.text)) == record.entitlement)
    }

    // MARK: Rows of the first version

    private static let digest = Base64url.encode([UInt8](repeating: 7, count: 32))

    private static let firstCode: JSON = .object([
        ("digest", .string(digest)), ("client", "shop"), ("redirect", "https://shop.example/cb"), ("challenge", "c"), ("nonce", .null),
        ("scopes", ["openid"]), ("pairwise", "hanako7at7the7shop7aaaaaaaaaaaaa"), ("acr", "urn:x:acr:pin"), ("amr", ["pin", "sc"]),
        ("auth", 1_795_233_540_000), ("claims", .object([("pin_used", true)])), ("sid", "s"), ("session", 1_795_262_340_000),
        ("issued", 1_795_233_600_000), ("expires", 1_795_233_660_000),
    ])

    private static let firstRefresh: JSON = .object([
        ("digest", .string(digest)), ("family", .string(digest)), ("client", "shop"), ("pairwise", "hanako7at7the7shop7aaaaaaaaaaaaa"),
        ("scopes", ["openid", "offline_access"]), ("claims", .object([("pin_used", true)])), ("sid", "s"),
        ("issued", 1_795_233_600_000), ("expires", 1_795_262_340_000),
    ])

    @Test func `a code, an access token and a refresh token of the first version are read`() throws {
        let code = try #require(CodeRecord(json: Self.firstCode))
        #expect(code.entitlement.assurance == nil)
        #expect(code.codeChallenge == "c")
        #expect(code.entitlement.acr == "urn:x:acr:pin")
        let refresh = try #require(RefreshTokenRecord(json: Self.firstRefresh))
        #expect(refresh.seed == nil)
        #expect(refresh.entitlement.acr.isEmpty)
        #expect(refresh.entitlement.sessionExpires == refresh.expiresAt)
        // In this version's words it is still the same.
        #expect(RefreshTokenRecord(json: try JSON(reading: refresh.json.text)) == refresh)
        let members = (Self.firstRefresh.members ?? []).map { $0.0 == "family" ? ("code", $0.1) : $0 }
        let access = try #require(AccessTokenRecord(json: .object(members)))
        #expect(access.binding == nil && access.audience.isEmpty && access.acr == nil)
    }

    @Test func `a refresh token that has half of a login is none`() {
        for (name, value) in [("acr", "urn:x:acr:pin"), ("auth", 1), ("session", 1), ("amr", ["pin"])] as [(String, JSON)] {
            #expect(RefreshTokenRecord(json: Self.firstRefresh.with(name, value)) == nil)
        }
    }

    @Test func `a refresh token of the first version is exchanged, and its successor is whole`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try federation.client(scopes: ["openid", "offline_access"], refreshTokens: true)
        let token = "a refresh token of the version before"
        let old = try #require(
            RefreshTokenRecord(
                json: Self.firstRefresh.with("digest", .string(Base64url.encode(Digest.sha256(Array(token.utf8)))))))
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let body = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + credential).utf8)
        var random = SystemRandomNumberGenerator()
        let answer = try federation.authenticated(body, client: client).tokens(
            refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
            using: &random)
        #expect(answer.body["id_token"] == nil, "it told nobody a level then")
        #expect(answer.refreshToken?.seed?.count == 32)
        #expect(answer.refreshToken?.expiresAt == old.expiresAt)
    }
}

extension JSON {
    /// The same object with one member set.
    func with(_ name: String, _ value: JSON) -> JSON { with([(name, value)]) }

    func with(_ changes: [(String, JSON)]) -> JSON {
        .object((members ?? []).filter { member in !changes.contains { $0.0 == member.0 } } + changes)
    }
}
