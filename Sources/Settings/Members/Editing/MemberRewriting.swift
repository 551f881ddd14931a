package import TrustFramework
package import Vocabulary

/// A member's file after an act: the old tree with another state, one event more, and what the act changes of the scope.
///
/// Whether the result is a member's file at all is said by the reader of every such file, afterwards: nothing is checked twice here.
struct MemberRewriting {
    let tree: YAML
    /// The member as the old file has it.
    let member: Member

    func applying(_ act: MemberAct) throws(MemberActRefusal) -> YAML {
        let old = member.accreditation
        guard act.step.mayFollow(old.state) else { throw .step(act.step, from: old.state) }
        let history = begun(at: act.at)
        if let last = history.last, act.at < last.at { throw .early(act.at, last: last.at) }
        guard let accreditation = tree["accreditation"] else { throw .noAccreditation }
        if act.step == .accredit, act.scope.notAfter == nil, accreditation["not-after"] == nil { throw .noEnd }
        var new = accreditation.setting("state", to: .text(act.step.state.rawValue))
        let term = term(after: act)
        if act.step == .accredit {
            new = new.setting("not-before", to: .text(term.notBefore)).setting("not-after", to: .text(term.notAfter))
        }
        if let purposes = act.scope.purposes { new = new.setting("purposes", to: .words(purposes)) }
        if let attributes = act.scope.attributes { new = new.setting("attributes", to: .words(attributes)) }
        if let modes = act.scope.modes { new = new.setting("modes", to: .words(modes)) }
        if let permissions = act.scope.permissions { new = new.setting("permissions", to: .words(permissions)) }
        if !act.scope.documents.isEmpty { new = new.setting("documents", to: .list(documents(new["documents"], act.scope.documents))) }
        let event = YAML.map([
            ("state", .text(act.step.state.rawValue)), ("at", .text(act.at.text)), ("by", .text(act.by)), ("reason", .text(act.reason)),
            ("not-before", act.step == .accredit ? .text(term.notBefore) : nil),
            ("not-after", act.step == .accredit ? .text(term.notAfter) : nil),
        ])
        let before = new["history"]?.items ?? history.map(Self.event)
        new = new.setting("history", to: .list(before + [event]))
        var whole = tree.setting("accreditation", to: new)
        if let name = act.scope.operatedBy { whole = whole.setting("operated-by", to: name.isEmpty ? nil : .text(name)) }
        return whole
    }

    /// What can be said of the time before histories were kept. A member that was stopped at an unknown moment is taken as stopped from its
    /// beginning: nobody may say of a past answer that it was right because a date is missing.
    private func begun(at now: Timestamp) -> [AccreditationEvent] {
        let old = member.accreditation
        guard old.history.isEmpty else { return old.history }
        let first = min(old.notBefore, now)
        func event(_ state: Accreditation.State, at moment: Timestamp, term: AccreditationTerm? = nil) -> AccreditationEvent {
            AccreditationEvent(
                state: state, at: moment, by: "sekisho", reason: "so when the history began to be kept on \(now.text)", term: term)
        }
        let term = AccreditationTerm(notBefore: old.notBefore, notAfter: old.notAfter)
        return switch old.state {
        case .applied: [event(.applied, at: now)]
        case .examined: [event(.applied, at: now), event(.examined, at: now)]
        case .accredited: [event(.accredited, at: first, term: term)]
        case .suspended, .withdrawn: [event(.accredited, at: first, term: term), event(old.state, at: first)]
        }
    }

    private static func event(_ event: AccreditationEvent) -> YAML {
        .map([
            ("state", .text(event.state.rawValue)), ("at", .text(event.at.text)), ("by", .text(event.by)),
            ("reason", .text(event.reason)), ("not-before", event.term.map { .text($0.notBefore.text) }),
            ("not-after", event.term.map { .text($0.notAfter.text) }),
        ])
    }

    /// As it is written: a date stays a date.
    private func term(after act: MemberAct) -> (notBefore: String, notAfter: String) {
        let accreditation = tree["accreditation"]
        let old = member.accreditation
        func written(_ key: String, _ moment: Timestamp) -> String {
            guard let text = accreditation?[key]?.scalarText, !text.isEmpty else { return moment.text }
            return text
        }
        // A first accreditation begins now unless it says otherwise; a renewal leaves the beginning where it is.
        let begins = old.state == .examined ? act.at.text : written("not-before", old.notBefore)
        let asked = accreditation?["not-before"] == nil ? nil : written("not-before", old.notBefore)
        return (
            act.scope.notBefore ?? (old.state == .examined ? asked ?? begins : begins),
            act.scope.notAfter ?? written("not-after", old.notAfter)
        )
    }

    private func documents(_ old: YAML?, _ new: [AccreditationDocument]) -> [YAML] {
        var items = old?.items ?? []
        for document in new {
            let digest = Hexadecimal.encode(document.sha256)
            guard !items.contains(where: { $0["sha256"]?.scalarText == digest }) else { continue }
            items.append(
                .map([("title", .text(document.title)), ("sha256", .text(digest)), ("date", .text(document.date.text))]))
        }
        return items
    }
}

/// Why an act cannot be done with a member as it is.
package enum MemberActRefusal: Error, Sendable, Hashable {
    case step(MemberAct.Step, from: Accreditation.State)
    case early(Timestamp, last: Timestamp)
    case noAccreditation
    case noEnd

    package var told: (code: String, message: String, remedy: String) {
        switch self {
        case .step(let step, let state):
            let possible = MemberAct.Step.allCases.filter { $0.mayFollow(state) }.map(\.rawValue)
            return (
                "member.act.step", "a member that is `\(state.rawValue)` cannot be the object of `\(step.rawValue)`",
                "possible now: " + possible.joined(separator: ", ")
            )
        case .early(let at, let last):
            return (
                "member.act.early", "\(at.text) lies before the last event, of \(last.text)",
                "give a moment after it, or leave it out: then it is this one"
            )
        case .noEnd: return ("member.act.end", "nobody said until when", "give the last day of the accreditation")
        case .noAccreditation: return ("member.act.file", "the file has no accreditation", "repair the file")
        }
    }
}
