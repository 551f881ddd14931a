import Foundation
import GRDB
package import SignOn
package import Vocabulary

/// What members used, counted from the audit trail afterwards: a login pays nothing for it, and what was answered is what is counted, once,
/// also when the counting is cut off.
extension SQLiteStore: ConsoleStore {
    package func meter(limit: Int) async throws -> Int {
        let last = try await metered()
        let (end, seen, counts) = try await read { database in
            var end: Int64?
            var seen = 0
            var counts: [Counted: Int64] = [:]
            // The few facts that are counted, picked out by SQLite: most of a record is the trace of its decision.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, iif(json_valid(body), json_extract(body, \(Counted.paths)), NULL) AS facts FROM audit
                    WHERE sequence > ? ORDER BY sequence LIMIT ?
                    """, arguments: [last, limit])
            while let row = try rows.next() {
                end = row["sequence"]
                seen += 1
                let facts: String? = row["facts"]
                for counted in facts.map(Counted.all) ?? [] { counts[counted, default: 0] += 1 }
            }
            return (end, seen, counts)
        }
        guard let end else { return 0 }
        let found = counts
        return try await write { database in
            // INVARIANT: another process may have counted the same records meanwhile; then nothing is added twice.
            try database.execute(sql: "UPDATE metered SET sequence = ? WHERE one = 1 AND sequence = ?", arguments: [end, last])
            guard database.changesCount == 1 else { return seen }
            for (key, count) in found {
                try database.cachedStatement(
                    sql: """
                        INSERT INTO metering (month, member, kind, count) VALUES (?, ?, ?, ?)
                        ON CONFLICT (month, member, kind) DO UPDATE SET count = count + excluded.count
                        """
                ).execute(arguments: [key.month, key.member, key.kind.rawValue, count])
            }
            return seen
        }
    }

    private func metered() async throws -> Int64 {
        try await read { try Int64.fetchOne($0, sql: "SELECT sequence FROM metered") ?? 0 }
    }

    package func usage(month: String?, member: MemberID?) async throws -> [Usage] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT month, member, kind, count FROM metering WHERE (?1 IS NULL OR month = ?1) AND (?2 IS NULL OR member = ?2)
                    ORDER BY month, member, kind
                    """, arguments: [month, member?.text]
            ).compactMap { row in
                guard let member = MemberID(row["member"]), let kind = UsageKind(rawValue: row["kind"]) else { return nil }
                return Usage(member: member, month: row["month"], kind: kind, count: row["count"])
            }
        }
    }

    package func records(_ question: TrailQuestion) async throws -> TrailPage {
        var rows: [TrailPage.Row] = []
        var end = question.before ?? .max
        var scanned: Int64 = 0
        while true {
            let found = try await window(question, before: end, limit: question.limit - rows.count)
            rows += found.rows
            // A full page may have left more behind it, also in the last window.
            if let last = rows.last, rows.count >= question.limit {
                return TrailPage(rows: rows, next: last.sequence > 1 ? last.sequence : nil)
            }
            guard let low = found.low else { return TrailPage(rows: rows, next: nil) }
            end = low
            scanned += Self.window
            if scanned >= Self.mostScanned { return TrailPage(rows: rows, next: low) }
        }
    }

    /// Records that are read at one go, and at most for one page: a page about last year says where it stands rather than taking a minute.
    private static let window: Int64 = 20_000
    private static let mostScanned: Int64 = 200_000

    /// What fits among the `window` records before `end`; `low`: where the window began, nil when that is the beginning of the trail.
    private func window(_ question: TrailQuestion, before end: Int64, limit: Int) async throws -> (rows: [TrailPage.Row], low: Int64?) {
        try await read { database in
            let newest = try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM audit") ?? 0
            let top = min(end, newest == .max ? newest : newest + 1)
            let low = max(1, top - Self.window)
            var sql = "SELECT sequence, body, CAST(body AS BLOB) AS bytes, hash FROM audit WHERE sequence >= ? AND sequence < ?"
            var arguments: StatementArguments = [low, top]
            if let event = question.event {
                sql += " AND instr(body, ?) = 1"
                arguments += ["{\"event\":\"" + event + (event.hasSuffix(".") ? "" : "\"")]
            }
            for text in question.holding.prefix(8) {
                sql += " AND instr(body, ?) > 0"
                arguments += [text]
            }
            // Moments of the trail are all written alike, in UTC, so that they compare as texts.
            if let from = question.from {
                sql += " AND json_extract(body, '$.at') >= ?"
                arguments += [from.text]
            }
            if let until = question.until {
                sql += " AND json_extract(body, '$.at') < ?"
                arguments += [until.text]
            }
            sql += " ORDER BY sequence DESC LIMIT ?"
            arguments += [limit]
            let rows = try Row.fetchAll(database, sql: sql, arguments: arguments).map { try Self.linked($0, database) }
            return (rows, low > 1 ? low : nil)
        }
    }

    private static func linked(_ row: Row, _ database: Database) throws -> TrailPage.Row {
        let sequence: Int64 = row["sequence"]
        let before = try Data.fetchOne(database, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [sequence - 1])
        let start: [UInt8]? = sequence == 1 ? AuditChain.start : before.map { [UInt8]($0) }
        let bytes: Data = row["bytes"]
        let hash: Data = row["hash"]
        return TrailPage.Row(
            sequence: sequence, body: row["body"], isLinked: start.map { AuditChain.link($0, [UInt8](bytes)) == [UInt8](hash) } ?? false)
    }

    package func record(at sequence: Int64) async throws -> TrailPage.Row? {
        try await audit(at: sequence).map { TrailPage.Row(sequence: $0.sequence, body: $0.body, isLinked: $0.isLinked) }
    }

    package func chain(expecting kept: (records: Int64, hash: String)?) async throws -> TrailVerdict {
        switch try await verifyAudit(expecting: kept.map { AuditHead(records: $0.records, hash: $0.hash) }) {
        case .holds(let records, let head): .holds(records: records, head: head)
        case .broken(let at, let why): .broken(at: at, why)
        }
    }
}

/// One record of the trail, as it is counted.
private struct Counted: Hashable {
    let month: String
    let member: String
    let kind: UsageKind

    /// The facts that are looked at, in the order of `all`.
    static let paths = ["event", "at", "member", "authenticated-at", "status-source", "status-at"].map { "'$.\"\($0)\"'" }.joined(
        separator: ", ")

    /// Empty: nothing that is counted, or about no member.
    static func all(in text: String) -> [Counted] {
        guard let facts = try? JSON(reading: Array(text.utf8), limit: 1 << 16).array, facts.count == 6, let event = facts[0].string,
            let at = facts[1].string.flatMap({ Timestamp($0) }), let member = facts[2].string
        else { return [] }
        // A month of Japan's calendar.
        let month = String(at.dateInJapan.prefix(7))
        let kinds: [UsageKind] =
            switch event {
            case "card.accepted": [.cardLogin]
            case "signon.granted": granted(at, login: facts[3], source: facts[4], status: facts[5])
            case "identity.presented": [.signature]
            // Asked, and the answer was not good; a good one stands in the record of what was granted by it.
            case "status.refreshed": [.statusAgain]
            case "userinfo.told", "attributes.released", "token.exchanged": [.attributes]
            case "signon.refused", "card.refused", "token.refused", "attributes.refused", "identity.refused", "request.refused": [.refusal]
            default: []
            }
        return kinds.map { Counted(month: month, member: member, kind: $0) }
    }

    /// Whoever entered on a session used no card for it; a login of the last two minutes was made for this very answer, and is counted as
    /// `card.accepted`.
    private static func granted(_ at: Timestamp, login: JSON, source: JSON, status: JSON) -> [UsageKind] {
        guard let login = login.string.flatMap({ Timestamp($0) }), at.seconds(since: login) > 120 else { return [] }
        let isAsked = source.string == "ocsp" && (status.string.flatMap { Timestamp($0) }.map { $0 > login } ?? false)
        return isAsked ? [.sessionLogin, .statusAgain] : [.sessionLogin]
    }
}
