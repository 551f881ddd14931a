package import Vocabulary

/// One authentication context, named once for both protocols: a SAML class, `acr` values, `amr` values, and the bundle of floors that it
/// takes to reach it. Each floor is held against its own fact: strength in one never makes up for weakness in another.
package struct AssuranceContext: Hashable, Sendable {
    package let name: String
    /// The first is what we assert; the others are accepted in requests too (SAML Core §3.3.2.2.1).
    package let samlClasses: [String]
    /// The first is what we assert; the others are accepted in `acr_values` too.
    package let acrValues: [String]
    package let amr: [String]
    /// 身元確認 level 1–3 and 当人認証 level 1–3, as the operator's reading of its guideline has them.
    package let proofingLevel: Int
    package let authenticationLevel: Int
    package let modes: Set<CardMode>
    package let carriers: Set<Carrier>
    /// The mode must be signed for by a registered terminal or client.
    package let needsStatement: Bool
    package let doors: Set<Door>
    package let statusSources: Set<StatusSource>
    /// How old revocation data may have been at the login, in seconds; nil: as old as the deployment believes any.
    package let maximumStatusAge: Int64?
    /// How long ago the login may have been when it is asserted, in seconds; nil: as long as the session lives.
    package let maximumLoginAge: Int64?
    /// What the level means, by language tag, for people who meet its name.
    package let says: [String: String]
    /// Who cannot reach it, and which upstreams can: set by the ladder from its ceilings.
    private(set) var reach = CeilingReach()

    package init(
        name: String, samlClasses: [String], acrValues: [String], amr: [String], proofingLevel: Int, authenticationLevel: Int,
        modes: Set<CardMode>, carriers: Set<Carrier>, needsStatement: Bool, doors: Set<Door> = Door.ownDevice,
        statusSources: Set<StatusSource> = Set(StatusSource.allCases), maximumStatusAge: Int64? = nil, maximumLoginAge: Int64? = nil,
        says: [String: String] = [:]
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
        self.doors = doors
        self.statusSources = statusSources
        self.maximumStatusAge = maximumStatusAge
        self.maximumLoginAge = maximumLoginAge
        self.says = says
    }

    /// Whether the login reaches it at the moment `now`; without one, whether it did when the citizen logged in.
    package func isReached(by facts: AssuranceFacts, at now: Timestamp? = nil) -> Bool { missed(by: facts, at: now) == nil }

    /// The first floor that the login misses; nil when it reaches the context.
    package func missed(by facts: AssuranceFacts, at now: Timestamp? = nil) -> AssuranceFloor? {
        if !modes.contains(facts.mode) { return .mode }
        if needsStatement, !facts.modeIsStated { return .statement }
        if !carriers.contains(facts.carrier) { return .carrier }
        if !doors.contains(facts.door) { return .door }
        if !statusSources.contains(facts.statusSource) { return .statusSource }
        if let maximumStatusAge, facts.statusAge > maximumStatusAge { return .statusAge }
        if let maximumLoginAge, let now, facts.loginAge(at: now) > maximumLoginAge { return .loginAge }
        if let upstream = facts.upstream, !reach.upstreams.contains(upstream) { return .upstream }
        if let terminal = facts.terminalClass, reach.bars(terminal) { return .terminal }
        return nil
    }

    func within(_ reach: CeilingReach) -> AssuranceContext {
        var copy = self
        copy.reach = reach
        return copy
    }
}

/// One of the things that a login can be too weak in.
package enum AssuranceFloor: String, Sendable, Hashable, CaseIterable {
    case mode
    case statement
    case carrier
    case door
    case statusSource = "status-source"
    case statusAge = "status-age"
    case loginAge = "login-age"
    case upstream
    case terminal
}

extension Sequence where Element == AssuranceContext {
    /// Whether one of them asks by which door the citizen came. Where all have the browser's own doors, a login by another device reaches
    /// nothing and is not offered.
    var askForDoor: Bool { contains { $0.doors != Door.ownDevice } }
}
