package import Cryptography
import Vocabulary

/// One thing that was looked at for a status, and what came of it. For `trust explain` and the operator's log.
package struct StatusRemark: Hashable, Sendable, CustomStringConvertible {
    package enum Subject: Hashable, Sendable {
        case list(RevocationListHead)
        /// An OCSP answer, by its place among those at hand.
        case answer(Int)
    }

    package enum Finding: Hashable, Sendable {
        /// The status rests on it.
        case decided(StatusVerdict)
        /// Believed, fresh and about the certificate, but another word decided; or it was one of several and the others are missing.
        case heard(StatusVerdict, ReasonFlags)
        /// It did not count.
        case refused(RevocationRefusal)
    }

    package let subject: Subject
    package let finding: Finding

    init(_ subject: Subject, _ finding: Finding) {
        self.subject = subject
        self.finding = finding
    }

    /// One line: `list 7 of CN=…: decided good`.
    package var description: String { Explanation.redacted(subjectText) + ": " + findingText }

    private var subjectText: String {
        switch subject {
        case .answer(let index): return "answer \(index + 1)"
        case .list(let head):
            var text = head.isDelta ? "delta" : head.isIndirect ? "indirect list" : "list"
            if let number = head.number { text += " " + Hexadecimal.encode(number) }
            text += " of `" + head.issuer.text + "` from " + head.thisUpdate.text
            if let point = head.scope?.point {
                text += " for " + (point.directoryNames.map(\.text) + point.uris).map { "`" + $0 + "`" }.joined(separator: ", ")
            }
            return text
        }
    }

    private var findingText: String {
        switch finding {
        case .decided(let verdict): "decided " + Self.text(verdict)
        case .heard(let verdict, let reasons): "says " + Self.text(verdict) + (reasons == .all ? "" : " for \(reasons.count) of 8 reasons")
        case .refused(let refusal): "does not count, " + Explanation.redacted("\(refusal)")
        }
    }

    private static func text(_ verdict: StatusVerdict) -> String {
        switch verdict {
        case .good: "good"
        case .revoked(let reason, let moment): "revoked \(moment.text), \(reason)"
        case .unknown: "nothing for certain"
        }
    }
}
