import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The claims parameter (checklist C7; OpenID Connect Core §5.5)` {
    /// What the ID token and userinfo would say.
    private func told(_ claims: String?, releasing: Set<AttributeSource> = [.pinUsed, .cardMode]) throws -> (idToken: JSON, userInfo: JSON)
    {
        let federation = try Federation(releasing: releasing)
        let request = try federation.judged(Federation.query([("claims", claims)]), federation.rp())
        var random = Seeded()
        let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
        let record = try request.code(for: grant, at: federation.rich, at: Federation.now, using: &random).record
        return (record.entitlement.claims, record.entitlement.userInfoClaims)
    }

    @Test(arguments: [
        nil, "{}", #"{"id_token":null}"#, #"{"id_token":{"acr":null,"auth_time":{"essential":true}}}"#, #"{"userinfo":{}}"#,
        #"{"id_token":{"sub":null},"userinfo":{"sub":null}}"#, #"{"unknown":{"x":1}}"#,
    ])
    func `a request that names no claim of ours is told what policy released, in both places`(claims: String?) throws {
        let (token, info) = try told(claims)
        #expect(token == .object([("pin_used", true), ("card_mode", "pin")]))
        #expect(info == token)
    }

    @Test(
        arguments: [
            (#"{"id_token":{"pin_used":null}}"#, ["pin_used"], []),
            (#"{"userinfo":{"pin_used":null}}"#, [], ["pin_used"]),
            (#"{"userinfo":{"pin_used":{"essential":true}},"id_token":{"card_mode":null}}"#, ["card_mode"], ["pin_used"]),
            (#"{"id_token":{"card_mode":{},"pin_used":{}},"userinfo":{"card_mode":{}}}"#, ["pin_used", "card_mode"], ["card_mode"]),
            // What policy did not release is not told, essential or not; what nobody knows is left out.
            (#"{"id_token":{"proofing_level":{"essential":true}}}"#, [], []),
            (#"{"id_token":{"name":{"essential":true},"pin_used":null}}"#, ["pin_used"], []),
            (#"{"userinfo":{"na\"me<>":null,"🀄":{"value":1}}}"#, [], []),
            (#"{"userinfo":{"verified_claims":{"claims":{"name":null}}}}"#, [], []),
        ] as [(String, [String], [String])])
    func `a wish lessens what is told where, and never adds`(claims: String, token: [String], info: [String]) throws {
        let found = try told(claims)
        #expect(found.idToken.members?.map(\.0) == token)
        #expect(found.userInfo.members?.map(\.0) == info)
    }

    @Test(arguments: [
        (#"{"value":"pin"}"#, true), (#"{"values":["face","pin"]}"#, true), (#"{"value":"face"}"#, false), (#"{"values":["face"]}"#, false),
        (#"{"essential":true,"value":"face"}"#, false), (#"{"values":[]}"#, false), (#"{"value":1}"#, false),
    ])
    func `a claim whose value is not the one asked for is left out, and that is no error`(wish: String, isTold: Bool) throws {
        for place in ["id_token", "userinfo"] {
            let found = try told(#"{"\#(place)":{"card_mode":\#(wish)}}"#)
            let here = place == "id_token" ? found.idToken : found.userInfo
            #expect((here["card_mode"] != nil) == isTold)
        }
    }

    @Test(arguments: [
        #"{"userinfo":1}"#, #"{"userinfo":{"pin_used":1}}"#, #"{"id_token":{"pin_used":"x"}}"#, #"{"userinfo":{"sub":{"value":1}}}"#,
        #"{"id_token":{"sub":{"value":"a-citizen-of-ours"}},"userinfo":{"sub":{"value":"another-citizen"}}}"#,
        "{\"userinfo\":{" + (0..<65).map { "\"c\($0)\":null" }.joined(separator: ",") + "}}",
        #"{"userinfo":{"pin_used":{"values":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}}}"#,
    ])
    func `what cannot be read is invalid_request`(claims: String) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query([("claims", claims)])))
        #expect(refusal.explanation.code == "openid.request.claims")
    }

    @Test func `a citizen named for userinfo is the citizen who has to be here`() throws {
        let federation = try Federation()
        let request = try federation.verified([("claims", #"{"userinfo":{"sub":{"value":"\#(Federation.pairwise)"}}}"#)])
        #expect(request.ask.expected?.text == Federation.pairwise)
    }

    @Test(arguments: ["id_token", "userinfo"])
    func `a citizen named in values is the one who has to be here, and of several none is`(place: String) throws {
        let federation = try Federation()
        let name = Federation.pairwise
        func claims(_ wish: String) -> String { #"{"\#(place)":{"sub":\#(wish)}}"# }
        for wish in [#"{"values":["\#(name)"]}"#, #"{"value":"\#(name)","values":["\#(name)"]}"#] {
            #expect(try federation.verified([("claims", claims(wish))]).ask.expected?.text == name)
        }
        for values in [#"["a-citizen-of-ours","\#(name)"]"#, "[]", "[1]", #""x""#] {
            let refusal = try federation.refusal(Federation.query([("claims", claims(#"{"values":\#(values)}"#))]))
            #expect(refusal?.explanation.code == "openid.request.claims", "\(values)")
        }
    }

    @Test func `the trail names only what is told somewhere`() throws {
        let federation = try Federation()
        func released(_ claims: String?) throws -> [String] {
            let request = try federation.judged(Federation.query([("claims", claims)]), federation.rp())
            return try request.told(of: federation.grant(request.ask, member: federation.member(), session: federation.session())).sources
        }
        #expect(try released(nil) == ["pin-used", "card-mode"])
        #expect(try released(#"{"userinfo":{"card_mode":null}}"#) == ["card-mode"])
        #expect(try released(#"{"userinfo":{"name":null}}"#) == [])
        #expect(try released(#"{"userinfo":{"card_mode":{"value":"face"}}}"#) == ["card-mode"], "that it is no face is told too")
    }
}

@Suite struct `PKCE in its four combinations (checklist E6, O1)` {
    @Test func `a client that has to may not leave the challenge out`() throws {
        let federation = try Federation()
        #expect(try federation.refusal(Federation.query()) == nil)
        let refusal = try #require(try federation.refusal(Federation.query([("code_challenge", nil), ("code_challenge_method", nil)])))
        #expect(refusal.explanation.code == "openid.request.code-challenge-missing")
    }

    @Test func `a core client that need not may, and its code then has no challenge`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.pkce = .optional }
        let (_, bare) = try federation.code([("code_challenge", nil), ("code_challenge_method", nil)], client: client)
        #expect(bare.codeChallenge == nil)
        let (_, bound) = try federation.code([], client: client)
        #expect(bound.codeChallenge == Federation.challenge)
    }

    @Test func `a code is redeemed with the verifier of its challenge, and one without a challenge without any`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.pkce = .optional }
        for (request, isBound) in [([("code_challenge", nil), ("code_challenge_method", nil)] as [(String, String?)], false), ([], true)] {
            for isSent in [false, true] {
                let (code, record) = try federation.code(request, client: client)
                let body = Federation.tokenBody(
                    code, Federation.credential(try federation.assertion()) + (isSent ? [] : [("code_verifier", nil)]))
                if isSent == isBound {
                    #expect(try federation.tokens(record, body, client: client).body["access_token"] != nil)
                } else {
                    let refusal = #expect(throws: TokenRefusal.self) { try federation.tokens(record, body, client: client) }
                    #expect(
                        refusal?.explanation.code == (isSent ? "openid.token.code-verifier" : "openid.request.code-verifier-missing"))
                }
            }
        }
    }

    @Test(
        arguments: [
            [("code_challenge", nil)], [("code_challenge_method", nil)], [("code_challenge_method", "plain")],
            [("code_challenge", "short")],
        ] as [[(String, String?)]])
    func `a half or plain challenge is refused for everybody`(changes: [(String, String?)]) throws {
        let federation = try Federation()
        for client in [try federation.rp(), try federation.rp { $0.pkce = .optional }] {
            #expect(federation.judgedRefusal(Federation.query(changes), client)?.error == .invalidRequest)
        }
    }

    @Test(arguments: [ClientProfile.fapi2, .fapi2MessageSigning, .digitalAuthApp])
    func `no other profile can be registered without`(profile: ClientProfile) throws {
        let federation = try Federation()
        #expect(throws: ClientRefusal.self) { try federation.rp(profile) { $0.pkce = .optional } }
    }
}

@Suite struct `Resource indicators (RFC 8707; checklist O18)` {
    private func resources(_ asked: [String]) throws -> [String] {
        let federation = try Federation()
        let query = Federation.query() + asked.map { "&resource=" + Federation.encode($0) }.joined()
        return try federation.judged(query, federation.rp()).resources
    }

    @Test func `several resources are taken in their order, each once`() throws {
        #expect(try resources([]) == [])
        #expect(
            try resources(["https://api.example/b", "https://api.example/a", "https://api.example/b"]) == [
                "https://api.example/b", "https://api.example/a",
            ])
    }

    @Test func `they reach the entitlement`() throws {
        let federation = try Federation()
        let (_, record) = try federation.code([("resource", "https://api.example/a")], client: federation.rp())
        #expect(record.entitlement.resources == ["https://api.example/a"])
    }

    @Test func `userinfo may be named by every client, and opens with the token that is for it (RFC 9728 §2)`() throws {
        let federation = try Federation()
        let client = try federation.client()
        let address = federation.provider.userInfoEndpoint
        let (code, record) = try federation.code([("resource", address)], client: client)
        #expect(record.entitlement.resources == [address])
        let body = Federation.tokenBody(code, Federation.credential(try federation.assertion()))
        let answer = try federation.tokens(record, body, client: client)
        #expect(answer.accessToken.audience == [address])
        #expect(try federation.userInfo(answer, client: client)["sub"]?.string == Federation.pairwise)
        for other in [address + "/", Federation.issuer, Federation.issuer + "/openid/introspect"] {
            #expect(federation.judgedRefusal(Federation.query([("resource", other)]), client)?.error == .invalidTarget, "\(other)")
        }
    }

    @Test(arguments: [
        "https://api.example/c", "https://api.example/a/", "https://API.example/a", "https://api.example/a#f", "api", "/a", "https:",
        "https://api.example/\u{e9}",
    ])
    func `what is not registered byte for byte, or no absolute URI, is invalid_target`(resource: String) throws {
        let federation = try Federation()
        let query =
            Federation.query() + "&resource=" + Federation.encode("https://api.example/a") + "&resource=" + Federation.encode(resource)
        let refusal = try #require(try federation.judgedRefusal(query, federation.rp()))
        #expect(refusal.error == .invalidTarget)
        #expect(!refusal.isPage)
    }

    @Test func `too many are refused before they are compared`() throws {
        let federation = try Federation()
        let query = Federation.query() + String(repeating: "&resource=https%3A%2F%2Fapi.example%2Fa", count: 17)
        #expect(try federation.judgedRefusal(query, federation.rp())?.explanation.code == "openid.resource.too-many")
    }
}
