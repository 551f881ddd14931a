package import Vocabulary

/// One event for one member, on its way into the queues of that member's streams. The room `Signals` makes it; it stands down here because
/// stores queue it in the commit of what happened.
package struct Signal: Hashable, Sendable {
    package let member: MemberID
    /// Who it is about, by the name that this member has for the citizen: its pairwise `sub`, or a SAML NameID.
    package let subject: String
    /// The citizen to us, where `subject` may be a name of one session (a transient NameID), which no receiver can have taken out by.
    package let citizen: SubjectID?
    /// The session as this member knows it (`sid`, `SessionIndex`); nil for an event about the citizen.
    package let session: String?
    /// What kind of event it is, by its address.
    package let type: String
    /// What stands under the type in `events`.
    package let body: JSON
    package let at: Timestamp
    /// For the citizen's ledger, in the same commit; nil where none is due.
    package let ledger: LedgerEntry?

    package init(
        type: String, body: JSON, to member: MemberID, about subject: String, who citizen: SubjectID? = nil, session: String?,
        ledger: LedgerEntry?, at now: Timestamp
    ) {
        self.member = member
        self.subject = subject
        self.citizen = citizen
        self.session = session
        self.type = type
        self.body = body
        at = now
        self.ledger = ledger
    }
}

/// What is told of something, in the very commit in which it happens: a crash leaves both or neither.
package struct Announcement: Sendable {
    package let signals: [Signal]
    /// For the trail, where at least one stream took one of them.
    package let record: Record

    package init(_ signals: [Signal], recording record: Record) {
        self.signals = signals
        self.record = record
    }
}
