import Testing
import TrustFramework
import Vocabulary

@Suite struct `A review of all rules together` {
    static func permit(
        _ id: String, _ domains: [Fact: Domain], unless: [[Fact: Domain]] = [], release: Set<AttributeSource> = [],
        obligations: Obligations = .none
    ) -> Rule {
        Rule(
            id: id, effect: .permit, condition: Condition(domains), exceptions: unless.map { Condition($0) }, release: release,
            obligations: obligations, basis: "law " + id)
    }

    static func forbid(_ id: String, _ domains: [Fact: Domain], unless: [[Fact: Domain]] = []) -> Rule {
        Rule(id: id, effect: .forbid, condition: Condition(domains), exceptions: unless.map { Condition($0) }, basis: "law " + id)
    }

    static func findings(_ rules: [Rule], ladder: AssuranceLadder = Fixture.ladder, limits: AnalysisLimits = AnalysisLimits()) throws
        -> [PolicyFinding]
    {
        var review = try PolicyReview(Policy(rules: rules, ladder: ladder, version: "test"), at: Fixture.now, limits: limits)
        return review.findings()
    }

    static let day = Fixture.now.dayInJapan

    @Test(arguments: [
        (permit("a", [.mode: .among(["face"]), .floor: .includes(["card-pin"])]), "policy.never", "floor", "card-face"),
        (permit("a", [.mode: .among(["face"]), .carrier: .among(["phone"])]), "policy.never", "carrier", "change one of them"),
        (permit("a", [.kind: .among([])]), "policy.never", "kind", "write one that there is"),
        (
            permit("a", [.authenticationLevel: .range(least: 3, most: 3), .mode: .among(["presence"])]), "policy.never",
            "authentication-level", "change one"
        ),
        (permit("a", [.date: .range(least: .min, most: day - 1)]), "policy.over", "date", "new term"),
        (
            permit("a", [.date: .range(least: day, most: day + 1), .weekday: .among(["wednesday"])]), "policy.never", "date", "change one"
        ),
        (permit("a", [.purpose: .among(["points"])], unless: [[.kind: .besides([])]]), "policy.never", "unless", "narrow"),
    ]) func `finds rules that can never apply`(rule: Rule, code: String, key: String, remedy: String) throws {
        let found = try Self.findings([rule])
        let finding = try #require(found.first { $0.code == code }, "\(found)")
        #expect(finding.rule == "a" && finding.key == key && finding.remedy.contains(remedy), "\(finding)")
        #expect(finding.severity == (code == "policy.over" ? .warning : .error))
    }

    @Test(arguments: [
        permit("a", [.mode: .among(["face"]), .floor: .includes(["card-face"])]), permit("a", [.date: .range(least: .min, most: day)]),
        permit("a", [.date: .range(least: day, most: day + 1), .weekday: .among([Fixture.now.weekdayInJapan.rawValue])]),
        permit("a", [.purpose: .among(["points"])], unless: [[.kind: .besides(["ministry"])]]), forbid("a", [.mode: .among(["pin"])]),
    ]) func `passes over rules that can`(rule: Rule) throws {
        #expect(try Self.findings([rule]) == [])
    }

    @Test func `finds a permit that several forbids leave nothing of, and names them`() throws {
        let shadowed = Self.permit("a", [.kind: .among(["ministry"]), .purpose: .among(["points"])])
        let forbids = [
            Self.forbid("b", [.purpose: .among(["points"]), .carrier: .among(["card"])]),
            Self.forbid("c", [.kind: .besides(["served-firm"]), .carrier: .besides(["card"])]),
            Self.forbid("d", [.purpose: .among(["health"])]),
        ]
        let found = try Self.findings([shadowed] + forbids)
        let finding = try #require(found.first { $0.code == "policy.shadowed" }, "\(found)")
        #expect(finding.rule == "a" && finding.others == ["b", "c"] && finding.severity == .error)
        // With one exception there is something left.
        let open = [forbids[0], Self.forbid("c", [.carrier: .besides(["card"])], unless: [[.load: .among(["emergency"])]])]
        #expect(try Self.findings([shadowed] + open).contains { $0.code == "policy.shadowed" } == false)
    }

    @Test func `finds rules that others make redundant, and tells the later of two that say the same`() throws {
        let wide = Self.permit("wide", [.purpose: .among(["points"])], release: [.pinUsed, .cardMode])
        let narrow = Self.permit("narrow", [.purpose: .among(["points"]), .kind: .among(["ministry"])], release: [.pinUsed])
        let found = try Self.findings([narrow, wide])
        #expect(found.map(\.code) == ["policy.redundant"] && found.first?.rule == "narrow" && found.first?.others == ["wide"])
        let telling = Self.permit("narrow", [.purpose: .among(["points"]), .kind: .among(["ministry"])], release: [.carrier])
        #expect(try Self.findings([telling, wide]) == [])
        let asking = Self.permit("narrow", [.purpose: .among(["points"])], obligations: Obligations(writesLedger: true))
        #expect(try Self.findings([asking, wide]) == [])
        let twins = [Self.forbid("one", [.purpose: .among(["x"])]), Self.forbid("two", [.purpose: .among(["x"])])]
        let pair = try Self.findings(twins)
        #expect(pair.map(\.rule) == ["two"] && pair.first?.others == ["one"])
    }

    @Test func `finds obligations that do not go together, where the rules can hold together`() throws {
        func permits(_ second: [Fact: Domain]) -> [Rule] {
            [
                Self.permit(
                    "one", [.purpose: .among(["health"])], release: [.birthDate],
                    obligations: Obligations(derived: [.birthDate: .over18], session: SessionLimit(island: "health"))),
                Self.permit(
                    "two", second, release: [.birthDate],
                    obligations: Obligations(derived: [.birthDate: .birthYear], session: SessionLimit(island: "bank"))),
            ]
        }
        let found = try Self.findings(permits([.kind: .among(["ministry"])]))
        #expect(found.count { $0.code == "policy.obligations.contradiction" && $0.key == "obligations" } == 2, "\(found)")
        #expect(try Self.findings(permits([.purpose: .among(["points"])])) == [])
        // Forbidden wherever both hold.
        let kept = try Self.findings(
            permits([.kind: .among(["ministry"])])
                + [Self.forbid("stop", [.purpose: .among(["health"]), .kind: .among(["ministry"])])])
        #expect(!kept.contains { $0.code == "policy.obligations.contradiction" })
    }

    @Test func `finds consent and forms that nothing stands behind`() throws {
        let asking = Self.permit("a", [.purpose: .among(["x"])], release: [.pinUsed], obligations: Obligations(consent: [.name]))
        #expect(try Self.findings([asking]).map(\.code) == ["policy.consent.idle"])
        let elsewhere = Self.permit("b", [.purpose: .among(["y"])], release: [.name])
        #expect(try Self.findings([asking, elsewhere]).map(\.code) == ["policy.consent.idle"])
        let beside = Self.permit("b", [.kind: .among(["ministry"])], release: [.name])
        #expect(try Self.findings([asking, beside]) == [])
        let foreign = Self.permit(
            "a", [:], release: [.address], obligations: Obligations(derived: [.address: .over18, .birthDate: .over20]))
        #expect(try Self.findings([foreign]).map(\.code) == ["policy.derive.foreign", "policy.derive.idle"])
    }

    @Test func `finds an exception that never meets its rule`() throws {
        let rule = Self.permit("a", [.kind: .among(["ministry"])], unless: [[.kind: .among(["served-firm"])]])
        let found = try Self.findings([rule])
        #expect(found.map(\.code) == ["policy.exception.idle"] && found.first?.severity == .warning)
    }

    @Test func `says so when it was not found out`() throws {
        var limits = AnalysisLimits()
        limits.boxes = 3
        let rule = Self.permit(
            "a", [.kind: .among(["ministry"])], unless: (0..<6).map { [.purpose: .among(["p\($0)"]), .carrier: .among(["card"])] })
        let found = try Self.findings([rule], limits: limits)
        #expect(found.map(\.code) == ["policy.undecided"])
    }
}

@Suite struct `What a review says, beside questions out of dice` {
    /// No question may make a rule decide that was said never to, or one without which every answer is the same.
    @Test(arguments: 0..<8) func `holds`(round: Int) throws {
        var told = 0
        for seed in 0..<10 {
            var chance = Chance(UInt64(7_000_000 + round * 1000 + seed))
            let policy = chance.pair().old
            var review = try PolicyReview(policy, at: Chance.now)
            let found = review.findings()
            let dead = Set(
                found.filter { ["policy.never", "policy.shadowed"].contains($0.code) && rule($0, policy)?.effect == .permit }.map(\.rule))
            let idle = found.first { $0.code == "policy.redundant" }?.rule
            told += dead.count + (idle == nil ? 0 : 1)
            let without = Policy(rules: policy.rules.filter { $0.id != idle }, ladder: policy.ladder, version: "without")
            var members: [Member] = []
            for _ in 0..<4 { members.append(try chance.member()) }
            for _ in 0..<40 {
                let question = try chance.question(members)
                let answer = Answer(policy.decide(question))
                if answer.outcome == .permit { try #require(dead.isDisjoint(with: answer.rules), "seed \(round) \(seed)") }
                guard idle != nil, question.facts?.upstream == nil else { continue }
                let other = Answer(without.decide(question))
                try #require(
                    answer.saysTheSame(as: other), "seed \(round) \(seed): \(answer.picture) ≠ \(other.picture) without \(idle ?? "")")
            }
        }
        #expect(told > 0)
    }

    private func rule(_ finding: PolicyFinding, _ policy: Policy) -> Rule? { policy.rules.first { $0.id == finding.rule } }
}
