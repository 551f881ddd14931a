import Foundation
import GRDB
import SignOn
import TrustFramework
import Vocabulary

/// Takes the lines of one list, within one transaction.
final class LinkTaking {
    private let terms: ProposalTerms
    private let secret: [UInt8]
    private let now: Timestamp
    private let database: Database
    private(set) var hasChanged = false

    init(terms: ProposalTerms, secret: [UInt8], now: Timestamp, database: Database) {
        self.terms = terms
        self.secret = secret
        self.now = now
        self.database = database
    }

    func take(_ line: LinkProposal, nonce: [UInt8]) throws -> ProposalOutcome {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM customer_links WHERE member = ? AND customer = ?"),
            arguments: [terms.member.text, line.customer.text])
        switch line.wish {
        case .end: return try end(line.customer, row)
        case .citizen(let pairwise):
            guard let subject = try subject(of: pairwise) else { return ProposalOutcome(.unknownCitizen) }
            return try propose(line, of: subject, row, nonce)
        case .code: return try propose(line, of: nil, row, nonce)
        }
    }

    private func end(_ customer: CustomerID, _ row: Row?) throws -> ProposalOutcome {
        guard let link = row.flatMap(CustomerLink.init(row:)) else { return ProposalOutcome(.nothing) }
        guard link.state != .ended else { return ProposalOutcome(.ended) }
        try database.cachedStatement(
            sql: """
                UPDATE customer_links SET state = 'ended', ender = 'member', at = ?, code = NULL, nonce = NULL, until = NULL
                WHERE member = ? AND customer = ?
                """
        ).execute(arguments: [now.milliseconds, terms.member.text, customer.text])
        hasChanged = true
        return ProposalOutcome(.ended)
    }

    private func propose(_ line: LinkProposal, of subject: SubjectID?, _ row: Row?, _ nonce: [UInt8]) throws -> ProposalOutcome {
        guard let row, let link = CustomerLink(row: row) else { return try write(line.customer, subject, nonce) }
        switch link.state {
        case .ended: return line.isAnew ? try write(line.customer, subject, nonce) : ProposalOutcome(.ended)
        case .confirmed: return ProposalOutcome(subject == nil || subject == link.subject ? .confirmed : .conflict)
        case .proposed:
            guard subject == link.subject else {
                return line.isAnew ? try write(line.customer, subject, nonce) : ProposalOutcome(.conflict)
            }
            guard let until = link.codeUntil else { return ProposalOutcome(.waiting) }
            // A code whose time is over is made anew; while it is good it is the same one.
            guard now < until, let kept = row["nonce"] as Data? else { return try write(line.customer, subject, nonce) }
            return ProposalOutcome(.waiting, code: LinkCode(secret: secret, nonce: [UInt8](kept)), codeUntil: until)
        }
    }

    private func write(_ customer: CustomerID, _ subject: SubjectID?, _ nonce: [UInt8]) throws -> ProposalOutcome {
        let code = subject == nil ? LinkCode(secret: secret, nonce: nonce) : nil
        let until = code.map { _ in now.adding(seconds: terms.codeLifetime) }
        try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO customer_links (member, customer, subject, state, code, nonce, until, proposed, at)
                VALUES (?, ?, ?, 'proposed', ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            terms.member.text, customer.text, subject?.text, code.map { Data($0.digest) }, code.map { _ in Data(nonce) },
            until?.milliseconds, now.milliseconds, now.milliseconds,
        ])
        hasChanged = true
        return ProposalOutcome(.proposed, code: code, codeUntil: until)
    }

    /// INVARIANT: an identifier counts in its own sector only (checklist H17).
    private func subject(of pairwise: PairwiseID) throws -> SubjectID? {
        let found = try String.fetchOne(
            database.cachedStatement(sql: "SELECT subject FROM pairwise WHERE id = ? AND sector = ?"),
            arguments: [pairwise.text, terms.sector])
        return try found.flatMap { SubjectID($0) }.map { try MergeRow.present($0, database) }
    }
}
