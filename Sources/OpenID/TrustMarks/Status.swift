import JOSE
package import TrustFramework
package import Vocabulary

/// A mark that somebody was shown, and asks about (OpenID Federation 1.0 §8.4.1).
package struct PresentedTrustMark: Sendable {
    package let text: String
    package let subject: MemberID
    let type: TrustMarkType
    let issuedAt: Timestamp
    let expiresAt: Timestamp

    /// Proves that it is one of ours. What we did not issue, or what was changed since, is unknown to us (404): an answer about it would
    /// be our signature under whatever a stranger likes to have signed.
    package init(form body: [UInt8], at provider: Provider) throws(TrustMarkRefusal) {
        let form = try TrustMarkQuestion.form(body)
        guard let text = form["trust_mark"] else { throw .invalidRequest(.missing("trust_mark")) }
        guard let jws = try? UnverifiedJWS(compact: text, limit: TrustMark.longest) else { throw .invalidRequest(.unreadable) }
        guard
            let verified = try? jws.verified(
                by: provider.verificationKeys, allowed: Set(provider.verificationKeys.compactMap(\.algorithm))),
            verified.type == TrustMark.type, let claims = try? JSON(reading: verified.payload, limit: TrustMark.longest),
            claims["iss"]?.string?.hasSameBytes(as: provider.issuer) == true,
            let subject = claims["sub"]?.string.flatMap({ MemberID($0) }),
            let type = claims["trust_mark_type"]?.string.flatMap({ TrustMarkType($0, at: provider) }),
            let issued = claims["iat"]?.integer, let expires = claims["exp"]?.integer
        else { throw .notFound(.notOurs) }
        self.text = text
        self.subject = subject
        self.type = type
        issuedAt = Timestamp(seconds: issued)
        expiresAt = Timestamp(seconds: expires)
    }
}

/// What is to be thought of a mark now (OpenID Federation 1.0 §8.4.2).
package enum TrustMarkStatus: String, Sendable, Hashable {
    case active, expired, revoked
}

extension PresentedTrustMark {
    /// `member` is who has the subject's name now. Revoked is everything but an accreditation that was in force without a gap since the mark
    /// was made: who was suspended and came back needs a new one.
    package func status(of member: Member?, at now: Timestamp) -> TrustMarkStatus {
        guard let member, member.kind == type.kind, wasInForce(member, at: now) else { return .revoked }
        return now < expiresAt ? .active : .expired
    }

    /// `iat` counts whole seconds: a mark made in the second in which its member was accredited is not older than the accreditation.
    private func wasInForce(_ member: Member, at now: Timestamp) -> Bool {
        let last = min(now, expiresAt)
        return member.wasInForce(since: min(issuedAt.adding(milliseconds: 999), last), until: last)
    }

    /// The answer, signed.
    package func response(_ status: TrustMarkStatus, from provider: Provider, at now: Timestamp) throws(TrustMarkRefusal) -> String {
        let payload = JSON.object([
            ("iss", .string(provider.issuer)), ("iat", .integer(now.seconds)), ("trust_mark", .string(text)),
            ("status", .string(status.rawValue)),
        ])
        return try provider.signed(payload, type: Self.responseType, at: now)
    }

    package static let responseType = "trust-mark-status-response+jwt"
}
