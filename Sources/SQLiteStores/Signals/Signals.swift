import Foundation
import GRDB
package import SignOn
package import Signals
import Synchronization
package import Vocabulary

/// The queue of events: rows, so that nothing of it is lost with the process.
extension SQLiteStore: SignalStore {
    package func bound(by rules: SignalRules) { if signalRules.current != rules { signalRules.replace(rules) } }

    package var signalled: Int64 { signalsQueued.load(ordering: .relaxed) }

    package func enqueue(_ signals: [Signal], recording record: Vocabulary.Record?) async throws -> Int {
        guard !signals.isEmpty else { return 0 }
        let (rules, trace) = (signalRules.current, record?.json.text)
        let queued = try await write { [tail = writer.tail] database in
            let queued = try SignalRow.queue(signals, rules, database)
            if queued > 0, let trace { try Self.append(trace, after: tail, to: database) }
            return queued
        }
        if queued > 0 { signalsQueued.add(1, ordering: .relaxed) }
        return queued
    }

    // What waits in a stream that is not enabled is not due; only what is about the stream itself is.

    /// Events of one stream in one round. First comes the first of each: a receiver that is down, with thousands that are due, holds up nobody.
    private static let mostOfStream = 8

    package func takeSignals(
        lease: Timestamp, limit: Int, at now: Timestamp
    ) async throws -> [(signal: QueuedSignal, stream: SignalStream)] {
        let isDue = try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM signals WHERE due <= ? LIMIT 1"), arguments: [now.milliseconds]) == true
        }
        // Most seconds nothing is due, and the writer is left alone.
        guard isDue else { return [] }
        return try await write { [identitySeal] database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        UPDATE signals SET due = ?, attempts = attempts + 1 WHERE sequence IN (SELECT sequence FROM (
                            SELECT signals.sequence, due, row_number() OVER (PARTITION BY stream ORDER BY due, signals.sequence) AS place
                            FROM signal_streams JOIN signals ON signals.sequence IN (SELECT sequence FROM signals waiting
                                WHERE waiting.stream = signal_streams.id AND due <= ? AND expires > ?
                                ORDER BY due, sequence LIMIT \(Self.mostOfStream))
                            WHERE endpoint IS NOT NULL) ORDER BY place, due, sequence LIMIT ?)
                        RETURNING *, (SELECT member FROM signal_streams WHERE signal_streams.id = signals.stream) AS member
                        """),
                arguments: [lease.milliseconds, now.milliseconds, now.milliseconds, limit])
            var streams: [String: SignalStream] = [:]
            return try rows.compactMap { row -> (signal: QueuedSignal, stream: SignalStream)? in
                let member: String? = row["member"]
                guard member != nil, let signal = QueuedSignal(row: row) else { return nil }
                if streams[signal.stream.text] == nil {
                    streams[signal.stream.text] = try Row.fetchOne(
                        database.cachedStatement(sql: "SELECT * FROM signal_streams WHERE id = ?"), arguments: [signal.stream.text]
                    ).flatMap { SignalStream(row: $0, identitySeal) }
                }
                return streams[signal.stream.text].map { (signal, $0) }
            }.sorted { $0.signal.at < $1.signal.at }
        }
    }

    package func postpone(_ signal: String, until: Timestamp, attempts: Int) async throws {
        try await write { database in
            // A stream that was paused meanwhile has no due events.
            try database.cachedStatement(sql: "UPDATE signals SET due = ?, attempts = ? WHERE id = ? AND due IS NOT NULL")
                .execute(arguments: [until.milliseconds, attempts, signal])
        }
    }

    package func settle(_ signal: String, recording record: Vocabulary.Record?) async throws -> Bool {
        let trace = record?.json.text
        return try await write { [tail = writer.tail] database in
            try database.cachedStatement(sql: "DELETE FROM signals WHERE id = ?").execute(arguments: [signal])
            guard database.changesCount == 1 else { return false }
            if let trace { try Self.append(trace, after: tail, to: database) }
            return true
        }
    }

    package func waiting(
        in stream: StreamID, of member: MemberID, ofItself: Bool, limit: Int, at now: Timestamp
    ) async throws -> (signals: [QueuedSignal], more: Bool) {
        let rows = try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT signals.*, signal_streams.member FROM signals JOIN signal_streams ON signal_streams.id = signals.stream
                        WHERE stream = ? AND member = ? AND expires > ? AND (? OR type = ?) ORDER BY sequence LIMIT ?
                        """),
                arguments: [
                    stream.text, member.text, now.milliseconds, !ofItself, EventType.streamUpdated.rawValue, limit + 1,
                ]
            ).compactMap(QueuedSignal.init(row:))
        }
        return (Array(rows.prefix(limit)), rows.count > limit)
    }

    package func acknowledge(
        _ signals: [String], in stream: StreamID, of member: MemberID, recording record: Vocabulary.Record?
    ) async throws -> Int {
        guard !signals.isEmpty else { return 0 }
        let trace = record?.json.text
        return try await write { [tail = writer.tail] database in
            var gone = 0
            for signal in signals {
                try database.cachedStatement(
                    sql: """
                        DELETE FROM signals WHERE id = ? AND stream = ?
                        AND EXISTS (SELECT 1 FROM signal_streams WHERE signal_streams.id = signals.stream AND member = ?)
                        """
                ).execute(arguments: [signal, stream.text, member.text])
                gone += database.changesCount
            }
            if gone > 0, let trace { try Self.append(trace, after: tail, to: database) }
            return gone
        }
    }

    package func expire(
        limit: Int, recording record: @escaping @Sendable (MemberID, StreamID, Int) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> Int {
        let isDue = try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM signals WHERE expires <= ? LIMIT 1"), arguments: [now.milliseconds]) == true
        }
        guard isDue else { return 0 }
        return try await write { [tail = writer.tail] database in
            let streams = try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        DELETE FROM signals WHERE sequence IN (SELECT sequence FROM signals WHERE expires <= ? ORDER BY expires LIMIT ?)
                        RETURNING stream
                        """),
                arguments: [now.milliseconds, limit])
            for (stream, lost) in Dictionary(grouping: streams, by: { $0 }).mapValues(\.count).sorted(by: { $0.key < $1.key }) {
                try database.cachedStatement(sql: "UPDATE signal_streams SET dropped = dropped + ? WHERE id = ?")
                    .execute(arguments: [lost, stream])
                let member = try String.fetchOne(
                    database.cachedStatement(sql: "SELECT member FROM signal_streams WHERE id = ?"), arguments: [stream])
                guard let id = StreamID(stream), let member = member.flatMap({ MemberID($0) }) else { continue }
                try Self.append(record(member, id, lost).json.text, after: tail, to: database)
            }
            return streams.count
        }
    }

    package func queues(at now: Timestamp) async throws -> [SignalQueue] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT stream, count(*) AS waiting, min(at) AS oldest, max(attempts) AS attempts FROM signals WHERE expires > ?
                    GROUP BY stream ORDER BY stream
                    """, arguments: [now.milliseconds]
            ).compactMap { row in
                let oldest: Int64? = row["oldest"]
                return StreamID(row["stream"]).map {
                    SignalQueue(
                        stream: $0, waiting: row["waiting"], oldest: oldest.map { Timestamp(milliseconds: $0) },
                        mostAttempts: row["attempts"])
                }
            }
        }
    }
}
