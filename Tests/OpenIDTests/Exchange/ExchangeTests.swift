import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Token exchange (RFC 8693; checklist O15, E18, E20; R13, R16)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    struct Case {
        var request: [(String, String?)] = []
        var requester: Client?
        var requesterMember: Member?
        var parent: AccessTokenRecord?
        var target: Client?
        var targetMember: Member?
        var resource = Agencies.townResource
        var earlier: [Member?] = []
        var dpop: [String] = []
        var certificate: PresentedCertificate?
        var policy: Policy?
    }

    private func verified(_ change: Case = Case()) throws -> VerifiedExchange {
        let request = try agencies.exchangeRequest(
            change.request, by: change.requester, dpop: change.dpop, certificate: change.certificate)
        let target = try change.target ?? agencies.townClient()
        return try request.delegation(
            of: change.parent ?? Agencies.record(),
            among: ExchangeParties(
                requester: change.requesterMember ?? agencies.member(request.clientID.text), target: target,
                targetMember: change.targetMember ?? agencies.member(target.id.text), resource: change.resource, earlier: change.earlier),
            under: change.policy ?? agencies.policy, at: Agencies.now)
    }

    private func tokens(_ change: Case = Case()) throws -> TokenAnswer {
        guard let pairwise = PairwiseID(Agencies.subjectAtTown) else { throw Missing() }
        var random = SystemRandom()
        return try verified(change).tokens(to: pairwise, at: agencies.provider, using: &random)
    }

    private func code(_ change: Case) throws -> String? {
        do {
            _ = try tokens(change)
            return nil
        } catch let refusal as TokenRefusal {
            return refusal.explanation.code
        }
    }

    @Test func `a portal acts for the citizen at one agency, visibly, under the agency's own name for the citizen`() throws {
        #expect(try verified().sector == Agencies.town)
        let answer = try tokens()
        let record = answer.accessToken
        #expect(record.pairwise.text == Agencies.subjectAtTown && record.client.text == Agencies.portal)
        #expect(record.audience == [Agencies.townResource])
        #expect(record.act == ["sub": .string(Agencies.portal)])
        #expect(record.actors.map(\.text) == [Agencies.portal])
        #expect(record.sid == nil && record.claims == .object([]))
        #expect(record.acr == "urn:x:acr:pin" && record.authenticatedAt == Agencies.now.adding(seconds: -60))
        #expect(record.codeDigest == (try Agencies.record().codeDigest))
        #expect(answer.refreshToken == nil && answer.body["id_token"] == nil && answer.body["refresh_token"] == nil)
        #expect(answer.body["issued_token_type"]?.string == "urn:ietf:params:oauth:token-type:access_token")
        #expect(answer.body["token_type"]?.string == "Bearer")
        #expect(answer.facts.first { $0.name == "actors" }?.value == "portal")
    }

    @Test func `the portal reads nothing about the agency's name for the citizen, nor the agency of the portal's`() throws {
        for format in [AccessTokenFormat.opaque, .jwt] {
            let answer = try tokens(Case(requester: agencies.portalClient { $0.accessTokenFormat = format }))
            let token = try #require(answer.body["access_token"]?.string)
            #expect(token.utf8.count == 43 && Base64url.decode(token)?.count == 32)
            #expect(!answer.body.text.contains(Agencies.subjectAtTown))
            #expect(!answer.accessToken.json.text.contains(Agencies.subject))
            #expect(!answer.facts.contains { $0.value.text.contains("hanako") })
        }
    }

    @Test func `it never lives beyond the token it was exchanged for`() throws {
        #expect(try tokens().accessToken.expiresAt == Agencies.record().expiresAt)
        let long = try Agencies.record(Agencies.token, [("expires", .integer(Agencies.now.milliseconds + 86_400_000))])
        #expect(try tokens(Case(parent: long)).accessToken.expiresAt == Agencies.now.adding(seconds: 600))
        let over = try Agencies.record(Agencies.token, [("expires", .integer(Agencies.now.milliseconds))])
        #expect(try code(Case(parent: over)) == "openid.exchange.subject-token")
    }

    @Test func `scopes only become fewer, and the portal's own are never handed on`() throws {
        #expect(try tokens().accessToken.scopes == ["filing"])
        #expect(try tokens(Case(request: [("scope", "filing filing")])).accessToken.scopes == ["filing"])
        for asked in ["openid", "filing openid", "offline_access", "other"] {
            #expect(throws: TokenRefusal.self) { try tokens(Case(request: [("scope", asked)])) }
        }
    }

    @Test func `the details handed on are those the citizen agreed to for this agency, and no other agency's address`() throws {
        let answer = try tokens()
        #expect(
            answer.accessToken.authorizationDetails == [Agencies.filing(at: [Agencies.townResource], onward: [Agencies.pensionResource])])
        #expect(answer.body["authorization_details"] == answer.accessToken.authorizationDetails)
        let two: JSON = [
            Agencies.filing(at: [Agencies.townResource], procedure: "move"),
            Agencies.filing(at: [Agencies.townResource], procedure: "birth"),
            Agencies.filing(at: [Agencies.pensionResource], procedure: "pension"),
        ]
        let parent = try Agencies.record(Agencies.token, [("details", two)])
        let birth = Agencies.filing(at: [Agencies.townResource], procedure: "birth")
        let one = try tokens(Case(request: [("authorization_details", JSON.array([birth]).text)], parent: parent))
        #expect(one.accessToken.authorizationDetails == [birth])
        for wider in [
            Agencies.filing(at: [Agencies.townResource], procedure: "death"),
            Agencies.filing(at: [Agencies.pensionResource], procedure: "pension"),
            ["type": "own-notes"],
        ] {
            let asked = Case(request: [("authorization_details", JSON.array([wider]).text)], parent: parent)
            #expect(try code(asked) == "openid.exchange.details")
        }
        for malformed in ["[]", "{}", "x", JSON.array([birth, birth, birth]).text] {
            #expect(try code(Case(request: [("authorization_details", malformed)], parent: parent)) == "openid.exchange.details")
        }
    }

    @Test(arguments: [
        JSON.null, [], ["x"], [["type": "agency-filing"]], [["type": "agency-filing", "locations": ["https://town.example/api/"]]],
        [["type": "agency-filing", "locations": "https://town.example/api"]],
        [["type": "agency-filing", "locations": ["https://pension.example/api"], "onward": ["https://town.example/api"]]],
    ])
    func `where the citizen did not agree nothing is handed on`(details: JSON) throws {
        let parent = try Agencies.record(Agencies.token, [("details", details == .null ? nil : details)])
        #expect(try code(Case(parent: parent)) == "openid.exchange.not-agreed")
    }

    @Test func `a token bound to a key is exchanged with that key, and the new one is bound to the key that came`() throws {
        let key = agencies.federation.keys.shopES256
        let bound = try Agencies.record(Agencies.token, [("cnf", ["jkt": .string(key.jwk.thumbprint)])])
        #expect(try code(Case(parent: bound)) == "openid.exchange.subject-token-bound")
        let proof = try Agencies.proof(of: key, "POST", agencies.provider.tokenEndpoint)
        let answer = try tokens(Case(parent: bound, dpop: [proof]))
        #expect(answer.accessToken.binding == .dpop(jkt: key.jwk.thumbprint) && answer.body["token_type"]?.string == "DPoP")
        let stranger = try Agencies.proof(of: agencies.federation.keys.strangerES256, "POST", agencies.provider.tokenEndpoint)
        #expect(try code(Case(parent: bound, dpop: [stranger])) == "openid.exchange.subject-token-bound")
    }

    @Test func `a portal whose tokens have to be bound gets none that are not`() throws {
        let portal = try agencies.portalClient { $0.senderConstraint = .dpop }
        #expect(try code(Case(requester: portal)) == "openid.token.sender-constraint")
        let proof = try Agencies.proof(of: agencies.federation.keys.shopES256, "POST", agencies.provider.tokenEndpoint)
        #expect(try code(Case(requester: portal, dpop: [proof])) == nil)
    }

    @Test func `nobody exchanges a token of another, or another's record`() throws {
        #expect(try code(Case(parent: Agencies.record("other"))) == "openid.exchange.subject-token")
        #expect(try code(Case(parent: Agencies.record(Agencies.token, [("client", "shop")]))) == "openid.exchange.subject-token")
        // The town holds no token of the portal's that is not for the town.
        let town = try agencies.townClient { $0.exchange = ExchangeRegistration(audiences: [Agencies.pensionResource]) }
        #expect(
            try code(
                Case(
                    requester: town, target: agencies.pensionClient(), resource: Agencies.pensionResource,
                    earlier: [agencies.member("portal")]))
                == "openid.exchange.subject-token")
    }
}

@Suite struct `Token exchange handed on (RFC 8693 §4.1, §4.4; R16)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    private func code(
        parent: AccessTokenRecord? = nil, town: Client? = nil, earlier: [Member?]? = nil, townState: Accreditation.State = .accredited
    ) throws -> (String?, AccessTokenRecord?) {
        let parent = try parent ?? Agencies.handedOn()
        let request = try agencies.exchangeRequest(
            [("subject_token", "the-towns-token"), ("resource", Agencies.pensionResource)], by: town ?? agencies.townClient())
        do {
            let verified = try request.delegation(
                of: parent,
                among: ExchangeParties(
                    requester: agencies.member("town", state: townState), target: agencies.pensionClient(),
                    targetMember: agencies.member("pension"), resource: Agencies.pensionResource,
                    earlier: earlier ?? parent.earlierActors(than: request.clientID).map { try agencies.member($0.text) }),
                under: agencies.policy, at: Agencies.now)
            var random = SystemRandom()
            guard let pairwise = PairwiseID("hanako7at7the7pension7aaaaaaaaaa") else { throw Missing() }
            return (nil, try verified.tokens(to: pairwise, at: agencies.provider, using: &random).accessToken)
        } catch let refusal as TokenRefusal {
            return (refusal.explanation.code, nil)
        }
    }

    @Test func `what the citizen let one agency pass on is no other agency's to pass on (E20)`() throws {
        let pension = Agencies.pensionResource
        let byTown = Agencies.filing(at: [Agencies.townResource], onward: [pension])
        #expect(try code(parent: Agencies.handedOn("the-towns-token", [("details", .array([byTown]))])).0 == nil)
        let byAnother = Agencies.filing(at: ["https://city.example/api"], onward: [pension])
        #expect(
            try code(parent: Agencies.handedOn("the-towns-token", [("details", .array([byAnother]))])).0 == "openid.exchange.not-agreed")
        #expect(
            try code(parent: Agencies.handedOn("the-towns-token", [("details", .array([byAnother, byTown]))])).1?.authorizationDetails == [
                Agencies.filing(at: [pension])
            ])
    }

    @Test func `an agency hands on what it may hand on, and the chain is in act`() throws {
        let record = try #require(try code().1)
        #expect(record.act == ["sub": "town", "act": ["sub": "portal"]])
        #expect(record.actors.map(\.text) == ["town", "portal"])
        #expect(record.client.text == "town" && record.audience == [Agencies.pensionResource])
        #expect(record.authorizationDetails == [Agencies.filing(at: [Agencies.pensionResource])])
    }

    @Test func `not without the citizen's word for it, nor past the end of the chain, nor behind somebody who fell out`() throws {
        let details: (String, JSON?) = ("details", [Agencies.filing(at: [Agencies.townResource])])
        #expect(try code(parent: Agencies.handedOn("the-towns-token", [details])).0 == "openid.exchange.not-agreed")
        let short = try agencies.townClient { options in
            options.exchange = ExchangeRegistration(audiences: [Agencies.pensionResource], depth: 1)
        }
        #expect(try code(town: short).0 == "openid.exchange.chain")
        #expect(try code(earlier: [agencies.member("portal", state: .suspended)]).0 == "openid.exchange.actor")
        #expect(try code(earlier: [nil]).0 == "openid.exchange.actor")
        #expect(try code(earlier: []).0 == "openid.exchange.subject-token")
        #expect(try code(townState: .withdrawn).0 == "openid.token.member.withdrawn")
    }

    @Test(arguments: 1...9)
    func `a chain is at most as long as the registration says, and never longer than eight`(length: Int) throws {
        let members = try (0..<length).map { try Federation.memberID("m\($0)") }
        var act = JSON.null
        for member in members.reversed() {
            act = .object([("sub", .string(member.text))] + (act == .null ? [] : [("act", act)]))
        }
        let chain = ActorChain(act: act)
        #expect((chain != nil) == (length <= 8))
        if let chain {
            #expect(chain.members == members && chain.act == act)
            #expect(chain.text == members.reversed().map(\.text).joined(separator: " > "))
        }
        let town = try agencies.townClient { $0.exchange = ExchangeRegistration(audiences: [Agencies.pensionResource], depth: 8) }
        let parent = try Agencies.handedOn("the-towns-token", [("act", act)])
        let outcome = try code(parent: parent, town: town, earlier: members.map { try agencies.member($0.text) })
        #expect((outcome.1 != nil) == (length < 8))
    }

    @Test(arguments: [JSON.null, "portal", [], ["sub": 1], ["act": ["sub": "portal"]], ["sub": "portal", "act": "town"]])
    func `what is no chain is none`(act: JSON) { #expect(ActorChain(act: act) == nil) }
}
