import Foundation
import GRDB
package import Signals
import Synchronization
package import Vocabulary

/// Streams: rows, each of one member. Every verb names the member, so that nobody reaches another's (checklist H17).
extension SQLiteStore {
    package func open(_ stream: SignalStream, most: Int, recording record: Vocabulary.Record) async throws -> Bool {
        let sealed = try sealed(stream)
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            let held = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT count(*) AS n, ifnull(sum(\(Self.held)), 0) AS held FROM signal_streams WHERE member = ?"),
                arguments: [stream.member.text])
            let (count, stopped): (Int, Int) = (held?["n"] ?? 0, held?["held"] ?? 0)
            guard count < most, stopped == 0 else { return false }
            try database.cachedStatement(
                sql: """
                    INSERT INTO signal_streams (id, member, endpoint, authorization, requested, description, status, reason, author, created, changed,
                        verified, active, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                    """
            ).execute(
                arguments: [stream.id.text, stream.member.text] + Self.columns(stream, sealed)
                    + [
                        stream.createdAt.milliseconds, stream.changedAt.milliseconds, stream.verifiedAt?.milliseconds,
                        stream.activeAt.milliseconds,
                    ])
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    package func stream(_ id: StreamID, of member: MemberID) async throws -> SignalStream? {
        try await read { [identitySeal] database in try Self.stream(id, of: member, identitySeal, database) }
    }

    private static func stream(
        _ id: StreamID, of member: MemberID, _ seal: IdentitySeal, _ database: Database
    ) throws -> SignalStream? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM signal_streams WHERE id = ? AND member = ?"), arguments: [id.text, member.text]
        ).flatMap { SignalStream(row: $0, seal) }
    }

    package func streams(of member: MemberID) async throws -> [SignalStream] {
        try await read { [identitySeal] database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM signal_streams WHERE member = ? ORDER BY created, id"),
                arguments: [member.text]
            ).compactMap { SignalStream(row: $0, identitySeal) }
        }
    }

    package func streams(limit: Int) async throws -> [SignalStream] {
        try await read { [identitySeal] database in
            try Row.fetchAll(database, sql: "SELECT * FROM signal_streams ORDER BY member, created, id LIMIT ?", arguments: [limit])
                .compactMap { SignalStream(row: $0, identitySeal) }
        }
    }

    package func change(
        _ stream: SignalStream, knowing known: SignalStream, telling event: QueuedSignal?, recording record: Vocabulary.Record
    ) async throws -> Bool {
        let sealed = try sealed(stream)
        let trace = record.json.text
        let changed = try await write { [tail = writer.tail, identitySeal] database in
            // Compared whole: two administrators of one receiver do not undo each other unseen.
            guard let present = try Self.stream(known.id, of: known.member, identitySeal, database), present.isSame(as: known) else {
                return false
            }
            try database.cachedStatement(
                sql: """
                    UPDATE signal_streams SET endpoint = ?, authorization = ?, requested = ?, description = ?, status = ?, reason = ?,
                        author = ?, changed = ?, active = MAX(active, ?) WHERE id = ?
                    """
            ).execute(
                arguments: Self.columns(stream, sealed) + [
                    stream.changedAt.milliseconds,
                    // Whoever is let in again has not been silent since.
                    known.status != .enabled && stream.status == .enabled ? stream.changedAt.milliseconds : 0, stream.id.text,
                ])
            let isPushed = stream.delivery.isPush && stream.status == .enabled
            if stream.status == .disabled {
                try database.cachedStatement(sql: "DELETE FROM signals WHERE stream = ?").execute(arguments: [stream.id.text])
            } else {
                try database.cachedStatement(sql: "UPDATE signals SET due = ? WHERE stream = ?")
                    .execute(arguments: [isPushed ? stream.changedAt.milliseconds : nil, stream.id.text])
            }
            // Said also of a stream that stops (SSF 1.0 §8.1.5).
            if let event { try SignalRow.insert(event, isDue: stream.delivery.isPush, database) }
            try Self.append(trace, after: tail, to: database)
            return true
        }
        if changed { signalsQueued.add(1, ordering: .relaxed) }
        return changed
    }

    package func close(_ id: StreamID, of member: MemberID, recording record: Vocabulary.Record) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            try database.cachedStatement(sql: "DELETE FROM signal_streams WHERE id = ? AND member = ? AND NOT (\(Self.held))")
                .execute(arguments: [id.text, member.text])
            guard database.changesCount == 1 else { return false }
            try database.cachedStatement(sql: "DELETE FROM signals WHERE stream = ?").execute(arguments: [id.text])
            try database.cachedStatement(sql: "DELETE FROM signal_exclusions WHERE stream = ?").execute(arguments: [id.text])
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    /// An operator's word stands.
    private static let held = "author = 'operator' AND status <> 'enabled'"

    package func heard(from stream: StreamID, of member: MemberID, at now: Timestamp) async throws {
        try await write { database in
            try database.cachedStatement(sql: "UPDATE signal_streams SET active = max(active, ?) WHERE id = ? AND member = ?")
                .execute(arguments: [now.milliseconds, stream.text, member.text])
        }
    }

    package func silent(since earliest: Timestamp, limit: Int) async throws -> [SignalStream] {
        try await read { [identitySeal] database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM signal_streams WHERE status = 'enabled' AND active < ? ORDER BY active, id LIMIT ?"),
                arguments: [earliest.milliseconds, limit]
            ).compactMap { SignalStream(row: $0, identitySeal) }
        }
    }

    package func set(
        _ subject: PairwiseID, in stream: StreamID, of member: MemberID, isIn: Bool, recording record: Vocabulary.Record
    ) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            let isTheirs = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM signal_streams WHERE id = ? AND member = ?"),
                arguments: [stream.text, member.text])
            guard isTheirs == true else { return }
            let sql =
                isIn
                ? "DELETE FROM signal_exclusions WHERE stream = ? AND subject = ?"
                : "INSERT OR IGNORE INTO signal_exclusions (stream, subject) VALUES (?, ?)"
            try database.cachedStatement(sql: sql).execute(arguments: [stream.text, subject.text])
            // Said twice, changed once.
            guard database.changesCount == 1 else { return }
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func verify(
        _ stream: StreamID, of member: MemberID, since earliest: Timestamp, telling event: QueuedSignal
    ) async throws -> Bool {
        let queued = try await write { database in
            try database.cachedStatement(
                sql: "UPDATE signal_streams SET verified = ? WHERE id = ? AND member = ? AND (verified IS NULL OR verified <= ?)"
            ).execute(arguments: [event.at.milliseconds, stream.text, member.text, earliest.milliseconds])
            guard database.changesCount == 1 else { return false }
            let isPushed = try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT 1 FROM signal_streams WHERE id = ? AND endpoint IS NOT NULL AND status = 'enabled'"),
                arguments: [stream.text])
            try SignalRow.insert(event, isDue: isPushed == true, database)
            return true
        }
        if queued { signalsQueued.add(1, ordering: .relaxed) }
        return queued
    }

    private func sealed(_ stream: SignalStream) throws -> Data? {
        guard case .push(_, let header?) = stream.delivery else { return nil }
        return Data(try identitySeal.closed(Array(header.utf8), SignalStream.seal, row: Array(stream.id.text.utf8)))
    }

    /// endpoint, authorization, requested, description, status, reason, author.
    private static func columns(_ stream: SignalStream, _ sealed: Data?) -> StatementArguments {
        var endpoint: String?
        if case .push(let address, _) = stream.delivery { endpoint = address }
        return [
            endpoint, sealed, JSON.array(stream.requested.sorted().map { .string($0) }).text, stream.description, stream.status.rawValue,
            stream.reason, stream.statusBy.rawValue,
        ]
    }
}

extension SignalStream {
    fileprivate static let seal = "signal stream authorization 1"

    /// Nil when the row cannot be read whole. A header that cannot be opened any more is left out: the receiver will say no, and its owner
    /// sets it anew.
    init?(row: Row, _ seal: IdentitySeal) {
        let requested: String = row["requested"]
        guard let id = StreamID(row["id"]), let member = MemberID(row["member"]), let status = StreamStatus(rawValue: row["status"]),
            let author = StatusAuthor(rawValue: row["author"]),
            let requested = (try? StoredText.json(requested))?.strings
        else { return nil }
        let endpoint: String? = row["endpoint"]
        let sealed: Data? = row["authorization"]
        let verified: Int64? = row["verified"]
        let header = sealed.flatMap { seal.opened([UInt8]($0), Self.seal, row: Array(id.text.utf8)) }
        self.init(
            id: id, member: member,
            delivery: endpoint.map { .push(endpoint: $0, authorization: header.map { String(decoding: $0, as: UTF8.self) }) } ?? .poll,
            requested: Set(requested), description: row["description"], status: status, reason: row["reason"], statusBy: author,
            createdAt: Timestamp(milliseconds: row["created"]), changedAt: Timestamp(milliseconds: row["changed"]),
            verifiedAt: verified.map { Timestamp(milliseconds: $0) }, activeAt: Timestamp(milliseconds: row["active"]),
            dropped: row["dropped"])
    }

    /// But for what counts by itself.
    fileprivate func isSame(as other: SignalStream) -> Bool {
        delivery == other.delivery && requested == other.requested && description == other.description && status == other.status
            && reason == other.reason && statusBy == other.statusBy && changedAt == other.changedAt
    }
}
