import Settings
import TrustFramework
import Vocabulary

/// Members in lines for people and in JSON for programs.
enum MemberPicture {
    static func lines(_ reason: StandingReason, of member: Member) -> [String] {
        var head = reason.standing.rawValue
        if let since = reason.since { head += " since \(since.text)" }
        if let until = reason.until { head += (reason.standing == .notYet ? ", begins " : ", until ") + until.text }
        var lines = [head]
        if reason.member != member.id { lines.append("because of its operator \(reason.member)") }
        if let event = reason.event {
            lines.append("because: " + line(event))
        } else if reason.state == nil {
            lines.append("because: nothing was known of it then")
        } else {
            lines.append("because: the file says so; it has no history")
        }
        return lines
    }

    static func line(_ event: AccreditationEvent) -> String {
        let term = event.term.map { " (\($0.notBefore.text) to \($0.notAfter.text))" } ?? ""
        return "\(event.at.text) \(event.state.rawValue)\(term) by \(Explanation.redacted(event.by)): \(Explanation.redacted(event.reason))"
    }

    static func lines(_ view: ApplicantView, _ language: String) -> [String] {
        let isJapanese = language == "ja"
        var lines = [view.names[language] ?? view.member.text, view.headline.text(in: language)]
        for item in view.missing { lines.append((isJapanese ? "不足: " : "missing: ") + item.words.text(in: language)) }
        lines.append((isJapanese ? "次: " : "next: ") + view.next.text(in: language))
        return lines
    }

    static func scope(_ member: Member) -> [String] {
        let accreditation = member.accreditation
        var lines = ["purposes\t" + accreditation.purposes.map(\.text).sorted().joined(separator: ", ")]
        func add(_ name: String, _ words: [String]?) {
            if let words { lines.append(name + "\t" + (words.isEmpty ? "none" : words.sorted().joined(separator: ", "))) }
        }
        add("attributes", accreditation.attributes?.map(\.rawValue))
        add("modes", accreditation.modes?.map(\.rawValue))
        if accreditation.statesPermissions { add("permissions", accreditation.permissions.map(\.rawValue)) }
        for document in accreditation.documents {
            lines.append("document\t\(document.title), \(document.date.text), SHA-256 \(Hexadecimal.encode(document.sha256))")
        }
        if let note = accreditation.note { lines.append("note\t" + Explanation.redacted(note)) }
        return lines
    }

    static func json(_ event: AccreditationEvent) -> JSON {
        var members: [(String, JSON)] = [
            ("state", .string(event.state.rawValue)), ("at", .string(event.at.text)), ("by", .string(event.by)),
            ("reason", .string(event.reason)),
        ]
        if let term = event.term {
            members += [("not-before", .string(term.notBefore.text)), ("not-after", .string(term.notAfter.text))]
        }
        return .object(members)
    }

    static func json(_ member: Member, _ reason: StandingReason, file: String?) -> JSON {
        func moment(_ value: Timestamp?) -> JSON { value.map { .string($0.text) } ?? .null }
        return .object([
            ("id", .string(member.id.text)), ("kind", .string(member.kind.rawValue)), ("standing", .string(reason.standing.rawValue)),
            ("at", .string(reason.at.text)), ("state", reason.state.map { .string($0.rawValue) } ?? .null), ("since", moment(reason.since)),
            ("until", moment(reason.until)), ("decided-by", .string(reason.member.text)), ("event", reason.event.map(json) ?? .null),
            ("operated-by", member.operatedBy.map { .string($0.text) } ?? .null), ("file", file.map { .string($0) } ?? .null),
        ])
    }
}
