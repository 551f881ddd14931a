package import Vocabulary

/// Whether a member may be answered at one moment.
package enum Standing: String, Sendable, Hashable, CaseIterable {
    case inForce = "in-force"
    /// Applied, under examination, or not yet heard of.
    case notAccredited = "not-accredited"
    case notYet = "not-yet"
    case expired
    case suspended
    case withdrawn
    /// Its own accreditation would do, but that of the platform operator that verifies for it does not, or nobody knows the operator.
    case operatorNotInForce = "operator-not-in-force"
}

/// The standing at one moment, and why it is so: for whoever has to defend an answer years later.
package struct StandingReason: Hashable, Sendable {
    package let standing: Standing
    /// The moment that was asked about.
    package let at: Timestamp
    /// Whose accreditation decides: the member itself, or the operator that is not in force.
    package let member: MemberID
    /// Nil before the first event of the history.
    package let state: Accreditation.State?
    /// The event that made it so; nil where no history was kept.
    package let event: AccreditationEvent?
    /// Since when it is so, by an event or by the dates; nil where nobody kept it.
    package let since: Timestamp?
    /// The moment at which the dates alone will change it; nil when they never do.
    package let until: Timestamp?

    func of(_ standing: Standing) -> StandingReason {
        StandingReason(standing: standing, at: at, member: member, state: state, event: event, since: since, until: until)
    }
}

extension Accreditation {
    /// Of this accreditation by itself, at any moment of the past or now.
    package func standing(at moment: Timestamp) -> Standing {
        guard !history.isEmpty else { return Self.standing(state, notBefore, notAfter, at: moment) }
        guard let event = life.last(at: moment) else { return .notAccredited }
        // Only an accreditation has a term to look up.
        guard event.state == .accredited else { return Self.standing(event.state, notBefore, notAfter, at: moment) }
        let term = life.term(at: moment)
        return Self.standing(.accredited, term?.notBefore ?? notBefore, term?.notAfter ?? notAfter, at: moment)
    }

    private static func standing(_ state: State, _ first: Timestamp, _ last: Timestamp, at moment: Timestamp) -> Standing {
        switch state {
        case .applied, .examined: .notAccredited
        case .suspended: .suspended
        case .withdrawn: .withdrawn
        case .accredited: moment < first ? .notYet : moment > last ? .expired : .inForce
        }
    }

    func reason(of member: MemberID, at moment: Timestamp) -> StandingReason {
        let event = life.last(at: moment)
        let standing = standing(at: moment)
        let term = life.term(at: moment)
        let first = term?.notBefore ?? notBefore
        let last = term?.notAfter ?? notAfter
        let (since, until): (Timestamp?, Timestamp?) =
            switch standing {
            case .inForce: (max(event?.at ?? first, first), last)
            case .notYet: (event?.at, first)
            case .expired: (last.adding(milliseconds: 1), nil)
            default: (event?.at, nil)
            }
        return StandingReason(
            standing: standing, at: moment, member: member, state: history.isEmpty ? state : event?.state, event: event, since: since,
            until: until)
    }
}
