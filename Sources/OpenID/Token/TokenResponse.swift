package import SignOn
package import TrustFramework
package import Vocabulary

/// What goes out and what must be kept first. `Cache-Control: no-store` is the shell's (RFC 6749 §5.1).
package struct TokenAnswer: Sendable {
    package let body: JSON
    package let accessToken: AccessTokenRecord
    /// To be kept with the access token; nil when there is none.
    package let refreshToken: RefreshTokenRecord?
    /// For the audit record; no token, no identifier of the citizen.
    package let facts: [(name: String, value: JSON)]
    /// For the citizen's ledger, when this answer tells something that the login's own entry does not cover; the shell knows whose it is.
    package let ledger: ToldAgain?
    /// The decision that it was issued by.
    package let decided: PolicyAnswer?

    init(
        body: JSON, accessToken: AccessTokenRecord, refreshToken: RefreshTokenRecord?, facts: [(name: String, value: JSON)],
        ledger: ToldAgain? = nil, decided: PolicyAnswer? = nil
    ) {
        self.body = body
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.facts = facts
        self.ledger = ledger
        self.decided = decided
    }
}

/// Something told after the login, by a refresh or an exchange: the decision it rests on, and what it was.
package struct ToldAgain: Sendable {
    package let question: Question
    package let decision: Decision
    /// By the names of `AttributeSource`.
    package let told: [String]

    package func entry(of subject: SubjectID, consentedAt: Timestamp?, _ reference: LedgerReference, at now: Timestamp) -> LedgerEntry {
        LedgerEntry(
            reference: reference, subject: subject, question: question, decision: decision, told: told, consentedAt: consentedAt, at: now)
    }
}
