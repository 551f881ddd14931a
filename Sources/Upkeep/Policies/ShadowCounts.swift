package import TrustFramework
package import Vocabulary

/// What the shadow would have answered differently, by kind. No citizen is in it: members, purposes and words of rules only.
package struct ShadowCounts: Sendable, Hashable {
    /// Who asked what for, and how the two answers differ.
    package struct Kind: Sendable, Hashable {
        package let member: String
        package let purpose: String
        package let path: String
        package let differences: [Replay.Difference]
        package let rules: [String]
        package let shadowRules: [String]

        init(
            _ question: Question, _ inForce: DecisionTrace, _ shadow: DecisionTrace,
            _ differences: [Replay.Difference]
        ) {
            member = question.member.id.text
            purpose = question.purpose.text
            path = question.request.path.rawValue
            self.differences = differences
            rules = inForce.determining
            shadowRules = shadow.determining
        }
    }

    package struct Seen: Sendable, Hashable {
        package var count: Int64
        package let first: Timestamp
        package var last: Timestamp
    }

    package var shadow = ""
    package var version = ""
    package var since: Timestamp?
    package var decided: Int64 = 0
    package var different: Int64 = 0
    /// Questions that were not put to the shadow, for want of time.
    package var passedOver: Int64 = 0
    /// Differences of kinds beyond those told apart.
    package var others: Int64 = 0
    package private(set) var kinds: [Kind: Seen] = [:]

    init() {}

    init(shadow: String, version: String, since: Timestamp) {
        self.shadow = shadow
        self.version = version
        self.since = since
    }

    mutating func note(_ kind: Kind, at now: Timestamp, most: Int) {
        different += 1
        if var seen = kinds[kind] {
            seen.count += 1
            seen.last = now
            kinds[kind] = seen
        } else if kinds.count < most {
            kinds[kind] = Seen(count: 1, first: now, last: now)
        } else {
            others += 1
        }
    }

    /// For a door that strangers may read.
    package var summary: JSON {
        .object([
            ("version", .string(shadow)), ("decided", .integer(decided)),
            ("different", .integer(different)),
            ("passed-over", .integer(passedOver)),
        ])
    }

    /// The whole report: the commonest kinds first.
    package var json: JSON {
        let sorted = kinds.sorted {
            ($1.value.count, $0.key.member, $0.key.purpose) < (
                $0.value.count, $1.key.member, $1.key.purpose
            )
        }
        return .object([
            ("shadow", .string(shadow)), ("version", .string(version)),
            ("since", since.map { .string($0.text) } ?? .null),
            ("decided", .integer(decided)), ("different", .integer(different)),
            ("passed-over", .integer(passedOver)),
            ("others", .integer(others)),
            (
                "kinds",
                .array(
                    sorted.map { kind, seen in
                        .object([
                            ("count", .integer(seen.count)), ("member", .string(kind.member)),
                            ("purpose", .string(kind.purpose)),
                            ("path", .string(kind.path)), ("first", .string(seen.first.text)),
                            ("last", .string(seen.last.text)),
                            ("rules", .array(kind.rules.map { .string($0) })),
                            ("shadow-rules", .array(kind.shadowRules.map { .string($0) })),
                            (
                                "differences",
                                .array(
                                    kind.differences.map {
                                        .object([
                                            ("what", .string($0.what)), ("in-force", .string($0.recorded)),
                                            ("shadow", .string($0.replayed)),
                                        ])
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }
}
