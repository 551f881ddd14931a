import Cryptography
import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Who may register, RFC 7591 §3 (checklist C4, E22)` {
    @Test func `nobody without a token, a statement, or a deployment for development that says so`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata()
        #expect(throws: RegistrationRefusal.noToken) { try world.authority(json) }
        #expect(RegistrationRefusal.noToken.status == 401)
        #expect(RegistrationRefusal.noToken.authenticateHeader == "Bearer realm=\"registration\"")
        #expect(RegistrationRefusal.unknownToken.authenticateHeader == "Bearer realm=\"registration\", error=\"invalid_token\"")
        let open = try RegistrationWorld(ways: [.anybody], development: true, open: RegistrationWorld.terms())
        #expect(try open.authority(json).terms == RegistrationWorld.terms())
        // Even a deployment that was read wrongly does not open in production.
        let closed = try RegistrationWorld(ways: [.anybody], development: false, open: RegistrationWorld.terms())
        #expect(throws: RegistrationRefusal.noToken) { try closed.authority(json) }
    }

    @Test func `a token counts while it has uses and time`() throws {
        let world = try RegistrationWorld()
        let json = try world.metadata()
        #expect(try world.authority(json, token: RegistrationWorld.token()).token?.uses == 1)
        #expect(throws: RegistrationRefusal.spentToken) { try world.authority(json, token: RegistrationWorld.token(uses: 0)) }
        #expect(throws: RegistrationRefusal.unknownToken) { try world.authority(json, token: RegistrationWorld.token(expires: 0)) }
        let other = try RegistrationWorld(ways: [.statement])
        #expect(throws: RegistrationRefusal.unknownToken) { try other.authority(json, token: RegistrationWorld.token()) }
        // One came, and nobody knows it.
        #expect(throws: RegistrationRefusal.unknownToken) {
            try UnverifiedRegistration(body: json.bytes).authorized(
                by: nil, bearsToken: true, under: world.rules, at: world.provider, sponsor: { _ in world.sponsor },
                at: RegistrationWorld.now)
        }
    }

    @Test(arguments: [
        "Bearer", "Bearer ", "Basic " + String(repeating: "x", count: 43), "Bearer " + String(repeating: "x", count: 42),
        "Bearer " + String(repeating: "x", count: 44), "Bearer " + String(repeating: "/", count: 43),
        "Bearer\t" + String(repeating: "x", count: 43),
    ])
    func `a header that could not be a token of ours is none`(header: String) {
        #expect(RegistrationBearer.digest(of: header) == nil)
        let good = String(repeating: "x", count: 43)
        for scheme in ["bearer ", "Bearer   "] {
            #expect(RegistrationBearer.digest(of: scheme + good) == Digest.sha256(Array(good.utf8)))
        }
    }

    @Test(arguments: [Accreditation.State.suspended, .withdrawn, .applied, .examined])
    func `a sponsor that is not in force lets nobody in`(state: Accreditation.State) throws {
        let world = try RegistrationWorld(state: state)
        let refusal = #expect(throws: RegistrationRefusal.self) {
            try world.authority(world.metadata(), token: RegistrationWorld.token())
        }
        #expect(refusal?.explanation.code == "openid.registration.sponsor" && refusal?.status == 403)
    }

    @Test func `terms beyond the sponsor's accreditation let nobody in`() throws {
        let world = try RegistrationWorld()
        for terms in [
            try RegistrationWorld.terms(purposes: ["tax"]), try RegistrationWorld.terms(kind: .ministry),
            try RegistrationWorld.terms({ $0.until = RegistrationWorld.now }),
        ] {
            let refusal = #expect(throws: RegistrationRefusal.self) {
                try world.authority(world.metadata(), token: RegistrationWorld.token(terms))
            }
            #expect(refusal?.explanation.code == "openid.registration.sponsor")
        }
    }

    // MARK: Statements

    @Test func `what the registrar signed outranks what the client says, now and at every update`() throws {
        let world = try RegistrationWorld()
        let statement = try world.statement([
            ("redirect_uris", [.string(RegistrationWorld.callback)]), ("client_name", "署名された名"), ("software_id", "signed"),
        ])
        let json = try world.metadata([
            ("software_statement", statement), ("client_name", "別の名"), ("client_name#en", "Another"),
            ("redirect_uris", ["https://evil.example/cb"]),
        ])
        var random = SystemRandom()
        let authority = try world.authority(json)
        let done = try UnverifiedRegistration(body: json.bytes).verified(
            by: authority, with: .init(), under: world.rules, at: world.provider, at: RegistrationWorld.now, using: &random)
        #expect(done.client.redirectURIs == [RegistrationWorld.callback])
        #expect(done.body["client_name"]?.string == "署名された名" && done.body["client_name#en"] == nil)
        #expect(done.body["software_statement"] == statement, "as it came (RFC 7591 §3.2.1)")
        #expect(done.record.metadata["software_statement"] == nil)
        let later = try world.change(
            done, world.metadata([("client_id", .string(done.client.id.text)), ("redirect_uris", ["https://evil.example/cb"])]))
        #expect(later.client.redirectURIs == [RegistrationWorld.callback])
        #expect(later.body["client_name"]?.string == "署名された名" && later.body["software_statement"] == nil)
        let stored = try JSON(reading: later.record.json.text)
        #expect(RegistrationRecord(json: stored, version: later.record.version) == later.record)
        #expect(RegistrationRecord(json: stored, version: later.record.version + 1) != later.record)
    }

    @Test(
        arguments: [
            ("iss", JSON.string("https://evil.example")), ("iss", nil), ("exp", nil), ("exp", .integer(RegistrationWorld.now.seconds - 60)),
            ("exp", .integer(RegistrationWorld.now.seconds + 400 * 86_400)), ("aud", "https://other.example"),
            ("nbf", .integer(RegistrationWorld.now.seconds + 120)), ("iat", .integer(RegistrationWorld.now.seconds + 120)),
        ] as [(String, JSON?)])
    func `a statement that cannot be believed is invalid_software_statement`(claim: String, value: JSON?) throws {
        let world = try RegistrationWorld()
        let json = try world.metadata([("software_statement", world.statement(changes: [(claim, value)]))])
        let refusal = #expect(throws: RegistrationRefusal.self) { try world.authority(json) }
        #expect(refusal?.error == .invalidSoftwareStatement && refusal?.explanation.code == "openid.registration.statement")
    }

    @Test func `nor one that somebody else signed, or nobody, or that is another kind of token`() throws {
        let world = try RegistrationWorld()
        let good = try #require(try world.statement().string)
        let unsigned = Base64url.encode(Array("{\"alg\":\"none\"}".utf8)) + "." + (good.split(separator: ".").map(String.init)[1]) + "."
        let statements: [JSON] = [
            try world.statement(key: world.keys.shopES256), try world.statement(key: world.keys.shopRS256), .string(unsigned),
            .string(String(good.dropLast(4))), "x.y.z", "", try world.statement(type: "at+jwt"), try world.statement(type: "logout+jwt"),
        ]
        for statement in statements {
            let json = try world.metadata([("software_statement", statement)])
            let refusal = #expect(throws: RegistrationRefusal.self) { try world.authority(json) }
            #expect(refusal?.error == .invalidSoftwareStatement)
        }
        #expect(throws: RegistrationRefusal.self) { try UnverifiedRegistration(body: JSON.object([("software_statement", 7)]).bytes) }
        #expect(try world.authority(world.metadata([("software_statement", world.statement())])).terms == RegistrationWorld.terms())
    }

    @Test func `one that is believed and not enough is unapproved_software_statement`() throws {
        let world = try RegistrationWorld()
        let members = try #require(try RegistrationWorld.terms().json.members)
        let statements = [
            try world.statement(changes: [("federation_terms", nil)]), try world.statement(terms: "all"),
            try world.statement(terms: .object(members + [("limit", 1)])),
            try world.statement(terms: RegistrationWorld.terms(purposes: ["tax"]).json),
            try world.statement(terms: .object(members.filter { $0.0 != "purposes" })),
            try world.statement(
                terms: .object(members.filter { $0.0 != "grant_types" } + [("grant_types", [.string(GrantType.tokenExchange.rawValue)])])),
        ]
        for statement in statements {
            let json = try world.metadata([("software_statement", statement)])
            let refusal = #expect(throws: RegistrationRefusal.self) { try world.authority(json) }
            #expect(refusal?.error == .unapprovedSoftwareStatement)
        }
        let closed = try RegistrationWorld(ways: [.token])
        let json = try closed.metadata([("software_statement", closed.statement())])
        #expect(throws: RegistrationRefusal.self) { try closed.authority(json, token: RegistrationWorld.token()) }
    }

    @Test func `a token does not save a bad statement, nor a statement a bad token`() throws {
        let world = try RegistrationWorld()
        let bad = try world.metadata([("software_statement", world.statement(key: world.keys.shopES256))])
        #expect(throws: RegistrationRefusal.self) { try world.authority(bad, token: RegistrationWorld.token()) }
        let good = try world.metadata([("software_statement", world.statement())])
        #expect(throws: RegistrationRefusal.spentToken) { try world.authority(good, token: RegistrationWorld.token(uses: 0)) }
        let both = try world.authority(good, token: RegistrationWorld.token())
        #expect(both.token != nil && both.facts.first?.value == "statement")
    }

    // MARK: Membership

    @Test func `a client is a member by its terms, under its sponsor's name`() throws {
        let world = try RegistrationWorld()
        let record = try world.registered(world.metadata([("client_name#en", "Sample")])).record
        let member = try #require(record.member(sponsor: world.sponsor, at: RegistrationWorld.now))
        #expect(member.id == record.id && member.kind == .privateVerifier)
        #expect(member.displayName["ja"] == "見本（見本商事）" && member.displayName["en"] == "Sample (Sample Trading)")
        #expect(member.accreditation.purposes.map(\.text) == ["points"])
        #expect(member.standing(at: RegistrationWorld.now) == .inForce)
        #expect(member.sector == "sponsor shop.example")
    }

    @Test func `its standing ends with its sponsor's, and with its terms`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.until = RegistrationWorld.now.adding(seconds: 100) }
        let record = try world.registered(world.metadata(), terms: terms).record
        let now = RegistrationWorld.now
        func standing(_ sponsor: Member?, at moment: Timestamp = now) -> Standing? {
            record.member(sponsor: sponsor, at: moment)?.standing(at: moment)
        }
        #expect(standing(world.sponsor) == .inForce)
        #expect(standing(world.sponsor, at: now.adding(seconds: 101)) == .expired)
        #expect(try standing(RegistrationWorld.sponsor(state: .suspended)) == .suspended)
        #expect(try standing(RegistrationWorld.sponsor(state: .withdrawn)) == .withdrawn)
        #expect(try standing(RegistrationWorld.sponsor(state: .applied)) == .notAccredited)
        #expect(try standing(RegistrationWorld.sponsor(until: 50), at: now.adding(seconds: 60)) == .expired)
        #expect(standing(nil) == nil)
        #expect(try standing(RegistrationWorld.sponsor(kind: .ministry)) == nil)
        let narrowed = try #require(record.member(sponsor: RegistrationWorld.sponsor(purposes: ["identity-check"]), at: now))
        #expect(narrowed.accreditation.purposes.isEmpty)
    }

    @Test func `a served firm stands on the platform operator that serves it`() throws {
        let world = try RegistrationWorld()
        let operatorMember = try RegistrationWorld.sponsor(kind: .platformOperator)
        let terms = try RegistrationWorld.terms(kind: .servedFirm)
        #expect(terms.fault(under: operatorMember, at: RegistrationWorld.now) == nil)
        #expect(terms.fault(under: world.sponsor, at: RegistrationWorld.now) != nil)
        let member = try #require(
            terms.member(Federation.memberID("x"), names: ["und": "x"], hosts: "h", sponsor: operatorMember, at: RegistrationWorld.now))
        #expect(member.operatedBy == operatorMember.id)
        #expect(member.standing(at: RegistrationWorld.now) == .operatorNotInForce)
        #expect(member.resolved { _ in operatorMember }.standing(at: RegistrationWorld.now) == .inForce)
    }

    @Test func `no client sponsors another`() throws {
        let world = try RegistrationWorld()
        let id = try world.registered(world.metadata()).record.id
        var terms = try RegistrationWorld.terms()
        terms = RegistrationTerms(sponsor: id, kind: terms.kind, purposes: terms.purposes, defaultPurpose: terms.defaultPurpose)
        let member = Member(
            id: id, kind: .privateVerifier, displayName: [:], accreditation: world.sponsor.accreditation,
            defaultPurpose: terms.defaultPurpose)
        #expect(terms.fault(under: member, at: RegistrationWorld.now) != nil)
        #expect(terms.member(id, names: [:], hosts: "h", sponsor: member, at: RegistrationWorld.now) == nil)
    }

    @Test func `terms come back from the store as they were`() throws {
        let terms = try RegistrationWorld.terms {
            $0.profile = .fapi2
            $0.grants = [.authorizationCode, .ciba]
            $0.scopes = ["openid"]
            $0.detailsTypes = ["identity-proof"]
            $0.sector = "trading"
            $0.until = RegistrationWorld.now
        }
        #expect(RegistrationTerms(json: terms.json) == terms)
        #expect(try RegistrationTerms(json: RegistrationWorld.terms().json) == RegistrationWorld.terms())
    }
}
