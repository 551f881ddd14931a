import JOSE
package import TrustFramework
package import Vocabulary

/// Proof that a member's accreditation is in force, for others to read: a signed JWT of short life (OpenID Federation 1.0 §7.1).
package struct TrustMark: Sendable {
    package static let type = "trust-mark+jwt"
    /// Marks of ours have about 600 characters.
    static let longest = 4096

    /// The compact JWS.
    package let text: String
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp

    fileprivate init(text: String, issuedAt: Timestamp, expiresAt: Timestamp) {
        self.text = text
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

extension Provider {
    /// The mark of a member that is in force and of that kind. `lifetime` in seconds; a mark never outlives the accreditation.
    package func trustMark(
        for member: Member?, as type: TrustMarkType, lifetime: Int64, at now: Timestamp
    ) throws(TrustMarkRefusal) -> TrustMark {
        // A stranger and a member that is not in force get one answer: who has been suspended is nobody's business here.
        guard let member, member.kind == type.kind else { throw .notFound(.unmarked) }
        let reason = member.standingReason(at: now)
        guard reason.standing == .inForce else { throw .notFound(.unmarked) }
        let expires = min(now.adding(seconds: max(lifetime, 1)), reason.until ?? now.adding(seconds: max(lifetime, 1)))
        let payload = JSON.object([
            ("iss", .string(issuer)), ("sub", .string(member.id.text)), ("trust_mark_type", .string(trustMarkType(type.kind))),
            ("iat", .integer(now.seconds)), ("exp", .integer(expires.seconds)), ("ref", .string(trustMarkType(type.kind))),
        ])
        return TrustMark(
            text: try signed(payload, type: TrustMark.type, at: now), issuedAt: Timestamp(seconds: now.seconds),
            expiresAt: Timestamp(seconds: expires.seconds))
    }

    /// By the first of these that the deployment has a current key for.
    func signed(_ payload: JSON, type: String, at now: Timestamp) throws(TrustMarkRefusal) -> String {
        for algorithm in [JWSAlgorithm.es256, .ps256, .eddsa, .es384, .rs256] {
            guard let key = signingKey(for: algorithm, at: now) else { continue }
            do { return try key.signed(payload, type: type) } catch { throw .unavailable(.noKey) }
        }
        throw .unavailable(.noKey)
    }
}
