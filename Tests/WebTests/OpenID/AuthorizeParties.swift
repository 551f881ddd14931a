import Cryptography
import JOSE
import Settings
import Testing
import Vocabulary

/// Relying parties of the authorization endpoint: one that uses everything, one that has to push.
extension Parties {
    /// `core`: signed requests, signed answers.
    static let signer = "RP00000071"
    static let signerCallback = "https://signer.example.jp/callback"
    /// `fapi2`, and it files with agencies.
    static let mover = "RP00000072"
    static let moverCallback = "https://mover.example.jp/callback"

    func authorizeFiles(jwks: String) -> [(name: String, text: String)] {
        func file(_ name: String, _ id: String, _ callback: String, _ rest: String) -> (name: String, text: String) {
            (
                name + ".yaml",
                Self.member(
                    id, "private-verifier", name, "points",
                    "openid:\n  redirect-uris: [\"\(callback)\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n" + rest)
            )
        }
        return [
            file(
                "signer", Self.signer, Self.signerCallback,
                "  authorization-signed-response-alg: ES256\n  request-objects: {algorithms: [ES256]}\n"
                    + "  authorization-details-types: [agency-filing]\n"),
            file("mover", Self.mover, Self.moverCallback, "  profile: fapi2\n  authorization-details-types: [agency-filing]\n"),
        ]
    }
}

extension OpenIDQuestion {
    static func signer(_ more: [(String, String)] = []) -> OpenIDQuestion {
        var question = OpenIDQuestion(Parties.signer, more)
        question.callback = Parties.signerCallback
        return question
    }

    static func mover(_ more: [(String, String)] = []) -> OpenIDQuestion {
        var question = OpenIDQuestion(Parties.mover, more)
        question.callback = Parties.moverCallback
        return question
    }

    /// The same parameters as the client pushes them, authenticated.
    func pushForm(in house: House, jti: String? = nil) throws -> [(String, String)] {
        form + [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", try assertion(in: house, jti: jti)),
        ]
    }

    func assertion(in house: House, jti: String? = nil) throws -> String {
        var random = SystemRandom()
        return try house.world.parties.key.signed(
            [
                "iss": .string(client), "sub": .string(client), "aud": .string(house.world.configuration.baseURL),
                "iat": .integer(house.now.seconds), "exp": .integer(house.now.seconds + 60),
                "jti": .string(jti ?? Base64url.encode(random.bytes(16))),
            ], type: "JWT")
    }

    /// Pushes, and gives the address for the browser.
    func push(to house: House) async throws -> String {
        let answer = try await Browser(house).post("/openid/par", try pushForm(in: house))
        try #require(answer.status == 201, "\(answer.text)")
        let uri = try #require(try answer.json["request_uri"]?.string)
        return "/openid/authorize?" + Form.text([("client_id", client), ("request_uri", uri)])
    }

    /// The parameters in a signed object.
    func object(in house: House) throws -> String {
        let members: [(String, JSON)] =
            form.map { ($0.0, .string($0.1)) } + [
                ("iss", .string(client)), ("aud", .string(house.world.configuration.baseURL)),
                ("exp", .integer(house.now.seconds + 60)), ("nbf", .integer(house.now.seconds)),
            ]
        return try house.world.parties.key.signed(.object(members), type: "oauth-authz-req+jwt")
    }
}
