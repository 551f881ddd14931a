import OpenID
import Testing
import Vocabulary

/// Codes and tokens of the sandbox lie in the store, so that any node redeems them (decision 0063).
@Suite struct `The sandbox's records` {
    private static let digest = Array(repeating: UInt8(7), count: 32)
    private static let end = Timestamp(milliseconds: 1_795_233_600_000)
    private static let thumbprint = Base64url.encode(digest)

    private static let code: [(String, JSON)] = [
        ("client", "RP00000001"), ("redirect", "https://rp.example/cb?a='\""), ("challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("nonce", .null), ("acr", "urn:x-sekisho:ac:card-pin"), ("scopes", ["openid"]), ("claims", ["name": "模擬 花子"]),
        ("fault", "wrong-issuer"), ("subject", "sandbox-hanako"), ("jkt", .string(thumbprint)),
    ]

    @Test func `a code comes back as it was kept`() throws {
        let code = try #require(SandboxCode(json: .object(Self.code), digest: Self.digest, expiresAt: Self.end))
        #expect(code.json == .object(Self.code))
        #expect(code.fault == .wrongIssuer && code.subject == "sandbox-hanako" && code.expiresAt == Self.end)
    }

    @Test(arguments: code.indices) func `a code that lacks a member is none`(index: Int) {
        var members = Self.code
        members.remove(at: index)
        #expect(SandboxCode(json: .object(members), digest: Self.digest, expiresAt: Self.end) == nil)
    }

    @Test func `a code with a fault that nobody knows is none`() {
        let members = Self.code.map { $0.0 == "fault" ? ($0.0, JSON.string("every")) : $0 }
        #expect(SandboxCode(json: .object(members), digest: Self.digest, expiresAt: Self.end) == nil)
    }

    @Test(arguments: [JSON.null, ["jkt": .string(thumbprint)], ["x5t#S256": .string(thumbprint)]])
    func `a token comes back bound as it was`(confirmation: JSON) throws {
        let json = JSON.object([("userinfo", ["sub": "sandbox-hanako"]), ("cnf", confirmation)])
        let access = try #require(SandboxAccess(json: json, digest: Self.digest, expiresAt: Self.end))
        #expect(access.json == json)
    }

    @Test(arguments: [JSON.object([]), ["jkt": "short"], "jkt"])
    func `a token whose binding cannot be read is none, rather than one for everybody`(confirmation: JSON) {
        let json = JSON.object([("userinfo", ["sub": "sandbox-hanako"]), ("cnf", confirmation)])
        #expect(SandboxAccess(json: json, digest: Self.digest, expiresAt: Self.end) == nil)
    }
}
