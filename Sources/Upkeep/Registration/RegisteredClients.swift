package import Logging
package import OpenID
package import Settings
import Synchronization
import TrustFramework
package import Vocabulary

/// The clients that registered themselves, as members of the federation. A client that was looked up is remembered with its version: a change
/// made here is seen by the next request, one made by another process within a second.
package final class RegisteredClients: ClientBook {
    private struct Entry {
        let record: RegistrationRecord
        /// Nil when the rules of today do not take it.
        let client: Client?
        var checkedAt: Timestamp
        var changes: Int64
        var member: (standing: Standing?, sponsor: Member?, member: Member?)?
    }

    private struct State {
        /// Those that every entry was judged by: held, so that no later ones are taken for them.
        var settings: Configuration?
        var entries: [MemberID: Entry] = [:]
        var used: Set<MemberID> = []
    }

    private let store: any RegistrationStore
    private let configuration: @Sendable () -> Configuration
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let state = Mutex(State())

    /// Clients that are remembered; beyond it everything is read anew.
    private static let most = 10_000

    package init(
        store: any RegistrationStore, configuration: @escaping @Sendable () -> Configuration, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    package func registration(_ id: MemberID) -> Registration? {
        guard RegistrationRecord.isDynamic(id) else { return nil }
        let settings = configuration()
        guard let rules = settings.openIDProvider.registration else { return nil }
        let now = clock()
        guard var entry = entry(id, rules, settings, at: now), let client = entry.client else { return nil }
        // Asked of the members folder and the sources: a client's sponsor is never a client.
        let sponsor = settings.federation.member(entry.record.terms.sponsor)
        let standing = sponsor?.standing(at: now)
        if entry.member == nil || entry.member?.standing != standing || entry.member?.sponsor != sponsor {
            entry.member = (standing, sponsor, entry.record.member(sponsor: sponsor, at: now)?.resolved { settings.federation.member($0) })
            keep(entry, id, settings)
        }
        guard let member = entry.member?.member else { return nil }
        return Registration(member: member, speech: .openID(client), file: "registrations/" + id.text)
    }

    /// What was looked up since the last call; for noting use without a write in any request.
    func takeUsed() -> Set<MemberID> {
        state.withLock { state in
            defer { state.used = [] }
            return state.used
        }
    }

    private func entry(_ id: MemberID, _ rules: RegistrationRules, _ settings: Configuration, at now: Timestamp) -> Entry? {
        let changes = store.registrationChanges
        let kept = state.withLock { state -> Entry? in
            state.used.insert(id)
            if state.settings !== settings {
                state.settings = settings
                state.entries = [:]
            }
            return state.entries[id]
        }
        do {
            if var kept {
                if kept.changes == changes, now.seconds(since: kept.checkedAt) < 1, kept.checkedAt <= now { return kept }
                if try store.registrationVersion(id) == kept.record.version {
                    (kept.changes, kept.checkedAt) = (changes, now)
                    keep(kept, id, settings)
                    return kept
                }
            }
            guard let record = try store.registration(id) else {
                state.withLock { state in
                    state.entries[id] = nil
                    state.used.remove(id)
                }
                return nil
            }
            let entry = Entry(
                record: record, client: client(record, rules, settings.openIDProvider, at: now), checkedAt: now, changes: changes)
            keep(entry, id, settings)
            return entry
        } catch {
            // Closed: a store that cannot be read knows nobody.
            logger.warning("registered clients cannot be read", metadata: ["error": "\(type(of: error))"])
            return nil
        }
    }

    private func client(_ record: RegistrationRecord, _ rules: RegistrationRules, _ provider: Provider, at now: Timestamp) -> Client? {
        do throws(RegistrationRefusal) {
            return try record.client(under: rules, at: provider, at: now)
        } catch {
            logger.notice(
                "a registered client does not keep the rules any more",
                metadata: ["client": "\(record.id.text)", "code": "\(error.explanation.code)"])
            return nil
        }
    }

    private func keep(_ entry: Entry, _ id: MemberID, _ settings: Configuration) {
        state.withLock { state in
            // Others came meanwhile: what was judged by these is for this request only.
            guard state.settings === settings else { return }
            if state.entries.count >= Self.most, state.entries[id] == nil { state.entries.removeAll(keepingCapacity: true) }
            state.entries[id] = entry
        }
    }
}
