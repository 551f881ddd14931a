package import Vocabulary

/// One step in the life of an accreditation: what it became, when, by whom, and why. Never changed once written.
package struct AccreditationEvent: Hashable, Sendable {
    package let state: Accreditation.State
    /// The first moment at which it is so.
    package let at: Timestamp
    /// Who decided, in the operator's words or by the names of two officers; no citizen is ever named here.
    package let by: String
    package let reason: String
    /// With `accredited`: the term it was given for. Left out: the term of before goes on.
    package let term: AccreditationTerm?

    package init(state: Accreditation.State, at: Timestamp, by: String, reason: String, term: AccreditationTerm? = nil) {
        self.state = state
        self.at = at
        self.by = by
        self.reason = reason
        self.term = term
    }
}

/// From the first moment of an accreditation to its last, both counted.
package struct AccreditationTerm: Hashable, Sendable {
    package let notBefore: Timestamp
    package let notAfter: Timestamp

    /// Nil when it ends before it begins.
    package init?(notBefore: Timestamp, notAfter: Timestamp) {
        guard notBefore <= notAfter else { return nil }
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}

/// A document of the examination, held elsewhere: here is only what proves later that it is the same.
package struct AccreditationDocument: Hashable, Sendable {
    package let title: String
    /// 32 bytes.
    package let sha256: [UInt8]
    package let date: Timestamp

    package init?(title: String, sha256: [UInt8], date: Timestamp) {
        guard sha256.count == 32, (1...200).contains(title.utf8.count) else { return nil }
        self.title = title
        self.sha256 = sha256
        self.date = date
    }
}

/// What an accreditation has to say expressly, because the law asks a separate permission for it (`jpki.md` §2.3): answers from terminals
/// that used a card without its PIN.
package enum Permission: String, Sendable, Hashable, CaseIterable {
    /// Mode B: attended terminals that compare the face.
    case faceTerminals = "face-terminals"
    /// Mode C: terminals where the card was only present.
    case presenceTerminals = "presence-terminals"

    /// What a mode needs beside being among the accredited modes.
    package init?(for mode: CardMode) {
        switch mode {
        case .pin: return nil
        case .face: self = .faceTerminals
        case .presence: self = .presenceTerminals
        }
    }
}
