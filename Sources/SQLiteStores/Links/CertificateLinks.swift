package import Credentials
import Foundation
import GRDB
package import SignOn
package import Vocabulary

/// Certificates of citizens beyond the plain look-up: why they are theirs, to which card a phone belongs, and that it has ended.
extension SQLiteStore: CertificateLinkStore {
    package func keep(_ newcomer: Newcomer) async throws {
        let body = SessionRow.text(of: [newcomer.authentication])
        try await write { database in
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO newcomers (journey, authentication, expires) VALUES (?, ?, ?)")
                .execute(arguments: [newcomer.transaction.text, body, newcomer.expiresAt.milliseconds])
        }
    }

    package func newcomer(_ transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM newcomers WHERE journey = ? AND expires > ?"),
                arguments: [transaction.text, now.milliseconds]
            ).flatMap(Newcomer.init(row:))
        }
    }

    package func consume(newcomer transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try await write { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "DELETE FROM newcomers WHERE journey = ? AND expires > ? RETURNING *"),
                arguments: [transaction.text, now.milliseconds]
            ).flatMap(Newcomer.init(row:))
        }
    }

    package func certificateLink(_ certificate: CertificateIdentity) async throws -> CertificateLink? {
        try await read { database in try CertificateLink.find(certificate, database) }
    }

    package func certificateLinks(of subject: SubjectID) async throws -> [CertificateLink] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM links WHERE subject = ? ORDER BY created, issuer, serial LIMIT 200"),
                arguments: [subject.text]
            ).compactMap(CertificateLink.init(row:))
        }
    }

    package func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, telling announcements: [Announcement],
        recording record: Vocabulary.Record
    ) async throws -> SubjectID? {
        let trace = record.json.text
        let body = text(of: evidence)
        return try await announcing { [tail = writer.tail] database, announcing in
            if let known = try CertificateLink.find(certificate, database) { return known.endedAt == nil ? known.subject : nil }
            try database.cachedStatement(
                sql: "INSERT INTO links (issuer, serial, subject, created, card_issuer, card_serial) VALUES (?, ?, ?, ?, ?, ?)"
            ).execute(arguments: [
                certificate.issuer, certificate.serial, evidence.subject.text, evidence.at.milliseconds, card?.issuer, card?.serial,
            ])
            try EvidenceRow.append(body, evidence, database)
            try Self.append(trace, after: tail, to: database)
            try announcing.tell(announcements)
            return evidence.subject
        }
    }

    package func endPhones(
        of card: CertificateIdentity, recording record: @escaping @Sendable (CertificateLink) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [CertificateLink] {
        try await write { [self, tail = writer.tail] database in
            let ended = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        UPDATE links SET ended = ?, ended_because = 'card-ended' WHERE card_issuer = ? AND card_serial = ? AND ended IS NULL
                        RETURNING *
                        """), arguments: [now.milliseconds, card.issuer, card.serial]
            ).compactMap(CertificateLink.init(row:))
            for link in ended {
                let evidence = LinkEvidence(
                    .ended, of: link.subject, certificate: link.certificate, earlier: card, at: now, basis: ["because": "card-ended"])
                try EvidenceRow.append(text(of: evidence), evidence, database)
                try Self.append(record(link).json.text, after: tail, to: database)
            }
            return ended
        }
    }

    package func phonesOfEndedCards() async throws -> [CertificateLink] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT links.* FROM certificate_states CROSS JOIN links INDEXED BY links_card
                            ON links.card_issuer = certificate_states.issuer AND links.card_serial = certificate_states.serial
                        WHERE certificate_states.state = 'revoked' AND links.card_serial IS NOT NULL AND links.ended IS NULL LIMIT 500
                        """)
            ).compactMap(CertificateLink.init(row:))
        }
    }

    @discardableResult package func retie(
        _ phone: CertificateIdentity, from card: CertificateIdentity, to next: CertificateIdentity,
        recording record: Vocabulary.Record
    ) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: """
                    UPDATE links SET card_issuer = ?, card_serial = ? WHERE issuer = ? AND serial = ? AND card_issuer = ?
                        AND card_serial = ? AND ended IS NULL
                    """
            ).execute(arguments: [next.issuer, next.serial, phone.issuer, phone.serial, card.issuer, card.serial])
            guard database.changesCount == 1 else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    package func evidence(of subject: SubjectID?) async throws -> [KeptEvidence] {
        try await read { database in
            guard let subject else {
                return try Row.fetchAll(
                    database.cachedStatement(sql: "SELECT * FROM link_evidence ORDER BY number DESC LIMIT 1000")
                ).compactMap(KeptEvidence.init(row:)).reversed()
            }
            return try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM link_evidence WHERE subject = ? ORDER BY number LIMIT 1000"),
                arguments: [subject.text]
            ).compactMap(KeptEvidence.init(row:))
        }
    }

    package func subjects(recorded attributes: BasicAttributes, at now: Timestamp) async throws -> [SubjectID] {
        let print = identitySeal.print(of: attributes)
        return try await read { database in
            let found = try String.fetchAll(
                database.cachedStatement(
                    sql: "SELECT DISTINCT subject FROM identity_records WHERE print = ? AND expires > ? ORDER BY subject LIMIT 16"),
                arguments: [Data(print), now.milliseconds]
            ).compactMap { SubjectID($0) }
            var present: [SubjectID] = []
            for subject in found {
                let one = try MergeRow.present(subject, database)
                if !present.contains(one) { present.append(one) }
            }
            return Array(present.prefix(4))
        }
    }

    /// Says "the same certificate" to whoever has the deployment's secret, and nothing to anybody else.
    package func label(of certificate: CertificateIdentity) -> String { identitySeal.label(of: certificate) }

    func text(of evidence: LinkEvidence) -> String {
        JSON.object([
            ("kind", .string(evidence.kind.rawValue)), ("subject", .string(evidence.subject.text)),
            ("certificate", evidence.certificate.map { .string(label(of: $0)) } ?? .null),
            ("earlier", evidence.earlier.map { .string(label(of: $0)) } ?? .null), ("at", .string(evidence.at.text)),
            ("basis", evidence.basis),
        ]).text
    }
}

extension CertificateLink {
    static func find(_ certificate: CertificateIdentity, _ database: Database) throws -> CertificateLink? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM links WHERE issuer = ? AND serial = ?"),
            arguments: [certificate.issuer, certificate.serial]
        ).flatMap(CertificateLink.init(row:))
    }

    init?(row: Row) {
        guard let subject = SubjectID(row["subject"]) else { return nil }
        let ended: Int64? = row["ended"]
        let because: String? = row["ended_because"]
        let cardIssuer: String? = row["card_issuer"]
        let cardSerial: String? = row["card_serial"]
        let card = cardIssuer.flatMap { issuer in cardSerial.map { CertificateIdentity(issuer: issuer, serial: $0) } }
        self.init(
            certificate: CertificateIdentity(issuer: row["issuer"], serial: row["serial"]), subject: subject,
            since: Timestamp(milliseconds: row["created"]), endedAt: ended.map { Timestamp(milliseconds: $0) },
            endedBecause: because.flatMap(EndReason.init(rawValue:)), card: card)
    }
}

extension Newcomer {
    fileprivate init?(row: Row) {
        guard let transaction = TransactionID(row["journey"]), let authentication = SessionRow.only(row["authentication"]) else {
            return nil
        }
        self.init(transaction: transaction, authentication: authentication, expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

/// Evidence, one chain for each citizen.
enum EvidenceRow {
    static func append(_ body: String, _ evidence: LinkEvidence, _ database: Database) throws {
        let last = try Data.fetchOne(
            database.cachedStatement(sql: "SELECT hash FROM link_evidence WHERE subject = ? ORDER BY number DESC LIMIT 1"),
            arguments: [evidence.subject.text])
        let previous = last.map { [UInt8]($0) } ?? KeptEvidence.start(evidence.subject)
        try database.cachedStatement(
            sql: "INSERT INTO link_evidence (subject, body, source, previous, hash, at) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            evidence.subject.text, body, evidence.source.map { Data($0) }, Data(previous), Data(KeptEvidence.link(previous, body)),
            evidence.at.milliseconds,
        ])
    }
}

extension KeptEvidence {
    fileprivate init?(row: Row) {
        let previous: Data = row["previous"]
        let hash: Data = row["hash"]
        guard let subject = SubjectID(row["subject"]) else { return nil }
        self.init(number: row["number"], subject: subject, body: row["body"], previous: [UInt8](previous), hash: [UInt8](hash))
    }
}

extension Schema {
    /// `links` keeps its rows for good: what ended says so, and nobody else comes to be its citizen.
    static func linkEvidence(_ database: Database) throws {
        for statement in [
            "ALTER TABLE links ADD COLUMN ended INTEGER", "ALTER TABLE links ADD COLUMN ended_because TEXT",
            "ALTER TABLE links ADD COLUMN card_issuer TEXT", "ALTER TABLE links ADD COLUMN card_serial TEXT",
            "CREATE INDEX links_card ON links (card_issuer, card_serial) WHERE card_serial IS NOT NULL",
            "CREATE TABLE newcomers (journey TEXT PRIMARY KEY, authentication TEXT NOT NULL, expires INTEGER NOT NULL) STRICT",
            "CREATE INDEX newcomers_expires ON newcomers (expires)",
            """
            CREATE TABLE link_evidence (number INTEGER PRIMARY KEY, subject TEXT NOT NULL, body TEXT NOT NULL, source BLOB,
                previous BLOB NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX link_evidence_subject ON link_evidence (subject, number)",
            "CREATE TRIGGER link_evidence_keeps_rows BEFORE DELETE ON link_evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END",
            "CREATE TRIGGER link_evidence_keeps_text BEFORE UPDATE ON link_evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END",
            "ALTER TABLE identity_records ADD COLUMN print BLOB",
            "CREATE INDEX identity_records_print ON identity_records (print) WHERE print IS NOT NULL",
        ] { try database.execute(sql: statement) }
    }
}
