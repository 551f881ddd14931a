package import Vocabulary

/// Where the answer about revocation came from.
package enum StatusSource: String, Sendable, Hashable {
    case crl
    case ocsp
}

/// What is known about one authentication, each fact by itself: never folded into one number.
package struct AssuranceFacts: Hashable, Sendable {
    package let mode: CardMode
    /// A registered terminal or client signed for the mode; otherwise it is the weakest that the door allows.
    package let modeIsStated: Bool
    package let carrier: Carrier
    package let door: Door
    package let statusSource: StatusSource
    /// The moment the revocation data speaks of (`thisUpdate`).
    package let statusAt: Timestamp
    package let authenticatedAt: Timestamp

    package init(
        mode: CardMode, modeIsStated: Bool, carrier: Carrier, door: Door, statusSource: StatusSource, statusAt: Timestamp,
        authenticatedAt: Timestamp
    ) {
        self.mode = mode
        self.modeIsStated = modeIsStated
        self.carrier = carrier
        self.door = door
        self.statusSource = statusSource
        self.statusAt = statusAt
        self.authenticatedAt = authenticatedAt
    }

    package var pinUsed: Bool { mode == .pin }
}

/// One authentication context, named once for both protocols: a SAML class, `acr` values, `amr` values, and what it takes to reach it.
package struct AssuranceContext: Hashable, Sendable {
    package let name: String
    /// The first is what we assert; the others are accepted in requests too (SAML Core §3.3.2.2.1).
    package let samlClasses: [String]
    /// The first is what we assert; the others are accepted in `acr_values` too.
    package let acrValues: [String]
    package let amr: [String]
    /// 身元確認 level 1–3 and 当人認証 level 1–3, as the operator's reading of DS-511 has them.
    package let proofingLevel: Int
    package let authenticationLevel: Int
    package let modes: Set<CardMode>
    package let carriers: Set<Carrier>
    /// The mode must be signed for by a registered terminal or client.
    package let needsStatement: Bool

    package init(
        name: String, samlClasses: [String], acrValues: [String], amr: [String], proofingLevel: Int, authenticationLevel: Int,
        modes: Set<CardMode>, carriers: Set<Carrier>, needsStatement: Bool
    ) {
        self.name = name
        self.samlClasses = samlClasses
        self.acrValues = acrValues
        self.amr = amr
        self.proofingLevel = proofingLevel
        self.authenticationLevel = authenticationLevel
        self.modes = modes
        self.carriers = carriers
        self.needsStatement = needsStatement
    }

    package func isReached(by facts: AssuranceFacts) -> Bool {
        modes.contains(facts.mode) && carriers.contains(facts.carrier) && (facts.modeIsStated || !needsStatement)
    }
}

/// How asked and reached contexts are compared (SAML Core §3.3.2.2.1).
package enum Comparison: String, Sendable, Hashable, CaseIterable {
    case exact, minimum, maximum, better
}

/// The contexts a relying party asks for, in its order of preference. `essential` false is OpenID's voluntary `acr_values`
/// (Core §3.1.2.1): values that the ladder does not know refuse nobody, but a known one is never passed over quietly.
package struct ContextRequirement: Hashable, Sendable {
    /// SAML classes or `acr` values, as the request had them.
    package let values: [String]
    package let comparison: Comparison
    package let essential: Bool

    package init(values: [String], comparison: Comparison, essential: Bool) {
        self.values = values
        self.comparison = comparison
        self.essential = essential
    }
}

/// All contexts of a deployment from the lowest to the highest: one ladder for SAML and OpenID. The order is deployment policy.
package struct AssuranceLadder: Hashable, Sendable {
    package let contexts: [AssuranceContext]

    package init(_ contexts: [AssuranceContext]) { self.contexts = contexts }

    package subscript(name: String) -> AssuranceContext? { contexts.first { $0.name == name } }

    /// The highest context that the facts reach.
    package func reached(by facts: AssuranceFacts) -> AssuranceContext? { contexts.last { $0.isReached(by: facts) } }

    package func rank(of context: AssuranceContext) -> Int? { contexts.firstIndex { $0.name == context.name } }

    /// The contexts that satisfy a requirement, best liked first for `exact`, lowest first otherwise. Values the ladder does not know
    /// are passed over; when it knows none of them nothing satisfies.
    package func satisfying(_ requirement: ContextRequirement) -> [AssuranceContext] {
        let asked = requirement.values.compactMap { value in
            contexts.firstIndex { $0.samlClasses.contains(value) || $0.acrValues.contains(value) }
        }
        guard let lowest = asked.min(), let highest = asked.max() else { return [] }
        switch requirement.comparison {
        case .exact:
            var seen: Set<Int> = []
            return asked.filter { seen.insert($0).inserted }.map { contexts[$0] }
        case .minimum: return Array(contexts[lowest...])
        case .better: return Array(contexts[(highest + 1)...])
        // "as strong as possible without exceeding the strength of at least one": up to the strongest named.
        case .maximum: return Array(contexts[...highest])
        }
    }
}
