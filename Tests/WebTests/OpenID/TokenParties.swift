import Foundation
import Testing

/// Relying parties that refresh, prove keys and ask for resources.
extension Parties {
    /// Everything is left to the request.
    static let app = "RP00000021"
    static let appCallback = "https://app.example.jp/callback"
    /// FAPI 2.0: no rotation, a key always.
    static let wallet = "RP00000022"
    static let walletCallback = "https://wallet.example.jp/callback"

    func tokenFiles(jwks: String) -> [(name: String, text: String)] {
        func file(_ name: String, _ id: String, _ callback: String, _ rest: String) -> (name: String, text: String) {
            (
                name + ".yaml",
                Self.member(
                    id, "private-verifier", name, "points",
                    "openid:\n  redirect-uris: [\"\(callback)\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n"
                        + "  scopes: [openid, offline_access]\n  refresh-tokens: true\n" + rest)
            )
        }
        return [
            file("app", Self.app, Self.appCallback, "  resources: [\"https://api.example.jp/records\"]\n  access-token-format: jwt\n"),
            file("wallet", Self.wallet, Self.walletCallback, "  sender-constraint: dpop\n"),
        ]
    }

    /// Writes `openid:` into the sample deployment: refresh tokens are on, and `offline_access` may be asked for.
    static func allowRefresh(in folder: String, more: String = "") throws {
        let path = folder + "/sekisho.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let mark = try #require(text.range(of: "#openid:"), "the sample deployment has no `openid:`")
        let part =
            "openid:\n  scopes: [openid, offline_access]\n  refresh-tokens: true\n  refresh-grace: 30s\n  dpop-nonces: offered\n" + more
        try text.replacingCharacters(in: mark, with: part + "#openid:").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
