/// One entry of the audit trail: who asked, what was decided, by which rules, on which evidence, under which policy version.
/// Never holds a certificate's serial number, a name, a token or a key.
package struct Record: Hashable, Sendable {
    /// What happened, stable and dotted: `signon.granted`, `card.refused`, `token.issued`.
    package let event: String
    package let at: Timestamp
    /// Facts in the order they were learnt; names are lower case with hyphens.
    package let facts: [(name: String, value: JSON)]

    package init(_ event: String, at: Timestamp, _ facts: [(name: String, value: JSON)] = []) {
        self.event = event
        self.at = at
        self.facts = facts
    }

    /// The record with further facts behind its own.
    package func adding(_ more: [(name: String, value: JSON)]) -> Record {
        Record(event, at: at, facts + more)
    }

    /// One line of JSON; equal records give equal bytes.
    package var json: JSON {
        .object([("event", .string(event)), ("at", .string(at.text))] + facts.map { ($0.name, $0.value) })
    }

    package static func == (left: Record, right: Record) -> Bool { left.json == right.json }
    package func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
