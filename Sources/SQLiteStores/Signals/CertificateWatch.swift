package import Credentials
import Foundation
import GRDB
package import SignOn
package import Signals
import Synchronization
import TrustFramework
package import Vocabulary

/// What the night watch walks over, page by page, each on a reader of its own.
extension SQLiteStore: CertificateWatchStore {
    private static let watched = """
        SELECT links.issuer, links.serial, links.subject, state, at, known, list,
            CASE WHEN links.ended_because = 'card-ended' THEN links.ended END AS gone,
            EXISTS (SELECT 1 FROM sessions WHERE sessions.subject = links.subject AND sessions.expires > ?) AS live
        FROM links LEFT JOIN certificate_states ON certificate_states.issuer = links.issuer AND certificate_states.serial = links.serial
        """

    package func linked(after last: CertificateIdentity?, limit: Int, at now: Timestamp) async throws -> [WatchedCertificate] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: Self.watched + " WHERE (links.issuer, links.serial) > (?, ?) ORDER BY links.issuer, links.serial LIMIT ?"),
                arguments: [now.milliseconds, last?.issuer ?? "", last?.serial ?? "", limit]
            ).compactMap(WatchedCertificate.init(row:))
        }
    }

    package func linked(_ certificate: CertificateIdentity, at now: Timestamp) async throws -> WatchedCertificate? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: Self.watched + " WHERE links.issuer = ? AND links.serial = ?"),
                arguments: [now.milliseconds, certificate.issuer, certificate.serial]
            ).flatMap(WatchedCertificate.init(row:))
        }
    }

    package func linked(to subject: SubjectID, at now: Timestamp) async throws -> [WatchedCertificate] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: Self.watched + " WHERE links.subject = ? ORDER BY links.created LIMIT 256"),
                arguments: [now.milliseconds, subject.text]
            ).compactMap(WatchedCertificate.init(row:))
        }
    }

    package func held(limit: Int) async throws -> [CertificateIdentity] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT issuer, serial FROM certificate_states WHERE state = 'held' LIMIT ?", arguments: [limit]
            ).map { CertificateIdentity(issuer: $0["issuer"], serial: $0["serial"]) }
        }
    }

    @discardableResult package func settle(_ change: CertificateChange) async throws -> Int {
        let (watched, state, rules) = (change.watched, change.state, signalRules.current)
        let sessions = try await read { database in try Self.sessions(of: watched, database, at: change.at) }
        let (ended, queued) = try await forgetting(sessions.map(\.id)[...]) {
            try await write { [tail = writer.tail] database -> ([SessionID], Int) in
                let isNews = try Self.state(of: watched.certificate, database)?.kind != state.kind
                let threads = change.logout == nil ? [] : try Self.sessions(of: watched, database, at: change.at).map(\.thread)
                guard isNews || !threads.isEmpty else { return ([], 0) }
                var ended: [SessionID] = []
                if let logout = change.logout, !threads.isEmpty {
                    ended =
                        try Self.begin(
                            logout, ending: threads, because: .system, planning: change.planning, rules, database)?.ended ?? []
                }
                var queued = 0
                if isNews {
                    try Self.keep(state, of: watched.certificate, at: change.at, database)
                    queued = try SignalRow.queue(change.signals, rules, database)
                }
                try Self.append(change.record(threads.count, queued).json.text, after: tail, to: database)
                return (ended, queued + threads.count)
            }
        }
        // A session whose id was renewed between the look and the commit.
        try await forgetting(ended[...]) {}
        if queued > 0 { signalsQueued.add(1, ordering: .relaxed) }
        return ended.count
    }

    /// Living sessions of the citizen in which this certificate logged in.
    private static func sessions(
        of watched: WatchedCertificate, _ database: Database, at now: Timestamp
    ) throws -> [(id: SessionID, thread: SessionThread)] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM sessions WHERE subject = ? AND expires > ?"),
            arguments: [watched.subject.text, now.milliseconds]
        ).compactMap { row in
            let id: Data = row["id"]
            guard let id = SessionID([UInt8](id)), let session = SessionRow.session(id, row),
                session.authentications.contains(where: { $0.certificate == watched.certificate })
            else { return nil }
            return (id, session.thread)
        }
    }

    private static func state(of certificate: CertificateIdentity, _ database: Database) throws -> CertificateState? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT state, at, known, list FROM certificate_states WHERE issuer = ? AND serial = ?"),
            arguments: [certificate.issuer, certificate.serial]
        ).flatMap(CertificateState.init(row:))
    }

    private static func keep(
        _ state: CertificateState, of certificate: CertificateIdentity, at now: Timestamp, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO certificate_states (issuer, serial, state, at, known, list, changed) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            certificate.issuer, certificate.serial, state.kind.rawValue, state.at.milliseconds, state.known.milliseconds, state.list,
            now.milliseconds,
        ])
    }
}

extension SQLiteStore {
    package func watch(
        _ certificate: CertificateIdentity, of subject: SubjectID, shownTo member: MemberID, for purpose: String, until: Timestamp
    ) async throws {
        guard let purpose = Purpose(purpose) else { return }
        let slot = identitySeal.slot(subject, member, purpose)
        let plain: JSON = ["issuer": .string(certificate.issuer), "serial": .string(certificate.serial), "member": .string(member.text)]
        let sealed = try identitySeal.closed(plain.bytes, Self.watchSeal, row: slot + Array(subject.text.utf8))
        try await write { database in
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO signature_watches (slot, subject, sealed, state, expires) VALUES (?, ?, ?, NULL, ?)"
            ).execute(arguments: [Data(slot), subject.text, Data(sealed), until.milliseconds])
        }
    }

    private static let watchSeal = "signature watch 1"

    package func shown(
        after last: [UInt8]?, limit: Int, at now: Timestamp
    ) async throws -> (certificates: [ShownCertificate], last: [UInt8]?) {
        let rows = try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT slot, subject, sealed, state FROM signature_watches WHERE slot > ? AND expires > ?
                        AND EXISTS (SELECT 1 FROM identity_records WHERE identity_records.slot = signature_watches.slot)
                        ORDER BY slot LIMIT ?
                        """),
                arguments: [Data(last ?? []), now.milliseconds, limit]
            ).map { row -> (slot: [UInt8], subject: String, sealed: [UInt8], state: String?) in
                let slot: Data = row["slot"]
                let sealed: Data = row["sealed"]
                return ([UInt8](slot), row["subject"], [UInt8](sealed), row["state"])
            }
        }
        let certificates = rows.compactMap { row -> ShownCertificate? in
            guard let subject = SubjectID(row.subject),
                let plain = identitySeal.opened(row.sealed, Self.watchSeal, row: row.slot + Array(subject.text.utf8)),
                let json = try? JSON(reading: plain), let issuer = json["issuer"]?.string, let serial = json["serial"]?.string,
                let member = json["member"]?.string.flatMap({ MemberID($0) })
            else { return nil }
            return ShownCertificate(
                slot: row.slot, certificate: CertificateIdentity(issuer: issuer, serial: serial), subject: subject, member: member,
                isSettled: row.state != nil)
        }
        return (certificates, rows.count == limit ? rows.last?.slot : nil)
    }

    package func settle(
        _ shown: ShownCertificate, telling signals: [Signal], recording record: Vocabulary.Record?, at now: Timestamp
    ) async throws -> Bool {
        let (rules, trace) = (signalRules.current, record?.json.text)
        let isFirst = try await write { [tail = writer.tail] database in
            try database.cachedStatement(sql: "UPDATE signature_watches SET state = 'ended' WHERE slot = ? AND state IS NULL")
                .execute(arguments: [Data(shown.slot)])
            guard database.changesCount == 1 else { return false }
            try SignalRow.queue(signals, rules, database)
            if let trace { try Self.append(trace, after: tail, to: database) }
            return true
        }
        if isFirst { signalsQueued.add(1, ordering: .relaxed) }
        return isFirst
    }
}

extension CertificateState {
    fileprivate init?(row: Row) {
        let state: String? = row["state"]
        guard let kind = state.flatMap({ Kind(rawValue: $0) }) else { return nil }
        self.init(kind, at: Timestamp(milliseconds: row["at"]), known: Timestamp(milliseconds: row["known"]), list: row["list"])
    }
}

extension WatchedCertificate {
    fileprivate init?(row: Row) {
        let gone: Int64? = row["gone"]
        guard let subject = SubjectID(row["subject"]) else { return nil }
        self.init(
            certificate: CertificateIdentity(issuer: row["issuer"], serial: row["serial"]), subject: subject,
            state: CertificateState(row: row), hasSession: row["live"], endedAt: gone.map { Timestamp(milliseconds: $0) })
    }
}
