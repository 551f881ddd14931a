import Cryptography
import JOSE
import TrustFramework
package import Vocabulary

extension Provider {
    package var trustMarkEndpoint: String { issuer + "/federation/trust-mark" }
    package var trustMarkStatusEndpoint: String { issuer + "/federation/trust-mark-status" }
    package var trustMarkListEndpoint: String { issuer + "/federation/trust-mark-list" }

    package static let entityStatementType = "entity-statement+jwt"
    /// A day: keys change in weeks, and what changes faster is asked at the endpoints.
    package static let entityConfigurationLifetime: Int64 = 86_400

    /// What we are in a federation: the issuer of our trust marks, and nothing else (OpenID Federation 1.0 §3.1, §9). Nobody stands above us
    /// (no `authority_hints`), and nobody is a subordinate: members are registered in files, not by trust chains.
    package func entityConfiguration(at now: Timestamp) throws(TrustMarkRefusal) -> String {
        let keys = keys.filter { $0.life.isPublished(at: now) }
        let payload = JSON.object([
            ("iss", .string(issuer)), ("sub", .string(issuer)), ("iat", .integer(now.seconds)),
            ("exp", .integer(now.adding(seconds: Self.entityConfigurationLifetime).seconds)),
            ("jwks", .object([("keys", .array(keys.map(\.jwk.json)))])),
            (
                "metadata",
                .object([
                    (
                        "federation_entity",
                        .object([
                            ("federation_trust_mark_endpoint", .string(trustMarkEndpoint)),
                            ("federation_trust_mark_status_endpoint", .string(trustMarkStatusEndpoint)),
                            ("federation_trust_mark_list_endpoint", .string(trustMarkListEndpoint)),
                        ])
                    )
                ])
            ),
            (
                "trust_mark_issuers",
                .object(MemberKind.allCases.map { (trustMarkType($0), .array([.string(issuer)])) })
            ),
        ])
        return try signed(payload, type: Self.entityStatementType, at: now)
    }
}
