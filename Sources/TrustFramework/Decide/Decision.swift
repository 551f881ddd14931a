package import Vocabulary

/// The answer, with its reasons.
package struct Decision: Sendable {
    package enum Outcome: Sendable {
        case permit(context: AssuranceContext, release: Set<AttributeSource>)
        /// A login that reaches one of these contexts would be permitted. Never empty; lowest first.
        case authenticate(acceptable: [AssuranceContext])
        case deny(Denial)
    }

    package enum Denial: Sendable, Hashable {
        case standing(Standing)
        case purposeNotAccredited
        /// Never empty.
        case attributesNotAccredited(Set<AttributeSource>)
        /// A login that the rules would accept is of a mode that the accreditation does not cover.
        case modeNotAccredited(CardMode)
        case permissionMissing(Permission)
        case forbidden
        case noPermit
        /// The ladder has no context that satisfies both the request and a permit.
        case contextOutOfReach
    }

    package let outcome: Outcome
    package let policyVersion: String
    /// The login at hand would be permitted if the citizen presented a signature certificate for this purpose. Only with `.authenticate`.
    package let needsSignature: Bool
    /// What was asked, for whoever tells the reasons.
    package let question: Question
    // The reasons are worked out when somebody asks for them: most decisions are acted upon and not read.
    let made: Hits
    let unsure: Hits
    let index: RuleIndex

    /// Rules that made the outcome, by id, sorted.
    package var determining: [String] { made.sorted.map { index.rules[Int($0)].id } }

    /// Rules of which nobody can say whether they hold, because a fact is not known; by id, sorted. Permits among them did not count,
    /// forbids did.
    package var erring: [String] { unsure.sorted.map { index.rules[Int($0)].id } }

    package var bases: [String] { Set(made.sorted.map { index.rules[Int($0)].basis }).sorted() }

    /// What has to be done before or while the permit is used. `.none` for every other outcome.
    package var obligations: Obligations {
        guard case .permit = outcome else { return .none }
        var joined = Obligations.none
        for hit in 0..<made.count {
            let position = Int(made[hit])
            if index.entries[position].isObliging { joined = joined.joined(with: index.rules[position].obligations) }
        }
        return joined
    }

    /// What the determining rules turned on, in the order of `Fact.allCases`.
    package var mattered: [(fact: Fact, value: FactValue)] {
        var facts: UInt32 = 0
        for hit in 0..<made.count { facts |= index.entries[Int(made[hit])].facts }
        return Fact.all(in: facts).map { ($0, question.value(of: $0, index.ladder)) }
    }
}
