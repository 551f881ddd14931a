import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import Testing
import TrustFramework
import Vocabulary

/// A relying party that registers itself at the doors.
private struct Newcomer {
    let house: House
    let browser: Browser
    let callback: String

    init(_ house: House, callback: String = "https://new.example.jp/callback") {
        self.house = house
        self.callback = callback
        browser = Browser(house)
    }

    func metadata(_ changes: [(String, JSON?)] = []) throws -> JSON {
        let key = house.world.parties.key
        let jwks = JSON.object([("keys", [JWK(key.key.publicKey, keyID: key.keyID, algorithm: key.algorithm).json])])
        let plain: [(String, JSON)] = [
            ("redirect_uris", [.string(callback)]), ("client_name", "新しい店"), ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks", jwks),
            ("id_token_signed_response_alg", "ES256"), ("grant_types", ["authorization_code", "refresh_token"]),
        ]
        var members = plain.filter { name, _ in !changes.contains { $0.0 == name } }
        for (name, value) in changes { if let value { members.append((name, value)) } }
        return .object(members)
    }

    func register(_ token: String?, _ changes: [(String, JSON?)] = []) async throws -> Answer {
        try await browser.post("/openid/register", json: metadata(changes), Self.bearer(token))
    }

    static func bearer(_ token: String?) -> HTTPFields {
        var headers = HTTPFields()
        if let token { headers[.authorization] = "Bearer " + token }
        return headers
    }

    func manage(_ method: HTTPRequest.Method, _ body: JSON, _ token: String? = nil, _ changes: JSON? = nil) async throws -> Answer {
        var headers = Self.bearer(token ?? body["registration_access_token"]?.string)
        headers[.contentType] = "application/json"
        return try await browser.send(method, body["registration_client_uri"]?.string ?? "", headers, changes?.bytes)
    }

    func question(_ body: JSON) throws -> OpenIDQuestion {
        var question = OpenIDQuestion(try #require(body["client_id"]?.string))
        question.callback = callback
        question.more = [("prompt", "consent")]
        return question
    }

    func form(_ question: OpenIDQuestion) -> [(String, String)] {
        question.form.map { $0.0 == "scope" ? ("scope", "openid offline_access") : $0 }
    }

    /// A whole login and its tokens.
    func login(_ question: OpenIDQuestion, _ citizen: Browser? = nil) async throws -> Answer {
        let citizen = citizen ?? Browser(house)
        let journey = try await citizen.begin("/openid/authorize?" + Form.text(form(question)))
        let end = try await citizen.login("hanako", at: journey)
        let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
        return try await browser.post("/openid/token", question.tokenForm(code, in: house.world, at: house.now))
    }

    func refresh(_ token: String, _ question: OpenIDQuestion) async throws -> Answer {
        let form = try question.tokenForm("", in: house.world, at: house.now).filter {
            !["code", "redirect_uri", "code_verifier", "grant_type"].contains($0.0)
        }
        return try await browser.post("/openid/token", form + [("grant_type", "refresh_token"), ("refresh_token", token)])
    }
}

@Suite struct `The registration endpoint (checklist C4, O22, E22)` {
    @Test func `does not exist where nobody said that clients may register`() async throws {
        let house = try await House.ordinary()
        #expect(try await Newcomer(house).register(nil).status == 404)
        let discovery = try await Browser(house).get("/.well-known/openid-configuration").json
        #expect(discovery["registration_endpoint"] == nil)
        let open = try House(await World.registering())
        let told = try await Browser(open).get("/.well-known/openid-configuration").json
        #expect(told["registration_endpoint"]?.string == World.base + "/openid/register")
    }

    @Test func `a token registers so many clients and no more, and each is in force at once`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let token = try await house.initialAccess()
        let answer = try await newcomer.register(token)
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.headers[.cacheControl] == "no-store")
        let body = try answer.json
        let tokens = try await newcomer.login(newcomer.question(body))
        #expect(tokens.status == 200, "\(tokens.text)")
        let again = try await newcomer.register(token)
        #expect(again.status == 401 && again.code == "openid.registration.token-spent")
        #expect(again.headers[.wwwAuthenticate] == "Bearer realm=\"registration\", error=\"invalid_token\"")
        let bare = try await newcomer.register(nil)
        #expect(bare.status == 401 && bare.headers[.wwwAuthenticate] == "Bearer realm=\"registration\"")
        #expect(try await newcomer.register(String(repeating: "x", count: 43)).code == "openid.registration.token-unknown")
        let trail = try await house.trail().joined()
        for secret in [token, try #require(body["registration_access_token"]?.string)] {
            #expect(!trail.contains(secret) && !house.logs.text.contains(secret))
        }
        #expect(try await house.events().filter { $0 == "client.registered" }.count == 1)
    }

    @Test func `of many that bring one token at once, one registers`() async throws {
        let house = try House(await World.registering())
        let token = try await house.initialAccess()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await Newcomer(house).register(token).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 1 && statuses.count { $0 == 401 } == 7)
        #expect(try await house.store.registrations(limit: 10, skip: 0).count == 1)
    }

    @Test func `the login page names the client and who answers for it, and where it tells about itself`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let body = try await newcomer.register(
            house.initialAccess(),
            [
                ("policy_uri", "https://new.example.jp/policy"), ("tos_uri", "https://new.example.jp/terms"),
                ("logo_uri", "https://new.example.jp/logo.png"),
                ("client_name", "<b>新しい店"),
            ]
        ).json
        let citizen = Browser(house)
        let journey = try await citizen.begin("/openid/authorize?" + Form.text(newcomer.form(newcomer.question(body))))
        let page = try await citizen.get(journey).text
        let shop = try #require(MemberID(Parties.shop))
        let sponsor = try #require(house.world.configuration.federation.member(shop))
        #expect(page.contains("&lt;b&gt;新しい店（" + (sponsor.displayName["ja"] ?? "") + "）"))
        for address in ["policy", "terms", "logo.png"] { #expect(page.contains("https://new.example.jp/" + address), "\(address)") }
        #expect(!page.contains("<img"))
    }

    @Test func `an update renews the access token, and the old one is worth nothing`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let body = try await newcomer.register(house.initialAccess()).json
        let id = try #require(body["client_id"])
        let changes = try newcomer.metadata([("client_id", id), ("redirect_uris", ["https://new.example.jp/other"])])
        let answer = try await newcomer.manage(.put, body, nil, changes)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["redirect_uris"]?.strings == ["https://new.example.jp/other"])
        for method in [HTTPRequest.Method.get, .put, .delete] {
            let refused = try await newcomer.manage(method, body, nil, changes)
            #expect(refused.status == 401 && refused.code == "openid.registration.access", "\(method)")
        }
        let read = try await newcomer.manage(.get, answer.json)
        #expect(read.status == 200)
        #expect(try read.json["registration_access_token"] == answer.json["registration_access_token"])
        let citizen = Browser(house)
        let old = try await citizen.get(newcomer.question(body).path)
        #expect(old.status == 400 && old.location == nil)
    }

    @Test func `of many updates at once, one wins`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let body = try await newcomer.register(house.initialAccess()).json
        let id = try #require(body["client_id"])
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let other = Newcomer(house)
                    return try await other.manage(.put, body, nil, other.metadata([("client_id", id)])).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1 && statuses.count { $0 == 401 } == 5)
    }

    @Test func `a client that is deleted is nobody, and so are its tokens and its place in sessions`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let body = try await newcomer.register(house.initialAccess()).json
        let question = try newcomer.question(body)
        let tokens = try await newcomer.login(question).json
        let access = try #require(tokens["access_token"]?.string)
        let refresh = try #require(tokens["refresh_token"]?.string)
        #expect(try await newcomer.browser.get("/openid/userinfo", Newcomer.bearer(access)).status == 200)
        let id = try #require(MemberID(question.client))
        let sub = try question.claims(Answer(status: 200, headers: [:], body: tokens.bytes), in: house.world)["sub"]?.string ?? ""
        #expect(try await house.store.participations(of: id, named: sub).count == 1)
        let gone = try await newcomer.manage(.delete, body)
        #expect(gone.status == 204 && gone.body.isEmpty)
        #expect(try await newcomer.browser.get("/openid/userinfo", Newcomer.bearer(access)).status == 401)
        #expect(try await newcomer.refresh(refresh, question).status == 401)
        #expect(try await house.store.participations(of: id, named: sub).isEmpty)
        #expect(try await Browser(house).get(question.path).status == 400)
        #expect(try await newcomer.manage(.get, body).status == 401)
        #expect(try await newcomer.manage(.delete, body).status == 401)
        #expect(try await house.events().contains("client.deleted"))
    }

    @Test func `nobody learns which clients there are`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let body = try await newcomer.register(house.initialAccess()).json
        var other = body.members ?? []
        other.removeAll { $0.0 == "registration_client_uri" }
        let stranger = "/openid/register/dyn-" + String(repeating: "A", count: 32)
        let unknown = try await newcomer.manage(.get, .object(other + [("registration_client_uri", .string(stranger))]))
        let wrong = try await newcomer.manage(.get, body, String(repeating: "A", count: 43))
        #expect(unknown.status == 401 && wrong.status == 401 && unknown.text == wrong.text)
        #expect(
            try await newcomer.browser.get("/openid/register/" + Parties.shop, Newcomer.bearer(String(repeating: "A", count: 43))).status
                == 401)
    }

    @Test func `bounds hold: of one sponsor, in an hour`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let token = try await house.initialAccess(uses: 100)
        var bodies: [JSON] = []
        for _ in 0..<5 {
            let answer = try await newcomer.register(token)
            #expect(answer.status == 201)
            bodies.append(try answer.json)
        }
        let full = try await newcomer.register(token)
        #expect(full.status == 403 && full.code == "openid.registration.full")
        for body in bodies.prefix(4) { #expect(try await newcomer.manage(.delete, body).status == 204) }
        for _ in 0..<4 { #expect(try await newcomer.register(token).status == 201) }
        let last = try #require(bodies.last)
        #expect(try await newcomer.manage(.delete, last).status == 204)
        let fast = try await newcomer.register(token)
        #expect(fast.status == 429 && fast.code == "openid.registration.too-fast")
        #expect(fast.headers[.retryAfter] != nil)
        house.pass(3_601)
        #expect(try await newcomer.register(house.initialAccess()).status == 201)
    }

    @Test func `what it points to is fetched only for somebody who may register`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let address = "https://new.example.jp/jwks"
        let jwks = try #require(try newcomer.metadata()["jwks"]).text
        house.registrations.publish(jwks, at: address)
        let changes: [(String, JSON?)] = [("jwks", nil), ("jwks_uri", .string(address))]
        #expect(try await newcomer.register(nil, changes).status == 401)
        #expect(try await newcomer.register(String(repeating: "x", count: 43), changes).status == 401)
        #expect(house.registrations.fetched.isEmpty)
        #expect(try await newcomer.register(house.initialAccess(), changes).status == 201)
        #expect(house.registrations.fetched == [address])
        let absent = try await newcomer.register(house.initialAccess(), [("jwks", nil), ("jwks_uri", "https://new.example.jp/none")])
        #expect(absent.status == 400)
        #expect(try absent.json["error"]?.string == "invalid_client_metadata")
    }

    @Test func `a key that appeared at jwks_uri is learnt when it is used`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let address = "https://new.example.jp/jwks"
        let other = SigningKey(keyID: "older", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        house.registrations.publish(JWKSet([JWK(other.key.publicKey, keyID: "older", algorithm: .es256)]).json.text, at: address)
        let body = try await newcomer.register(house.initialAccess(), [("jwks", nil), ("jwks_uri", .string(address))]).json
        let question = try newcomer.question(body)
        // The clients of the tests sign with the key `one`, which is not there yet.
        #expect(try await newcomer.login(question).status == 401)
        #expect(house.registrations.fetched.count == 2)
        house.registrations.publish(try #require(try newcomer.metadata()["jwks"]).text, at: address)
        #expect(try await newcomer.login(question).status == 200)
        #expect(house.registrations.fetched.count == 3)
        #expect(try await newcomer.login(question).status == 200)
        #expect(house.registrations.fetched.count == 3)
    }

    @Test func `one that signed a request object first is learnt too`() async throws {
        let house = try House(await World.registering())
        let newcomer = Newcomer(house)
        let address = "https://new.example.jp/jwks"
        let other = SigningKey(keyID: "older", algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
        house.registrations.publish(JWKSet([JWK(other.key.publicKey, keyID: "older", algorithm: .es256)]).json.text, at: address)
        let changes: [(String, JSON?)] = [
            ("jwks", nil), ("jwks_uri", .string(address)), ("request_object_signing_alg", "ES256"),
        ]
        let question = try newcomer.question(await newcomer.register(house.initialAccess(), changes).json)
        let object = try house.world.parties.key.signed(
            .object(
                question.form.map { ($0.0, .string($0.1)) } + [
                    ("iss", .string(question.client)), ("aud", .string(World.base)),
                    ("exp", .integer(house.now.seconds + 60)), ("nbf", .integer(house.now.seconds)),
                ]), type: "oauth-authz-req+jwt")
        let path = "/openid/authorize?" + Form.text([("client_id", question.client), ("request", object)])
        let refused = try await Browser(house).get(path)
        #expect(refused.text.contains("openid.request-object.key"), "the set has it not yet: \(refused.text)")
        house.registrations.publish(try #require(try newcomer.metadata()["jwks"]).text, at: address)
        let fetched = house.registrations.fetched.count
        let citizen = Browser(house)
        let end = try await citizen.login("hanako", at: citizen.begin(path))
        #expect(end.parameter("code") != nil, "\(end.location ?? end.text)")
        #expect(house.registrations.fetched.count == fetched + 1)
    }

    @Test(arguments: ["application/x-www-form-urlencoded", "text/plain", ""])
    func `anything but JSON is refused`(type: String) async throws {
        let house = try House(await World.registering())
        var headers = Newcomer.bearer(try await house.initialAccess())
        if !type.isEmpty { headers[.contentType] = type }
        let answer = try await Browser(house).send(.post, "/openid/register", headers, Array("{}".utf8))
        #expect(answer.status == 400 && answer.code == "openid.registration.content-type")
    }

    @Test func `a body of more than 64 KiB is refused unread`() async throws {
        let house = try House(await World.registering())
        var headers = Newcomer.bearer(try await house.initialAccess())
        headers[.contentType] = "application/json"
        let answer = try await Browser(house).send(.post, "/openid/register", headers, [UInt8](repeating: 0x20, count: 65_537))
        #expect(answer.status == 413)
    }

    @Test(arguments: 1...3)
    func `a store that fails registers nobody, and says neither 2xx nor why (E19)`(call: Int) async throws {
        let world = try await World.registering()
        let kept = FailingBox()
        let house = try House(
            world,
            stores: { store in
                let failing = FailingStores(store, at: call)
                kept.stores = failing
                return failing
            })
        let answer = try await Newcomer(house).register(house.initialAccess())
        if answer.status == 201 {
            #expect(kept.stores?.calls ?? 0 < call)
        } else {
            #expect(answer.status >= 500 && !answer.text.contains("secret detail"))
            #expect(try await house.store.registrations(limit: 10, skip: 0).isEmpty)
        }
    }
}

private final class FailingBox {
    var stores: FailingStores?
}
