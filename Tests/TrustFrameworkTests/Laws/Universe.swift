import TrustFramework
import Vocabulary

/// A small federation, out of which policies and questions are drawn: small enough for rules to meet, with every fact in it and with values
/// that no rule names.
struct Universe {
    static let now = Fixture.now
    let ladder: AssuranceLadder
    let ids: [MemberID]
    let upstreams: [MemberID]
    let provider: Member
    let purposes: [Purpose]
    /// Every login of this federation, with what it is worth.
    let book: LoginBook
    static let terminals = ["kiosk", "clinic"]

    init() throws(Missing) {
        var ids: [MemberID] = []
        for text in ["https://a.example", "https://b.example", "https://c.example"] { ids.append(try Fixture.memberID(text)) }
        self.ids = ids
        upstreams = [try Fixture.memberID("https://up.example"), try Fixture.memberID("https://unlisted.example")]
        provider = try Fixture.member(.platformOperator, id: "https://operator.example")
        purposes = [try Fixture.purpose("p"), try Fixture.purpose("q")]
        let pin = AssuranceContext(
            name: "card-pin", samlClasses: ["urn:pin"], acrValues: ["aal3"], amr: ["pin"], proofingLevel: 3, authenticationLevel: 3,
            modes: [.pin], carriers: [.card, .phone], needsStatement: false, maximumLoginAge: 7200)
        let face = AssuranceContext(
            name: "card-face", samlClasses: ["urn:face"], acrValues: ["aal2"], amr: ["face"], proofingLevel: 3, authenticationLevel: 2,
            modes: [.face], carriers: [.card], needsStatement: true)
        let fresh = AssuranceContext(
            name: "card-fresh", samlClasses: ["urn:fresh"], acrValues: ["fresh"], amr: ["pin"], proofingLevel: 3, authenticationLevel: 3,
            modes: [.pin], carriers: [.card], needsStatement: false, statusSources: [.ocsp], maximumStatusAge: 900)
        let low = AssuranceContext(
            name: "card-presence", samlClasses: ["urn:low"], acrValues: ["aal1"], amr: ["user"], proofingLevel: 1, authenticationLevel: 1,
            modes: [.presence, .face], carriers: [.card, .phone], needsStatement: false)
        ladder = AssuranceLadder(
            [low, face, pin, fresh],
            ceilings: [
                AssuranceCeiling(.upstream(upstreams[0]), highest: "card-pin"), AssuranceCeiling(.terminal("kiosk"), highest: "card-fresh"),
                AssuranceCeiling(.terminal("clinic"), highest: "card-face"), AssuranceCeiling(.terminal("shelf"), highest: "card-face"),
            ])
        book = LoginBook.shared(
            ladder, terminals: [AssuranceLadder.unclassified, "kiosk", "clinic", "shelf", "unlisted", "nowhere"], upstreams: upstreams,
            asking: try Fixture.question(try Fixture.member(), facts: nil))
    }
}

// MARK: Rules

extension Universe {
    /// Some facts are spoken of often, so that rules meet; every fact is.
    private static let often: [Fact] = [.kind, .purpose, .mode, .floor, .terminal, .member, .maximumStatusAge, .signatureCertificate]

    func rules(_ random: inout SeededNumbers, count: Int) -> [Rule] {
        (0..<count).map { rule(&random, id: "r\($0)", effect: random.once(in: 4) ? .forbid : .permit) }
    }

    func rule(_ random: inout SeededNumbers, id: String, effect: Rule.Effect) -> Rule {
        let exceptions = (0..<(random.once(in: 3) ? 1 + random.below(2) : 0)).map { _ in condition(&random, facts: 1 + random.below(2)) }
        var obligations = Obligations.none
        if effect == .permit, random.once(in: 3) { obligations = Self.obligations(&random) }
        return Rule(
            id: id, effect: effect, condition: condition(&random, facts: random.below(effect == .permit ? 4 : 3)), exceptions: exceptions,
            release: effect == .permit ? random.some([.pinUsed, .cardMode, .name, .birthDate]) : [], obligations: obligations,
            basis: "law \(random.below(3))")
    }

    func condition(_ random: inout SeededNumbers, facts: Int) -> Condition {
        var condition = Condition()
        for _ in 0..<facts {
            let fact = random.once(in: 2) ? random.pick(Self.often) : random.pick(Fact.allCases)
            condition[fact] = domain(of: fact, &random)
        }
        return condition
    }

    private func words(of fact: Fact) -> [String] {
        switch fact {
        case .member: ids.map(\.text)
        case .sector: ["health", "tax", "other"]
        case .operator: [provider.id.text, Fact.none, "https://nobody.example"]
        case .purpose: purposes.map(\.text) + ["r"]
        case .terminal: Self.terminals + [Fact.none, AssuranceLadder.unclassified, "unlisted"]
        case .upstream: upstreams.map(\.text) + [Fact.none]
        case .levelAsked: ladder.contexts.map(\.name) + [Fact.none]
        case .floor: ladder.contexts.map(\.name) + (0..<1).map { _ in "unknown" }
        case .modeStated, .signatureCertificate: ["true", "false"]
        case .asksFor: [.pinUsed, .name, .birthDate].map(\AttributeSource.rawValue)
        default:
            switch fact.kind {
            case .word(let closed?), .words(let closed?): closed
            default: []
            }
        }
    }

    private func domain(of fact: Fact, _ random: inout SeededNumbers) -> Domain {
        switch fact.kind {
        case .flag: return .among([random.pick(["true", "false"])])
        case .word:
            let some = random.some(words(of: fact))
            return random.once(in: 4) ? .besides(some) : .among(some)
        case .words:
            if fact == .floor { return .includes([random.pick(words(of: fact))]) }
            let some = random.some(words(of: fact))
            return random.pick([.includes([random.pick(words(of: fact))]), .only(some), .between(includes: [], only: some)])
        case .number(.level):
            let level = Int64(random.below(4))
            return random.pick([.range(least: level, most: 3), .range(least: 0, most: level), .range(least: level, most: level)])
        case .number(.seconds): return .range(least: .min, most: random.pick([60, 900, 3600]))
        case .number(.day):
            let today = Self.now.dayInJapan
            return random.pick([
                .range(least: today, most: .max), .range(least: .min, most: today - 1), .range(least: today - 3, most: today),
            ])
        case .number(.minute):
            return random.pick([.range(least: 540, most: 1019), .range(least: 0, most: 779), .range(least: 780, most: 1439)])
        }
    }

    static func obligations(_ random: inout SeededNumbers) -> Obligations {
        var found = Obligations()
        if random.once(in: 3) {
            found.authenticateAgain = AuthenticateAgain(mode: random.pick(CardMode.allCases), within: random.pick([60, 300, 3600]))
        }
        if random.once(in: 3) { found.refreshStatus = random.pick([60, 900, 86_400]) }
        if random.once(in: 3) { found.consent = random.some([.name, .address, .birthDate]) }
        if !found.consent.isEmpty, random.once(in: 3) { found.optOut = random.some(Array(found.consent)) }
        if random.once(in: 3) { found.derived[.birthDate] = random.pick([.over18, .over20, .over65, .birthYear]) }
        if random.once(in: 3) { found.derived[.address] = random.pick([.prefecture, .municipality]) }
        if random.once(in: 3) {
            found.session = SessionLimit(
                island: random.pick([nil, "health", "tax", "bank"]), lifetime: random.pick([nil, 900, 3600]), once: random.once(in: 2))
        }
        found.namesMandate = random.once(in: 4)
        found.writesLedger = random.once(in: 4)
        return found
    }
}

// MARK: Questions

extension Universe {
    func question(_ random: inout SeededNumbers) -> Question {
        let now = Self.now.adding(seconds: random.pick([0, 0, 4 * 3600, 9 * 3600, -86_400, 3 * 86_400]))
        return Question(
            member: member(&random), purpose: random.pick(purposes), facts: random.once(in: 5) ? nil : facts(&random, now),
            requirement: random.once(in: 4) ? requirement(&random) : nil, now: now,
            request: RequestFacts(
                protocol: random.pick([.saml, .openid, nil]), path: random.pick(IssuancePath.allCases),
                asked: random.pick([nil, [], [.pinUsed], [.name, .birthDate], [.pinUsed, .name]]),
                actingFor: random.pick(ActingFor.allCases)),
            circumstances: Circumstances(load: random.pick(LoadState.allCases)))
    }

    private func member(_ random: inout SeededNumbers) -> Member {
        let state: Accreditation.State = random.once(in: 12) ? random.pick(Accreditation.State.allCases) : .accredited
        let covered: Set<Purpose> = random.once(in: 10) ? [random.pick(purposes)] : Set(purposes)
        let isServed = random.once(in: 3)
        let accreditation = Accreditation(
            state: state, notBefore: Self.now.adding(seconds: -90 * 86_400), notAfter: Self.now.adding(seconds: 90 * 86_400),
            purposes: covered, attributes: random.once(in: 6) ? [.pinUsed, .name, .cardMode] : nil,
            modes: random.once(in: 6) ? random.some(CardMode.allCases) : nil,
            permissions: random.once(in: 4) ? random.some(Permission.allCases) : random.once(in: 5) ? [] : nil)
        let member = Member(
            id: random.pick(ids), kind: isServed ? .servedFirm : random.pick(MemberKind.allCases), displayName: ["en": "Member"],
            accreditation: accreditation, sector: random.pick(["health", "tax", "elsewhere"]), defaultPurpose: purposes[0],
            operatedBy: isServed ? provider.id : nil)
        return member.resolved { $0 == provider.id ? provider : nil }
    }

    private func facts(_ random: inout SeededNumbers, _ now: Timestamp) -> AssuranceFacts {
        let login = now.adding(seconds: -random.pick([0, 59, 61, 900, 3601, 8000]))
        let upstream: MemberID? = random.once(in: 6) ? random.pick(upstreams) : nil
        let isStated = random.once(in: 2)
        return AssuranceFacts(
            mode: random.pick(CardMode.allCases), modeIsStated: isStated, carrier: random.pick(Carrier.allCases),
            door: random.pick(Door.allCases), statusSource: random.pick(StatusSource.allCases),
            statusAt: login.adding(seconds: -random.pick([0, 60, 61, 900, 901, 5000])), authenticatedAt: login,
            terminalClass: isStated && upstream == nil
                ? random.pick([nil, "kiosk", "clinic", "shelf", "nowhere", AssuranceLadder.unclassified]) : nil,
            upstream: upstream, signatureCertificate: random.once(in: 4))
    }

    private func requirement(_ random: inout SeededNumbers) -> ContextRequirement {
        let known = ["urn:pin", "aal3", "aal2", "urn:low", "fresh", "urn:strange"]
        return ContextRequirement(
            values: Array(random.some(known)).sorted(), comparison: random.pick(Comparison.allCases), essential: random.once(in: 2))
    }
}
