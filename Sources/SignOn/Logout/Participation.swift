import TrustFramework
package import Vocabulary

/// What a member calls the citizen, to the letter as it was told: a logout has to repeat it (checklist §1.4). What was absent stays absent.
package struct MemberName: Hashable, Sendable {
    package enum Tongue: String, Sendable, CaseIterable { case saml, openID = "openid" }

    package let tongue: Tongue
    /// A NameID's text, or a `sub`.
    package let text: String
    package let format: String?
    package let nameQualifier: String?
    package let spNameQualifier: String?

    /// A SAML NameID.
    package static func nameID(
        _ text: String, format: String?, nameQualifier: String? = nil, spNameQualifier: String? = nil
    ) -> MemberName {
        MemberName(tongue: .saml, text: text, format: format, nameQualifier: nameQualifier, spNameQualifier: spNameQualifier)
    }

    /// OpenID's `sub`.
    package static func subject(_ text: String) -> MemberName {
        MemberName(tongue: .openID, text: text, format: nil, nameQualifier: nil, spNameQualifier: nil)
    }

    /// From our own store.
    package init(tongue: Tongue, text: String, format: String?, nameQualifier: String?, spNameQualifier: String?) {
        self.tongue = tongue
        self.text = text
        self.format = format
        self.nameQualifier = nameQualifier
        self.spNameQualifier = spNameQualifier
    }
}

/// One member takes part in one session: it was told of the citizen, and has to be told when the session ends.
package struct Participation: Hashable, Sendable {
    package let thread: SessionThread
    package let subject: SubjectID
    package let member: MemberID
    package let name: MemberName
    /// SAML's `SessionIndex`, OpenID's `sid`.
    package let sessionIndex: String
    package let joinedAt: Timestamp
    /// When the session ends at the latest; the member may have been told of an earlier end, which a rule sets for it.
    package let expiresAt: Timestamp

    package init(
        thread: SessionThread, subject: SubjectID, member: MemberID, name: MemberName, sessionIndex: String, joinedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.thread = thread
        self.subject = subject
        self.member = member
        self.name = name
        self.sessionIndex = sessionIndex
        self.joinedAt = joinedAt
        self.expiresAt = expiresAt
    }
}

/// A member about to be told of the citizen under `name`. Kept in the commit of the answer that tells it, at most once per session, member
/// and name; what joined already costs one look into memory.
package struct Joining: Hashable, Sendable {
    package let tie: SessionTie
    package let subject: SubjectID
    package let member: MemberID
    package let name: MemberName
    package let sessionIndex: String
    package let at: Timestamp
    package let expiresAt: Timestamp
    /// For the citizen's ledger, in the same commit; nil for an answer that no ledger is due for.
    package let ledger: LedgerEntry?
    /// A login that is forgotten in the same commit.
    package let spending: Spending?

    package init(
        tie: SessionTie, subject: SubjectID, member: MemberID, name: MemberName, sessionIndex: String, at: Timestamp, expiresAt: Timestamp,
        ledger: LedgerEntry? = nil, spending: Spending? = nil
    ) {
        self.tie = tie
        self.subject = subject
        self.member = member
        self.name = name
        self.sessionIndex = sessionIndex
        self.at = at
        self.expiresAt = expiresAt
        self.ledger = ledger
        self.spending = spending
    }

    package var participation: Participation {
        Participation(
            thread: tie.thread, subject: subject, member: member, name: name, sessionIndex: sessionIndex, joinedAt: at,
            expiresAt: expiresAt)
    }
}

extension Grant {
    /// The member of this grant joins its session under the name that the answer carries; `ledger` and a login that is used up go with it.
    package func joining(as name: MemberName, at now: Timestamp, ledger: LedgerEntry?) -> Joining {
        Joining(
            tie: tie, subject: subject, member: member.id, name: name, sessionIndex: sessionIndex, at: now, expiresAt: sessionEnds,
            ledger: ledger, spending: spending)
    }
}

/// What came of an answer that a member joins by.
package enum JoinedClaim: Hashable, Sendable {
    /// Claimed, recorded, joined: the answer may be sent.
    case first
    /// The request was answered before; nothing was kept.
    case taken
    /// The session was ended meanwhile, in another tab or by a logout: nothing was kept, and nothing may be sent.
    case sessionEnded
}
