import Credentials
import Foundation
import GRDB
package import SignOn
import TrustFramework
package import Vocabulary

extension SQLiteStore: SessionStore {
    @discardableResult package func start(
        _ session: Session, replacing replaced: SessionID?, expires: Timestamp
    ) async throws -> Bool {
        let face = session.authentications.last.map(CertificateFace.init)
        let isNewDay = face.map { lastUses.kept($0.certificate) != $0.day } ?? false
        let isStarted = try await sessions.changing(replaced) {
            try await write { database in
                // Its citizen reported it lost, perhaps while the card was being used.
                if let face, try CareRow.isBlocked(face.certificate, database) { return false }
                // Or has become part of another, by a second card elsewhere.
                guard try MergeRow.isPresent(session.subject, database) else { return false }
                var session = session
                if let replaced {
                    // Ended meanwhile, by a logout elsewhere: a step-up does not bring it back. Nor a login that an answer in another tab has
                    // used up since this one was begun.
                    let kept = try String.fetchOne(
                        database.cachedStatement(sql: "DELETE FROM sessions WHERE id = ? RETURNING authentications"),
                        arguments: [Data(replaced.bytes)])
                    guard let kept else { return false }
                    session = session.keeping(spent: SessionRow.spent(in: kept))
                }
                try Self.insert(session, expires: expires, database)
                if isNewDay { try face?.keep(database) }
                return true
            }
        }
        if isStarted, isNewDay, let face { lastUses.keep(face.day, for: face.certificate) }
        return isStarted
    }

    static func insert(_ session: Session, expires: Timestamp, _ database: Database) throws {
        try database.cachedStatement(
            sql:
                "INSERT INTO sessions (id, subject, authentications, created, seen, seed, expires, thread, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            Data(session.id.bytes), session.subject.text, SessionRow.text(of: session.authentications), session.createdAt.milliseconds,
            session.lastSeenAt.milliseconds, Data(session.indexSeed), expires.milliseconds, Data(session.thread.bytes),
            session.device?.text,
        ])
    }

    package func session(_ id: SessionID, at now: Timestamp) async throws -> Session? {
        let kept = try await sessions.value(id) {
            try await read { database in
                try Row.fetchOne(
                    database.cachedStatement(sql: "SELECT * FROM sessions WHERE id = ? AND expires > ?"),
                    arguments: [Data(id.bytes), now.milliseconds]
                ).flatMap { row in
                    SessionRow.session(id, row).map { KeptSession(session: $0, expires: Timestamp(milliseconds: row["expires"])) }
                }
            }
        }
        return kept.flatMap { now < $0.expires ? $0.session : nil }
    }

    package func touch(_ id: SessionID, at now: Timestamp) async throws {
        try await sessions.changing(id) {
            try await write { database in
                try database.cachedStatement(sql: "UPDATE sessions SET seen = max(seen, ?) WHERE id = ?")
                    .execute(arguments: [now.milliseconds, Data(id.bytes)])
            }
        }
    }

    package func end(_ id: SessionID) async throws {
        try await sessions.changing(id) {
            try await write { database in
                try database.cachedStatement(sql: "DELETE FROM sessions WHERE id = ?").execute(arguments: [Data(id.bytes)])
            }
        }
    }
}

/// A session as it was read, with the moment its row expires.
struct KeptSession: Sendable {
    let session: Session
    let expires: Timestamp
    let joined = JoinedMembers()
}

enum SessionRow {
    static func text(of authentications: [SessionAuthentication]) -> String {
        JSON.array(
            authentications.map { authentication in
                let facts = authentication.facts
                return .object(
                    [
                        ("mode", .string(facts.mode.rawValue)), ("stated", .bool(facts.modeIsStated)),
                        ("carrier", .string(facts.carrier.rawValue)), ("door", .string(facts.door.rawValue)),
                        ("source", .string(facts.statusSource.rawValue)), ("status-at", .integer(facts.statusAt.milliseconds)),
                        ("at", .integer(facts.authenticatedAt.milliseconds)), ("issuer", .string(authentication.certificate.issuer)),
                        ("serial", .string(authentication.certificate.serial)),
                        ("terminal", authentication.terminal.map { .string($0.text) } ?? .null),
                        ("class", facts.terminalClass.map { .string($0) } ?? .null),
                        ("upstream", facts.upstream.map { .string($0.text) } ?? .null),
                        ("journey", authentication.journey.map { .string($0.text) } ?? .null),
                    ] + limits(authentication))
            }
        ).text
    }

    /// What most logins do not have.
    private static func limits(_ authentication: SessionAuthentication) -> [(String, JSON)] {
        var members: [(String, JSON)] = []
        if let island = authentication.island { members.append(("island", .string(island))) }
        if authentication.isSpent { members.append(("spent", true)) }
        if let der = authentication.certificateDER { members.append(("der", .string(Base64.encode(der)))) }
        return members
    }

    /// The logins of a row that were used up; most rows have none, and are not read for it.
    static func spent(in text: String) -> [SessionAuthentication] {
        guard text.contains("\"spent\"") else { return [] }
        return ((try? StoredText.json(text))?.array ?? []).compactMap(authentication).filter(\.isSpent)
    }

    static func session(_ id: SessionID, _ row: Row) -> Session? {
        let text: String = row["authentications"]
        let seed: Data = row["seed"]
        let device: String? = row["device"]
        guard let subject = SubjectID(row["subject"]), let items = (try? StoredText.json(text))?.array else { return nil }
        let authentications = items.compactMap(authentication)
        // A row we cannot read whole is no session: better a new login than a guessed one.
        guard authentications.count == items.count, !items.isEmpty else { return nil }
        return Session(
            id: id, subject: subject, authentications: authentications, createdAt: Timestamp(milliseconds: row["created"]),
            lastSeenAt: Timestamp(milliseconds: row["seen"]), indexSeed: [UInt8](seed),
            device: device.flatMap { DeviceWord($0) })
    }

    /// One login by itself.
    static func only(_ text: String) -> SessionAuthentication? {
        guard let items = (try? StoredText.json(text))?.array, items.count == 1 else { return nil }
        return items.first.flatMap(authentication)
    }

    private static func authentication(_ item: JSON) -> SessionAuthentication? {
        guard let mode = item["mode"]?.string.flatMap(CardMode.init(rawValue:)), let stated = item["stated"]?.bool,
            let carrier = item["carrier"]?.string.flatMap(Carrier.init(rawValue:)),
            let door = item["door"]?.string.flatMap(Door.init(rawValue:)),
            let source = item["source"]?.string.flatMap(StatusSource.init(rawValue:)), let statusAt = item["status-at"]?.integer,
            let at = item["at"]?.integer, let issuer = item["issuer"]?.string, let serial = item["serial"]?.string
        else { return nil }
        let terminal = item["terminal"]?.string
        guard terminal == nil || terminal.flatMap({ TerminalID($0) }) != nil else { return nil }
        let upstream = item["upstream"]?.string
        guard upstream == nil || upstream.flatMap({ MemberID($0) }) != nil else { return nil }
        let der = item["der"]?.string.flatMap(Base64.decode)
        guard (item["der"] == nil) == (der == nil), item["island"] == nil || item["island"]?.string != nil else { return nil }
        return SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: stated, carrier: carrier, door: door, statusSource: source,
                statusAt: Timestamp(milliseconds: statusAt), authenticatedAt: Timestamp(milliseconds: at),
                // A row of before there were classes: its terminal had none.
                terminalClass: item["class"] == nil ? terminal.map { _ in AssuranceLadder.unclassified } : item["class"]?.string,
                upstream: upstream.flatMap { MemberID($0) }),
            certificate: CertificateIdentity(issuer: issuer, serial: serial),
            terminal: terminal.flatMap { TerminalID($0) }, journey: item["journey"]?.string.flatMap { TransactionID($0) },
            island: item["island"]?.string, isSpent: item["spent"]?.bool ?? false, certificateDER: der)
    }
}
