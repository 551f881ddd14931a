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
    /// The island that it was made for: members of another, and those of the open sea (nil), cannot use it.
    package let island: String?
    /// It was for one answer, and that was given.
    package let isSpent: Bool
    /// The certificate, kept only under a policy that asks its status on line again.
    package let certificateDER: [UInt8]?

    /// From our own store.
    package init(
        restored facts: AssuranceFacts, certificate: CertificateIdentity, terminal: TerminalID?, journey: TransactionID? = nil,
        island: String? = nil, isSpent: Bool = false, certificateDER: [UInt8]? = nil
    ) {
        self.facts = facts
        self.certificate = certificate
        self.terminal = terminal
        self.journey = journey
        self.island = island
        self.isSpent = isSpent
        self.certificateDER = certificateDER
    }

    /// Whether it proves who sat at the session's own device: the PIN, not used up. A login by an app on another device does not: whoever
    /// relays its code gets it from somebody else.
    package var isProof: Bool { !isSpent && facts.mode == .pin && facts.isAtOwnDevice }

    /// The same of who sits there, at most `age` seconds before `now`.
    package func isProof(within age: Int64, at now: Timestamp) -> Bool { isProof && facts.loginAge(at: now) <= age }

    /// The same login, made for this island, with the certificate where the policy will need it.
    package func on(_ island: String?, keeping der: [UInt8]?) -> SessionAuthentication {
        SessionAuthentication(
            restored: facts, certificate: certificate, terminal: terminal, journey: journey, island: island, isSpent: isSpent,
            certificateDER: der)
    }

    /// The same login, come in by another door than the one at which it was proven.
    package func through(_ door: Door) -> SessionAuthentication {
        SessionAuthentication(
            restored: facts.through(door), certificate: certificate, terminal: terminal, journey: journey, island: island,
            isSpent: isSpent, certificateDER: certificateDER)
    }

    /// The same login, good for nothing more.
    package var spent: SessionAuthentication {
        SessionAuthentication(
            restored: facts, certificate: certificate, terminal: terminal, journey: journey, island: island, isSpent: true)
    }
}

/// A login that is forgotten in the commit of an answer. INVARIANT: the store changes the session only where it still is as it was.
package struct Spending: Hashable, Sendable {
    package let session: SessionID
    package let before: [SessionAuthentication]
    package let after: [SessionAuthentication]

    package init(session: SessionID, before: [SessionAuthentication], after: [SessionAuthentication]) {
        self.session = session
        self.before = before
        self.after = after
    }

    /// Nobody is logged in there any more.
    package var isLast: Bool { after.allSatisfy(\.isSpent) }
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
    /// In the order they were made; never empty. The last few of each island are kept.
    package let authentications: [SessionAuthentication]
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
    /// Secret seed of the session's per-member `SessionIndex` values, which must not let members correlate (checklist S44).
    package let indexSeed: [UInt8]
    /// Where it lives, for its citizen's own page; nil where the browser did not say.
    package let device: DeviceWord?

    package init(
        id: SessionID, subject: SubjectID, authentications: [SessionAuthentication], createdAt: Timestamp, lastSeenAt: Timestamp,
        indexSeed: [UInt8], device: DeviceWord? = nil
    ) {
        self.id = id
        self.subject = subject
        self.authentications = authentications
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.indexSeed = indexSeed
        self.device = device
    }

    package func isAlive(at now: Timestamp, under rules: SessionRules) -> Bool {
        now.seconds(since: createdAt) < rules.absolute && now.seconds(since: lastSeenAt) < rules.idle
            && !authentications.allSatisfy(\.isSpent)
    }

    /// When the session ends at the latest.
    package func expires(under rules: SessionRules) -> Timestamp { createdAt.adding(seconds: rules.absolute) }

    /// The session after one more login by the same citizen, under a new id: ids are renewed at every login (checklist H1, H2).
    package func renewed(with authentication: SessionAuthentication, id: SessionID, at now: Timestamp) -> Session {
        Session(
            id: id, subject: subject, authentications: Self.last(authentications + [authentication]), createdAt: createdAt,
            lastSeenAt: now, indexSeed: indexSeed, device: device)
    }

    /// The same, in which these stay used up.
    package func keeping(spent: [SessionAuthentication]) -> Session {
        if spent.isEmpty { return self }
        return Session(
            id: id, subject: subject, authentications: authentications.map { spent.contains($0.spent) ? $0.spent : $0 },
            createdAt: createdAt,
            lastSeenAt: lastSeenAt, indexSeed: indexSeed, device: device)
    }

    /// The session once this login was used up.
    func spending(_ authentication: SessionAuthentication) -> Spending {
        Spending(session: id, before: authentications, after: authentications.map { $0 == authentication ? $0.spent : $0 })
    }

    private static let mostOnIsland = 4
    private static let most = 12

    /// The last four of each island, twelve in all; what is used up goes first.
    private static func last(_ authentications: [SessionAuthentication]) -> [SessionAuthentication] {
        var counts: [String?: Int] = [:]
        let kept = authentications.reversed().filter { authentication in
            guard !authentication.isSpent else { return false }
            counts[authentication.island, default: 0] += 1
            return counts[authentication.island, default: 0] <= mostOnIsland
        }
        return kept.prefix(most).reversed()
    }
}
