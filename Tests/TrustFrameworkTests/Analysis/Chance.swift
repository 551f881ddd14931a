import TrustFramework
import Vocabulary

/// Small policies, members and questions out of dice. The questions are made without looking at any rule: by them is judged whether the
/// picture that is made from the rules tells enough apart.
struct Chance {
    var dice: Dice

    init(_ seed: UInt64) { dice = Dice(seed) }

    static let now = Fixture.now
    static let purposes = ["filing", "points", "health", "survey"]
    static let sectors = ["tax", "health", "bank"]
    static let names = ["urn:one", "urn:two", "urn:three"]
    static let operators = ["none", "urn:pf-one", "urn:pf-two"]
    static let terminals = ["none", "unclassified", "clinic-kiosk", "counter"]
    static let attributes: [AttributeSource] = [.pinUsed, .name, .address, .birthDate, .over18]

    static let ladders: [AssuranceLadder] = MemberID("urn:up").map { ladders($0) } ?? []

    private static func ladders(_ upstream: MemberID) -> [AssuranceLadder] {
        [
            Fixture.ladder,
            AssuranceLadder([
                Fixture.presence,
                AssuranceContext(
                    name: "card-face", samlClasses: ["urn:f"], acrValues: ["aal2"], amr: ["face"], proofingLevel: 3, authenticationLevel: 2,
                    modes: [.face, .pin], carriers: [.card], needsStatement: true, maximumLoginAge: 3600),
                AssuranceContext(
                    name: "card-pin", samlClasses: ["urn:p"], acrValues: ["aal3"], amr: ["pin"], proofingLevel: 3, authenticationLevel: 3,
                    modes: [.pin], carriers: [.card, .phone], needsStatement: false, maximumStatusAge: 900),
            ]),
            AssuranceLadder(
                Fixture.ladder.contexts,
                ceilings: [
                    AssuranceCeiling(.terminal("clinic-kiosk"), highest: "card-face"),
                    AssuranceCeiling(.upstream(upstream), highest: "card-face"),
                ]),
        ]
    }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &dice)] }

    mutating func some<Item>(_ items: [Item]) -> [Item] {
        let found = items.filter { _ in dice.chance(1, in: 2) }
        return found.isEmpty ? [pick(items)] : found
    }

    mutating func words(_ items: [String]) -> Domain { dice.chance(1, in: 4) ? .besides(Set(some(items))) : .among(Set(some(items))) }

    mutating func domain(of fact: Fact) -> Domain {
        switch fact {
        case .member: return words(Array(Self.names.prefix(2)))
        case .sector: return words(Array(Self.sectors.prefix(2)))
        case .operator: return words(Array(Self.operators.prefix(2)))
        case .purpose: return words(Array(Self.purposes.prefix(3)))
        case .terminal: return words(Array(Self.terminals.prefix(3)))
        case .upstream: return words(["none", "urn:up"])
        case .levelAsked: return words(["none", "card-face", "card-pin"])
        case .permission: return .includes([pick(Permission.allCases).rawValue])
        case .floor: return .includes([pick(["card-presence", "card-face", "card-pin"])])
        case .asksFor:
            let names = some(Self.attributes.map(\.rawValue).prefix(4).map(\.self))
            return dice.chance(1, in: 2) ? .includes(Set(names.prefix(2))) : .only(Set(names))
        case .maximumStatusAge: return .range(least: .min, most: pick([900, 7200]))
        case .maximumLoginAge: return .range(least: .min, most: pick([300, 3600]))
        case .proofingLevel, .authenticationLevel: return .range(least: pick([1, 2, 3]), most: 3)
        case .date:
            let day = Self.now.dayInJapan
            return dice.chance(1, in: 2) ? .range(least: day + pick([0, 3]), most: .max) : .range(least: .min, most: day + pick([2, 5]))
        case .hours: return .range(least: 540, most: pick([719, 1019]))
        case .modeStated, .signatureCertificate: return .among([pick(["true", "false"])])
        default:
            guard case .word(let closed?) = fact.kind else { return .among([]) }
            return words(closed)
        }
    }

    mutating func condition(_ facts: [Fact], most: Int) -> Condition {
        var condition = Condition()
        for _ in 0..<Int.random(in: 0...most, using: &dice) {
            let fact = pick(facts)
            condition[fact] = domain(of: fact)
        }
        return condition
    }

    mutating func obligations() -> Obligations {
        guard dice.chance(1, in: 3) else { return .none }
        return pick([
            Obligations(refreshStatus: 900), Obligations(consent: [.name]), Obligations(derived: [.birthDate: .over18]),
            Obligations(session: SessionLimit(island: "health")), Obligations(writesLedger: true),
        ])
    }

    mutating func rule(_ id: String, _ facts: [Fact]) -> Rule {
        let effect: Rule.Effect = dice.chance(1, in: 3) ? .forbid : .permit
        let exceptions = dice.chance(1, in: 3) ? [condition(facts, most: 2)].filter { !$0.domains.isEmpty } : []
        return Rule(
            id: id, effect: effect, condition: condition(facts, most: 3), exceptions: exceptions,
            release: effect == .permit && dice.chance(1, in: 2) ? Set(some(Self.attributes)) : [],
            obligations: effect == .permit ? obligations() : .none, basis: "law " + id)
    }

    /// A policy, and one that differs from it in a rule or two, or in its ladder.
    mutating func pair() -> (old: Policy, new: Policy) {
        let facts = (0..<5).map { _ in pick(Fact.allCases) } + [.kind, .purpose, .mode]
        let ladder = pick(Self.ladders)
        let rules = (0..<Int.random(in: 1...5, using: &dice)).map { rule("r\($0)", facts) }
        var changed = rules
        let index = Int.random(in: 0..<rules.count, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: changed.remove(at: index)
        case 1: changed.append(rule("added", facts))
        default: changed[index] = rule(rules[index].id, facts)
        }
        let otherLadder = dice.chance(1, in: 8) ? pick(Self.ladders) : ladder
        return (
            Policy(rules: rules, ladder: ladder, version: "old"),
            Policy(rules: changed.shuffled(using: &dice), ladder: otherLadder, version: "new")
        )
    }

    mutating func member() throws -> Member {
        let operatedBy = pick(Self.operators)
        let accreditation = Accreditation(
            state: .accredited, notBefore: Self.now.adding(seconds: -1), notAfter: Self.now.adding(seconds: 100 * 86_400),
            purposes: Set(some(Self.purposes).compactMap { Purpose($0) }),
            attributes: dice.chance(1, in: 3) ? Set(some(Self.attributes)) : nil, modes: dice.chance(1, in: 4) ? [.pin, .face] : nil,
            permissions: dice.chance(1, in: 3) ? Set(some(Permission.allCases)) : nil)
        let member = Member(
            id: try Fixture.memberID(pick(Self.names)), kind: pick(MemberKind.allCases), displayName: [:], accreditation: accreditation,
            sector: pick(Self.sectors), defaultPurpose: try Fixture.purpose("filing"),
            operatedBy: MemberID(operatedBy == "none" ? "" : operatedBy))
        return member.resolved { id in
            Member(
                id: id, kind: .platformOperator, displayName: [:], accreditation: accreditation, defaultPurpose: member.defaultPurpose)
        }
    }

    mutating func question(_ members: [Member]) throws -> Question {
        let now = Self.now.adding(seconds: Int64.random(in: 0..<8 * 86_400, using: &dice))
        let authenticated = now.adding(seconds: -pick([0, 299, 300, 301, 3600, 3601, 90_000]))
        let mode = pick(CardMode.allCases)
        let upstream = dice.chance(1, in: 6) ? MemberID(pick(["urn:up", "urn:stranger"])) : nil
        let terminal = upstream == nil && dice.chance(1, in: 2) ? pick(["unclassified", "clinic-kiosk", "counter"]) : nil
        let facts = AssuranceFacts(
            mode: mode, modeIsStated: terminal != nil || dice.chance(1, in: 2), carrier: pick(Carrier.allCases),
            door: pick(Door.allCases), statusSource: pick([.crl, .ocsp]),
            statusAt: authenticated.adding(seconds: -pick([0, 899, 900, 901, 7200, 7201, 1_000_000])), authenticatedAt: authenticated,
            terminalClass: terminal, upstream: upstream, signatureCertificate: dice.chance(1, in: 2))
        let asked: Set<AttributeSource>? = dice.chance(1, in: 8) ? nil : Set(Self.attributes.filter { _ in dice.chance(1, in: 3) })
        let levels: [ContextRequirement?] =
            [nil, nil]
            + ["aal1", "aal2", "aal3"].flatMap { value in
                [Comparison.exact, .minimum].map { ContextRequirement(values: [value], comparison: $0, essential: true) }
            }
        return Question(
            member: pick(members), purpose: try Fixture.purpose(pick(Self.purposes)), facts: dice.chance(1, in: 8) ? nil : facts,
            requirement: pick(levels), now: now,
            request: RequestFacts(
                protocol: dice.chance(1, in: 8) ? nil : pick(RequestProtocol.allCases), path: pick(IssuancePath.allCases), asked: asked,
                actingFor: pick(ActingFor.allCases)), circumstances: Circumstances(load: pick(LoadState.allCases)))
    }
}
