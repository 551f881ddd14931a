import Credentials
import TrustFramework
import Vocabulary

extension Interfering {
    func keep(
        _ record: IdentityRecord, of subject: SubjectID, relinkTie needed: IdentityTie, recording trace: Vocabulary.Record
    ) async throws {
        try await call { try await inner.keep(record, of: subject, relinkTie: needed, recording: trace) }
    }
    func record(of subject: SubjectID, for purpose: Purpose, member: MemberID, at now: Timestamp) async throws -> IdentityRecord? {
        try await call { try await inner.record(of: subject, for: purpose, member: member, at: now) }
    }
    func kept(of subject: SubjectID, at now: Timestamp) async throws -> [KeptIdentity] {
        try await call { try await inner.kept(of: subject, at: now) }
    }
    func births(of subject: SubjectID, at now: Timestamp) async throws -> [BirthDate] {
        try await call { try await inner.births(of: subject, at: now) }
    }
    func forget(
        of subject: SubjectID, for purpose: Purpose?, member: MemberID?, recording trace: Vocabulary.Record
    ) async throws -> Int {
        try await call { try await inner.forget(of: subject, for: purpose, member: member, recording: trace) }
    }
    func issue(_ challenge: IdentityChallenge) async throws { try await call { try await inner.issue(challenge) } }
    func consume(identity id: ChallengeID, at now: Timestamp) async throws -> IdentityChallenge? {
        try await call { try await inner.consume(identity: id, at: now) }
    }
}
