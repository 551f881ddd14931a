package import Vocabulary

/// What a permit asks of us before or while we answer. Those of all permits that hold are joined: the strictest of each wins, whatever
/// their order and however often one is counted.
package struct Obligations: Hashable, Sendable {
    package var authenticateAgain: AuthenticateAgain?
    /// The word about revocation must come from a responder on line and be at most so many seconds old.
    package var refreshStatus: Int64?
    /// The citizen must have agreed that these are told.
    package var consent: Set<AttributeSource>
    /// Those of them that the citizen may leave out one by one.
    package var optOut: Set<AttributeSource>
    /// What is told instead, by what was asked.
    package var derived: [AttributeSource: AttributeSource]
    package var session: SessionLimit?
    /// The answer says for whom the citizen acts, and on what mandate.
    package var namesMandate: Bool
    /// The answer is written to the citizen's ledger.
    package var writesLedger: Bool

    package init(
        authenticateAgain: AuthenticateAgain? = nil, refreshStatus: Int64? = nil, consent: Set<AttributeSource> = [],
        optOut: Set<AttributeSource> = [], derived: [AttributeSource: AttributeSource] = [:], session: SessionLimit? = nil,
        namesMandate: Bool = false, writesLedger: Bool = false
    ) {
        self.authenticateAgain = authenticateAgain
        self.refreshStatus = refreshStatus
        self.consent = consent
        self.optOut = optOut
        self.derived = derived
        self.session = session
        self.namesMandate = namesMandate
        self.writesLedger = writesLedger
    }

    package static let none = Obligations()

    package var isEmpty: Bool { self == .none }
}

/// A login of this mode, or a stronger one, not older than this.
package struct AuthenticateAgain: Hashable, Sendable {
    package let mode: CardMode
    /// Seconds since the login.
    package let within: Int64

    package init(mode: CardMode, within: Int64) {
        self.mode = mode
        self.within = within
    }

    package func isMet(by facts: AssuranceFacts, at now: Timestamp) -> Bool {
        facts.mode.strength >= mode.strength && facts.loginAge(at: now) <= within
    }
}

/// How far a session may carry the answer.
package struct SessionLimit: Hashable, Sendable {
    /// A login for one island serves no member of another; nil: the open sea. Islands that are joined are one of their own, `health+tax`.
    package let island: String?
    /// Seconds since the login.
    package let lifetime: Int64?
    /// Forgotten after this answer.
    package let once: Bool

    package init(island: String? = nil, lifetime: Int64? = nil, once: Bool = false) {
        self.island = island
        self.lifetime = lifetime
        self.once = once
    }
}

extension CardMode {
    /// Modes by what they prove: presence, face, PIN.
    package var strength: Int {
        switch self {
        case .presence: 0
        case .face: 1
        case .pin: 2
        }
    }
}

// MARK: Joining

extension Obligations {
    /// INVARIANT: commutative, associative, idempotent, and `none` changes nothing; a law of the tests.
    package func joined(with other: Obligations) -> Obligations {
        if other == .none { return self }
        if self == .none { return other }
        return Obligations(
            authenticateAgain: Self.join(authenticateAgain, other.authenticateAgain) {
                AuthenticateAgain(mode: $0.mode.strength >= $1.mode.strength ? $0.mode : $1.mode, within: min($0.within, $1.within))
            },
            refreshStatus: Self.join(refreshStatus, other.refreshStatus, min), consent: consent.union(other.consent),
            optOut: optOut.union(other.optOut), derived: derived.merging(other.derived) { $0.tells <= $1.tells ? $0 : $1 },
            session: Self.join(session, other.session) { $0.joined(with: $1) }, namesMandate: namesMandate || other.namesMandate,
            writesLedger: writesLedger || other.writesLedger)
    }

    /// Where two ask for things that do not go together, and the join had to choose: by the names of their keys, with both values.
    package func contradictions(with other: Obligations) -> [String] {
        var found: [String] = []
        if let one = session?.island, let two = other.session?.island, one != two {
            found.append("session.island: \(min(one, two)) and \(max(one, two))")
        }
        for (source, form) in derived.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard let second = other.derived[source], second != form else { continue }
            let names = [form.rawValue, second.rawValue].sorted()
            found.append("derive.\(source.rawValue): \(names[0]) and \(names[1])")
        }
        return found
    }

    private static func join<Value>(_ one: Value?, _ other: Value?, _ strictest: (Value, Value) -> Value) -> Value? {
        guard let one, let other else { return one ?? other }
        return strictest(one, other)
    }
}

extension SessionLimit {
    package func joined(with other: SessionLimit) -> SessionLimit {
        var shortest = lifetime ?? other.lifetime
        if let one = lifetime, let two = other.lifetime { shortest = min(one, two) }
        return SessionLimit(island: Self.join(island, other.island), lifetime: shortest, once: once || other.once)
    }

    /// An answer on two islands at once stands on an island of its own, which neither of them shares.
    private static func join(_ one: String?, _ other: String?) -> String? {
        guard let one, let other, one != other else { return one ?? other }
        let parts = Set(one.split(separator: "+")).union(other.split(separator: "+"))
        return parts.sorted().joined(separator: "+")
    }
}

extension AttributeSource {
    /// How much it tells, least first; a total order, so that two rules that disagree come to one answer. One bit about an age is least,
    /// and an older bound tells more of fewer people.
    fileprivate var tells: Int {
        switch self {
        case .over18: 0
        case .over20: 1
        case .over65: 2
        case .prefecture: 3
        case .birthYear: 4
        case .municipality: 5
        default: 6 + (Self.allCases.firstIndex(of: self) ?? 0)
        }
    }
}
