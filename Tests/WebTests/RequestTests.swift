import HTTPTypes
import SQLiteStores
import Testing
import Vocabulary

/// What strangers send. Checklist A26, C1, D1, D2, E1, E3, E7, E8, H11, S20, S35.
@Suite struct `Requests from anywhere` {
    static let tricks = [
        "https://evil.example/cb", "https://shop.example.jp/callback/", "https://shop.example.jp/callback?x=1",
        "https://shop.example.jp/callback#", "https://shop.example.jp/callback%2f", "https://shop.example.jp/callback/../callback",
        "https://shop.example.jp//callback", "https://shop.example.jp/./callback", "https://shop.example.jp/callback;",
        "https://shop.example.jp/callback..;/", "https://shop.example.jp:443/callback", "https://SHOP.example.jp/callback",
        "HTTPS://shop.example.jp/callback", "http://shop.example.jp/callback", "https://shop.example.jp/CALLBACK",
        "https://shop.example.jp@evil.example/callback", "https://evil.example@shop.example.jp/callback",
        "https://shop.example.jp.evil.example/callback", "https://evil.example/https://shop.example.jp/callback",
        "https://shop.example.jp\\@evil.example/callback", "https://shop.example.jp%00.evil.example/callback",
        "https://shop.example.jp%2eevil.example/callback", "//evil.example/callback", "/callback", "callback", "",
        " https://shop.example.jp/callback", "https://shop.example.jp/callback ", "https://shop.example.jp/callback\t",
        "https://shop.example.jp/call\nback", "https://shop.example.jp/callback\u{0}", "https://shop.example.jp/callbac\u{212a}",
        "https://shop.example.jp/callback\u{200b}", "https://shop.example.jp/cal\u{301}lback", "https://shop.example。jp/callback",
        "javascript:alert(1)", "JaVaScRiPt://shop.example.jp/callback", "data:text/html,x", "https:shop.example.jp/callback",
        "https:///shop.example.jp/callback", "https://shop.example.jp/callback?", "https://bank.example.jp/callback?tenant=1",
        "http://127.0.0.1/callback", "http://localhost/callback", "urn:ietf:wg:oauth:2.0:oob",
        "https://shop.example.jp/callback&redirect_uri=https://evil.example", "https://login.example.jp/session/end",
    ]

    /// Checklist E1, E3: byte equality, and a page instead of a redirect, whatever else is right or wrong with the request.
    @Test(arguments: tricks)
    func `OpenID never redirects to an address that is not registered`(address: String) async throws {
        let house = try await House.ordinary()
        for more in [[], [("prompt", "none")], [("response_type", "token")], [("scope", "x")]] {
            var question = OpenIDQuestion(Parties.shop, more)
            question.callback = address
            for answer in [
                try await Browser(house).get(question.path),
                try await Browser(house).post("/openid/authorize", question.form, crossSite: true),
            ] {
                #expect(answer.status == 400)
                #expect(answer.location == nil)
                #expect(answer.headers[.setCookie] == nil)
                #expect(answer.code?.hasPrefix("openid.") == true)
            }
        }
        #expect(try await house.store.counts()["transactions"] == 0)
    }

    /// Checklist A26, S20.
    @Test(arguments: tricks.map { $0.components(splitBy: "shop.example.jp/callback").joined(separator: "ministry.example.go.jp/acs") })
    func `SAML never answers to an address that is not registered`(address: String) async throws {
        let house = try await House.ordinary()
        for passive in [false, true] {
            var question = SAMLQuestion()
            question.consumer = address
            question.passive = passive
            for answer in [
                try await Browser(house).get(question.path), try await Browser(house).post("/saml/sso", question.form, crossSite: true),
            ] {
                #expect(answer.status == 400)
                #expect(answer.location == nil)
                #expect(answer.form == nil)
                #expect(!answer.text.has("SAMLResponse"))
                #expect(answer.code?.hasPrefix("saml.") == true)
            }
        }
    }

    @Test func `an unknown client is told on a page, whatever address it brings`() async throws {
        let house = try await House.ordinary()
        for client in ["", "RP99999999", "RP00000001 ", "rp00000001", "<script>", Parties.ministry, String(repeating: "a", count: 5000)] {
            var question = OpenIDQuestion()
            question.client = client
            let answer = try await Browser(house).get(question.path)
            #expect(answer.status == 400)
            #expect(answer.location == nil)
        }
    }

    /// Checklist E7: after the address is proven, errors go there, with `iss`.
    @Test(arguments: [
        ("response_type", "token", "unsupported_response_type"), ("scope", "profile", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"), ("code_challenge", "short", "invalid_request"),
        ("prompt", "none login", "invalid_request"), ("max_age", "-1", "invalid_request"), ("request", "eyJ", "request_not_supported"),
        ("request_uri", "https://evil.example", "request_uri_not_supported"), ("id_token_hint", "x.y.z", "invalid_request"),
        ("claims", "[", "invalid_request"),
    ])
    func `errors behind a proven address go there, with iss and state`(name: String, value: String, error: String) async throws {
        let house = try await House.ordinary()
        let question = OpenIDQuestion()
        let form = question.form.filter { $0.0 != name } + [(name, value)]
        let answer = try await Browser(house).get("/openid/authorize?" + Form.text(form))
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix(Parties.shopCallback + "?") == true)
        #expect(answer.parameter("error") == error)
        #expect(answer.parameter("iss") == World.base)
        #expect(answer.parameter("state") == "s-1")
        #expect(answer.parameter("code") == nil)
        #expect(try await house.trail().last?.has("request.refused") == true)
    }

    @Test(arguments: ["client_id", "redirect_uri", "state", "scope", "nonce", "code_challenge", "response_type"])
    func `OpenID parameters that come twice grant nothing`(name: String) async throws {
        let house = try await House.ordinary()
        let question = OpenIDQuestion()
        let value = question.form.first { $0.0 == name }?.1 ?? ""
        for second in [value, "https://evil.example"] {
            let answer = try await Browser(house).get("/openid/authorize?" + Form.text(question.form + [(name, second)]))
            #expect(answer.headers[.setCookie] == nil)
            if let location = answer.location {
                #expect(location.hasPrefix(Parties.shopCallback + "?"))
                #expect(answer.parameter("error") == "invalid_request")
            } else {
                #expect(answer.status == 400)
            }
        }
    }

    @Test(arguments: ["SAMLRequest", "RelayState", "samlrequest", "SAMLResponse"])
    func `SAML parameters that come twice, or in disguise, are refused`(name: String) async throws {
        let house = try await House.ordinary()
        let question = SAMLQuestion()
        let answer = try await Browser(house).get(question.path + "&" + name + "=AAAA")
        #expect(answer.status == 400)
        #expect(answer.code?.hasPrefix("saml.") == true)
    }

    static let nonsense: [[UInt8]] = [
        [], Array("=".utf8), Array("&&&&".utf8), Array("SAMLRequest=".utf8), Array("SAMLRequest=%".utf8), Array("SAMLRequest=%zz".utf8),
        Array("SAMLRequest=AAAA".utf8), Array("SAMLRequest=PHg+".utf8), [0xff, 0xfe, 0x3d, 0xff], Array("SAMLRequest=%ff%fe".utf8),
        Array("SAMLRequest=".utf8) + [0xc3, 0x28], Array("client_id=%ff".utf8), Array("client_id=".utf8) + [0xff],
        Array(("client_id=RP00000001&redirect_uri=" + "%C0%AF").utf8), Array(repeating: 0, count: 64), Array("{\"a\":1}".utf8),
        Array(String(repeating: "a=b&", count: 500).utf8), Array("SAMLRequest=PCFET0NUWVBFIGEgWzwhRU5USVRZIGIgImMiPl0%2BPGEvPg%3D%3D".utf8),
    ]

    @Test(arguments: nonsense)
    func `bodies that are no request are refused on a page with a code`(body: [UInt8]) async throws {
        let house = try await House.ordinary()
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        for (path, prefix) in [("/saml/sso", "saml."), ("/openid/authorize", "openid.")] {
            let answer = try await Browser(house).send(.post, path, form, body)
            #expect(answer.status == 400)
            #expect(answer.code?.hasPrefix(prefix) == true)
            #expect(answer.location == nil)
        }
        let token = try await Browser(house).send(.post, "/openid/token", form, body)
        #expect((400...401).contains(token.status))
        #expect(try token.json["error"]?.string != nil)
    }

    @Test func `a session under a client's request survives no bad byte: the same refusal with and without a session`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        var question = OpenIDQuestion()
        question.callback = "https://evil.example/cb"
        let answer = try await browser.get(question.path)
        #expect(answer.status == 400)
        #expect(answer.location == nil)
    }

    @Test(arguments: [
        "/nothing", "/saml", "/saml/sso/", "/openid", "/journey", "/journey/", "/journey/x/y/z", "/card/abc", "/.env", "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd", "/journey/%00", "/journey/" + String(repeating: "a", count: 5000), "/%ff", "//evil.example/",
        "/session/end",
    ])
    func `unknown doors answer with a page and grant nothing`(path: String) async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).get(path)
        #expect((400...404).contains(answer.status))
        #expect(answer.code?.isEmpty == false)
        #expect(answer.headers[.contentSecurityPolicy] != nil)
        #expect(answer.location == nil)
    }

    @Test(arguments: [HTTPRequest.Method.put, .delete, .options, .trace, .patch])
    func `other methods are no doors`(method: HTTPRequest.Method) async throws {
        let house = try await House.ordinary()
        for path in ["/", "/saml/sso", "/session/end"] {
            #expect(try await Browser(house).send(method, path, [:], []).status == 404)
        }
        // Clients' software reads RFC 9110 §15.5.6 (EndpointMethodTests); nobody sends TRACE in good faith.
        for path in ["/openid/authorize", "/openid/token"] {
            let answer = try await Browser(house).send(method, path, [:], [])
            #expect(answer.status == (method == .trace ? 404 : 405))
            #expect(answer.location == nil)
        }
    }

    /// Checklist H11: the public origin is configuration.
    @Test(arguments: [
        ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-URL", "/evil"), ("X-Rewrite-URL", "/evil"), ("X-Forwarded-Server", "evil.example"), ("Host", "evil.example"),
    ])
    func `no header moves our address`(name: String, value: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let headers: HTTPFields = [try #require(HTTPField.Name(name)): value]
        let paused = try await browser.get(SAMLQuestion().path, headers)
        let journey = try #require(paused.location)
        #expect(journey.hasPrefix(World.base + "/journey/"))
        let page = try await browser.get(journey, headers)
        let metadata = try await browser.get("/saml/metadata", headers)
        let discovery = try await browser.get("/.well-known/openid-configuration", headers)
        let end = try await browser.post("/session/end", [], headers)
        let asked = try await browser.post(journey + "/challenge", json: [:], headers)
        for answer in [paused, page, metadata, discovery, end, asked] {
            #expect(!answer.text.has("evil"))
            #expect(answer.location?.has("evil") != true)
        }
        #expect(end.location == World.base + "/")
        #expect(try discovery.json["issuer"]?.string == World.base)
        #expect(try asked.json["text"]?.string?.has("origin: " + World.base + "\n") == true)
        #expect(metadata.text.has("Location=\"\(World.base)/saml/sso\""))
    }

    /// Checklist E8.
    @Test func `every redirect is a 303`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(OpenIDQuestion().path)
        let redirects = [
            try await browser.get(OpenIDQuestion().path), try await browser.post("/saml/sso", SAMLQuestion().form),
            try await browser.get(OpenIDQuestion(Parties.shop, [("prompt", "none")]).path), try await browser.get(journey + "/continue"),
            try await browser.login("hanako", at: journey), try await browser.get(OpenIDQuestion().path),
            try await browser.post("/session/end"),
        ]
        for answer in redirects {
            #expect(answer.status == 303)
            #expect(answer.location?.isEmpty == false)
            #expect(answer.body.isEmpty)
        }
    }

    @Test func `refusals carry code, compared values, clause and remedy`() async throws {
        let house = try await House.ordinary()
        var question = SAMLQuestion()
        question.consumer = "https://evil.example/acs"
        let page = try await Browser(house).get(question.path)
        #expect(page.text.has("https://evil.example/acs"))
        #expect(page.text.has("<dt>clause</dt><dd>SAML"))
        #expect(page.between("<dt>remedy</dt><dd>", "</dd>")?.isEmpty == false)
        let token = try await Browser(house).post("/openid/token", [("grant_type", "password")])
        let explanation = try #require(try token.json["explanation"])
        for name in ["code", "summary", "clause", "remedy"] { #expect(explanation[name]?.string?.isEmpty == false) }
        #expect(token.headers[.contentType] == "application/json")
        #expect(token.headers[.cacheControl] == "no-store")
    }

    @Test func `bearer tokens only from header or form, never from the query`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion()
        let code = try #require(try await browser.login("hanako", at: try await browser.begin(question.path)).parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        let bearer = try #require(try tokens.json["access_token"]?.string)
        #expect(try await browser.get("/openid/userinfo?access_token=" + bearer).status == 400)
        for header in ["Bearer " + bearer.dropLast(), "Bearer " + bearer + "A", "Basic " + bearer, bearer, "Bearer", "Bearer\t" + bearer] {
            let answer = try await browser.get("/openid/userinfo", [.authorization: header])
            #expect((400...401).contains(answer.status))
            #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        }
        #expect(try await browser.get("/openid/userinfo", [.authorization: "bearer  " + bearer]).status == 200, "RFC 6750 §2.1: 1*SP")
        // Not an ID token, nor a code either (checklist E24).
        for other in [try tokens.json["id_token"]?.string ?? "", code] {
            #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer " + other]).status == 401)
        }
        house.pass(601)
        #expect(try await browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer]).status == 401)
    }

    @Test func `published documents may be kept, everything else may not`() async throws {
        let house = try await House.ordinary()
        for path in ["/saml/metadata", "/.well-known/openid-configuration", "/openid/jwks"] {
            let answer = try await Browser(house).get(path)
            #expect(answer.status == 200)
            #expect(answer.headers[.cacheControl] == "public, max-age=3600")
            #expect(answer.headers[.setCookie] == nil)
        }
        #expect(try await Browser(house).get("/health").headers[.cacheControl] == "no-store")
    }

    @Test func `health tells what the keeper of the trust store says, and nothing where there is none`() async throws {
        let house = try await House.ordinary()
        let watched = try House(house.world, trust: { .object([("state", "stale")]) })
        #expect(try await Browser(watched).get("/health").text.contains("\"trust\":{\"state\":\"stale\"}"))
        #expect(try await Browser(watched).get("/health").status == 200, "the process serves; a restart would mend nothing")
        #expect(try await Browser(house).get("/health").text.contains("trust") == false)
    }
}
