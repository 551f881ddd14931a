import SAML
import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func keep(
        _ answer: SealedAnswer, claiming claim: ReplayKey?, joining: Joining?, recording record: Record, at now: Timestamp
    ) async throws -> JoinedClaim {
        try gate()
        return try await store.keep(answer, claiming: claim, joining: joining, recording: record, at: now)
    }

    func take(
        _ digest: [UInt8], for member: MemberID, claiming claim: ReplayKey, at now: Timestamp,
        recording: @escaping @Sendable (ArtifactTaking) -> Record
    ) async throws -> ArtifactTaking {
        try gate()
        return try await store.take(digest, for: member, claiming: claim, at: now, recording: recording)
    }

    func session(in thread: SessionThread, at now: Timestamp) async throws -> Session? {
        try gate()
        return try await store.session(in: thread, at: now)
    }
}
