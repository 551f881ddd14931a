import TrustFramework
import Vocabulary

/// `history:` of an accreditation: a list of events, oldest first.
struct HistorySection {
    /// The accreditation.
    let section: Section
    let now: Timestamp?

    /// Empty where none is written; nil where one is written that cannot be what happened.
    func read() -> AccreditationHistory? {
        let sections = section.sections("history")
        guard sections.count <= AccreditationHistory.mostEvents else {
            section.report(
                "member.history.size", at: section.line(of: "history"),
                "the history has \(sections.count) events; at most \(AccreditationHistory.mostEvents) are read",
                "keep the older ones elsewhere and begin with an `accredited`")
            return nil
        }
        var events: [AccreditationEvent] = []
        for inner in sections {
            guard let event = event(inner) else { continue }
            if let now, event.at > now {
                inner.report(
                    "member.history.future", at: inner.line(of: "at"), "the event lies in the future, at \(event.at.text)",
                    "write it when it has happened: a term begins later by its `not-before`")
                continue
            }
            events.append(event)
        }
        guard events.count == sections.count, !section.has("history") || !sections.isEmpty else { return nil }
        do {
            return try AccreditationHistory(events)
        } catch {
            let inner = sections[min(error.index, sections.count - 1)]
            let told = error.told
            inner.report("member.history." + told.code, at: inner.line(of: told.key), told.message, told.remedy)
            return nil
        }
    }

    private func event(_ inner: Section) -> AccreditationEvent? {
        let state = inner.choice("state", Accreditation.State.self, required: true)
        let at = inner.moment("at", endOfDay: false, required: true)
        let by = inner.text("by", required: true, limit: 200)
        let reason = inner.text("reason", required: true, limit: 1000)
        let notBefore = inner.moment("not-before", endOfDay: false, required: inner.has("not-after"))
        let notAfter = inner.moment("not-after", endOfDay: true, required: inner.has("not-before"))
        inner.finish()
        guard let state, let at, let by, let reason else { return nil }
        guard inner.has("not-before") || inner.has("not-after") else {
            return AccreditationEvent(state: state, at: at, by: by, reason: reason)
        }
        guard let notBefore, let notAfter else { return nil }
        guard let term = AccreditationTerm(notBefore: notBefore, notAfter: notAfter) else {
            inner.report("member.dates", at: inner.line(of: "not-after"), "the term ends before it begins", "exchange or repair the dates")
            return nil
        }
        return AccreditationEvent(state: state, at: at, by: by, reason: reason, term: term)
    }
}

extension HistoryFault {
    /// For the operator's eyes, and the key of the event at which they should look.
    fileprivate var told: (code: String, key: String, message: String, remedy: String) {
        switch kind {
        case .outOfOrder(let before):
            ("order", "at", "the event is older than the one above it, of \(before.text)", "write the oldest event first")
        case .illegalStep(let from?, let to):
            (
                "step", "state", "nothing that was `\(from.rawValue)` becomes `\(to.rawValue)`",
                "after \(from.rawValue) comes "
                    + Accreditation.State.allCases.filter { $0.mayFollow(from) }.map(\.rawValue).joined(separator: " or ")
            )
        case .illegalStep(nil, let to):
            (
                "step", "state", "no history begins with `\(to.rawValue)`",
                "begin with `applied`, or with `accredited` for what was so before"
            )
        case .termWithoutAccreditation:
            ("term", "not-before", "only an accreditation is given for a term", "remove the dates of this event")
        case .tooMany: ("size", "state", "there are too many events", "keep the older ones elsewhere")
        }
    }
}
