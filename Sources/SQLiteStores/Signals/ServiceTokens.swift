import Foundation
import GRDB
package import OpenID
package import Vocabulary

/// Access tokens of clients for themselves, by their digest.
extension SQLiteStore: ServiceTokenStore {
    package func issue(
        _ token: ServiceTokenRecord, claiming claims: [AssertionClaim], recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AssertionClaim? {
        let (body, trace) = (token.json.text, record.json.text)
        let gates = claims.map { Claim($0.key, scope: $0.scope, until: $0.until, at: now) }
        let taken = try await write { [tail = writer.tail] database -> Int? in
            // Looked at first, so that what is refused has taken nothing.
            for (index, gate) in gates.enumerated() where try !gate.isFree(database) { return index }
            for gate in gates { _ = try gate.isFirst(database) }
            try database.cachedStatement(sql: "INSERT INTO service_tokens (digest, body, expires) VALUES (?, ?, ?)")
                .execute(arguments: [Data(token.digest), body, token.expiresAt.milliseconds])
            try Self.append(trace, after: tail, to: database)
            return nil
        }
        return taken.map { claims[$0] }
    }

    package func serviceToken(_ digest: [UInt8], at now: Timestamp) async throws -> ServiceTokenRecord? {
        try await read { database in
            let body = try String.fetchOne(
                database.cachedStatement(sql: "SELECT body FROM service_tokens WHERE digest = ? AND expires > ?"),
                arguments: [Data(digest), now.milliseconds])
            return try body.flatMap { ServiceTokenRecord(json: try StoredText.json($0)) }
        }
    }

    package func end(serviceToken digest: [UInt8], of client: MemberID, recording record: Vocabulary.Record) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            let body = try String.fetchOne(
                database.cachedStatement(sql: "SELECT body FROM service_tokens WHERE digest = ?"), arguments: [Data(digest)])
            guard let body, let token = ServiceTokenRecord(json: try StoredText.json(body)), token.client == client else { return false }
            try database.cachedStatement(sql: "DELETE FROM service_tokens WHERE digest = ?").execute(arguments: [Data(digest)])
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }
}
