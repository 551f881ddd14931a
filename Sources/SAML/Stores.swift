package import SignOn
package import Vocabulary

// Every verb is one atomic gate, as in `SignOn/Stores.swift`: when it returns, its effect survives a crash of the process.

/// Answers that wait for their artifact to be resolved. Nodes that share the store resolve each other's.
package protocol ArtifactStore: Sendable {
    /// Keeps `answer` and appends `record`, in one step or none: an artifact that leaves has its message, and a request that was answered has
    /// its answer. With `claim` the key is claimed as `ReplayGuard.claim` does, with `joining` the member joins the session, both in the
    /// same step.
    func keep(
        _ answer: SealedAnswer, claiming claim: ReplayKey?, joining: Joining?, recording record: Record, at now: Timestamp
    ) async throws -> JoinedClaim
    /// Claims `claim`, the key of the member's question, and takes out what `digest` stands for, if it is there for this member; appends
    /// what `recording` makes of it. Of two callers one gets the answer.
    func take(
        _ digest: [UInt8], for member: MemberID, claiming claim: ReplayKey, at now: Timestamp,
        recording: @escaping @Sendable (ArtifactTaking) -> Record
    ) async throws -> ArtifactTaking
}

/// Sessions by what stays of them: for members' servers, which bring no cookie.
package protocol ThreadedSessions: Sendable {
    /// Nil when it has ended or expired.
    func session(in thread: SessionThread, at now: Timestamp) async throws -> Session?
}

/// What came of resolving an artifact. The member sees the difference between the first and all others only.
package enum ArtifactTaking: Hashable, Sendable {
    case answer(SealedAnswer)
    /// Never issued, resolved before, or too old.
    case unknown
    /// It stands for an answer to another member, for which it stays: somebody got hold of what was not meant for him.
    case otherMember(MemberID)
    /// The question itself came before.
    case replayed
}

/// A key that may be used once until a moment.
package struct ReplayKey: Hashable, Sendable {
    package let scope: String
    package let key: String
    package let until: Timestamp

    package init(scope: String, key: String, until: Timestamp) {
        self.scope = scope
        self.key = key
        self.until = until
    }

    package init(_ key: (scope: String, key: String, until: Timestamp)) {
        self.init(scope: key.scope, key: key.key, until: key.until)
    }
}
