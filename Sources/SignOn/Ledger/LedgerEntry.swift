import Cryptography
package import TrustFramework
package import Vocabulary

/// The name of one entry, in the citizen's ledger and in the audit record of the same answer: 128 random bits, which lead from one to the
/// other and to nobody.
package struct LedgerReference: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.text = text
    }

    package static func fresh(using random: inout some RandomNumberGenerator) -> LedgerReference? {
        LedgerReference(Hexadecimal.encode(random.bytes(16)))
    }

    /// The one reference that goes with these 32 bytes: what is told twice with one token is one entry.
    package init?(digest: [UInt8]) {
        self.init(Hexadecimal.encode(digest.prefix(16)))
    }
}

/// One line of the citizen's ledger: who was told what, when, why and under which rule (R18). Never a value.
package struct LedgerEntry: Hashable, Sendable {
    package let reference: LedgerReference
    package let subject: SubjectID
    package let member: MemberID
    package let purpose: Purpose
    /// By the names of `AttributeSource`, and `pairwise-id` or `subject-id`; empty: nothing but the citizen's identifier there.
    package let told: [String]
    package let rules: [String]
    package let bases: [String]
    package let policyVersion: String
    package let protocolName: String
    package let path: IssuancePath
    /// The citizen's own yes that it rests on, by its moment; nil: none was asked for.
    package let consentedAt: Timestamp?
    package let at: Timestamp

    package init(
        reference: LedgerReference, subject: SubjectID, member: MemberID, purpose: Purpose, told: [String], rules: [String],
        bases: [String], policyVersion: String, protocolName: String, path: IssuancePath, consentedAt: Timestamp?, at: Timestamp
    ) {
        self.reference = reference
        self.subject = subject
        self.member = member
        self.purpose = purpose
        self.told = told
        self.rules = rules
        self.bases = bases
        self.policyVersion = policyVersion
        self.protocolName = protocolName
        self.path = path
        self.consentedAt = consentedAt
        self.at = at
    }

    /// Of what a decision let a member be told.
    package init(
        reference: LedgerReference, subject: SubjectID, question: Question, decision: Decision, told: [String],
        consentedAt: Timestamp? = nil, at now: Timestamp
    ) {
        self.init(
            reference: reference, subject: subject, member: question.member.id, purpose: question.purpose, told: told,
            rules: decision.determining, bases: decision.bases, policyVersion: decision.policyVersion,
            protocolName: question.request.protocol?.rawValue ?? "", path: question.request.path, consentedAt: consentedAt, at: now)
    }

    /// For the audit record of the same answer.
    package var fact: (name: String, value: JSON) { ("ledger", .string(reference.text)) }
}

/// How much was told, for an auditor: no citizen can be asked about.
package struct LedgerCount: Hashable, Sendable {
    package let member: MemberID
    package let purpose: Purpose
    package let told: [String]
    package let entries: Int

    package init(member: MemberID, purpose: Purpose, told: [String], entries: Int) {
        self.member = member
        self.purpose = purpose
        self.told = told
        self.entries = entries
    }
}
