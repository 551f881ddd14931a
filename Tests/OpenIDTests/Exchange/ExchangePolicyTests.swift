import Cryptography
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Token exchange policy matrix (checklist E20, E18; Dex GHSA-7qjx)` {
    private func outcome(
        _ agencies: Agencies, portal: Client? = nil, portalMember: Member? = nil, town: Client? = nil, townMember: Member? = nil,
        parent: AccessTokenRecord? = nil
    ) throws -> TokenRefusal? {
        do {
            let request = try agencies.exchangeRequest(by: portal)
            let verified = try request.delegation(
                of: parent ?? Agencies.record(),
                among: ExchangeParties(
                    requester: portalMember ?? agencies.member("portal"), target: town ?? agencies.townClient(),
                    targetMember: townMember ?? agencies.member("town"), resource: Agencies.townResource, earlier: []),
                under: agencies.policy, at: Agencies.now)
            var random = SystemRandom()
            guard let pairwise = PairwiseID(Agencies.subjectAtTown) else { throw Missing() }
            _ = try verified.tokens(to: pairwise, at: agencies.provider, using: &random)
            return nil
        } catch let refusal as TokenRefusal {
            return refusal
        }
    }

    /// Firms may be told for filing only through this rule set: ministries and towns always, firms never, platform operators with a PIN.
    private static let rules = [
        Rule(id: "offices", effect: .permit, kinds: [.ministry, .localGovernment], basis: "a test"),
        Rule(id: "operators", effect: .permit, kinds: [.platformOperator], floor: "pin", basis: "a test"),
    ]

    private static let kinds = MemberKind.allCases.flatMap { portal in MemberKind.allCases.map { (portal, $0) } }

    @Test(arguments: kinds)
    func `both kinds of parties have to be permitted by policy`(portal: MemberKind, town: MemberKind) throws {
        let agencies = try Agencies(rules: Self.rules)
        let permitted: Set<MemberKind> = [.ministry, .localGovernment, .platformOperator]
        let refusal = try outcome(agencies, portalMember: agencies.member("portal", portal), townMember: agencies.member("town", town))
        #expect((refusal == nil) == (permitted.contains(portal) && permitted.contains(town)))
        if !permitted.contains(town) { #expect(refusal?.explanation.code == "openid.exchange.target-denied") }
        if permitted.contains(town), !permitted.contains(portal) { #expect(refusal?.explanation.code == "openid.token.level") }
    }

    @Test func `registered on one side only is not registered`() throws {
        let agencies = try Agencies()
        let without = try agencies.portalClient { $0.exchange = ExchangeRegistration(audiences: [Agencies.pensionResource]) }
        #expect(try outcome(agencies, portal: without)?.explanation.code == "openid.exchange.target-not-registered")
        for accepted: Set<String> in [[], ["pension"], ["portal/"], ["https://portal"]] {
            let town = try agencies.townClient { $0.acceptsExchangesFrom = accepted }
            #expect(try outcome(agencies, town: town)?.explanation.code == "openid.exchange.target-refuses")
        }
        let plain = try agencies.client("portal")
        #expect(try outcome(agencies, portal: plain)?.error == .unauthorizedClient)
        #expect(try outcome(agencies) == nil)
    }

    @Test(arguments: [Accreditation.State.applied, .examined, .suspended, .withdrawn])
    func `a member that is not in force neither acts nor is told (E18)`(state: Accreditation.State) throws {
        let agencies = try Agencies()
        let portal = try outcome(agencies, portalMember: agencies.member("portal", state: state))
        #expect(portal?.explanation.code.hasPrefix("openid.token.member.") == true)
        let town = try outcome(agencies, townMember: agencies.member("town", state: state))
        #expect(town?.error == .invalidTarget && town?.explanation.code == "openid.exchange.target-denied")
        #expect(try outcome(agencies, townMember: agencies.member("town", until: -1))?.error == .invalidTarget)
    }

    @Test func `a purpose taken from either member ends the exchange (H10)`() throws {
        let agencies = try Agencies()
        let portal = try outcome(agencies, portalMember: agencies.member("portal", purposes: ["points"]))
        #expect(portal?.explanation.code == "openid.token.purpose")
        // The target is asked for the purpose that is its own.
        #expect(try outcome(agencies, townMember: agencies.member("town", purposes: ["tax"])) == nil)
        let ruled = try Agencies(rules: [Rule(id: "filing", effect: .permit, purposes: [try #require(Purpose("filing"))], basis: "a test")])
        #expect(try outcome(ruled, townMember: ruled.member("town", purposes: ["tax"]))?.error == .invalidTarget)
    }

    @Test func `where the agency needs a stronger login the portal is told which (RFC 9470)`() throws {
        let rules = [
            Rule(id: "portal", effect: .permit, members: [try Federation.memberID("portal")], basis: "a test"),
            Rule(id: "town", effect: .permit, members: [try Federation.memberID("town")], floor: "pin", basis: "a test"),
        ]
        let agencies = try Agencies(rules: rules)
        let weak = try Agencies.record(
            Agencies.token, [("acr", "urn:x:acr:presence"), ("assurance", Agencies.assurance(mode: "presence"))])
        let refusal = try outcome(agencies, parent: weak)
        #expect(refusal?.error == .insufficientUserAuthentication && refusal?.status == 400)
        #expect(refusal?.explanation.compared.first == .init("acr_values", "urn:x:acr:pin"))
        #expect(try outcome(agencies) == nil)
    }

    @Test func `a rule that forbids, and a token whose login nobody can judge, end it`() throws {
        let forbids = try Agencies(rules: [
            Rule(id: "all", effect: .permit, basis: "a test"),
            Rule(id: "no", effect: .forbid, members: [try Federation.memberID("town")], basis: "a test"),
        ])
        #expect(try outcome(forbids)?.explanation.code == "openid.exchange.target-denied")
        let agencies = try Agencies()
        #expect(try outcome(agencies, parent: Agencies.record(Agencies.token, [("assurance", nil)]))?.error == .invalidRequest)
    }

    @Test func `the client is not its own target, and a target's resource is its own`() throws {
        let agencies = try Agencies()
        let itself = try agencies.client("portal") { options in
            options.grants = [.authorizationCode, .tokenExchange]
            options.audiences = [Agencies.townResource]
            options.exchange = ExchangeRegistration(audiences: [Agencies.townResource])
            options.acceptsExchangesFrom = ["portal"]
        }
        #expect(
            try outcome(agencies, portal: itself, town: itself, townMember: agencies.member("portal"))?.explanation.code
                == "openid.exchange.itself")
        #expect(try outcome(agencies, town: agencies.pensionClient(), townMember: agencies.member("pension"))?.error == .invalidTarget)
        #expect(try outcome(agencies, townMember: agencies.member("pension"))?.error == .invalidRequest)
    }
}
