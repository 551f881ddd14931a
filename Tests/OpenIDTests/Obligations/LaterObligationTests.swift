import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// What rules oblige to, once time has passed since the login: there is no page, so that what is not met is refused with a code.
@Suite struct `Obligations at a refresh` {
    private let federation: Federation
    private let client: Client
    private let first: TokenAnswer

    init() throws {
        federation = try Federation(refreshTokens: true)
        client = try federation.client(scopes: ["openid", "offline_access"], refreshTokens: true)
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        first = try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
    }

    private func policy(_ obligations: Obligations, release: Set<AttributeSource> = [.pinUsed, .cardMode]) -> Policy {
        Policy(
            rules: [Rule(id: "today", effect: .permit, condition: Condition(), release: release, obligations: obligations, basis: "law")],
            ladder: Federation.ladder, version: "2")
    }

    private func refreshed(_ policy: Policy, after seconds: Int64 = 0) throws -> TokenAnswer {
        let token = try #require(first.body["refresh_token"]?.string)
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let body = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + credential).utf8)
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(body, client: client).tokens(
            refreshing: try #require(first.refreshToken), member: federation.member(), policy: policy, at: federation.provider,
            at: Federation.now.adding(seconds: seconds), using: &random)
    }

    @Test(arguments: [
        (Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 30)), "authenticate-again"),
        (Obligations(refreshStatus: 900), "refresh-status"), (Obligations(consent: [.pinUsed]), "consent"),
        (Obligations(namesMandate: true), "name-mandate"), (Obligations(session: SessionLimit(once: true)), "session"),
        (Obligations(session: SessionLimit(lifetime: 60)), "session"), (Obligations(session: SessionLimit(island: "tax")), "session"),
    ]) func `not met are refused by name`(obligations: Obligations, name: String) throws {
        let refusal = try #require(throws: TokenRefusal.self) { try refreshed(policy(obligations)) }
        #expect(refusal.error == .invalidGrant)
        #expect(refusal.explanation.code == "openid.token.obligation")
        #expect(refusal.explanation.compared.contains(.init("obligation", name)))
    }

    @Test(arguments: [
        Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 60)), Obligations(consent: [.name]),
        Obligations(session: SessionLimit(lifetime: 61)), Obligations(derived: [.birthDate: .over18]), .none,
    ]) func `that the login still meets are no hindrance`(obligations: Obligations) throws {
        #expect(try refreshed(policy(obligations)).refreshToken != nil)
    }

    @Test func `are counted from the login, not from the last token`() throws {
        let rule = policy(Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 120)))
        #expect(try refreshed(rule, after: 60).refreshToken != nil)
        #expect(throws: TokenRefusal.self) { try refreshed(rule, after: 61) }
    }

    @Test func `are not asked for a second time when a code is redeemed`() throws {
        let rule = policy(Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 30)))
        let (code, record) = try federation.code([], client: client)
        let body = Federation.tokenBody(code, Federation.credential(try federation.assertion([("jti", "jti-2")])))
        var random = SystemRandomNumberGenerator()
        let answer = try federation.authenticated(body, client: client).tokens(
            for: record, member: federation.member(), policy: rule, at: federation.provider, at: Federation.now, using: &random)
        #expect(answer.ledger == nil, "the login's own entry says it")
    }

    @Test func `to tell less hold for the claims of the login too`() throws {
        let info = try refreshed(policy(.none, release: [.pinUsed])).accessToken.claims
        #expect(info["pin_used"] == true)
        #expect(info["card_mode"] == nil)
    }

    @Test func `to write the ledger give an entry of what is told again`() throws {
        let told = try #require(try refreshed(policy(Obligations(writesLedger: true))).ledger)
        #expect(told.told == ["pin-used", "card-mode"])
        #expect(told.decision.determining == ["today"])
        #expect(told.question.request.path == .refresh)
        #expect(try refreshed(policy(.none)).ledger == nil)
    }
}

@Suite struct `Obligations of an agency at an exchange` {
    private func answer(_ obligations: Obligations) throws -> TokenAnswer {
        let member = Condition([.member: .among([Agencies.town])])
        let others = Condition([.member: .besides([Agencies.town])])
        let agencies = try Agencies(rules: [
            Rule(id: "others", effect: .permit, condition: others, basis: "law"),
            Rule(id: "town", effect: .permit, condition: member, release: [.pinUsed], obligations: obligations, basis: "law"),
        ])
        var random = SystemRandomNumberGenerator()
        let parties = ExchangeParties(
            requester: try agencies.member(Agencies.portal), target: try agencies.townClient(),
            targetMember: try agencies.member(Agencies.town), resource: Agencies.townResource, earlier: [])
        let delegation = try agencies.exchangeRequest().delegation(
            of: try Agencies.record(), among: parties, under: agencies.policy, at: Agencies.now)
        return try delegation.tokens(
            to: try #require(PairwiseID(Agencies.subjectAtTown)), at: agencies.provider, using: &random)
    }

    @Test(arguments: [
        (Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 30)), "authenticate-again"),
        (Obligations(refreshStatus: 60), "refresh-status"), (Obligations(namesMandate: true), "name-mandate"),
        (Obligations(session: SessionLimit(island: "town-only")), "session"),
    ]) func `not met are refused by name`(obligations: Obligations, name: String) throws {
        let refusal = try #require(throws: TokenRefusal.self) { try answer(obligations) }
        #expect(refusal.explanation.code == "openid.exchange.obligation")
        #expect(refusal.explanation.compared.contains(.init("obligation", name)))
    }

    @Test func `about what it is not told are no hindrance, and its ledger entry tells of nothing but the citizen's name there`() throws {
        let told = try #require(try answer(Obligations(consent: [.pinUsed], writesLedger: true)).ledger)
        #expect(told.question.member.id.text == Agencies.town)
        #expect(told.told.isEmpty)
        #expect(told.question.request.path == .exchange)
        #expect(try answer(.none).ledger == nil)
    }
}

@Suite struct `Claims of the person` {
    @Test(
        arguments: [
            ([], ReleaseWish.unsaid), ([("scope", "openid profile")], .facts(and: [.name, .birthDate, .sex])),
            ([("claims", #"{"userinfo":{"birthdate":null}}"#)], .only([.birthDate])),
            ([("scope", "openid profile"), ("claims", #"{"id_token":{"pin_used":null}}"#)], .only([.pinUsed, .name, .birthDate, .sex])),
        ] as [([(String, String?)], ReleaseWish)]) func `are those that scopes and claims name, OpenID Connect Core §5.4, §5.5`(
            parameters: [(String, String?)], wish: ReleaseWish
        ) throws
    {
        let request = try Federation().verified(parameters)
        #expect(request.ask.wish == wish)
        #expect(request.ask.request.protocol == .openid)
    }

    @Test(arguments: [("company", ActingFor.company), ("person", .person), ("nobody", .nobody)])
    func `say for whom the citizen acts, and change nothing else`(value: String, acting: ActingFor) throws {
        let request = try Federation().verified([("claims", "{\"id_token\":{\"acting_for\":{\"value\":\"\(value)\"}}}")])
        #expect(request.ask.request.actingFor == acting)
        #expect(request.ask.wish == .unsaid)
    }

    @Test(arguments: ["\"king\"", "1", "true", "[]"]) func `that name nobody we know are refused`(value: String) throws {
        let federation = try Federation()
        let refusal = try federation.refusal(Federation.query([("claims", "{\"id_token\":{\"acting_for\":{\"value\":\(value)}}}")]))
        #expect(refusal?.explanation.code == "openid.request.claims")
    }
}
