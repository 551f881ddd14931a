import Cryptography
import Foundation
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Testing
import Vocabulary
import Web

/// Services that wait for a citizen elsewhere.
extension Parties {
    /// A cable television company's set-top boxes (R11). A card is enough.
    static let television = "RP00000011"
    /// Shows digits, needs the PIN, and has a name that is an attack.
    static let hostile = "RP00000012"
    /// A counter that puts requests to citizens (R12, R17); they have logged in at it before.
    static let counter = "RP00000013"
    static let counterCallback = "https://counter.example.jp/callback"
    /// Signs its requests and is told by pings.
    static let pinger = "RP00000014"
    static let pingerCallback = "https://pinger.example.jp/callback"
    static let pingerEndpoint = "https://pinger.example.jp/ciba?at=1"

    func waitingFiles(jwks: String) -> [(name: String, text: String)] {
        func member(_ name: String, _ id: String, _ title: String, _ purpose: String, _ rest: String) -> (name: String, text: String) {
            (
                name + ".yaml",
                Self.member(
                    id, "private-verifier", title, purpose, "openid:\n  authentication: private_key_jwt\n  jwks: \(jwks)\n" + rest)
            )
        }
        return [
            member("television", Self.television, "見本ケーブルテレビ", "points", "  grants: [device_code]\n"),
            member("hostile", Self.hostile, Self.hostileName, "identity-check", "  grants: [device_code]\n  user-code: digits\n"),
            member(
                "counter", Self.counter, "見本窓口", "points",
                "  redirect-uris: [\"\(Self.counterCallback)\"]\n  grants: [authorization_code, ciba]\n"),
            member(
                "pinger", Self.pinger, "見本受付", "points",
                "  redirect-uris: [\"\(Self.pingerCallback)\"]\n  grants: [authorization_code, ciba]\n"
                    + "  ciba: {delivery: ping, notification-endpoint: \"\(Self.pingerEndpoint)\", request-signing-alg: ES256}\n"),
        ]
    }
}

/// One client that waits and the citizens who decide.
struct Waiter {
    let house: House
    let client: String

    init(_ client: String = Parties.television, _ house: House? = nil) async throws {
        self.house = if let house { house } else { try House(await World.shared(), deliver: { _, _, _ in }) }
        self.client = client
    }

    /// The client authenticates with a fresh assertion.
    func credential(_ id: String? = nil) throws -> [(String, String)] {
        var random = SystemRandom()
        let id = id ?? client
        let assertion = try house.world.parties.key.signed(
            [
                "iss": .string(id), "sub": .string(id), "aud": .string(house.world.configuration.baseURL),
                "iat": .integer(house.now.seconds), "exp": .integer(house.now.seconds + 120),
                "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        return [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion),
        ]
    }

    func post(_ path: String, _ form: [(String, String)], as id: String? = nil) async throws -> Answer {
        try await Browser(house).post(path, form + (try credential(id)))
    }

    // MARK: - Device

    struct Shown {
        let deviceCode: String
        let userCode: String
    }

    func begin() async throws -> Shown {
        let answer = try await post("/openid/device_authorization", [("scope", "openid")])
        try #require(answer.status == 200, "\(answer.text)")
        return Shown(
            deviceCode: try #require(try answer.json["device_code"]?.string), userCode: try #require(try answer.json["user_code"]?.string))
    }

    func poll(_ shown: Shown, as id: String? = nil) async throws -> Answer {
        try await post(
            "/openid/token", [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", shown.deviceCode)], as: id)
    }

    /// Types the code; the address of the journey that comes of it.
    func type(_ code: String, in browser: Browser) async throws -> String {
        let answer = try await browser.post("/device", [("user_code", code)])
        try #require(answer.status == 303, "\(answer.text)")
        let about = try #require(answer.location)
        try #require(about.hasSuffix("/about"))
        return String(about.dropLast("/about".count))
    }

    func decide(_ decision: String, at journey: String, in browser: Browser) async throws -> Answer {
        try await browser.post(journey + "/confirm", [("decision", decision)])
    }

    /// The whole way of one citizen.
    func approve(
        _ shown: Shown, _ handle: String = "hanako", in browser: Browser, _ mode: CardMode = .pin, terminal: String? = "sekisho-app"
    ) async throws -> Answer {
        let journey = try await type(shown.userCode, in: browser)
        let confirm = try await browser.login(handle, at: journey, mode, terminal: terminal)
        try #require(confirm.location == journey + "/confirm", "\(confirm.status) \(confirm.text)")
        return try await decide("approve", at: journey, in: browser)
    }

    // MARK: - Back channel

    struct Asked {
        let requestID: String
        let ticket: String
    }

    /// The citizen's name at this client, from a login of before.
    func name(of handle: String = "hanako", callback: String = Parties.counterCallback) async throws -> String {
        var question = OpenIDQuestion(client)
        question.callback = callback
        let browser = Browser(house)
        let back = try await browser.login(handle, at: try await browser.begin(question.path))
        let code = try #require(back.parameter("code"), "\(back.text)")
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        return try #require(try question.claims(tokens, in: house.world)["sub"]?.string)
    }

    func ask(_ form: [(String, String)]) async throws -> Answer {
        try await post("/openid/ciba", [("scope", "openid")] + form)
    }

    func asked(_ form: [(String, String)]) async throws -> Asked { try asked(try await ask(form)) }

    func asked(_ answer: Answer) throws -> Asked {
        try #require(answer.status == 200, "\(answer.text)")
        let link = try #require(try answer.json["approval_uri"]?.string)
        return Asked(
            requestID: try #require(try answer.json["auth_req_id"]?.string),
            ticket: String(link.split(separator: "/").last ?? ""))
    }

    /// A signed request.
    func object(_ more: [(String, JSON)]) throws -> String {
        var random = SystemRandom()
        let now = house.now.seconds
        return try house.world.parties.key.signed(
            .object(
                [
                    ("iss", .string(client)), ("aud", .string(house.world.configuration.baseURL)), ("iat", .integer(now)),
                    ("nbf", .integer(now)), ("exp", .integer(now + 300)), ("jti", .string(Base64url.encode(random.bytes(16)))),
                    ("scope", "openid"),
                ] + more), type: nil)
    }

    func poll(_ asked: Asked, as id: String? = nil) async throws -> Answer {
        try await post("/openid/token", [("grant_type", "urn:openid:params:grant-type:ciba"), ("auth_req_id", asked.requestID)], as: id)
    }

    /// Logs in on our own page; the answer that follows.
    func enter(_ handle: String, in browser: Browser, ticket: String? = nil, _ mode: CardMode = .pin, terminal: String? = "sekisho-app")
        async throws -> Answer
    {
        let begun = try await browser.post("/approve/login", ticket.map { [("ticket", $0)] } ?? [])
        return try await browser.login(handle, at: try #require(begun.location), mode, terminal: terminal)
    }

    /// The requests on the list, as the forms have them.
    func listed(in browser: Browser) async throws -> [String] {
        try await browser.get("/approve").text.components(between: "name=\"request\" value=\"", and: "\"")
    }

    /// Opens a request of the list; the journey whose page decides.
    func open(_ request: String, in browser: Browser) async throws -> String {
        let opened = try await browser.post("/approve/open", [("request", request)])
        let address = try #require(opened.location, "\(opened.text)")
        try #require(address.hasSuffix("/continue"), "\(address)")
        return String(address.dropLast("/continue".count))
    }

    // MARK: - The deployment

    /// The same deployment with one word of a member's file changed.
    func change(_ file: String, _ word: String, to other: String) throws {
        let changed = try edited("Metadata/members/" + file, word, to: other)
        house.platform.configuration.replace(house.world.configuration.answering(changed.federation))
    }

    /// The same deployment, in which others use this terminal too.
    func share(_ terminal: String) throws {
        let word = "\"attended\":false"
        let changed = try edited("Keys/terminals/" + terminal + ".json", word, to: word + ",\"shared\":true")
        house.platform.configuration.replace(changed.answering(house.world.configuration.federation))
    }

    private func edited(_ file: String, _ word: String, to other: String) throws -> Configuration {
        let original = house.world.configuration
        let copy = NSTemporaryDirectory() + "sekisho-web-changed-" + UUID().uuidString
        try FileManager.default.copyItem(atPath: original.folder, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let path = copy + "/" + file
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        let changed = text.components(splitBy: word).joined(separator: other)
        try #require(changed != text)
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        return try Settings.load(copy, at: World.now)
    }
}
