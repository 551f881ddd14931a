import Cryptography
import Foundation
import GRDB
package import SignOn
import TrustFramework
package import Vocabulary

/// Customers of members, one row for each customer. A proposal's code is derived from its number, which is kept, and from a secret, which
/// is not here: the same list taken twice gives the same codes.
extension SQLiteStore: CustomerLinkStore {
    package func propose(
        _ lines: [LinkProposal], under terms: ProposalTerms,
        recording record: @escaping @Sendable ([ProposalOutcome.Word: Int]) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [ProposalOutcome] {
        guard lines.count <= ProposalTerms.most else { throw DatabaseError(message: "too many lines for one commit") }
        var random = SystemRandom()
        let drawn = random.bytes(16 * lines.count)
        let nonces = lines.indices.map { Array(drawn[(16 * $0)..<(16 * $0 + 16)]) }
        let secret = linkSecret
        return try await write { [tail = writer.tail] database in
            let taking = LinkTaking(terms: terms, secret: secret, now: now, database: database)
            let outcomes = try zip(lines, nonces).map { try taking.take($0, nonce: $1) }
            let counts = outcomes.reduce(into: [:]) { $0[$1.word, default: 0] += 1 }
            // What was taken before is in the trail already.
            if taking.hasChanged { try Self.append(record(counts).json.text, after: tail, to: database) }
            return outcomes
        }
    }

    package func confirm(
        _ customers: [CustomerID], of member: MemberID, by subject: SubjectID,
        recording record: @escaping @Sendable (CustomerLink) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [CustomerLink] {
        try await write { [tail = writer.tail] database in
            var confirmed: [CustomerLink] = []
            for customer in customers {
                let row = try Row.fetchOne(
                    database.cachedStatement(
                        sql: """
                            UPDATE customer_links SET state = 'confirmed', confirmation = 'page', at = ?, code = NULL, nonce = NULL, until = NULL
                            WHERE member = ? AND customer = ? AND subject = ? AND state = 'proposed' RETURNING *
                            """),
                    arguments: [now.milliseconds, member.text, customer.text, subject.text])
                guard let link = row.flatMap(CustomerLink.init(row:)) else { continue }
                try Self.append(record(link).json.text, after: tail, to: database)
                confirmed.append(link)
            }
            return confirmed
        }
    }

    package func redeem(
        _ code: [UInt8], by subject: SubjectID, recording record: @escaping @Sendable (CustomerLink) -> Vocabulary.Record,
        at now: Timestamp
    ) async throws -> CodeOutcome {
        try await write { [tail = writer.tail] database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM customer_links WHERE code = ?"), arguments: [Data(code)])
            guard let row, let link = CustomerLink(row: row), let until = link.codeUntil, now < until else { return .unknown }
            switch link.state {
            case .confirmed: return link.subject == subject ? .again(link) : .unknown
            case .ended: return .unknown
            case .proposed: break
            }
            let done = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        UPDATE customer_links SET state = 'confirmed', confirmation = 'code', subject = ?, at = ?
                        WHERE member = ? AND customer = ? RETURNING *
                        """), arguments: [subject.text, now.milliseconds, link.member.text, link.customer.text])
            guard let confirmed = done.flatMap(CustomerLink.init(row:)) else { return .unknown }
            try Self.append(record(confirmed).json.text, after: tail, to: database)
            return .confirmed(confirmed)
        }
    }

    package func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, telling announcements: [Announcement],
        recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> CustomerLink? {
        let trace = record.json.text
        return try await announcing { [tail = writer.tail] database, announcing in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        UPDATE customer_links SET state = 'ended', ender = 'citizen', at = ?, code = NULL, nonce = NULL, until = NULL
                        WHERE member = ? AND customer = ? AND subject = ? AND state <> 'ended' RETURNING *
                        """), arguments: [now.milliseconds, member.text, customer.text, subject.text])
            guard let link = row.flatMap(CustomerLink.init(row:)) else { return nil }
            try Self.append(trace, after: tail, to: database)
            if link.confirmation != nil { try announcing.tell(announcements) }
            return link
        }
    }

    package func customerLinks(of subject: SubjectID) async throws -> [CustomerLink] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT * FROM customer_links WHERE subject = ? AND state <> 'ended' ORDER BY member, customer LIMIT 1000
                        """), arguments: [subject.text]
            ).compactMap(CustomerLink.init(row:))
        }
    }

    package func customerLinks(of member: MemberID, after: CustomerID?, limit: Int) async throws -> [CustomerLink] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM customer_links WHERE member = ? AND customer > ? ORDER BY customer LIMIT ?"),
                arguments: [member.text, after?.text ?? "", limit]
            ).compactMap(CustomerLink.init(row:))
        }
    }

    package func customers(of subject: SubjectID, member: MemberID) async throws -> [CustomerID] {
        try await read { database in
            try String.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT customer FROM customer_links WHERE subject = ? AND member = ? AND state = 'confirmed'
                        ORDER BY customer LIMIT 100
                        """), arguments: [subject.text, member.text]
            ).compactMap { CustomerID($0) }
        }
    }

    package func countCustomerLinks() async throws -> [CustomerLinkCount] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT member, state, count(*) AS links FROM customer_links GROUP BY member, state ORDER BY member, state"
            ).compactMap { row in
                guard let member = MemberID(row["member"]), let state = CustomerLink.State(rawValue: row["state"]) else { return nil }
                return CustomerLinkCount(member: member, state: state, links: row["links"])
            }
        }
    }
}

extension CustomerLink {
    /// Nil when the row cannot be read whole: then it is no link.
    init?(row: Row) {
        let subject: String? = row["subject"]
        let confirmation: String? = row["confirmation"]
        let ender: String? = row["ender"]
        let until: Int64? = row["until"]
        guard let member = MemberID(row["member"]), let customer = CustomerID(row["customer"]), let state = State(rawValue: row["state"]),
            subject == nil || subject.flatMap({ SubjectID($0) }) != nil
        else { return nil }
        self.init(
            member: member, customer: customer, subject: subject.flatMap { SubjectID($0) }, state: state,
            confirmation: confirmation.flatMap(Confirmation.init(rawValue:)), endedBy: ender.flatMap(Ender.init(rawValue:)),
            proposedAt: Timestamp(milliseconds: row["proposed"]), at: Timestamp(milliseconds: row["at"]),
            codeUntil: until.map { Timestamp(milliseconds: $0) })
    }
}

extension Schema {
    static func customerLinks(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE customer_links (member TEXT NOT NULL, customer TEXT NOT NULL, subject TEXT, state TEXT NOT NULL,
                    confirmation TEXT, ender TEXT, code BLOB, nonce BLOB, until INTEGER, proposed INTEGER NOT NULL, at INTEGER NOT NULL,
                    PRIMARY KEY (member, customer)) STRICT, WITHOUT ROWID
                """)
        try database.execute(sql: "CREATE INDEX customer_links_subject ON customer_links (subject, member) WHERE subject IS NOT NULL")
        try database.execute(sql: "CREATE UNIQUE INDEX customer_links_code ON customer_links (code) WHERE code IS NOT NULL")
    }
}
