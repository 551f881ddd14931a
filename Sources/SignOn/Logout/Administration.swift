package import Vocabulary

/// A session as an administrator sees it.
package struct LiveSession: Hashable, Sendable {
    package let thread: SessionThread
    package let subject: SubjectID
    package let createdAt: Timestamp
    package let lastSeenAt: Timestamp
    package let members: [MemberID]

    package init(thread: SessionThread, subject: SubjectID, createdAt: Timestamp, lastSeenAt: Timestamp, members: [MemberID]) {
        self.thread = thread
        self.subject = subject
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.members = members
    }
}

/// What an administrator wants ended (eGov 2.0 §2.7.2). The server that serves the sessions carries it out, because it remembers them.
package struct LogoutOrder: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        case thread(SessionThread)
        /// Every session of a citizen.
        case subject(SubjectID)
    }

    /// Becomes the id of the logout, by which whoever ordered it follows what came of it.
    package let id: LogoutID
    package let target: Target
    package let at: Timestamp

    package init(id: LogoutID, target: Target, at: Timestamp) {
        self.id = id
        self.target = target
        self.at = at
    }
}
