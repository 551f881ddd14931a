import Credentials
import SQLiteStores
import TrustFramework
import Vocabulary

extension FailingStores {
    func keep(
        _ record: IdentityRecord, of subject: SubjectID, relinkTie needed: IdentityTie, recording trace: Record
    ) async throws {
        try gate()
        try await store.keep(record, of: subject, relinkTie: needed, recording: trace)
    }

    func record(of subject: SubjectID, for purpose: Purpose, member: MemberID, at now: Timestamp) async throws -> IdentityRecord? {
        try gate()
        return try await store.record(of: subject, for: purpose, member: member, at: now)
    }

    func kept(of subject: SubjectID, at now: Timestamp) async throws -> [KeptIdentity] {
        try gate()
        return try await store.kept(of: subject, at: now)
    }

    func births(of subject: SubjectID, at now: Timestamp) async throws -> [BirthDate] {
        try gate()
        return try await store.births(of: subject, at: now)
    }

    func forget(of subject: SubjectID, for purpose: Purpose?, member: MemberID?, recording trace: Record) async throws -> Int {
        try gate()
        return try await store.forget(of: subject, for: purpose, member: member, recording: trace)
    }

    func issue(_ challenge: IdentityChallenge) async throws {
        try gate()
        try await store.issue(challenge)
    }

    func consume(identity id: ChallengeID, at now: Timestamp) async throws -> IdentityChallenge? {
        try gate()
        return try await store.consume(identity: id, at: now)
    }
}
