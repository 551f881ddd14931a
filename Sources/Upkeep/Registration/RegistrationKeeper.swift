import JOSE
package import Logging
package import OpenID
import ServiceLifecycle
package import Settings
import Synchronization
package import Vocabulary

/// Keeps registered clients: fetches their published keys when they are due or an unknown one is shown, notes which are used, and sweeps those
/// that nobody uses. Of several processes with one store each does what it takes.
package final class RegistrationKeeper: Service {
    /// Fetches because of an unknown key, of one client: so many at once, and one more after each pause.
    package static let burst = 3
    package static let pause: Int64 = 20

    private let store: any RegistrationStore
    private let clients: RegisteredClients
    private let fetch: RegistrationFetch
    private let configuration: @Sendable () -> Configuration
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let flights = Flights<MemberID, Bool>()
    /// Until when the fetches of a client reach; each moves it on by `pause`. Milliseconds.
    private let paces = Mutex<[MemberID: Int64]>([:])

    package init(
        store: any RegistrationStore, clients: RegisteredClients, fetch: RegistrationFetch,
        configuration: @escaping @Sendable () -> Configuration, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = store
        self.clients = clients
        self.fetch = fetch
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.round()
                try? await Task.sleep(for: .seconds(15))
            }
        }
    }

    /// One round without the service.
    package func round() async {
        guard let rules = configuration().openIDProvider.registration else { return }
        let now = clock()
        do {
            let used = clients.takeUsed()
            if !used.isEmpty { try await store.noteUse(of: used, at: now) }
            for record in try await store.takeDueKeys(lease: now.adding(seconds: 120), limit: 16, at: now) {
                _ = try await refresh(record, rules)
            }
            let since = now.adding(seconds: -rules.unusedLifetime)
            let swept = try await store.sweepUnused(
                since: since, limit: 100,
                recording: { Record("client.swept", at: now, [("member", .string($0.text)), ("unused-since", .string(since.text))]) },
                at: now)
            if swept > 0 { logger.notice("registrations swept", metadata: ["count": "\(swept)"]) }
        } catch {
            logger.warning("registrations cannot be kept", metadata: ["error": "\(type(of: error))"])
        }
    }

    /// Somebody signed with a key that the client's published set did not have. Returns when the set has been fetched again, or will not be
    /// now: anybody can name a key, and must not make us besiege the client.
    package func learnKeys(of id: MemberID) async {
        guard let rules = configuration().openIDProvider.registration, RegistrationRecord.isDynamic(id) else { return }
        _ = await flights.share(id) {
            guard self.mayFetch(id) else { return true }
            do {
                guard let record = try self.store.registration(id) else { return true }
                _ = try await self.refresh(record, rules)
            } catch {
                self.logger.warning("registrations cannot be kept", metadata: ["error": "\(type(of: error))"])
            }
            return true
        }
    }

    /// Fetches and keeps; true when the keys are others than before.
    private func refresh(_ record: RegistrationRecord, _ rules: RegistrationRules) async throws -> Bool {
        guard let address = record.keysAddress else { return false }
        let bytes = await fetch.document(address, limit: RegistrationDocuments.longestKeys)
        let now = clock()
        let soon = now.adding(seconds: min(600, rules.keysLifetime))
        let set = bytes.flatMap { try? RegistrationDocuments.keys(in: $0).get() }
        let isEnough = set.map { suffices($0, for: record, rules, at: now) } ?? false
        guard let set, isEnough || onlyTakesBack(set, from: record) else {
            // The old keys stay: a host that is down for an hour has lost no key, nor has a client that published half a set.
            try await store.keep(
                keys: nil, of: record.id, version: record.version, due: soon, recording: nil, at: now)
            return false
        }
        let isNew = set.json != record.keys
        try await store.keep(
            keys: set.json, of: record.id, version: record.version, due: isEnough ? now.adding(seconds: rules.keysLifetime) : soon,
            recording: isNew ? Self.trace(record, set, at: now) : nil, at: now)
        return isNew
    }

    /// Whether the client keeps the rules with these keys: one that does not is known to nobody until its keys are due again.
    private func suffices(_ set: JWKSet, for record: RegistrationRecord, _ rules: RegistrationRules, at now: Timestamp) -> Bool {
        do throws(RegistrationRefusal) {
            _ = try record.with(keys: set, at: now).client(under: rules, at: configuration().openIDProvider, at: now)
            return true
        } catch {
            logger.notice(
                "a client's published keys are not enough for it",
                metadata: ["client": "\(record.id.text)", "code": "\(error.explanation.code)"])
            return false
        }
    }

    /// Keys that their owner has taken back are gone at once, whatever is left: one of them may be stolen. A roll-over brings a new one.
    private func onlyTakesBack(_ set: JWKSet, from record: RegistrationRecord) -> Bool {
        let known = Set(record.keys.flatMap { try? JWKSet(reading: $0) }?.keys.map(\.thumbprint) ?? [])
        return set.keys.allSatisfy { known.contains($0.thumbprint) }
    }

    private static func trace(_ record: RegistrationRecord, _ set: JWKSet, at now: Timestamp) -> Record {
        func names(_ set: JWKSet?) -> JSON { .array((set?.keys ?? []).map { .string(Explanation.redacted($0.keyID ?? $0.thumbprint)) }) }
        return Record(
            "client.keys-changed", at: now,
            [
                ("member", .string(record.id.text)), ("before", names(record.keys.flatMap { try? JWKSet(reading: $0) })),
                ("after", names(set)),
            ])
    }

    private func mayFetch(_ id: MemberID) -> Bool {
        let now = clock().milliseconds
        let step = Self.pause * 1_000
        return paces.withLock { paces in
            if paces.count > 4_096 { paces = paces.filter { $0.value > now } }
            let reached = max(paces[id] ?? now, now)
            guard reached + step <= now + Int64(Self.burst) * step else { return false }
            paces[id] = reached + step
            return true
        }
    }
}
