import Cryptography
import Trust
package import Vocabulary

extension ListKeeper {
    /// What the keeper knows of all sources.
    struct Held {
        var sources: [ListSource: ListState] = [:]
        /// At work; also sources that are no longer named.
        var busy: Set<ListSource> = []
        var authorities: [Certificate] = []
        /// Something is not published yet.
        var isDirty = false
        /// Taken from the disk and not yet in the journal of evidence.
        var unnoted: [ListSource] = []
        var prunedAt: Timestamp?
    }
}

/// What the keeper knows of one source.
struct ListState: Sendable {
    /// Proven and published; nil when none is.
    var list: VerifiedRevocationList?
    /// Of the list on the disk, even when that could not be proven again: the next list is judged against it.
    var record: ListRecord?
    var due: Timestamp
    var failures = 0
    var lastTry: Timestamp?
    var lastSuccess: Timestamp?
    /// Why the last try gave nothing new.
    var trouble: ListRefusal?
    /// The last failure there was, also after it was over.
    var lastFailure: (at: Timestamp, code: String)?
    /// SHA-256 of the list that was refused, for the operator to name.
    var refused: String?

    init(due: Timestamp) { self.due = due }

    /// No wait is longer than the interval: what a clock said that was ahead does not hold when it is right again.
    func isDue(at now: Timestamp, _ rules: ListRules) -> Bool { due <= now || due.seconds(since: now) > max(rules.interval, 1) }

    /// What the source may be asked "unless changed" with: only what we truly hold.
    var held: ListRecord? { list == nil ? nil : record }
}

/// One list's gauge: numbers for the operator, nothing to decide with.
package struct ListGauge: Hashable, Sendable {
    package enum State: String, Sendable {
        case fresh
        /// Past its nextUpdate or older than we take: status is unknown for whom it covers.
        case stale
        /// Nothing was ever proven from this source.
        case absent
    }

    package let source: String
    package let state: State
    package let issuer: String?
    package let scope: String?
    package let number: String?
    package let entries: Int?
    package let bytes: Int?
    package let digest: String?
    package let thisUpdate: Timestamp?
    package let nextUpdate: Timestamp?
    /// Seconds since thisUpdate.
    package let age: Int64?
    /// Seconds until nextUpdate, negative when it is past.
    package let remaining: Int64?
    package let lastTry: Timestamp?
    package let lastSuccess: Timestamp?
    package let failures: Int
    /// Why the last try gave nothing new; nil after a success.
    package let failure: String?
    package let detail: String?
    package let lastFailure: Timestamp?
    package let lastFailureCode: String?
    package let isAlarm: Bool
    /// Digest of the list that was refused, when the operator may take it all the same (`accept/`).
    package let refused: String?
    package let due: Timestamp

    init(_ source: ListSource, _ state: ListState, rules: ListRules, at now: Timestamp) {
        let facts = state.record?.facts
        self.source = source.name
        self.state = Self.judge(state, rules: rules, at: now)
        issuer = facts?.issuer
        scope = facts?.scope
        number = facts?.number
        entries = facts?.entries
        bytes = facts?.bytes
        digest = facts?.digest
        thisUpdate = facts?.thisUpdate
        nextUpdate = facts?.nextUpdate
        age = facts.map { now.seconds(since: $0.thisUpdate) }
        remaining = facts?.nextUpdate?.seconds(since: now)
        lastTry = state.lastTry
        lastSuccess = state.lastSuccess
        failures = state.failures
        failure = state.trouble?.code
        detail = state.trouble?.description
        lastFailure = state.lastFailure?.at
        lastFailureCode = state.lastFailure?.code
        isAlarm = state.trouble?.isAlarm ?? false
        refused = state.refused
        due = state.due
    }

    private static func judge(_ state: ListState, rules: ListRules, at now: Timestamp) -> State {
        guard let facts = state.record?.facts, state.list != nil else { return .absent }
        if let next = facts.nextUpdate, next < now { return .stale }
        if let oldest = rules.maximumAge, now.seconds(since: facts.thisUpdate) > oldest { return .stale }
        return .fresh
    }

    package var json: JSON {
        .object([
            ("source", .string(source)), ("state", .string(state.rawValue)), ("issuer", Self.text(issuer)), ("scope", Self.text(scope)),
            ("number", Self.text(number)), ("entries", Self.number(entries)), ("bytes", Self.number(bytes)), ("digest", Self.text(digest)),
            ("this-update", Self.text(thisUpdate?.text)), ("next-update", Self.text(nextUpdate?.text)),
            ("age", age.map { .integer($0) } ?? .null), ("remaining", remaining.map { .integer($0) } ?? .null),
            ("last-try", Self.text(lastTry?.text)), ("last-success", Self.text(lastSuccess?.text)), ("failures", Self.number(failures)),
            ("failure", Self.text(failure)), ("detail", Self.text(detail)), ("last-failure", Self.text(lastFailure?.text)),
            ("last-failure-code", Self.text(lastFailureCode)), ("alarm", .bool(isAlarm)), ("refused", Self.text(refused)),
            ("due", .string(due.text)),
        ])
    }

    private static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
    private static func number(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
}
