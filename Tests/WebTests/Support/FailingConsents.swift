import SQLiteStores
import SignOn
import TrustFramework
import Vocabulary

extension FailingStores {
    func consent(of subject: SubjectID, member: MemberID, purpose: Purpose) async throws -> Consent? {
        try gate()
        return try await store.consent(of: subject, member: member, purpose: purpose)
    }

    func give(_ consent: Consent, recording record: Record) async throws {
        try gate()
        try await store.give(consent, recording: record)
    }

    func withdraw(of subject: SubjectID, member: MemberID, purpose: Purpose, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.withdraw(of: subject, member: member, purpose: purpose, recording: record)
    }

    func consents(of subject: SubjectID) async throws -> [Consent] {
        try gate()
        return try await store.consents(of: subject)
    }

    func note(_ entry: LedgerEntry, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.note(entry, recording: record)
    }

    func hasEntry(_ reference: LedgerReference) async throws -> Bool {
        try gate()
        return try await store.hasEntry(reference)
    }

    func entries(of subject: SubjectID, before moment: Timestamp, limit: Int) async throws -> [LedgerEntry] {
        try gate()
        return try await store.entries(of: subject, before: moment, limit: limit)
    }

    func entry(_ reference: LedgerReference) async throws -> LedgerEntry? {
        try gate()
        return try await store.entry(reference)
    }

    func counts(from start: Timestamp, until end: Timestamp) async throws -> [LedgerCount] {
        try gate()
        return try await store.counts(from: start, until: end)
    }

    func forget(before moment: Timestamp, limit: Int, recording record: @escaping @Sendable (Int) -> Record) async throws -> Int {
        try gate()
        return try await store.forget(before: moment, limit: limit, recording: record)
    }
}
