import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Signed authentication request, CIBA Core §7.1.1, FAPI-CIBA §5.2.2` {
    let federation: Federation
    let client: Client
    static let now = Federation.now.seconds

    init() throws {
        federation = try Federation()
        client = try federation.waitingClient(ciba: .init(requestAlgorithm: .es256))
    }

    private func refusal(_ request: String, client: Client? = nil) throws -> TokenRefusal? {
        try federation.refusal { _ = try federation.backchannelRequest([("request", request)], client: client ?? self.client) }
    }

    private static func fit() -> [[(String, JSON?)]] {
        let one: [(String, JSON)] = [
            ("requested_expiry", "300"), ("requested_expiry", 300), ("scope", "profile openid"), ("binding_message", "W4SCT"),
            ("aud", JSON.array([JSON.string(Federation.issuer)])),
            ("aud", JSON.array(["https://other.example", JSON.string(Federation.issuer)])), ("exp", JSON.integer(now + 3_600)),
            ("nbf", JSON.integer(now - 3_600)), ("nbf", JSON.integer(now + 8)), ("iat", JSON.integer(now + 8)),
            ("client_notification_token", "unasked"),
        ]
        return [[]] + one.map { [($0.0, $0.1)] }
    }

    @Test(arguments: fit())
    func `is accepted`(changes: [(String, JSON?)]) throws {
        let request = try federation.backchannelRequest([("request", try federation.object(changes))], client: client)
        #expect(request.replay?.key == "request-1")
        #expect(federation.begun(request).grant.addressee?.pairwise.text == Federation.pairwise)
    }

    private static func wrong() -> [(String, JSON?)] {
        var table: [(String, JSON?)] = []
        for name in ["aud", "iss", "exp", "iat", "nbf", "jti", "login_hint"] { table.append((name, nil)) }
        let texts: [(String, String)] = [
            ("aud", "https://other.example"), ("aud", Federation.issuer + "/"), ("aud", Federation.issuer + "/openid/ciba"),
            ("iss", "other"),
            ("exp", "soon"), ("jti", ""), ("jti", String(repeating: "j", count: 256)), ("sub", "shop"), ("requested_expiry", "abc"),
            ("id_token_hint", "a.b.c"),
        ]
        for (name, text) in texts { table.append((name, JSON.string(text))) }
        let numbers: [(String, Int64)] = [
            ("iss", 1), ("exp", now), ("exp", now - 300), ("exp", now + 4_200), ("iat", now + 600), ("nbf", now + 600),
            ("nbf", now - 4_200),
            ("scope", 1), ("requested_expiry", 0),
        ]
        for (name, number) in numbers { table.append((name, JSON.integer(number))) }
        table.append(("scope", JSON.array(["openid"])))
        table.append(("login_hint", JSON.array(["a", "b"])))
        table.append(("binding_message", JSON.object([])))
        table.append(("requested_expiry", JSON.number(1.5)))
        return table
    }

    @Test(arguments: wrong())
    func `is refused with invalid_request for each claim that is missing or wrong`(claim: String, value: JSON?) throws {
        #expect(try refusal(federation.object([(claim, value)]))?.error == .invalidRequest)
    }

    @Test func `is refused when another key signed it, or another algorithm, or none (E9)`() throws {
        let keys = federation.keys
        #expect(try refusal(federation.object(key: keys.strangerES256))?.error == .invalidRequest)
        #expect(try refusal(federation.object(key: keys.shopRS256))?.error == .invalidRequest)
        #expect(try refusal(federation.object(key: keys.shopPS256))?.error == .invalidRequest)
        let signed = try federation.object()
        let parts = signed.split(separator: ".")
        let none = Base64url.encode(Array("{\"alg\":\"none\"}".utf8))
        let signature = String(parts[2].reversed())
        let unsigned = none + "." + String(parts[1]) + "."
        let bent = String(parts[0]) + "." + String(parts[1]) + "." + signature
        for forged in [unsigned, unsigned + String(parts[2]), bent, "", "a"] {
            #expect(try federation.refusal { _ = try federation.backchannelRequest([("request", forged)], client: client) } != nil)
        }
    }

    @Test func `is refused under FAPI with RS256 even where the key fits`() throws {
        let fapi = try federation.waitingClient(ciba: .init(), profile: .fapi2)
        #expect(try refusal(federation.object(key: federation.keys.shopRS256), client: fapi)?.error == .invalidRequest)
        #expect(try refusal(federation.object(key: federation.keys.shopPS256), client: fapi) == nil)
    }

    @Test func `is required of whoever registered an algorithm, and under FAPI of everybody`() throws {
        for client in [client, try federation.waitingClient(ciba: .init(), profile: .fapi2)] {
            let refusal = try federation.refusal {
                _ = try federation.backchannelRequest([Federation.openid, Federation.hint], client: client)
            }
            #expect(refusal?.error == .invalidRequest)
            #expect(refusal?.explanation.code == "openid.ciba.request-unsigned")
        }
        _ = try federation.backchannelRequest([Federation.openid, Federation.hint])
    }

    @Test(arguments: ["scope", "login_hint", "binding_message", "client_notification_token", "acr_values", "requested_expiry", "resource"])
    func `no parameter stands beside it`(name: String) throws {
        let refusal = try federation.refusal {
            _ = try federation.backchannelRequest([("request", try federation.object()), (name, "openid")], client: client)
        }
        #expect(refusal?.explanation.code == "openid.ciba.request-outside")
    }

    @Test(arguments: [
        (nil, true), ("JWT", true), ("oauth-authz-req+jwt", true), ("client-authentication+jwt", false), ("logout+jwt", false),
        ("dpop+jwt", false), ("at+jwt", false),
    ])
    func `is told from other kinds of token by its typ (E24)`(type: String?, isTaken: Bool) throws {
        #expect((try refusal(federation.object(type: type)) == nil) == isTaken)
    }

    @Test func `a client assertion is no request, and a request no assertion (E24)`() throws {
        #expect(
            try refusal(federation.assertion([("aud", .string(Federation.issuer)), ("nbf", .integer(Self.now))]))?.error == .invalidRequest)
        let form = try federation.form(
            Federation.credential(try federation.object()).compactMap { name, value in value.map { (name, $0) } })
        #expect(throws: TokenRefusal.self) { try UnverifiedClient(form, ClientEvidence()) }
    }

    @Test func `its jti is claimed per client, as long as it could be shown again (E16)`() throws {
        let request = try federation.backchannelRequest([("request", try federation.object())], client: client)
        #expect(request.replay?.scope == "ciba-request shop")
        #expect(try #require(request.replay).until > Federation.now.adding(seconds: 300))
    }
}

@Suite struct `Hints, CIBA Core §7.1` {
    let federation: Federation
    static let now = Federation.now.seconds

    init() throws { federation = try Federation() }

    private func token(_ changes: [(String, JSON?)] = [], key: SigningKey? = nil) throws -> String {
        let plain: [(String, JSON)] = [
            ("iss", "shop"), ("aud", .string(Federation.issuer)), ("exp", .integer(Self.now + 60)),
            ("sub_id", ["format": "opaque", "id": .string(Federation.pairwise)]),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return try (key ?? federation.keys.shopES256).signed(.object(members), type: "JWT")
    }

    @Test(
        arguments: [
            [], [("sub_id", ["format": "iss_sub", "iss": .string(Federation.issuer), "sub": .string(Federation.pairwise)])],
        ] as [[(String, JSON?)]])
    func `a login_hint_token that the client signed names the citizen`(changes: [(String, JSON?)]) throws {
        let request = try federation.backchannelRequest([Federation.openid, ("login_hint_token", try token(changes))])
        #expect(federation.begun(request).grant.addressee?.pairwise.text == Federation.pairwise)
    }

    private static func wrong() -> [(String, JSON?, String)] {
        let other: JSON = ["format": "iss_sub", "iss": "https://other.example", "sub": .string(Federation.pairwise)]
        let mail: JSON = ["format": "email", "email": "hanako@example.jp"]
        let nobody: JSON = ["format": "opaque", "id": "x"]
        var table: [(String, JSON?, String)] = ["iss", "aud", "exp", "sub_id"].map { ($0, nil, "invalid_request") }
        table.append(("iss", "other", "invalid_request"))
        table.append(("aud", "https://other.example", "invalid_request"))
        table.append(("exp", JSON.integer(now), "expired_login_hint_token"))
        table.append(("exp", JSON.integer(now - 60), "expired_login_hint_token"))
        table.append(("sub_id", "hanako", "invalid_request"))
        table.append(("sub_id", mail, "invalid_request"))
        table.append(("sub_id", other, "invalid_request"))
        table.append(("sub_id", nobody, "unknown_user_id"))
        return table
    }

    @Test(arguments: wrong())
    func `a login_hint_token is refused`(claim: String, value: JSON?, error: String) throws {
        let token = try token([(claim, value)])
        let refusal = try federation.refusal { _ = try federation.backchannelRequest([Federation.openid, ("login_hint_token", token)]) }
        #expect(refusal?.error.rawValue == error)
    }

    @Test func `a login_hint_token of a stranger is refused`() throws {
        let token = try token(key: federation.keys.strangerES256)
        let refusal = try federation.refusal { _ = try federation.backchannelRequest([Federation.openid, ("login_hint_token", token)]) }
        #expect(refusal?.error == .invalidRequest)
    }

    @Test func `an ID token that we gave this client names the citizen; one for another client names nobody`() throws {
        let claims: [(String, JSON)] = [
            ("iss", .string(Federation.issuer)), ("sub", .string(Federation.pairwise)), ("exp", .integer(Self.now - 86_400)),
        ]
        let mine = try federation.keys.providerES256.signed(.object(claims + [("aud", "shop")]), type: "JWT")
        let request = try federation.backchannelRequest([Federation.openid, ("id_token_hint", mine)])
        #expect(federation.begun(request).grant.addressee?.pairwise.text == Federation.pairwise)
        let others = [
            try federation.keys.providerES256.signed(.object(claims + [("aud", "other")]), type: "JWT"),
            try federation.keys.providerES256.signed(.object(claims + [("aud", "shop")]), type: "logout+jwt"),
            try federation.keys.shopES256.signed(.object(claims + [("aud", "shop")]), type: "JWT"),
        ]
        for hint in others {
            let refusal = try federation.refusal { _ = try federation.backchannelRequest([Federation.openid, ("id_token_hint", hint)]) }
            #expect(refusal?.error == .invalidRequest)
        }
    }
}

@Suite struct `Metadata of device and back-channel grants, RFC 8628 §4, CIBA Core §4` {
    @Test func `says what some client is registered for`() throws {
        let federation = try Federation()
        let provider = federation.provider.with(offers: ProviderOffers(grants: [.deviceCode, .ciba]))
        let document = provider.discovery(ladder: Federation.ladder, at: Federation.now)
        #expect(document["device_authorization_endpoint"]?.string == "https://login.example/openid/device_authorization")
        #expect(document["backchannel_authentication_endpoint"]?.string == "https://login.example/openid/ciba")
        #expect(document["backchannel_token_delivery_modes_supported"]?.strings == ["poll", "ping"])
        #expect(document["backchannel_user_code_parameter_supported"]?.bool == false)
        #expect(document["backchannel_authentication_request_signing_alg_values_supported"]?.strings?.contains("PS256") == true)
    }

    @Test func `is silent where nobody is`() throws {
        let document = try Federation().provider.discovery(ladder: Federation.ladder, at: Federation.now)
        for name in ["device_authorization_endpoint", "backchannel_authentication_endpoint", "backchannel_token_delivery_modes_supported"] {
            #expect(document[name] == nil)
        }
    }
}
