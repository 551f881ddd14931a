import Credentials
import Foundation
import GRDB
package import SignOn
package import Vocabulary

/// Two records of one person made one, and two again. A merge moves rows and writes down each of them; undoing moves back those that are
/// still where they went.
extension SQLiteStore: MergeStore {
    package func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence,
        telling announcements: [Announcement], recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> MergeOutcome {
        guard from != into else { return .same }
        let trace = record.json.text
        let (into1, from1) = (text(of: evidence), text(of: evidence.concerning(from)))
        let outcome: MergeOutcome = try await announcing { [tail = writer.tail] database, announcing in
            // What is given up must be there, and be nobody's part already.
            guard try MergeRow.isPresent(from, database), try MergeRow.isPresent(into, database) else { return .changed }
            let moving = MergeMoving(id: id, from: from, into: into, database: database)
            try database.cachedStatement(sql: "INSERT INTO merges (id, from_subject, into_subject, at) VALUES (?, ?, ?, ?)")
                .execute(arguments: [id.text, from.text, into.text, now.milliseconds])
            try moving.run(keeping: sectors)
            try EvidenceRow.append(into1, evidence, database)
            try EvidenceRow.append(from1, evidence.concerning(from), database)
            try Self.append(trace, after: tail, to: database)
            try announcing.tell(announcements)
            let hasSessions = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM sessions WHERE subject = ? AND expires > ?"),
                arguments: [from.text, now.milliseconds])
            if hasSessions == true, let order = id.ending { try CareRow.order(order, .subject(from), at: now, database) }
            return .merged(Merge(id: id, from: from, into: into, at: now))
        }
        try await forgetIdentifiers(of: [from, into])
        return outcome
    }

    package func undo(
        _ id: MergeID, recording record: @escaping @Sendable (Merge) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> UndoOutcome {
        let outcome: UndoOutcome = try await write { [self, tail = writer.tail] database in
            // An operator's order ends in the commit that carries it out.
            try database.cachedStatement(sql: "DELETE FROM undo_orders WHERE merge = ?").execute(arguments: [id.text])
            guard let merge = try MergeRow.find(id, database) else { return .unknown }
            guard merge.undoneAt == nil else { return .already(merge) }
            if let later = try MergeRow.later(than: merge, database) { return .covered(by: later) }
            try MergeMoving(id: id, from: merge.from, into: merge.into, database: database).back()
            try database.cachedStatement(sql: "UPDATE merges SET undone = ? WHERE id = ?").execute(arguments: [now.milliseconds, id.text])
            for subject in [merge.into, merge.from] {
                let evidence = LinkEvidence(.undone, of: subject, certificate: nil, at: now, basis: ["merge": .string(id.text)])
                try EvidenceRow.append(text(of: evidence), evidence, database)
            }
            try Self.append(record(merge).json.text, after: tail, to: database)
            if let order = id.undoing { try CareRow.order(order, .subject(merge.into), at: now, database) }
            return .undone(Merge(id: id, from: merge.from, into: merge.into, at: merge.at, undoneAt: now))
        }
        if case .undone(let merge) = outcome { try await forgetIdentifiers(of: [merge.from, merge.into]) }
        return outcome
    }

    package func merges(of subject: SubjectID) async throws -> [Merge] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM merges WHERE from_subject = ? OR into_subject = ? ORDER BY rowid DESC LIMIT 100"),
                arguments: [subject.text, subject.text]
            ).compactMap(Merge.init(row:))
        }
    }

    package func allMerges(limit: Int) async throws -> [Merge] {
        try await read { database in
            try Row.fetchAll(database.cachedStatement(sql: "SELECT * FROM merges ORDER BY rowid DESC LIMIT ?"), arguments: [limit])
                .compactMap(Merge.init(row:))
        }
    }

    package func sharedSectors(_ one: SubjectID, _ other: SubjectID) async throws -> [String] {
        try await read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT a.sector FROM pairwise a JOIN pairwise b ON b.sector = a.sector AND b.subject = ?
                        WHERE a.subject = ? ORDER BY a.sector LIMIT 500
                        """), arguments: [other.text, one.text])
        }
    }

    package func parts(of subject: SubjectID) async throws -> [SubjectID] {
        try await read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        WITH RECURSIVE parts (name, depth) AS (SELECT ?, 0 UNION
                            SELECT from_subject, depth + 1 FROM merges JOIN parts ON into_subject = name WHERE undone IS NULL AND depth < 64)
                        SELECT name FROM parts ORDER BY depth, name LIMIT 64
                        """), arguments: [subject.text]
            ).compactMap { SubjectID($0) }
        }
    }

    package func present(_ subject: SubjectID) async throws -> SubjectID {
        try await read { database in try MergeRow.present(subject, database) }
    }

    package func orderUndo(_ id: MergeID, at now: Timestamp) async throws {
        try await write { database in
            try database.cachedStatement(sql: "INSERT OR IGNORE INTO undo_orders (merge, at) VALUES (?, ?)")
                .execute(arguments: [id.text, now.milliseconds])
        }
    }

    package func undoOrders() async throws -> [MergeID] {
        try await read { database in
            try String.fetchAll(database.cachedStatement(sql: "SELECT merge FROM undo_orders ORDER BY at, merge LIMIT 100"))
                .compactMap { MergeID($0) }
        }
    }

    /// Identifiers of these citizens are remembered by nobody: the only ones that ever change hands.
    private func forgetIdentifiers(of subjects: [SubjectID]) async throws {
        let keys = try await read { database in
            var keys: Set<PairwiseKey> = []
            for subject in subjects {
                let sectors = try String.fetchAll(
                    database.cachedStatement(sql: "SELECT sector FROM pairwise WHERE subject = ?"), arguments: [subject.text])
                for sector in sectors { for other in subjects { keys.insert(PairwiseKey(subject: other, sector: sector)) } }
            }
            return keys
        }
        for key in keys { try await identifiers.changing(key) {} }
    }
}

extension LinkEvidence {
    /// The same, in the other one's chain.
    func concerning(_ other: SubjectID) -> LinkEvidence {
        LinkEvidence(kind, of: other, certificate: certificate, earlier: earlier, at: at, basis: basis)
    }
}
