import Cryptography
package import TrustFramework
package import Vocabulary

/// A citizen's yes: what one member may be told for one purpose. There is one for each member and purpose; a new one takes its place.
package struct Consent: Hashable, Sendable {
    package let subject: SubjectID
    package let member: MemberID
    package let purpose: Purpose
    package let given: Set<AttributeSource>
    /// Shown, and left out by the citizen where the rule allows it.
    package let declined: Set<AttributeSource>
    /// What the rules said when the citizen agreed (`ConsentMeaning`): another meaning is asked about anew.
    package let meaning: [UInt8]
    package let policyVersion: String
    package let at: Timestamp

    package init(
        subject: SubjectID, member: MemberID, purpose: Purpose, given: Set<AttributeSource>, declined: Set<AttributeSource>,
        meaning: [UInt8], policyVersion: String, at: Timestamp
    ) {
        self.subject = subject
        self.member = member
        self.purpose = purpose
        self.given = given
        self.declined = declined
        self.meaning = meaning
        self.policyVersion = policyVersion
        self.at = at
    }

    /// Whether it still answers the question: the same citizen, member and purpose, the same meaning, nothing more to be told than was agreed
    /// to, and nothing left out that may no longer be.
    package func covers(_ need: ConsentNeed) -> Bool {
        subject == need.subject && member == need.member.id && purpose == need.purpose && meaning == need.meaning
            && need.asks.isSubset(of: given.union(declined)) && declined.intersection(need.asks).isSubset(of: need.optional)
    }
}

/// What the citizen has to be asked before a member is told.
package struct ConsentNeed: Sendable {
    package let subject: SubjectID
    package let member: Member
    package let purpose: Purpose
    /// Exactly what would be sent, with its values, in the order of `AttributeSource.allCases`.
    package let released: [ReleasedAttribute]
    /// Those of them that need a yes; never empty.
    package let asks: Set<AttributeSource>
    /// Those of `asks` that the citizen may leave out.
    package let optional: Set<AttributeSource>
    /// What stands in the place of more: told → asked for.
    package let derived: [AttributeSource: AttributeSource]
    /// What the rules say of themselves, by language tag, in the order of their ids.
    package let says: [[String: String]]
    package let bases: [String]
    package let meaning: [UInt8]
    package let policyVersion: String

    /// Names what was shown, and to whom: a form sent for something else, or by somebody else in the same browser, is not an answer to it.
    package var digest: [UInt8] {
        var text = "sekisho consent form 2\n" + subject.text + "\n" + member.id.text + "\n" + purpose.text + "\n"
        for attribute in released {
            text += attribute.source.rawValue + (asks.contains(attribute.source) ? " asks" : "")
            text += (optional.contains(attribute.source) ? " optional" : "") + "\n"
        }
        return Digest.sha256(Array(text.utf8) + meaning + Digest.sha256(released.flatMap { Array($0.text.utf8) + [0] }))
    }

    /// The citizen's yes to all of it but `declined`; nil when one of these may not be left out.
    package func agreed(without declined: Set<AttributeSource>, at now: Timestamp) -> Consent? {
        guard declined.isSubset(of: optional) else { return nil }
        return Consent(
            subject: subject, member: member.id, purpose: purpose, given: asks.subtracting(declined), declined: declined, meaning: meaning,
            policyVersion: policyVersion, at: now)
    }
}

/// What the rules mean that a consent was given under: who they are, what they say, what they stand on. The rest of the policy may change
/// without asking every citizen again.
enum ConsentMeaning {
    static func digest(of rules: [Rule], for purpose: Purpose) -> [UInt8] {
        var text = "sekisho consent meaning 1\n" + purpose.text + "\n"
        for rule in rules.sorted(by: { $0.id < $1.id }) {
            text += "rule " + rule.id + "\nbasis " + rule.basis + "\n"
            for (language, sentence) in rule.says.sorted(by: { $0.key < $1.key }) { text += language + " " + sentence + "\n" }
        }
        return Digest.sha256(Array(text.utf8))
    }
}
