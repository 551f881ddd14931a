import JOSE
import OpenID
import Testing
import Vocabulary

@Suite struct `Token exchange requests (RFC 8693 §2.1; checklist O15, E17, E24)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    private func refusal(_ changes: [(String, String?)], by client: Client? = nil) throws -> TokenRefusal? {
        do {
            _ = try agencies.exchangeRequest(changes, by: client)
            return nil
        } catch let refusal as TokenRefusal {
            return refusal
        }
    }

    @Test func `one access token for one target is read`() throws {
        let exchange = try #require(try agencies.exchangeRequest().exchange)
        #expect(exchange.subjectDigest == Agencies.digest(Agencies.token))
        #expect(exchange.target == Agencies.townResource)
        let named = try agencies.exchangeRequest([
            ("resource", nil), ("audience", "town"), ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ])
        #expect(named.exchange?.target == "town")
    }

    private static let mutations: [([(String, String?)], TokenError)] = [
        ([("subject_token", nil)], .invalidRequest), ([("subject_token", String(repeating: "x", count: 9_000))], .invalidRequest),
        ([("subject_token_type", nil)], .invalidRequest),
        // What says who logged in is no right to act (E24).
        ([("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")], .invalidRequest),
        ([("subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], .invalidRequest),
        ([("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")], .invalidRequest),
        ([("subject_token_type", "access_token")], .invalidRequest),
        ([("requested_token_type", "urn:ietf:params:oauth:token-type:id_token")], .invalidRequest),
        ([("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], .invalidRequest),
        // Who acts is who authenticates: no impersonation by a borrowed actor (RFC 8693 §1.1).
        ([("actor_token", "t")], .invalidRequest),
        ([("actor_token_type", "urn:ietf:params:oauth:token-type:access_token")], .invalidRequest),
        ([("resource", nil)], .invalidTarget), ([("audience", "town")], .invalidTarget),
    ]

    @Test(arguments: mutations)
    func `whatever else is asked is refused (E17)`(changes: [(String, String?)], error: TokenError) throws {
        #expect(try refusal(changes)?.error == error)
        #expect(try refusal([]) == nil)
    }

    @Test(arguments: [
        "resource=https%3A%2F%2Ftown.example%2Fapi&resource=https%3A%2F%2Fpension.example%2Fapi", "audience=town&audience=pension",
    ])
    func `several targets are refused`(targets: String) throws {
        let plain = Agencies.plainExchange.filter { $0.0 != "resource" }
        let client = try agencies.portalClient()
        let body = try Federation.form(plain + agencies.credential(client)) + "&" + targets
        do throws(TokenRefusal) {
            let evidence = ClientEvidence(address: agencies.provider.tokenEndpoint)
            _ = try UnverifiedTokenRequest(body: Array(body.utf8), evidence: evidence)
                .authenticated(as: client, at: agencies.provider, at: Agencies.now)
            Issue.record("read")
        } catch {
            #expect(error.error == .invalidTarget && error.explanation.code == "openid.exchange.one-target")
        }
    }

    @Test func `an assertion without aud, without exp, or for somebody else authenticates nobody (E17)`() throws {
        let client = try agencies.portalClient()
        let flaws: [(String, JSON?)] = [
            ("aud", nil), ("aud", "https://town.example/token"), ("exp", nil), ("exp", .integer(Agencies.now.seconds - 60)),
            ("sub", "town"),
            ("iss", nil), ("jti", nil),
        ]
        for (name, value) in flaws + [("none", "x")] {
            var changes: [(String, JSON?)] = [("aud", .string(Federation.issuer))].filter { $0.0 != name }
            changes.append((name, value))
            let assertion = try agencies.federation.assertion(changes, client: Agencies.portal)
            let credential = Federation.credential(assertion).compactMap { name, value in value.map { (name, $0) } }
            let body = Array(Federation.form(Agencies.plainExchange + credential).utf8)
            let result = Result {
                try UnverifiedTokenRequest(body: body, evidence: ClientEvidence(address: agencies.provider.tokenEndpoint))
                    .authenticated(as: client, at: agencies.provider, at: Agencies.now)
            }
            #expect((try? result.get()) != nil ? name == "none" : name != "none", "\(name)")
        }
    }
}
