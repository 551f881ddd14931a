import Credentials
import Cryptography
import HTTPTypes
import JOSE
import OpenID
import Settings
import Testing
import Vocabulary

/// A portal that files for citizens, and the offices that it files at.
extension Parties {
    /// A card is enough; may act at the town and the pension office; wants userinfo as JSON.
    static let move = "RP00000191"
    static let moveCallback = "https://move.example.jp/callback"
    /// Needs the PIN; is a client too.
    static let town = "RP00000192"
    static let townCallback = "https://town.example.lg.jp/callback"
    static let townResource = "https://town.example.lg.jp/api"
    /// A resource server only, that wants signed answers.
    static let pension = "RP00000193"
    static let pensionResource = "https://pension.example.go.jp/api"
    /// A card is enough; wants userinfo signed.
    static let diary = "RP00000194"
    static let diaryCallback = "https://diary.example.jp/callback"

    static let detailsTypes = [
        (
            "agency-filing.yaml",
            """
            type: agency-filing
            title: {ja: 役所への届出, en: Filing with agencies}
            fields:
              locations: {kind: address-list, required: true, most: 16, title: {ja: 届出先, en: Filed with}}
              procedure: {kind: text, title: {ja: 手続, en: Procedure}, choices: {move: {ja: 引越し, en: moving house}}}
              onward: {kind: address-list, most: 16, title: {ja: 届出先から伝わる先, en: Passed on to}}

            """
        )
    ]

    func resourceFiles(jwks: String) -> [(name: String, text: String)] {
        func client(_ rest: String) -> String { "openid:\n  authentication: private_key_jwt\n  jwks: \(jwks)\n\(rest)" }
        return [
            (
                "move.yaml",
                Self.member(
                    Self.move, "private-verifier", "引越しポータル", "points",
                    client(
                        """
                          redirect-uris: ["\(Self.moveCallback)"]
                          grants: [authorization_code, token_exchange]
                          exchange: {audiences: ["\(Self.townResource)", "\(Self.pension)"]}
                          authorization-details-types: [agency-filing]

                        """))
            ),
            (
                "town.yaml",
                Self.member(
                    Self.town, "local-government", "見本町", "procedure",
                    client(
                        """
                          redirect-uris: ["\(Self.townCallback)"]
                          grants: [authorization_code, token_exchange]
                          audiences: ["\(Self.townResource)"]
                          exchange: {audiences: ["\(Self.pensionResource)"]}
                          accepts-exchanges-from: ["\(Self.move)"]

                        """))
            ),
            (
                "pension.yaml",
                Self.member(
                    Self.pension, "ministry", "見本年金事務所", "procedure",
                    client(
                        """
                          grants: []
                          audiences: ["\(Self.pensionResource)"]
                          accepts-exchanges-from: ["\(Self.move)", "\(Self.town)"]
                          introspection-signed-response-alg: ES256

                        """))
            ),
            (
                "diary.yaml",
                Self.member(
                    Self.diary, "private-verifier", "見本日記", "points",
                    client("  redirect-uris: [\"\(Self.diaryCallback)\"]\n  userinfo-signed-response-alg: ES256\n"))
            ),
        ]
    }
}

/// What services say to each other in these tests.
struct Office {
    let house: House

    /// A client's proof of itself, and the rest of its form.
    func form(_ client: String, _ rest: [(String, String)]) throws -> [(String, String)] {
        var random = SystemRandom()
        let assertion = try house.world.parties.key.signed(
            [
                "iss": .string(client), "sub": .string(client), "aud": .string(house.world.configuration.baseURL),
                "iat": .integer(house.now.seconds), "exp": .integer(house.now.seconds + 120),
                "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        return rest + [
            ("client_id", client), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ]
    }

    func ask(_ path: String, _ client: String, _ rest: [(String, String)], _ headers: HTTPFields = [:]) async throws -> Answer {
        try await Browser(house).post(path, form(client, rest), headers)
    }

    func introspect(_ token: String, by client: String = Parties.town, accept: String? = nil) async throws -> Answer {
        try await ask("/openid/introspect", client, [("token", token)], accept.map { [.accept: $0] } ?? [:])
    }

    func revoke(_ token: String, by client: String = Parties.move) async throws -> Answer {
        try await ask("/openid/revoke", client, [("token", token)])
    }

    func userInfo(_ token: String) async throws -> Answer {
        try await Browser(house).get("/openid/userinfo", [.authorization: "Bearer " + token])
    }

    func exchange(_ token: String, for target: String = Parties.townResource, by client: String = Parties.move) async throws -> Answer {
        try await ask(
            "/openid/token", client,
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("resource", target),
            ])
    }

    static let filing =
        #"[{"type":"agency-filing","procedure":"move","locations":["\#(Parties.townResource)","\#(Parties.pensionResource)"],"#
        + #""onward":["\#(Parties.pensionResource)"]}]"#

    /// A citizen logs in; the client's tokens.
    func login(
        _ client: String = Parties.move, details: String? = Office.filing, _ mode: CardMode = .pin, browser: Browser? = nil
    ) async throws -> JSON {
        let browser = browser ?? Browser(house)
        var question = OpenIDQuestion(client, details.map { [("authorization_details", $0)] } ?? [])
        question.callback =
            [
                Parties.move: Parties.moveCallback, Parties.town: Parties.townCallback, Parties.diary: Parties.diaryCallback,
            ][client] ?? Parties.shopCallback
        let first = try await browser.get(question.path)
        try #require(first.status == 303, "\(first.text)")
        var code = first.parameter("code")
        if code == nil {
            let terminal = mode == .face ? "kiosk" : "sekisho-app"
            code = try await browser.login("hanako", at: try #require(first.location), mode, terminal: terminal).parameter("code")
        }
        let answer = try await browser.post("/openid/token", question.tokenForm(try #require(code), in: house.world, at: house.now))
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }
}

extension JSON {
    func token() throws -> String { try #require(self["access_token"]?.string) }
}
