package import Vocabulary

/// Who is logged in, by what an operator may know: the reference of a session (its beginning will do), the citizen's own identifier of ours, or
/// what a member calls the citizen. Beneath the console and `sekisho session list`.
package enum SessionSearch {
    /// Letters of a session's reference that have to be known.
    package static let shortest = 8
    /// Sessions that are looked through.
    static let most = 100_000

    package static func found(
        _ text: String, member: MemberID?, in store: some LogoutStore & ParticipationStore, limit: Int, at now: Timestamp
    ) async throws -> [LiveSession] {
        guard text.utf8.count >= (member == nil ? shortest : 1) else { return [] }
        let live = try await store.liveSessions(limit: most, at: now)
        if let member {
            let threads = Set(try await store.participations(of: member, named: text).map(\.thread))
            return Array(live.lazy.filter { threads.contains($0.thread) }.prefix(limit))
        }
        return Array(live.lazy.filter { $0.thread.text.hasPrefix(text) || $0.subject.text == text }.prefix(limit))
    }
}
