import OpenID
import SQLiteStores
import Vocabulary

extension FailingStores {
    func keep(_ token: InitialAccess, recording record: Record) async throws {
        try gate()
        try await store.keep(token, recording: record)
    }

    func initialAccess(_ digest: [UInt8], at now: Timestamp) async throws -> InitialAccess? {
        try gate()
        return try await store.initialAccess(digest, at: now)
    }

    func initialAccesses(at now: Timestamp) async throws -> [InitialAccess] {
        try gate()
        return try await store.initialAccesses(at: now)
    }

    func withdraw(initialAccess digest: [UInt8], recording record: Record) async throws -> Bool {
        try gate()
        return try await store.withdraw(initialAccess: digest, recording: record)
    }

    func register(
        _ registration: RegistrationRecord, using token: [UInt8]?, within bounds: RegistrationBounds, recording record: Record,
        at now: Timestamp
    ) async throws -> RegistrationOutcome {
        try gate()
        return try await store.register(registration, using: token, within: bounds, recording: record, at: now)
    }

    func registration(_ id: MemberID) throws -> RegistrationRecord? {
        try gate()
        return try store.registration(id)
    }

    func registrationVersion(_ id: MemberID) throws -> Int64? {
        try gate()
        return try store.registrationVersion(id)
    }

    var registrationChanges: Int64 { store.registrationChanges }

    func replace(_ registration: RegistrationRecord, knowing access: [UInt8], recording record: Record, at now: Timestamp) async throws
        -> Bool
    {
        try gate()
        return try await store.replace(registration, knowing: access, recording: record, at: now)
    }

    func remove(_ id: MemberID, knowing access: [UInt8]?, recording record: Record, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.remove(id, knowing: access, recording: record, at: now)
    }

    func registrations(limit: Int, skip: Int) async throws -> [(record: RegistrationRecord, usedAt: Timestamp)] {
        try gate()
        return try await store.registrations(limit: limit, skip: skip)
    }

    func takeDueKeys(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [RegistrationRecord] {
        try gate()
        return try await store.takeDueKeys(lease: lease, limit: limit, at: now)
    }

    func keep(keys: JSON?, of id: MemberID, version: Int64, due: Timestamp, recording record: Record?, at now: Timestamp) async throws {
        try gate()
        try await store.keep(keys: keys, of: id, version: version, due: due, recording: record, at: now)
    }

    func noteUse(of ids: Set<MemberID>, at now: Timestamp) async throws {
        try gate()
        try await store.noteUse(of: ids, at: now)
    }

    func sweepUnused(
        since moment: Timestamp, limit: Int, recording record: @escaping @Sendable (MemberID) -> Record, at now: Timestamp
    ) async throws -> Int {
        try gate()
        return try await store.sweepUnused(since: moment, limit: limit, recording: record, at: now)
    }
}
