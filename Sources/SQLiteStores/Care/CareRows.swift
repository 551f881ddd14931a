import Credentials
import Foundation
import GRDB
import OpenID
import SignOn
import TrustFramework
import Vocabulary

enum CareRow {
    static let linked = """
        SELECT links.issuer, links.serial, links.subject, links.created, links.ended, face.carrier, face.day, block.subject AS blocked_of, block.reason,
            block.author, block.at, block.uses, block.used
        FROM links LEFT JOIN certificate_faces AS face ON face.issuer = links.issuer AND face.serial = links.serial
        LEFT JOIN certificate_blocks AS block ON block.issuer = links.issuer AND block.serial = links.serial
        """

    static func certificate(_ row: Row) -> LinkedCertificate? {
        guard let subject = SubjectID(row["subject"]) else { return nil }
        let (carrier, day, ended): (String?, Int64?, Int64?) = (row["carrier"], row["day"], row["ended"])
        let identity = CertificateIdentity(issuer: row["issuer"], serial: row["serial"])
        let owner: String? = row["blocked_of"]
        return LinkedCertificate(
            identity: identity, subject: subject, linkedAt: Timestamp(milliseconds: row["created"]),
            carrier: carrier.flatMap(Carrier.init(rawValue:)), lastUsed: day.map { Timestamp(milliseconds: $0) },
            block: owner.flatMap { SubjectID($0) }.flatMap { block(row, of: identity, $0) },
            endedAt: ended.map { Timestamp(milliseconds: $0) })
    }

    /// Whose the certificate is today: two subjects of one person may have become one since.
    static let blocks = """
        SELECT block.*, ifnull(links.subject, block.subject) AS owner FROM certificate_blocks AS block
        LEFT JOIN links ON links.issuer = block.issuer AND links.serial = block.serial
        """

    static func block(_ row: Row) -> CertificateBlock? {
        SubjectID(row["owner"]).flatMap { block(row, of: CertificateIdentity(issuer: row["issuer"], serial: row["serial"]), $0) }
    }

    private static func block(_ row: Row, of certificate: CertificateIdentity, _ subject: SubjectID) -> CertificateBlock? {
        guard let reason = CertificateBlock.Reason(rawValue: row["reason"]) else { return nil }
        let used: Int64? = row["used"]
        return CertificateBlock(
            certificate: certificate, subject: subject, reason: reason, by: row["author"], at: Timestamp(milliseconds: row["at"]),
            uses: row["uses"], lastUse: used.map { Timestamp(milliseconds: $0) })
    }

    static func block(of certificate: CertificateIdentity, _ database: Database) throws -> CertificateBlock? {
        try Row.fetchOne(
            database.cachedStatement(sql: blocks + " WHERE block.issuer = ? AND block.serial = ?"),
            arguments: [certificate.issuer, certificate.serial]
        ).flatMap(block)
    }

    /// In the commit that starts a session: a report of a moment ago counts, from whichever process it came. A row that cannot be read blocks
    /// too.
    static func isBlocked(_ certificate: CertificateIdentity, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM certificate_blocks WHERE issuer = ? AND serial = ?"),
            arguments: [certificate.issuer, certificate.serial]) == true
    }

    static func disavowal(_ row: Row) -> Disavowal? {
        let (kind, name): (String, String) = (row["kind"], row["name"])
        let what: Disavowal.Of? =
            kind == "session"
            ? Hexadecimal.decode(name).flatMap { SessionThread($0) }.map { .session($0) } : LedgerReference(name).map { .entry($0) }
        guard let what, let subject = SubjectID(row["subject"]) else { return nil }
        return Disavowal(
            of: subject, what, happenedAt: Timestamp(milliseconds: row["happened"]), at: Timestamp(milliseconds: row["at"]))
    }

    /// The services that the session or the entry is about; nil when it is not this citizen's.
    static func services(behind disavowal: Disavowal, _ database: Database) throws -> Set<MemberID>? {
        switch disavowal.what {
        case .session(let thread):
            let isOwn = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM sessions WHERE thread = ? AND subject = ?"),
                arguments: [Data(thread.bytes), disavowal.subject.text])
            guard isOwn == true else { return nil }
            return Set(try SQLiteStore.participations(in: thread, database).map(\.member))
        case .entry(let reference):
            let member = try String.fetchOne(
                database.cachedStatement(sql: "SELECT member FROM ledger WHERE reference = ? AND subject = ?"),
                arguments: [reference.text, disavowal.subject.text])
            return member.map { Set([MemberID($0)].compactMap(\.self)) }
        }
    }

    static func order(_ id: LogoutID, _ target: LogoutOrder.Target, at now: Timestamp, _ database: Database) throws {
        let (thread, subject): (Data?, String?) =
            switch target {
            case .thread(let thread): (Data(thread.bytes), nil)
            case .subject(let subject): (nil, subject.text)
            }
        try database.cachedStatement(
            sql: "INSERT INTO logout_orders (id, thread, subject, at, expires) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
        ).execute(arguments: [id.text, thread, subject, now.milliseconds, now.adding(seconds: Logout.lifetime).milliseconds])
    }
}

/// The refresh tokens of one citizen, by way of the identifiers that services know him by: a token says the identifier, an index finds it.
enum RefreshFamilies {
    static func of(_ subject: SubjectID, _ database: Database) throws -> [RefreshTokenRecord] {
        try String.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT refresh_tokens.body FROM pairwise JOIN refresh_tokens
                    ON refresh_tokens.pairwise = pairwise.id WHERE pairwise.subject = ?
                    """), arguments: [subject.text]
        ).compactMap { RefreshTokenRecord(json: try StoredText.json($0)) }
    }

    /// How many families went.
    @discardableResult static func end(_ tokens: [RefreshTokenRecord], _ database: Database) throws -> Int {
        let families = Set(tokens.map(\.family))
        for family in families { try end(Data(family), database) }
        return families.count
    }

    /// Tokens under way from that code are not kept either, as after a replay.
    static func end(_ family: Data, _ database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM refresh_tokens WHERE family = ?").execute(arguments: [family])
        try database.cachedStatement(sql: "DELETE FROM access_tokens WHERE code = ?").execute(arguments: [family])
        try database.cachedStatement(sql: "UPDATE codes SET replayed = 1 WHERE digest = ?").execute(arguments: [family])
    }
}

extension LossReport {
    /// Within the writer's transaction.
    func carriedOut(_ database: Database) throws -> LossOutcome {
        var blocked: [CertificateHandle] = []
        for certificate in certificates {
            let isOwn = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM links WHERE issuer = ? AND serial = ? AND subject = ?"),
                arguments: [certificate.issuer, certificate.serial, subject.text])
            guard isOwn == true else { continue }
            try database.cachedStatement(
                sql: """
                    INSERT INTO certificate_blocks (issuer, serial, subject, reason, author, at, uses) VALUES (?, ?, ?, ?, ?, ?, 0)
                    ON CONFLICT (issuer, serial) DO NOTHING
                    """
            ).execute(arguments: [certificate.issuer, certificate.serial, subject.text, reason.rawValue, by, at.milliseconds])
            if database.changesCount == 1 { blocked.append(CertificateHandle(certificate, of: subject)) }
        }
        let families = try RefreshFamilies.end(RefreshFamilies.of(subject, database), database)
        // A client that wanted to be told is told that it was refused (CIBA Core §10.2).
        try database.cachedStatement(
            sql: """
                UPDATE awaited SET state = 'denied', entitlement = NULL, due = iif(token IS NULL, NULL, ?)
                WHERE state IN ('waiting', 'approved') AND lapses > ? AND pairwise IN (SELECT id FROM pairwise WHERE subject = ?)
                """
        ).execute(arguments: [at.milliseconds, at.milliseconds, subject.text])
        let requests = database.changesCount
        let sessions = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT count(*) FROM sessions WHERE subject = ? AND expires > ?"),
            arguments: [subject.text, at.milliseconds])
        return LossOutcome(blocked: blocked, families: families, requests: requests, sessions: sessions ?? 0)
    }
}

extension LossOutcome {
    /// The report found everything as it wants it.
    var isNothing: Bool { blocked.isEmpty && families == 0 && requests == 0 && sessions == 0 }
}

/// What kind of thing a certificate is on, and the day of its last use; written with a session, at most once a day for each certificate.
struct CertificateFace: Sendable {
    let certificate: CertificateIdentity
    let carrier: String
    let day: Int64

    private static let milliseconds: Int64 = 86_400_000

    init(_ authentication: SessionAuthentication) {
        certificate = authentication.certificate
        carrier = authentication.facts.carrier.rawValue
        // The day of Japan's calendar.
        let at = authentication.facts.authenticatedAt.inJapan.milliseconds
        day = at - (at % Self.milliseconds + Self.milliseconds) % Self.milliseconds
    }

    func keep(_ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO certificate_faces (issuer, serial, carrier, day) VALUES (?, ?, ?, ?)
                ON CONFLICT (issuer, serial) DO UPDATE SET carrier = excluded.carrier, day = max(day, excluded.day)
                """
        ).execute(arguments: [certificate.issuer, certificate.serial, carrier, day])
    }
}

extension Schema {
    /// `author`: `citizen`, or `officer:` and an id. `device`: two coarse words, never a header. `pairwise` of a refresh token: whom it speaks of.
    static func care(_ database: Database) throws {
        for statement in ownCare { try database.execute(sql: statement) }
    }

    private static let ownCare = [
        "ALTER TABLE sessions ADD COLUMN device TEXT",
        """
        CREATE TABLE certificate_blocks (issuer TEXT NOT NULL, serial TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL,
            author TEXT NOT NULL, at INTEGER NOT NULL, uses INTEGER NOT NULL, used INTEGER, PRIMARY KEY (issuer, serial)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX certificate_blocks_subject ON certificate_blocks (subject)",
        """
        CREATE TABLE certificate_faces (issuer TEXT NOT NULL, serial TEXT NOT NULL, carrier TEXT NOT NULL, day INTEGER NOT NULL,
            PRIMARY KEY (issuer, serial)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE disavowals (kind TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, happened INTEGER NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX disavowals_subject ON disavowals (subject)",
        "ALTER TABLE refresh_tokens ADD COLUMN pairwise TEXT",
        "UPDATE refresh_tokens SET pairwise = json_extract(body, '$.pairwise')",
        "CREATE INDEX refresh_tokens_pairwise ON refresh_tokens (pairwise)",
    ]
}
