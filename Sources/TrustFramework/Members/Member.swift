package import Vocabulary

/// A ministry, a company or another organisation that we answer.
package struct Member: Hashable, Sendable {
    package let id: MemberID
    package let kind: MemberKind
    /// By language tag; the login page shows the citizen's language, else any.
    package let displayName: [String: String]
    package let accreditation: Accreditation
    /// Members of one sector see the same pairwise identifier (OpenID Connect Core §8.1, SPNameQualifier).
    package let sector: String
    /// What it asks for when its request names no purpose.
    package let defaultPurpose: Purpose
    /// The platform operator that verifies on its behalf.
    package let operatedBy: MemberID?
    /// The operator's accreditation, and that of whoever operates the operator. Empty until `resolved`.
    private let operators: [Operator]

    package init(
        id: MemberID, kind: MemberKind, displayName: [String: String], accreditation: Accreditation, sector: String? = nil,
        defaultPurpose: Purpose, operatedBy: MemberID? = nil
    ) {
        self.init(
            id: id, kind: kind, displayName: displayName, accreditation: accreditation, sector: sector ?? id.text,
            defaultPurpose: defaultPurpose, operatedBy: operatedBy, operators: [])
    }

    private init(
        id: MemberID, kind: MemberKind, displayName: [String: String], accreditation: Accreditation, sector: String,
        defaultPurpose: Purpose, operatedBy: MemberID?, operators: [Operator]
    ) {
        self.id = id
        self.kind = kind
        self.displayName = displayName
        self.accreditation = accreditation
        self.sector = sector
        self.defaultPurpose = defaultPurpose
        self.operatedBy = operatedBy
        self.operators = operators
    }

    /// Whether it may be answered. A served firm is in force only while its operator is; an operator that nobody looked up is not.
    package func standing(at now: Timestamp) -> Standing {
        let own = accreditation.standing(at: now)
        guard own == .inForce, operatedBy != nil else { return own }
        guard !operators.isEmpty, operators.allSatisfy({ $0.accreditation.standing(at: now) == .inForce }) else {
            return .operatorNotInForce
        }
        return .inForce
    }

    /// The same with its reason, for any moment. The operator of the past is taken to be the one of today.
    package func standingReason(at moment: Timestamp) -> StandingReason {
        let own = accreditation.reason(of: id, at: moment)
        guard own.standing == .inForce, let operatedBy else { return own }
        guard !operators.isEmpty else {
            return StandingReason(
                standing: .operatorNotInForce, at: moment, member: operatedBy, state: nil, event: nil, since: nil, until: nil)
        }
        var until = own.until
        var since = own.since
        for provider in operators {
            let reason = provider.accreditation.reason(of: provider.id, at: moment)
            guard reason.standing == .inForce else { return reason.of(.operatorNotInForce) }
            if let end = reason.until { until = min(until ?? end, end) }
            if let begin = reason.since { since = since.map { max($0, begin) } }
        }
        return StandingReason(
            standing: .inForce, at: moment, member: id, state: own.state, event: own.event, since: since, until: until)
    }
}

// MARK: Operators

/// Who verifies on behalf of a member, as far as its standing is concerned.
private struct Operator: Hashable, Sendable {
    let id: MemberID
    let accreditation: Accreditation
}

/// Why the operators of a member cannot be followed.
package enum OperatorFault: Error, Hashable, Sendable {
    case unknown(MemberID)
    /// Only a platform operator verifies for others.
    case notAnOperator(MemberID)
    /// It comes back to a member it passed.
    case cycle([MemberID])
    case tooDeep([MemberID])
}

extension Member {
    /// A firm, its operator, and one whose technology that operator uses; the law knows two, and a longer chain is nobody's responsibility.
    package static let mostOperators = 3

    /// With its operators looked up. One that cannot be followed stays without, and is not in force.
    package func resolved(with find: (MemberID) -> Member?) -> Member {
        guard operatedBy != nil, let chain = try? operators(with: find) else { return self }
        return Member(
            id: id, kind: kind, displayName: displayName, accreditation: accreditation, sector: sector, defaultPurpose: defaultPurpose,
            operatedBy: operatedBy, operators: chain.map { Operator(id: $0.id, accreditation: $0.accreditation) })
    }

    /// Its operator first. At most `mostOperators` look-ups.
    package func operators(with find: (MemberID) -> Member?) throws(OperatorFault) -> [Member] {
        var chain: [Member] = []
        var passed = [id]
        var next = operatedBy
        while let name = next {
            guard !passed.contains(name) else { throw .cycle(passed + [name]) }
            guard chain.count < Self.mostOperators else { throw .tooDeep(passed) }
            guard let member = find(name) else { throw .unknown(name) }
            guard member.kind == .platformOperator else { throw .notAnOperator(name) }
            passed.append(name)
            chain.append(member)
            next = member.operatedBy
        }
        return chain
    }
}

extension Member {
    /// In force at both moments and at every one in between: no suspension that was lifted, no gap between two terms.
    package func wasInForce(since first: Timestamp, until last: Timestamp) -> Bool {
        guard standing(at: first) == .inForce, standing(at: last) == .inForce else { return false }
        let all = [accreditation] + operators.map(\.accreditation)
        return all.allSatisfy { accreditation in
            accreditation.history.allSatisfy { event in
                guard first < event.at, event.at <= last else { return true }
                return accreditation.standing(at: event.at) == .inForce
                    && accreditation.standing(at: event.at.adding(milliseconds: -1)) == .inForce
            }
        }
    }
}
