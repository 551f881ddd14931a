package import Credentials
package import Vocabulary

/// A card or phone is gone. What follows is one commit: the certificates are blocked here, refresh tokens and what waits for the citizen's
/// yes end, and the order to end every session is left for whoever carries it out, so that a crash in between ends them too.
package struct LossReport: Hashable, Sendable {
    package let subject: SubjectID
    /// Never empty; each is one of the citizen's. Certificates blocked before stay as they are.
    package let certificates: [CertificateIdentity]
    package let reason: CertificateBlock.Reason
    /// `citizen`, or `officer:` with the officer's id.
    package let by: String
    /// Becomes the id of the logout that ends the sessions.
    package let logout: LogoutID
    package let at: Timestamp

    package init?(
        of subject: SubjectID, _ certificates: [CertificateIdentity], _ reason: CertificateBlock.Reason, by: String, logout: LogoutID,
        at: Timestamp
    ) {
        guard !certificates.isEmpty, certificates.count <= Self.most, !by.isEmpty else { return nil }
        self.subject = subject
        self.certificates = certificates
        self.reason = reason
        self.by = by
        self.logout = logout
        self.at = at
    }

    /// Cards and phones of one person in a lifetime, with every renewal.
    package static let most = 64
}

/// What a loss report ended, for the record of its own commit.
package struct LossOutcome: Hashable, Sendable {
    /// Those that had not been blocked before.
    package let blocked: [CertificateHandle]
    /// Families of refresh tokens.
    package let families: Int
    /// Requests that waited for the citizen, or were approved and not fetched yet.
    package let requests: Int
    /// Sessions that are being ended.
    package let sessions: Int

    package init(blocked: [CertificateHandle], families: Int, requests: Int, sessions: Int) {
        self.blocked = blocked
        self.families = families
        self.requests = requests
        self.sessions = sessions
    }
}

/// "This was not me": what a citizen says of a session or of one line of the ledger. For the auditor; nobody is accused by it.
package struct Disavowal: Hashable, Sendable {
    package enum Of: Hashable, Sendable {
        case session(SessionThread)
        case entry(LedgerReference)

        /// `session` or `entry`, and the name of it.
        package var kind: String { if case .session = self { "session" } else { "entry" } }
        package var name: String {
            switch self {
            case .session(let thread): thread.text
            case .entry(let reference): reference.text
            }
        }
    }

    package let subject: SubjectID
    package let what: Of
    /// When it happened, as far as the citizen was shown it.
    package let happenedAt: Timestamp
    /// Becomes the id of the logout that ends a session; left as an order in the same commit.
    package let logout: LogoutID?
    package let at: Timestamp

    package init(of subject: SubjectID, _ what: Of, happenedAt: Timestamp, logout: LogoutID? = nil, at: Timestamp) {
        self.subject = subject
        self.what = what
        self.happenedAt = happenedAt
        self.logout = logout
        self.at = at
    }
}

/// A session as its citizen sees it.
package struct CitizenVisit: Hashable, Sendable {
    package let session: Session
    package let participations: [Participation]

    package init(session: Session, participations: [Participation]) {
        self.session = session
        self.participations = participations
    }
}

/// A sector of services that knows the citizen by an identifier of its own.
package struct KnownSector: Hashable, Sendable {
    package let sector: String
    package let pairwise: PairwiseID
    package let since: Timestamp

    package init(sector: String, pairwise: PairwiseID, since: Timestamp) {
        self.sector = sector
        self.pairwise = pairwise
        self.since = since
    }
}

/// What ended with one or all consents of a citizen.
package struct StoppedConsents: Hashable, Sendable {
    package let consents: [Consent]
    /// Families of refresh tokens that told something under them.
    package let families: Int

    package init(consents: [Consent], families: Int) {
        self.consents = consents
        self.families = families
    }
}

/// A service that may ask about the citizen until a moment, without the citizen being there.
package struct StandingAccess: Hashable, Sendable {
    package let member: MemberID
    package let since: Timestamp
    package let until: Timestamp

    package init(member: MemberID, since: Timestamp, until: Timestamp) {
        self.member = member
        self.since = since
        self.until = until
    }
}
