package import Credentials
package import TrustFramework
package import Vocabulary

/// The name a session is stored under: SHA-256 of the cookie's value, so that a stolen database opens no session.
package struct SessionID: Hashable, Sendable {
    package let bytes: [UInt8]

    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}

/// One use of the card within a session.
package struct SessionAuthentication: Hashable, Sendable {
    package let facts: AssuranceFacts
    package let certificate: CertificateIdentity
    package let terminal: TerminalID?
    /// The journey in which the card was used.
    package let journey: TransactionID?

    /// From our own store.
    package init(restored facts: AssuranceFacts, certificate: CertificateIdentity, terminal: TerminalID?, journey: TransactionID? = nil) {
        self.facts = facts
        self.certificate = certificate
        self.terminal = terminal
        self.journey = journey
    }
}

/// How long a session lives, in seconds.
package struct SessionRules: Hashable, Sendable {
    package let idle: Int64
    package let absolute: Int64

    package init(idle: Int64, absolute: Int64) {
        self.idle = idle
        self.absolute = absolute
    }
}

/// One citizen in one browser.
package struct Session: Hashable, Sendable {
    package let id: SessionID
    package let subject: SubjectID
    /// In the order they were made; never empty. The last few are kept.
    package let authentications: [SessionAuthentication]
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
    /// Secret seed of the session's per-member `SessionIndex` values, which must not let members correlate (checklist S44).
    package let indexSeed: [UInt8]

    package init(
        id: SessionID, subject: SubjectID, authentications: [SessionAuthentication], createdAt: Timestamp, lastSeenAt: Timestamp,
        indexSeed: [UInt8]
    ) {
        self.id = id
        self.subject = subject
        self.authentications = authentications
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.indexSeed = indexSeed
    }

    package func isAlive(at now: Timestamp, under rules: SessionRules) -> Bool {
        now.seconds(since: createdAt) < rules.absolute && now.seconds(since: lastSeenAt) < rules.idle && !authentications.isEmpty
    }

    /// When the session ends at the latest.
    package func expires(under rules: SessionRules) -> Timestamp { createdAt.adding(seconds: rules.absolute) }

    /// The session after one more login by the same citizen, under a new id: ids are renewed at every login (checklist H1, H2).
    package func renewed(with authentication: SessionAuthentication, id: SessionID, at now: Timestamp) -> Session {
        Session(
            id: id, subject: subject, authentications: Array((authentications + [authentication]).suffix(4)), createdAt: createdAt,
            lastSeenAt: now, indexSeed: indexSeed)
    }
}
