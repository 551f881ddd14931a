package import Vocabulary

/// Whose questions are counted through.
package enum Population: Sendable {
    /// The members of a deployment, as they stand at one moment. Those that may not be answered then are counted and passed over: every
    /// policy denies them alike.
    case members([Member], at: Timestamp)
    /// A member of every kind there is, accredited for everything, for rules that have no deployment yet.
    case kinds
}

/// Members that no rule can tell apart, under one of them.
package struct MemberGroup: Hashable, Sendable {
    /// In force at every moment: the dates of rules are walked, and the accreditation is the one of today.
    package let member: Member
    package let count: Int
    /// The first of them, sorted.
    package let names: [String]
    /// What the accreditation covers: a decision looks at it beside the rules.
    let scope: Scope

    static let mostNames = 5

    struct Scope: Hashable, Sendable {
        let purposes: Set<Purpose>
        let attributes: Set<AttributeSource>?
        let modes: Set<CardMode>?
        let permissions: Set<Permission>?

        init(_ accreditation: Accreditation) {
            purposes = accreditation.purposes
            attributes = accreditation.attributes
            modes = accreditation.modes
            permissions = accreditation.statesPermissions ? accreditation.permissions : nil
        }
    }
}

extension MemberGroup {
    private struct Key: Hashable {
        let kind: MemberKind
        let named: [String]
        let scope: Scope
    }

    /// The members in force, a million of them in one pass, and how many are not.
    static func groups(
        of members: [Member], at now: Timestamp, telling mentioned: Mentioned
    ) -> (groups: [MemberGroup], notInForce: Int) {
        var found: [Key: (first: Member, count: Int, names: [String])] = [:]
        var notInForce = 0
        for member in members {
            guard member.standing(at: now) == .inForce else {
                notInForce += 1
                continue
            }
            let facts: [(Fact, String)] = [
                (.member, member.id.text), (.sector, member.sector), (.operator, member.operatedBy?.text ?? Fact.none),
            ]
            let key = Key(
                kind: member.kind, named: facts.map { mentioned.words[$0]?.contains($1) == true ? $1 : "" },
                scope: Scope(member.accreditation))
            var entry = found[key] ?? (member, 0, [])
            entry.count += 1
            if entry.names.count < mostNames || member.id.text < entry.names[mostNames - 1] {
                entry.names = Array((entry.names + [member.id.text]).sorted().prefix(mostNames))
            }
            if member.id.text <= entry.names[0] { entry.first = member }
            found[key] = entry
        }
        let groups = found.map { key, entry in
            MemberGroup(member: entry.first.alwaysInForce, count: entry.count, names: entry.names, scope: key.scope)
        }
        return (groups.sorted { ($0.names.first ?? "") < ($1.names.first ?? "") }, notInForce)
    }

    /// One for each combination that the rules can tell apart.
    static func kinds(
        purposes: [Purpose], telling mentioned: Mentioned, most: Int
    ) throws(AnalysisRefusal) -> [MemberGroup] {
        func words(_ fact: Fact, besides extra: [String]) -> [String] {
            mentioned.facts.contains(fact) ? mentioned.named(fact).filter { !extra.contains($0) } + extra : Array(extra.suffix(1))
        }
        let ids = words(.member, besides: [mentioned.other(.member, "urn:x-sekisho:any-member")]).compactMap { MemberID($0) }
        let sectors = words(.sector, besides: [mentioned.other(.sector, "any-sector")])
        let operators = words(.operator, besides: [mentioned.other(.operator, "urn:x-sekisho:any-operator"), Fact.none])
        let permissions: [Set<Permission>?] =
            mentioned.facts.contains(.permission)
            ? [[], [.faceTerminals], [.presenceTerminals], [.faceTerminals, .presenceTerminals]] : [nil]
        let total = MemberKind.allCases.count * ids.count * sectors.count * operators.count * permissions.count
        guard total <= most, let first = purposes.first else {
            throw .tooManyClasses(facts: [.kind, .member, .sector, .operator, .permission], limit: most)
        }
        var groups: [MemberGroup] = []
        for kind in MemberKind.allCases {
            for id in ids {
                for sector in sectors {
                    // Nobody is served by itself.
                    for provider in operators where provider != id.text {
                        for permission in permissions {
                            let accreditation = Accreditation(
                                state: .accredited, notBefore: .earliest, notAfter: .latest, purposes: Set(purposes),
                                permissions: permission)
                            let member = Member(
                                id: id, kind: kind, displayName: [:], accreditation: accreditation, sector: sector, defaultPurpose: first,
                                operatedBy: provider == Fact.none ? nil : MemberID(provider))
                            groups.append(
                                MemberGroup(member: member.alwaysInForce, count: 1, names: [id.text], scope: Scope(accreditation)))
                        }
                    }
                }
            }
        }
        return groups
    }
}

extension Member {
    /// The same member with an accreditation of the same scope that never ends, and operators likewise.
    fileprivate var alwaysInForce: Member {
        let scope = accreditation.statesPermissions ? accreditation.permissions : nil
        let always = Accreditation(
            state: .accredited, notBefore: .earliest, notAfter: .latest, purposes: accreditation.purposes,
            attributes: accreditation.attributes, modes: accreditation.modes, permissions: scope)
        let member = Member(
            id: id, kind: kind, displayName: displayName, accreditation: always, sector: sector, defaultPurpose: defaultPurpose,
            operatedBy: operatedBy)
        return member.resolved { id in
            Member(
                id: id, kind: .platformOperator, displayName: [:],
                accreditation: Accreditation(
                    state: .accredited, notBefore: .earliest, notAfter: .latest, purposes: []), defaultPurpose: defaultPurpose)
        }
    }
}

extension Timestamp {
    fileprivate static let earliest = Timestamp(milliseconds: .min)
    fileprivate static let latest = Timestamp(milliseconds: .max)
}
