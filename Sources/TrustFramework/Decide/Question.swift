package import Vocabulary

/// May this member learn this of a citizen who authenticated so? One reference, so that a decision can keep its question for nothing.
package struct Question: Sendable {
    private let asked: Asked

    package var member: Member { asked.member }
    /// The member's at `now`, looked up once. A question that is replayed has the standing of its day.
    package var standing: Standing { asked.standing }
    package var purpose: Purpose { asked.purpose }
    /// Nil before any login: then the answer says whether a login could help, and which.
    package var facts: AssuranceFacts? { asked.facts }
    package var requirement: ContextRequirement? { asked.requirement }
    package var now: Timestamp { asked.now }
    package var request: RequestFacts { asked.request }
    package var circumstances: Circumstances { asked.circumstances }

    package init(
        member: Member, purpose: Purpose, facts: AssuranceFacts?, requirement: ContextRequirement?, now: Timestamp,
        request: RequestFacts = RequestFacts(), circumstances: Circumstances = Circumstances()
    ) {
        self.init(
            member: member, standing: member.standing(at: now), purpose: purpose, facts: facts, requirement: requirement, now: now,
            request: request, circumstances: circumstances)
    }

    init(
        member: Member, standing: Standing, purpose: Purpose, facts: AssuranceFacts?, requirement: ContextRequirement?, now: Timestamp,
        request: RequestFacts, circumstances: Circumstances
    ) {
        asked = Asked(
            member: member, standing: standing, purpose: purpose, facts: facts, requirement: requirement, now: now, request: request,
            circumstances: circumstances)
    }

    /// The same question after another login.
    package func with(_ facts: AssuranceFacts?) -> Question {
        Question(
            member: member, standing: standing, purpose: purpose, facts: facts, requirement: requirement, now: now, request: request,
            circumstances: circumstances)
    }
}

private final class Asked: Sendable {
    let member: Member
    let standing: Standing
    let purpose: Purpose
    let facts: AssuranceFacts?
    let requirement: ContextRequirement?
    let now: Timestamp
    let request: RequestFacts
    let circumstances: Circumstances

    init(
        member: Member, standing: Standing, purpose: Purpose, facts: AssuranceFacts?, requirement: ContextRequirement?, now: Timestamp,
        request: RequestFacts, circumstances: Circumstances
    ) {
        self.member = member
        self.standing = standing
        self.purpose = purpose
        self.facts = facts
        self.requirement = requirement
        self.now = now
        self.request = request
        self.circumstances = circumstances
    }
}

extension Question {
    /// The request asks for this context, or for none in particular. A voluntary `acr_values` of which the ladder knows nothing asks for
    /// none (OpenID Connect Core §3.1.2.1).
    package func asked(of ladder: AssuranceLadder) -> [AssuranceContext]? {
        guard let requirement else { return nil }
        let asked = ladder.satisfying(requirement)
        return asked.isEmpty && !requirement.essential ? nil : asked
    }

    /// The highest context that the login reaches among those the request asks for.
    package func context(under ladder: AssuranceLadder) -> AssuranceContext? {
        guard let facts else { return nil }
        let asked = asked(of: ladder).map { Set($0.map(\.name)) }
        return ladder.contexts.last { (asked?.contains($0.name) ?? true) && $0.isReached(by: facts, at: now) }
    }

    /// The value that a fact has here. Evidence is unknown before a login.
    package func value(of fact: Fact, _ ladder: AssuranceLadder) -> FactValue {
        switch fact {
        case .kind: .word(member.kind.rawValue)
        case .member: .word(member.id.text)
        case .sector: .word(member.sector)
        case .operator: .word(member.operatedBy?.text ?? Fact.none)
        case .permission: .words(Set(member.accreditation.permissions.map(\.rawValue)))
        case .purpose: .word(purpose.text)
        case .protocol: request.protocol.map { .word($0.rawValue) } ?? .unknown
        case .path: .word(request.path.rawValue)
        case .asksFor: request.asked.map { .words(Set($0.map(\.rawValue))) } ?? .unknown
        case .levelAsked: levelAsked(ladder)
        case .actingFor: .word(request.actingFor.rawValue)
        case .date: .number(now.dayInJapan)
        case .hours: .number(now.minuteInJapan)
        case .weekday: .word(now.weekdayInJapan.rawValue)
        case .load: .word(circumstances.load.rawValue)
        default: facts.map { evidence(fact, $0, ladder) } ?? .unknown
        }
    }

    private func levelAsked(_ ladder: AssuranceLadder) -> FactValue {
        guard let asked = asked(of: ladder) else { return .word(Fact.none) }
        // Asked for, and no context of ours satisfies it: neither a context nor none.
        return asked.min { (ladder.rank(of: $0) ?? 0) < (ladder.rank(of: $1) ?? 0) }.map { .word($0.name) } ?? .unknown
    }

    private func evidence(_ fact: Fact, _ facts: AssuranceFacts, _ ladder: AssuranceLadder) -> FactValue {
        switch fact {
        case .mode: .word(facts.mode.rawValue)
        case .carrier: .word(facts.carrier.rawValue)
        case .door: .word(facts.door.rawValue)
        case .terminal: .word(facts.terminalClass ?? Fact.none)
        case .modeStated: .flag(facts.modeIsStated)
        case .upstream: .word(facts.upstream?.text ?? Fact.none)
        case .statusSource: .word(facts.statusSource.rawValue)
        case .maximumStatusAge: .number(facts.statusAge)
        case .maximumLoginAge: .number(facts.loginAge(at: now))
        case .signatureCertificate: .flag(facts.signatureCertificate)
        case .proofingLevel: .number(Int64(context(under: ladder)?.proofingLevel ?? 0))
        case .authenticationLevel: .number(Int64(context(under: ladder)?.authenticationLevel ?? 0))
        case .floor:
            .words(
                Set(
                    context(under: ladder).flatMap(ladder.rank).map { ladder.contexts[...$0].map(\.name) } ?? []))
        default: .unknown
        }
    }
}

extension Timestamp {
    private static let japan: Int64 = 9 * 3_600_000
    private static let day: Int64 = 86_400_000

    /// Days since 1970-01-01, on the calendar of Japan, which has no summer time.
    package var dayInJapan: Int64 {
        let local = milliseconds + Self.japan
        return local >= 0 ? local / Self.day : -((-local + Self.day - 1) / Self.day)
    }

    /// 0 to 1439.
    package var minuteInJapan: Int64 { (milliseconds + Self.japan - dayInJapan * Self.day) / 60_000 }

    package var weekdayInJapan: Weekday {
        // 1970-01-01 was a Thursday.
        let index = Int(((dayInJapan + 3) % 7 + 7) % 7)
        return Weekday.allCases[index]
    }
}
