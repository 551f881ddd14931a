import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import SignOn
import Signals
import Testing
import TrustFramework
import Vocabulary
import Web

/// A member that receives security events, at a house that sends them.
struct Receiving {
    static let insurer = "RP-INSURER"
    static let other = "RP-OTHER"
    static let hook = "https://insurer.example.jp/events"
    static let callback = "https://insurer.example.jp/callback"

    let house: House

    init(house: House) { self.house = house }

    /// The ordinary deployment with two receivers more.
    init(offered: Bool = true, binding: SenderConstraint? = nil) async throws {
        let world = try await World.shared()
        var federation = world.configuration.federation
        for id in [Self.insurer, Self.other] { federation = federation.adding(try Self.registration(id, world, binding)) }
        house = try House(
            World(
                simulator: world.simulator, configuration: world.configuration.answering(federation), lists: world.lists,
                parties: world.parties))
        if !offered { house.store.bound(by: SignalRules(isOffered: false)) }
    }

    /// The operator takes all other events out of the members' files.
    func narrow(to events: [EventType]) async throws {
        let world = try await World.shared()
        var federation = world.configuration.federation
        for id in [Self.insurer, Self.other] { federation = federation.adding(try Self.registration(id, world, nil, events)) }
        house.platform.configuration.replace(house.platform.configuration.current.answering(federation))
    }

    private static func registration(
        _ id: String, _ world: World, _ binding: SenderConstraint?, _ events: [EventType] = EventType.onRequest
    ) throws -> Registration {
        let set = try JWKSet(reading: .object([("keys", .array([world.parties.key.jwk.json]))]))
        var options = ClientOptions()
        options.senderConstraint = binding
        options.signals = SignalRegistration(events: Set(events.map(\.rawValue)), endpoints: id == insurer ? [hook] : [])
        let shopID = try #require(MemberID(Parties.shop))
        let shop = try #require(world.configuration.federation.member(shopID))
        let member = try #require(MemberID(id))
        return Registration(
            member: Member(
                id: member, kind: shop.kind, displayName: ["ja": "見本保険"], accreditation: shop.accreditation, sector: id,
                defaultPurpose: shop.defaultPurpose),
            speech: .openID(
                try Client(id: member, redirectURIs: [callback], authentication: .privateKeyJWT(set), options: options)),
            file: id + ".yaml")
    }

    func assertion(_ client: String, endpoint: String = "/openid/token") throws -> [(String, String)] {
        var random = SystemRandom()
        let text = try house.world.parties.key.signed(
            [
                "iss": .string(client), "sub": .string(client), "aud": .string(house.world.configuration.baseURL + endpoint),
                "iat": .integer(house.now.seconds), "exp": .integer(house.now.seconds + 120),
                "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        return [
            ("client_id", client), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", text),
        ]
    }

    func askToken(_ client: String = insurer, scope: String? = "ssf.manage", proof: [(String, String)]? = nil) async throws -> Answer {
        let form = [("grant_type", "client_credentials")] + (scope.map { [("scope", $0)] } ?? []) + (try proof ?? assertion(client))
        return try await Browser(house).post("/openid/token", form)
    }

    func token(_ client: String = insurer, scope: String? = "ssf.manage") async throws -> String {
        let answer = try await askToken(client, scope: scope)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(try answer.json["access_token"]?.string)
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ token: String?, _ body: JSON? = nil, type: String = "application/json"
    ) async throws -> Answer {
        var headers = HTTPFields()
        if let token { headers[.authorization] = "Bearer " + token }
        if body != nil { headers[.contentType] = type }
        return try await house.send(method, path, headers, body?.bytes)
    }

    static func asked(push: Bool = false, _ types: [EventType] = EventType.onRequest) -> JSON {
        var members: [(String, JSON)] = [("events_requested", .array(types.map { .string($0.rawValue) }))]
        if push {
            members.append(
                (
                    "delivery",
                    .object([
                        ("method", "urn:ietf:rfc:8935"), ("endpoint_url", .string(hook)), ("authorization_header", "Bearer their-secret"),
                    ])
                ))
        }
        return .object(members)
    }

    func open(_ token: String, push: Bool = false) async throws -> String {
        let answer = try await call(.post, "/ssf/streams", token, Self.asked(push: push))
        try #require(answer.status == 201, "\(answer.text)")
        return try #require(try answer.json["stream_id"]?.string)
    }

    func poll(_ stream: String, _ token: String, _ body: JSON = ["returnImmediately": true]) async throws -> Answer {
        try await call(.post, "/ssf/poll/" + stream, token, body)
    }

    /// The claims of every event of a poll, verified as a receiver does.
    func events(_ answer: Answer) throws -> [JSON] {
        let keys = try JWKSet(reading: house.world.configuration.openIDProvider.jwks(at: house.now)).keys
        return try (try answer.json["sets"]?.members ?? []).map { id, token in
            let verified = try UnverifiedJWS(compact: try #require(token.string)).verified(by: keys, allowed: [.es256])
            #expect(verified.type == "secevent+jwt")
            let claims = try JSON(reading: verified.payload)
            #expect(claims["jti"]?.string == id && claims["iss"]?.string == house.world.configuration.openIDProvider.issuer)
            return claims
        }
    }

    /// A citizen logs in at the receiver; the browser and the `sub` that the receiver is told.
    func login(_ card: String = "hanako", _ client: String = insurer) async throws -> (browser: Browser, subject: String) {
        let browser = Browser(house)
        var question = OpenIDQuestion(client)
        question.callback = Self.callback
        let journey = try await browser.begin(question.path)
        let answer = try await browser.login(card, at: journey)
        let code = try #require(answer.parameter("code"), "\(answer.status) \(answer.location ?? answer.text)")
        let tokens = try await Browser(house).post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        return (browser, try #require(try question.claims(tokens, in: house.world)["sub"]?.string))
    }
}
