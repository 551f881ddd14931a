package import OpenID
package import SAML
package import Settings
package import Vocabulary

/// Under which name and with which keys a test login answers: never the platform's. Made for one answer and forgotten with it (decision 0061).
package struct RehearsalParty: Sendable {
    package let saml: RehearsalIdentity?
    package let openID: RehearsalProvider?

    package init(saml: RehearsalIdentity? = nil, openID: RehearsalProvider? = nil) {
        self.saml = saml
        self.openID = openID
    }

    /// Behind the platform's origin; nothing is served there.
    package static let path = "/rehearsal"
}

/// What a member would be answered about somebody invented under the rules of this moment: made by the code that answers everybody, taken
/// apart, and kept nowhere. The console shows it, `sekisho member test` prints it.
package struct MemberTest: Sendable {
    /// One value of what was answered.
    package struct Part: Sendable {
        /// `Response`, `Assertion`, `id_token` …: the table it stands in.
        package let place: String
        package let name: String
        package let value: String
        package let meaning: BothTongues
    }

    /// Something that a service has to compare, and what it has to find in a true answer.
    package struct Check: Sendable {
        package let what: BothTongues
        package let expected: String
        package let clause: String
    }

    /// A message as it would go out.
    package struct Raw: Sendable {
        package let title: BothTongues
        package let text: String
    }

    /// Why the citizen would not come back with a login.
    package struct Refusal: Sendable {
        package let code: String
        package let summary: String
    }

    package let member: MemberID
    /// Of the invented person.
    package let person: String
    /// The level that the login would have; nil where there is none to be had.
    package let level: String?
    /// What the citizen goes through on the way, in order.
    package internal(set) var steps: [BothTongues] = []
    package internal(set) var refusal: Refusal?
    package internal(set) var parts: [Part] = []
    package internal(set) var checks: [Check] = []
    package internal(set) var raw: [Raw] = []
    /// What a true answer has otherwise, and who would sign and read it.
    package internal(set) var facts: [(what: BothTongues, value: String)] = []
    /// What a careful service says to this answer, knowing the rehearsal's key; nil where it cannot be judged, or is no login.
    package internal(set) var isAccepted: Bool?

    init(member: MemberID, person: String, level: String?) {
        self.member = member
        self.person = person
        self.level = level
    }

    /// One word for the trail.
    package var outcome: String { refusal.map(\.code) ?? "answered" }

    /// The same for programs; raw messages included.
    package var json: JSON {
        func both(_ words: BothTongues) -> JSON { .object([("ja", .string(words.ja)), ("en", .string(words.en))]) }
        return .object([
            ("member", .string(member.text)), ("person", .string(person)), ("level", level.map { .string($0) } ?? .null),
            ("outcome", .string(outcome)), ("refusal", refusal.map { .string($0.summary) } ?? .null), ("steps", .array(steps.map(both))),
            (
                "facts",
                .array(facts.map { .object([("what", both($0.what)), ("value", .string($0.value))]) })
            ), ("accepted", isAccepted.map { .bool($0) } ?? .null),
            (
                "parts",
                .array(
                    parts.map {
                        .object([
                            ("place", .string($0.place)), ("name", .string($0.name)), ("value", .string($0.value)),
                            ("meaning", both($0.meaning)),
                        ])
                    })
            ),
            (
                "checks",
                .array(
                    checks.map {
                        .object([("what", both($0.what)), ("expected", .string($0.expected)), ("clause", .string($0.clause))])
                    })
            ), ("raw", .array(raw.map { .object([("title", both($0.title)), ("text", .string($0.text))]) })),
        ])
    }

    /// The same for people at a terminal.
    package func lines(in language: String) -> [String] {
        func say(_ words: BothTongues) -> String { language == "ja" ? words.ja : words.en }
        var lines = ["member\t\(member)", "person\t\(person)", "level\t\(level ?? "-")", "outcome\t\(outcome)"]
        if let refusal { lines.append("refused\t\(refusal.summary)") }
        lines += steps.map { "step\t" + say($0) }
        lines += facts.map { "fact\t" + say($0.what) + "\t" + $0.value }
        if let isAccepted { lines.append("judged\t" + (isAccepted ? "accepted" : "refused")) }
        lines += parts.map { [$0.place, $0.name, $0.value, say($0.meaning)].joined(separator: "\t") }
        lines += checks.map { "check\t" + say($0.what) + "\t" + $0.expected + "\t" + $0.clause }
        for one in raw { lines += ["", "# " + say(one.title), one.text] }
        return lines
    }

    /// The invented people that a test may be about, by their ids.
    package static var people: [String] { SandboxPerson.all.map(\.id) }
}
