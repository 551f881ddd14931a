import Settings
package import SignOn
package import Signals
package import Vocabulary

extension Platform {
    /// What members are to hear (`SignalEvent.audience`) of something that is about to happen to a citizen, for the commit in which it does;
    /// `member` is the one that the end of a link or another identifier is about. Empty where nobody listens.
    package func announcements(
        of events: SignalEvent..., about subject: SubjectID, to member: MemberID? = nil, at now: Timestamp
    ) async throws -> [Announcement] {
        try await announcements(of: events, about: subject, to: member, at: now)
    }

    func announcements(
        of events: [SignalEvent], about subject: SubjectID, to member: MemberID? = nil, at now: Timestamp
    ) async throws -> [Announcement] {
        try await SignalAudience(stores, configuration.current).announcements(of: events, about: subject, to: member, at: now)
    }
}
