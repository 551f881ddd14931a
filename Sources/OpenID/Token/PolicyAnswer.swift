package import TrustFramework

/// What policy was asked, and what it answered, while a token was made or refused: for the audit trail, which can ask again.
package struct PolicyAnswer: Sendable {
    package let question: Question
    package let decision: Decision

    /// Nil where policy was not asked: records of the first version do not say on which facts.
    init?(_ decision: Decision?, of question: Question?) {
        guard let decision, let question else { return nil }
        self.question = question
        self.decision = decision
    }
}
