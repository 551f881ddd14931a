import Cryptography
import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `What a registration points to (checklist C4, E21)` {
    private func bytes(_ set: JWKSet) -> [UInt8] { set.json.bytes }

    @Test func `keys at jwks_uri are the client's keys`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("jwks", nil), ("jwks_uri", "https://shop.example/jwks")])
        let authority = try world.authority(json, token: RegistrationWorld.token())
        #expect(try UnverifiedRegistration(body: json.bytes).errands(by: authority, under: world.rules).keys == "https://shop.example/jwks")
        let done = try world.registered(json, documents: .init(keys: bytes(world.keys.set([world.keys.shopES256]))))
        #expect(done.client.keysAddress == "https://shop.example/jwks" && done.client.keys?.keys.first?.keyID == "s-ec")
        #expect(done.body["jwks_uri"]?.string == "https://shop.example/jwks" && done.body["jwks"] == nil)
        #expect(done.record.keysAddress == "https://shop.example/jwks" && done.record.keysAt == RegistrationWorld.now)
    }

    @Test(arguments: ["", "{}", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", "<html>"])
    func `a document that is no key set is refused`(text: String) throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("jwks", nil), ("jwks_uri", "https://shop.example/jwks")])
        let refusal = try #require(try world.refusal(json, documents: .init(keys: Array(text.utf8))))
        #expect(refusal.error == .invalidClientMetadata && refusal.explanations.map(\.code).contains("openid.registration.document"))
        let absent = try #require(try world.refusal(json))
        #expect(absent.explanations.map(\.code).contains("openid.registration.document"))
    }

    @Test(arguments: [
        "http://shop.example/jwks", "https://user@shop.example/jwks", "file:///etc/passwd", "gopher://shop.example/",
        "https://shop.example/#x",
    ])
    func `an address that may not be registered is not fetched`(address: String) throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("jwks", nil), ("jwks_uri", .string(address)), ("sector_identifier_uri", .string(address))])
        let authority = try world.authority(json, token: RegistrationWorld.token())
        let errands = try UnverifiedRegistration(body: json.bytes).errands(by: authority, under: world.rules)
        #expect(errands == RegistrationErrands(keys: nil, sector: nil))
        #expect(try world.refusal(json)?.error == .invalidClientMetadata)
    }

    @Test func `a sector vouches for every redirect address`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([
            ("redirect_uris", ["https://a.example/cb", "https://b.example/cb"]), ("sector_identifier_uri", "https://sector.example/list"),
        ])
        let good = RegistrationDocuments(sector: Array("[\"https://b.example/cb\",\"https://a.example/cb\",\"https://c.example/\"]".utf8))
        #expect(try world.registered(json, documents: good).record.hosts == "sector.example")
        for bad in ["[\"https://a.example/cb\"]", "[\"https://a.example/cb\",\"https://b.example/cb/\"]"] {
            let refusal = try #require(try world.refusal(json, documents: .init(sector: Array(bad.utf8))))
            #expect(refusal.error == .invalidClientMetadata && refusal.explanations.map(\.code).contains("openid.registration.sector"))
        }
        for bad in ["{}", "[1]", "x", ""] {
            let refusal = try #require(try world.refusal(json, documents: .init(sector: Array(bad.utf8))))
            #expect(refusal.explanations.map(\.code).contains("openid.registration.document"))
        }
    }

    @Test func `several hosts need a sector, of a document or of the terms`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("redirect_uris", ["https://a.example/cb", "https://b.example/cb"])])
        #expect(try world.refusal(json)?.explanation.code == "openid.registration.sector")
        let terms = try RegistrationWorld.terms { $0.sector = "trading" }
        let record = try world.registered(json, terms: terms).record
        #expect(record.member(sponsor: world.sponsor, at: RegistrationWorld.now)?.sector == "trading")
    }

    @Test func `clients of one document are one sector, of two sponsors never`() throws {
        let world = try RegistrationWorld()
        let document = RegistrationDocuments(sector: Array("[\"https://a.example/cb\",\"https://b.example/cb\"]".utf8))
        func sector(_ address: String, _ sponsor: Member) throws -> String? {
            let json = try world.metadata([("redirect_uris", [.string(address)]), ("sector_identifier_uri", "https://sector.example/list")])
            return try world.registered(json, documents: document).record.member(sponsor: sponsor, at: RegistrationWorld.now)?.sector
        }
        let other = Member(
            id: try Federation.memberID("rival"), kind: .privateVerifier, displayName: ["ja": "別"],
            accreditation: world.sponsor.accreditation,
            defaultPurpose: world.sponsor.defaultPurpose)
        #expect(try sector("https://a.example/cb", world.sponsor) == sector("https://b.example/cb", world.sponsor))
        #expect(try sector("https://a.example/cb", world.sponsor) != sector("https://a.example/cb", other))
    }

    /// Neither passes by an address: whoever names another client's host would learn that one's numbers.
    @Test(arguments: [GrantType.deviceCode, .ciba])
    func `a client with codes for devices or back-channel requests is a sector of its own, unless its terms name one`(
        grant: GrantType
    ) throws {
        let world = try RegistrationWorld()
        let document = RegistrationDocuments(sector: Array("[\"\(RegistrationWorld.callback)\"]".utf8))
        func sector(
            _ grants: [GrantType], of name: String? = nil, mayHave: Set<GrantType>? = nil, _ more: [(String, JSON?)] = []
        ) throws -> String? {
            var changes: [(String, JSON?)] = [("grant_types", .array(grants.map { .string($0.rawValue) }))]
            changes += more
            let terms = try RegistrationWorld.terms {
                $0.grants = mayHave ?? RegistrationTerms.usualGrants.union([grant])
                $0.sector = name
            }
            let record = try world.registered(world.metadata(changes), terms: terms, documents: document).record
            let sector = record.member(sponsor: world.sponsor, at: RegistrationWorld.now)?.sector
            return sector == "sponsor " + record.id.text ? "its own" : sector
        }
        let listed: [(String, JSON?)] = [("sector_identifier_uri", "https://shop.example/list")]
        let usual = RegistrationTerms.usualGrants
        #expect(try sector([.authorizationCode], mayHave: usual) == "sponsor shop.example")
        #expect(try sector([.authorizationCode], mayHave: usual, listed) == "sponsor shop.example")
        // One that may register for it later is kept apart too: a citizen may decide between two of its updates.
        #expect(try sector([.authorizationCode]) == "its own")
        #expect(try sector([.authorizationCode, grant]) == "its own")
        #expect(try sector([.authorizationCode, grant], listed) == "its own")
        #expect(try sector([.authorizationCode, grant], of: "trading") == "trading")
    }

    @Test func `an assertion by a key that is not known asks for the set anew, where it is published`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("jwks", nil), ("jwks_uri", "https://shop.example/jwks")])
        let client = try world.registered(json, documents: .init(keys: bytes(world.keys.set([world.keys.shopES256])))).client
        let inline = try world.registered(world.metadata()).client
        func wants(_ key: SigningKey, _ client: Client?) throws -> Bool {
            let claims: JSON = .object([("sub", .string(client?.id.text ?? "nobody"))])
            let body = Federation.form([
                ("client_assertion", try key.signed(claims)),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ])
            return try UnverifiedClient(FormParameters(body: Array(body.utf8)), ClientEvidence()).wantsNewKeys(of: client)
        }
        #expect(try wants(world.keys.shopES384, client))
        #expect(try !wants(world.keys.shopES256, client))
        #expect(try !wants(world.keys.shopES384, inline))
        #expect(try !wants(world.keys.shopES384, nil))
        // A request object says it too, beside an assertion by a known key and where nothing else is signed; so does CIBA's hint.
        func wants(object key: SigningKey, as name: String = "request", _ client: Client?) throws -> [Bool] {
            let id = client?.id.text ?? "nobody"
            let body = Federation.form([
                ("client_assertion", try world.keys.shopES256.signed(.object([("sub", .string(id))]))),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_id", id),
                (name, try key.signed(.object([("client_id", .string(id))]))),
            ])
            return [
                try UnverifiedClient(FormParameters(body: Array(body.utf8)), ClientEvidence()).wantsNewKeys(of: client),
                try UnverifiedAuthorizationRequest(parameters: body).wantsNewKeys(of: client),
            ]
        }
        #expect(try wants(object: world.keys.shopES384, client) == [true, true])
        #expect(try wants(object: world.keys.shopES256, client) == [false, false])
        #expect(try wants(object: world.keys.shopES384, inline) == [false, false])
        #expect(try wants(object: world.keys.shopES384, nil) == [false, false])
        #expect(try wants(object: world.keys.shopES384, as: "login_hint_token", client) == [true, false])
        #expect(try wants(object: world.keys.shopES256, as: "login_hint_token", client) == [false, false])
    }

    @Test func `pages of a client that nobody vouched for are its own`() throws {
        let terms = try RegistrationWorld.terms()
        let open = try RegistrationWorld(ways: [.anybody], development: true, open: terms)
        func refusal(_ address: String) throws -> RegistrationRefusal? {
            let json = try open.metadata([("logo_uri", .string(address))])
            var random = SystemRandom()
            do {
                _ = try UnverifiedRegistration(body: json.bytes).verified(
                    by: open.authority(json), with: .init(), under: open.rules, at: open.provider, at: RegistrationWorld.now, using: &random
                )
                return nil
            } catch let refusal as RegistrationRefusal { return refusal }
        }
        #expect(try refusal("https://www.digital.go.jp/logo.png")?.explanation.code == "openid.registration.page")
        #expect(try refusal("https://shop.example/logo.png") == nil)
    }
}
