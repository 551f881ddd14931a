import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

/// OpenID Connect RP-Initiated Logout 1.0 §2, §3, §4; checklist C13, E4, E24, H4. The names of the conformance suite's modules stand behind
/// the sentences (prefix `oidcc-rp-initiated-logout-`).
@Suite struct `RP-initiated logout, the request` {
    private static let back = "https://shop.example/bye?from=sekisho"

    private func hint(_ federation: Federation) throws -> String {
        let (code, record) = try federation.code()
        let answer = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        return try #require(answer.body["id_token"]?.string)
    }

    private func client(_ federation: Federation) throws -> Client {
        try federation.client(afterLogout: [Self.back, "https://shop.example/x"])
    }

    private func verified(_ federation: Federation, _ parameters: [(String, String)]) throws -> VerifiedLogoutRequest {
        try UnverifiedLogoutRequest(parameters: Federation.form(parameters)).verified(for: client(federation), at: federation.provider)
    }

    private func refusal(_ federation: Federation, _ parameters: [(String, String)]) throws -> String? {
        do {
            _ = try verified(federation, parameters)
            return nil
        } catch let refusal as LogoutRefusal {
            return refusal.explanation.code
        }
    }

    @Test func `a hint of this session and a registered address need no question, and state travels back (good)`() throws {
        let federation = try Federation()
        let request = try verified(
            federation, [("id_token_hint", try hint(federation)), ("post_logout_redirect_uri", Self.back), ("state", "s&1")])
        #expect(request.client?.id.text == "shop")
        #expect(request.names(try federation.session()))
        #expect(request.location == Self.back + "&state=s%261")
    }

    /// §2: "The Client MAY re-encrypt the signed ID token to the Authentication Server".
    @Test(arguments: [[], [("client_id", "shop")]] as [[(String, String)]])
    func `a hint that the client encrypted to us says the same`(named: [(String, String)]) throws {
        let federation = try Federation()
        let sealed = try sealed(hint(federation))
        let request = try encrypted(federation, named + [("id_token_hint", sealed), ("post_logout_redirect_uri", Self.back)])
        #expect(request.isHinted)
        #expect(request.names(try federation.session()))
        #expect(request.location == Self.back)
    }

    @Test func `one that was encrypted to another key, changed, or has no ID token of ours inside is none`() throws {
        let federation = try Federation()
        let hint = try hint(federation)
        let stranger = DecryptionKey(keyID: "p-enc", key: try .generate(.ec(.p256)))
        let signature = String(hint.split(separator: ".")[2])
        let wrongs = [
            try sealed(hint, to: stranger.jwk), String(try sealed(hint).dropLast(4)), try sealed("no token"),
            try sealed(hint.replacing(signature, with: String(signature.reversed()))), try sealed(sealed(hint)),
        ]
        for wrong in wrongs {
            let refusal = #expect(throws: LogoutRefusal.self) {
                try encrypted(federation, [("client_id", "shop"), ("id_token_hint", wrong)])
            }
            #expect(refusal?.explanation.code == "openid.logout.id-token-hint")
        }
    }

    private func sealed(_ text: String, to key: JWK = EncryptionKeys.provider.jwk) throws -> String {
        var random = SystemRandom()
        return try JWE.encrypt(
            Array(text.utf8), to: key, algorithm: .ecdhESA256KW, content: .a256GCM, contentType: "JWT", using: &random)
    }

    private func encrypted(_ federation: Federation, _ parameters: [(String, String)]) throws -> VerifiedLogoutRequest {
        try UnverifiedLogoutRequest(parameters: Federation.form(parameters), at: federation.rich)
            .verified(for: client(federation), at: federation.rich)
    }

    @Test func `without state the address is byte for byte the registered one (no-state)`() throws {
        let federation = try Federation()
        let request = try verified(federation, [("id_token_hint", try hint(federation)), ("post_logout_redirect_uri", Self.back)])
        #expect(request.location == Self.back)
    }

    @Test func `a hint alone ends the session and leads nowhere (no-post-logout-redirect-uri)`() throws {
        let federation = try Federation()
        let request = try verified(federation, [("id_token_hint", try hint(federation)), ("state", "s")])
        #expect(request.names(try federation.session()))
        #expect(request.location == nil)
    }

    @Test(arguments: [[], [("state", "s")], [("ui_locales", "ja"), ("logout_hint", "hanako"), ("unknown", "x")]] as [[(String, String)]])
    func `what names nobody is no refusal, and names no session (no-params, only-state)`(parameters: [(String, String)]) throws {
        let federation = try Federation()
        let request = try verified(federation, parameters)
        #expect(request.client == nil)
        #expect(!request.names(try federation.session()))
        #expect(request.location == nil)
    }

    @Test func `without a hint an address is kept only for a client that is named, and the citizen is asked (no-id-token-hint)`() throws {
        let federation = try Federation()
        let unknown = try verified(federation, [("post_logout_redirect_uri", Self.back), ("state", "s")])
        #expect(unknown.location == nil)
        let named = try verified(federation, [("client_id", "shop"), ("post_logout_redirect_uri", Self.back)])
        #expect(named.location == Self.back)
        #expect(!named.isHinted)
        #expect(!named.names(try federation.session()))
    }

    /// bad-post-logout-redirect-uri, query-added-to-post-logout-redirect-uri; checklist E4.
    @Test(arguments: [
        "https://shop.example/bye", "https://shop.example/bye?from=sekisho&more=1", "https://shop.example/bye?from=sekisho#",
        "https://shop.example/bye?from=Sekisho",
        "https://SHOP.example/bye?from=sekisho", "https://shop.example//bye?from=sekisho", "https://shop.example@evil.example/bye",
        "https://evil.example/", "//evil.example", "javascript:alert(1)", "https://shop.example/cb", " https://shop.example/x",
        "https://shop.example/x/", "http://shop.example/x", "https:\\\\shop.example\\x", "https://shop.example/x\u{0}",
    ])
    func `an address that is not registered byte for byte is refused`(address: String) throws {
        let federation = try Federation()
        #expect(
            try refusal(federation, [("id_token_hint", try hint(federation)), ("post_logout_redirect_uri", address)])
                == "openid.logout.redirect-unregistered")
    }

    /// modified-id-token-hint, bad-id-token-hint; checklist E24.
    @Test(arguments: ["modified", "garbage", "stranger", "logout token", "access token", "issuer", "audience", "unsigned"])
    func `a hint that is no ID token of ours for this client is refused`(how: String) throws {
        let federation = try Federation()
        let genuine = try hint(federation)
        func token(_ type: String?, iss: String = Federation.issuer, aud: String = "shop") throws -> String {
            try federation.keys.providerES256.signed(["iss": .string(iss), "aud": .string(aud), "sub": "s", "sid": "x"], type: type)
        }
        let hint =
            switch how {
            case "modified": String(genuine.dropLast(4)) + "AAAA"
            case "garbage": "not.a.token"
            case "stranger":
                try federation.keys.strangerES256.signed(["iss": .string(Federation.issuer), "aud": "shop", "sub": "s"], type: "JWT")
            case "logout token": try token("logout+jwt")
            case "access token": try token("at+jwt")
            case "issuer": try token("JWT", iss: "https://other.example")
            case "audience": try token("JWT", aud: "bank")
            default: "eyJhbGciOiJub25lIn0." + (genuine.split(separator: ".").dropFirst().first.map(String.init) ?? "") + "."
            }
        #expect(
            try refusal(federation, [("id_token_hint", hint), ("client_id", "shop")]) == "openid.logout.id-token-hint")
    }

    @Test func `a genuine hint of another session names not this one`() throws {
        let federation = try Federation()
        let request = try verified(federation, [("id_token_hint", try hint(federation))])
        let other = try federation.session()
        let session = Session(
            id: other.id, subject: other.subject, authentications: other.authentications, createdAt: other.createdAt,
            lastSeenAt: other.lastSeenAt, indexSeed: [UInt8](repeating: 8, count: 32))
        #expect(!request.names(session))
        #expect(request.names(other))
    }

    @Test func `a hint names the client's own part in its session, and no other`() throws {
        let federation = try Federation()
        let request = try verified(federation, [("id_token_hint", try hint(federation))])
        let session = try federation.session()
        let (shop, bank) = (try #require(MemberID("shop")), try #require(MemberID("bank")))
        let name = try #require(request.hintedName)
        let index = session.tie.index(for: shop)
        func isNamed(_ member: MemberID, _ name: MemberName, _ index: String) -> Bool {
            request.names(
                Participation(
                    thread: session.thread, subject: session.subject, member: member, name: name, sessionIndex: index,
                    joinedAt: session.createdAt, expiresAt: session.createdAt.adding(seconds: 60)))
        }
        #expect(isNamed(shop, .subject(name), index))
        #expect(!isNamed(shop, .subject(name), session.tie.index(for: bank)))
        #expect(!isNamed(bank, .subject(name), index))
        #expect(!isNamed(shop, .nameID(name, format: nil), index))
        #expect(try verified(federation, [("client_id", "shop")]).hintedName == nil)
    }

    @Test(arguments: ["client_id", "post_logout_redirect_uri", "state", "id_token_hint"])
    func `a parameter that comes twice is refused`(name: String) throws {
        let federation = try Federation()
        #expect(try refusal(federation, [(name, "a"), (name, "b")]) == "openid.request.repeated")
    }

    @Test func `a client that nobody registered, and a state beyond bounds, are refused`() throws {
        let federation = try Federation()
        #expect(try refusal(federation, [("client_id", "nobody")]) == "openid.request.client-unknown")
        #expect(try refusal(federation, [("state", String(repeating: "s", count: 4_097))]) == "openid.logout.state-too-long")
        #expect(try refusal(federation, [("state", String(repeating: "s", count: 4_096))]) == nil)
    }
}
