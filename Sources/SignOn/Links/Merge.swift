import Cryptography
package import Vocabulary

/// The name of one merge: 128 random bits.
package struct MergeID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.text = text
    }

    package static func fresh(using random: inout some RandomNumberGenerator) -> MergeID? {
        MergeID(Hexadecimal.encode(random.bytes(16)))
    }
}

extension MergeID {
    /// The order that ends the sessions of the record that is given up; it is left in the merge's own commit, so that a crash behind it ends
    /// them too.
    package var ending: LogoutID? { LogoutID("merge-" + text) }
    /// The order that ends the person's sessions when the merge is undone.
    package var undoing: LogoutID? { LogoutID("undo-" + text) }
}

/// Two records of one person made one. Every row that moved is written down, so that it can be moved back.
package struct Merge: Hashable, Sendable {
    package let id: MergeID
    /// The one that was given up.
    package let from: SubjectID
    package let into: SubjectID
    package let at: Timestamp
    package let undoneAt: Timestamp?

    package init(id: MergeID, from: SubjectID, into: SubjectID, at: Timestamp, undoneAt: Timestamp? = nil) {
        self.id = id
        self.from = from
        self.into = into
        self.at = at
        self.undoneAt = undoneAt
    }
}

/// What a merge came to.
package enum MergeOutcome: Hashable, Sendable {
    case merged(Merge)
    /// They are one already.
    case same
    /// Something changed while the citizen looked at the page.
    case changed
}

package enum UndoOutcome: Hashable, Sendable {
    case undone(Merge)
    case already(Merge)
    /// A later merge has to be undone first.
    case covered(by: MergeID)
    case unknown
}

extension Merge {
    /// `by`: who took the two apart.
    package func undone(by: String, at now: Timestamp) -> Record {
        Record(
            "link.merge-undone", at: now,
            [("merge", .string(id.text)), ("subject", .string(into.text)), ("from", .string(from.text)), ("by", .string(by))])
    }
}
