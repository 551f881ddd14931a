import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Ways to an answer behind the login: the rules of now speak on each of them.
private enum Behind {
    static let name: (String, JSON?) = ("citizen", ["id": [], "info": ["name", "over-18"], "agreed": []])

    static func assurance(island: String? = nil, signature: Bool = false) -> (String, JSON?) {
        var members = Agencies.assurance().members ?? []
        if let island { members.append(("island", .string(island))) }
        if signature { members.append(("signature", true)) }
        return ("assurance", .object(members))
    }

    static func rule(
        _ id: String, _ effect: Rule.Effect = .permit, _ domains: [Fact: Domain] = [:], release: Set<AttributeSource> = [.name, .over18],
        _ obligations: Obligations = .none
    ) -> Rule {
        Rule(id: id, effect: effect, condition: Condition(domains), release: release, obligations: obligations, basis: "law")
    }
}

@Suite struct `Userinfo asks the rules of now` {
    private func told(_ rules: [Rule], _ changes: [(String, JSON?)] = [Behind.name], hearing shows: Bool = true) throws -> JSON {
        let agencies = try Agencies(rules: rules)
        let record = try Agencies.record("t", changes)
        let member = try agencies.member(Agencies.portal)
        let word = try word(record, member, agencies, shows)
        let judged = try PresentedToken(authorization: "Bearer t").verified(
            as: record, of: agencies.portalClient(), member, with: ClientEvidence(), nonces: .off, at: agencies.provider, at: Agencies.now
        ).judged(by: agencies.policy, member, hearing: word, at: Agencies.now)
        var random = SystemRandomNumberGenerator()
        guard case .json(let json) = try judged.answer(at: agencies.provider, at: Agencies.now, hearing: word, using: &random) else {
            throw Missing()
        }
        return json
    }

    private func word(_ record: AccessTokenRecord, _ member: Member, _ agencies: Agencies, _ shows: Bool) throws -> CitizenWord {
        guard let assurance = record.assurance else { return .silent }
        let attributes = BasicAttributes(
            name: "山田太郎", nameSubstitutes: [Bool](repeating: false, count: 4), birth: try #require(BirthDate(year: 1990, month: 4, day: 1)),
            sex: .male, address: "東京都", addressSubstitutes: [Bool](repeating: false, count: 3))
        let kept = IdentityRecord(
            restored: try #require(attributes), certificate: [UInt8](repeating: 9, count: 32), carrier: .card, tie: .card,
            presentedFor: assurance.purpose, member: member.id, at: Agencies.now.adding(seconds: -60),
            statusAt: Agencies.now.adding(seconds: -60), expiresAt: Agencies.now.adding(seconds: 60))
        return CitizenWord(
            record.citizen, record: shows ? kept : nil, consent: nil, facts: assurance.facts, under: agencies.policy, at: Agencies.now)
    }

    @Test func `and tells what they release`() throws {
        let json = try told([Behind.rule("all")])
        #expect(json["name"] == "山田太郎")
        #expect(json["over_18"] == true)
    }

    @Test func `and tells less where they release less by now`() throws {
        let json = try told([Behind.rule("all", release: [.over18])])
        #expect(json["name"] == nil)
        #expect(json["over_18"] == true)
    }

    @Test(arguments: ["userinfo", "sign-on"]) func `and nothing where they forbid this way, or permit another alone`(path: String) throws {
        let rules =
            path == "userinfo"
            ? [Behind.rule("all"), Behind.rule("not here", .forbid, [.path: .among(["userinfo"])])]
            : [Behind.rule("all", .permit, [.path: .among(["sign-on"])])]
        let refusal = try #require(throws: ResourceRefusal.self) { try told(rules) }
        #expect(refusal.explanation.code == "openid.userinfo.denied")
        #expect(refusal.error == .invalidToken)
        #expect(refusal.status == 401)
    }

    @Test func `and asks for a stronger login where that would do`() throws {
        let refusal = try #require(throws: ResourceRefusal.self) {
            try told([Behind.rule("fresh", .permit, [.maximumLoginAge: .range(least: .min, most: 30)])])
        }
        #expect(refusal.error == .insufficientUserAuthentication)
        #expect(refusal.challenges(metadata: nil).joined().contains("acr_values=\"urn:x:acr:"))
    }

    @Test func `on a signature certificate that is still kept, not on one that its citizen has deleted`() throws {
        let rules = [Behind.rule("beside a certificate", .permit, [.signatureCertificate: .among(["true"])])]
        let changes = [Behind.name, Behind.assurance(signature: true)]
        #expect(try told(rules, changes)["name"] == "山田太郎")
        #expect(throws: ResourceRefusal.self) { try told(rules, changes, hearing: false) }
        #expect(throws: ResourceRefusal.self, "nor where the login had none") { try told(rules, [Behind.name, Behind.assurance()]) }
    }

    @Test func `and leaves a token alone that tells plain facts of its login`() throws {
        #expect(try told([], [])["pin_used"] == true)
    }
}

@Suite struct `Introspection asks the rules of now` {
    private func isActive(
        _ rules: [Rule], island: String? = nil, signature: Bool = false, showing isShown: Bool = true
    ) throws -> Bool {
        let agencies = try Agencies(rules: rules)
        let client = try agencies.townClient()
        let (authenticated, form) = try agencies.authenticated(client, [("token", "t")])
        let record = try Agencies.record(
            "t", [("resources", [.string(Agencies.townResource)]), Behind.assurance(island: island, signature: signature)])
        let found = IntrospectedToken.access(
            record, try agencies.portalClient(), try agencies.member(Agencies.portal), actors: [])
        return try authenticated.introspecting(TokenReference(form), agencies.member(Agencies.town), at: Agencies.now)
            .active(found, under: agencies.policy, showing: isShown, at: Agencies.now) != nil
    }

    private static func only(_ member: String, _ more: [Fact: Domain] = [:]) -> [Fact: Domain] {
        more.merging([.member: .among([member])]) { one, _ in one }
    }

    @Test func `whether its service may be told at all`() throws {
        #expect(try isActive([Behind.rule("all")]))
        #expect(try isActive([Behind.rule("portal", .permit, Self.only(Agencies.portal))]), "no rule speaks of the resource server")
        #expect(try isActive([Behind.rule("sign-on only", .permit, [.path: .among(["sign-on"])])]) == false)
        for member in [Agencies.portal, Agencies.town] {
            let forbid = Behind.rule("no", .forbid, Self.only(member, [.path: .among(["introspection"])]))
            #expect(try isActive([Behind.rule("all"), forbid]) == false, "\(member)")
        }
    }

    @Test func `and tells of no login across islands`() throws {
        let health = Obligations(session: SessionLimit(island: "health"))
        let both = [
            Behind.rule("portal", .permit, Self.only(Agencies.portal), health), Behind.rule("town", .permit, Self.only(Agencies.town)),
        ]
        #expect(try isActive(both, island: "health") == false, "the town lies in the open sea")
        let joined = [Behind.rule("all", .permit, [:], health)]
        #expect(try isActive(joined, island: "health"))
        #expect(try isActive(joined) == false, "and the login there, the town on the island")
    }

    @Test func `and takes no certificate for shown that was deleted since`() throws {
        let rules = [
            Behind.rule("portal", .permit, Self.only(Agencies.portal, [.signatureCertificate: .among(["true"])]))
        ]
        #expect(try isActive(rules, signature: true))
        #expect(try isActive(rules, signature: true, showing: false) == false)
        #expect(try isActive(rules) == false)
    }
}

@Suite struct `A login on an island and what is made of it later` {
    private func exchanged(_ rules: [Rule], island: String?) throws -> TokenAnswer {
        let agencies = try Agencies(rules: rules)
        let parties = ExchangeParties(
            requester: try agencies.member(Agencies.portal), target: try agencies.townClient(),
            targetMember: try agencies.member(Agencies.town), resource: Agencies.townResource, earlier: [])
        let delegation = try agencies.exchangeRequest().delegation(
            of: try Agencies.record(Agencies.token, [Behind.assurance(island: island)]), among: parties, under: agencies.policy,
            at: Agencies.now)
        var random = SystemRandomNumberGenerator()
        return try delegation.tokens(to: try #require(PairwiseID(Agencies.subjectAtTown)), at: agencies.provider, using: &random)
    }

    @Test func `serves no agency of the open sea, and one of the sea none of an island`() throws {
        let health = Obligations(session: SessionLimit(island: "health"))
        let sea = [Behind.rule("all")], island = [Behind.rule("all", .permit, [:], health)]
        #expect(try exchanged(sea, island: nil).accessToken.act != nil)
        #expect(try exchanged(island, island: "health").accessToken.act != nil)
        for (rules, place) in [(sea, "health"), (island, nil), (island, "tax")] as [([Rule], String?)] {
            let refusal = try #require(throws: TokenRefusal.self) { try exchanged(rules, island: place) }
            #expect(refusal.explanation.compared.contains(.init("obligation", "session")))
        }
    }
}

@Suite struct `A refresh on what the citizen showed` {
    private let federation: Federation
    private let client: Client
    private let first: TokenAnswer

    init() throws {
        federation = try Federation(refreshTokens: true)
        client = try federation.client(scopes: ["openid", "profile", "offline_access"], refreshTokens: true)
        let (code, record) = try federation.code([("scope", "openid profile offline_access")], client: client)
        first = try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
    }

    /// The store's record, with members changed.
    private func record(_ changes: [(String, JSON)], assurance: [(String, JSON)] = []) throws -> RefreshTokenRecord {
        let members = try #require(first.refreshToken?.json.members)
        let inner = try #require(first.refreshToken?.json["assurance"]?.members)
        let all = changes + [("assurance", JSON.object(inner + assurance))]
        return try #require(
            RefreshTokenRecord(json: .object(members.filter { name, _ in !all.contains { $0.0 == name } } + all)))
    }

    private func refreshed(
        _ record: RefreshTokenRecord, _ policy: Policy, scope: String? = nil, hearing word: CitizenWord = .silent
    ) throws -> TokenAnswer {
        let token = try #require(first.body["refresh_token"]?.string)
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)] + (scope.map { [("scope", $0)] } ?? []) + credential
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(Array(Federation.form(form).utf8), client: client).tokens(
            refreshing: record, member: federation.member(), policy: policy, hearing: word, at: federation.provider, at: Federation.now,
            using: &random)
    }

    @Test func `does not rest on a certificate that is kept no more`() throws {
        let rule = Behind.rule("beside a certificate", .permit, [.signatureCertificate: .among(["true"])])
        let policy = Policy(rules: [rule], ladder: Federation.ladder, version: "2")
        let record = try record([], assurance: [("signature", true)])
        let refusal = try #require(throws: TokenRefusal.self) { try refreshed(record, policy) }
        #expect(refusal.error == .invalidGrant)
        #expect(refusal.explanation.code == "openid.token.level")
    }

    @Test func `for fewer scopes tells no more of the person than these stand for`() throws {
        let policy = Policy(rules: [Behind.rule("all")], ladder: Federation.ladder, version: "2")
        let record = try record([("citizen", ["id": [], "info": ["name", "name-substitution", "over-18", "address"], "agreed": []])])
        let whole = try refreshed(record, policy).accessToken.citizen?.userInfo ?? []
        #expect(whole.contains(.name) && whole.contains(.over18))
        let part = try refreshed(record, policy, scope: "openid").accessToken.citizen?.userInfo ?? []
        #expect(!part.contains(.name) && !part.contains(.over18))
    }
}
