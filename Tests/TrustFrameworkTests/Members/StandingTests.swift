import Testing
import TrustFramework
import Vocabulary

@Suite struct `Standing of a member, now and at any past date` {
    static let day: Int64 = 86_400
    static func at(_ days: Int64) -> Timestamp { Fixture.now.adding(seconds: days * day) }
    static func term(_ first: Int64, _ last: Int64) throws -> AccreditationTerm {
        try #require(AccreditationTerm(notBefore: at(first), notAfter: at(last)))
    }

    static func event(
        _ state: Accreditation.State, _ days: Int64, _ reason: String = "because", term: AccreditationTerm? = nil
    ) -> AccreditationEvent {
        AccreditationEvent(state: state, at: at(days), by: "registrar", reason: reason, term: term)
    }

    /// Applied, examined, accredited for 100 days, suspended for ten of them, run out, renewed, withdrawn.
    static func lived() throws -> Member {
        let history = try AccreditationHistory([
            event(.applied, -300), event(.examined, -290), event(.accredited, -280, term: try term(-270, -170)),
            event(.suspended, -200, "audit overdue"), event(.accredited, -190, "audit done"),
            event(.accredited, -150, "renewed", term: try term(-270, -50)), event(.withdrawn, -100, "business given up"),
        ])
        let purpose = try Fixture.purpose("procedure")
        let accreditation = try #require(
            Accreditation(history: history, notBefore: at(-270), notAfter: at(-50), purposes: [purpose]))
        return Member(
            id: try Fixture.memberID("shop"), kind: .privateVerifier, displayName: [:], accreditation: accreditation,
            defaultPurpose: purpose)
    }

    @Test(arguments: [
        (-301, Standing.notAccredited, ""), (-295, .notAccredited, "because"), (-285, .notAccredited, "because"),
        (-275, .notYet, "because"), (-250, .inForce, "because"), (-195, .suspended, "audit overdue"), (-180, .inForce, "audit done"),
        (-160, .expired, "audit done"), (-140, .inForce, "renewed"), (-99, .withdrawn, "business given up"),
        (0, .withdrawn, "business given up"),
    ])
    func `is what it was, with the reason of that day`(days: Int64, standing: Standing, reason: String) throws {
        let member = try Self.lived()
        #expect(member.standing(at: Self.at(days)) == standing)
        let told = member.standingReason(at: Self.at(days))
        #expect(told.standing == standing)
        #expect(told.event?.reason ?? "" == reason)
        #expect(told.member == member.id)
    }

    @Test func `tells since when and until when the dates let it be so`() throws {
        let member = try Self.lived()
        let force = member.standingReason(at: Self.at(-250))
        #expect(force.since == Self.at(-270) && force.until == Self.at(-170))
        let reinstated = member.standingReason(at: Self.at(-180))
        #expect(reinstated.since == Self.at(-190) && reinstated.until == Self.at(-170))
        let waiting = member.standingReason(at: Self.at(-275))
        #expect(waiting.until == Self.at(-270))
        let unheard = member.standingReason(at: Self.at(-400))
        #expect(unheard.state == nil && unheard.event == nil)
    }

    @Test func `the last moment of a term counts and the next does not`() throws {
        let member = try Fixture.member(until: Fixture.now)
        #expect(member.standing(at: Fixture.now) == .inForce)
        #expect(member.standing(at: Fixture.now.adding(milliseconds: 1)) == .expired)
    }

    @Test(arguments: [
        (Accreditation.State.applied, Standing.notAccredited), (.examined, .notAccredited), (.suspended, .suspended),
        (.withdrawn, .withdrawn), (.accredited, .inForce),
    ])
    func `without a history the state holds for every moment`(state: Accreditation.State, standing: Standing) throws {
        let member = try Fixture.member(state: state, from: Self.at(-100), until: Self.at(100))
        for days: Int64 in [-99, 0, 99] { #expect(member.standing(at: Self.at(days)) == standing) }
        #expect(member.standingReason(at: Fixture.now).event == nil)
    }

    @Test func `an accreditation without an event has no state`() throws {
        #expect(
            Accreditation(history: .none, notBefore: Fixture.now, notAfter: Fixture.now, purposes: [try Fixture.purpose("x")]) == nil)
    }
}

@Suite struct `A firm and its platform operator` {
    static func member(
        _ id: String, _ kind: MemberKind = .servedFirm, by provider: String? = nil, state: Accreditation.State = .accredited,
        until: Timestamp = Fixture.now.adding(seconds: 86_400)
    ) throws -> Member {
        let purpose = try Fixture.purpose("procedure")
        return Member(
            id: try Fixture.memberID(id), kind: kind, displayName: [:],
            accreditation: Accreditation(
                state: state, notBefore: Fixture.now.adding(seconds: -86_400), notAfter: until, purposes: [purpose]),
            defaultPurpose: purpose, operatedBy: try provider.map(Fixture.memberID))
    }

    static func book(_ members: Member...) -> (MemberID) -> Member? {
        let all = Dictionary(uniqueKeysWithValues: members.map { ($0.id, $0) })
        return { all[$0] }
    }

    @Test(arguments: Accreditation.State.allCases)
    func `a firm is in force only while its operator is`(state: Accreditation.State) throws {
        let firm = try Self.member("firm", by: "platform")
        let platform = try Self.member("platform", .platformOperator, state: state)
        let resolved = firm.resolved(with: Self.book(platform))
        #expect(resolved.standing(at: Fixture.now) == (state == .accredited ? .inForce : .operatorNotInForce))
        let reason = resolved.standingReason(at: Fixture.now)
        #expect(reason.member.text == (state == .accredited ? "firm" : "platform"))
    }

    @Test func `a firm of its own fault is told its own fault`() throws {
        let firm = try Self.member("firm", by: "platform", state: .suspended)
        let platform = try Self.member("platform", .platformOperator, state: .suspended)
        #expect(firm.resolved(with: Self.book(platform)).standing(at: Fixture.now) == .suspended)
    }

    @Test func `an operator that nobody looked up is not in force`() throws {
        let firm = try Self.member("firm", by: "platform")
        #expect(firm.standing(at: Fixture.now) == .operatorNotInForce)
        #expect(firm.resolved(with: { _ in nil }).standing(at: Fixture.now) == .operatorNotInForce)
        #expect(firm.standingReason(at: Fixture.now).member.text == "platform")
    }

    @Test func `stands until the first of both ends`() throws {
        let soon = Fixture.now.adding(seconds: 100)
        let firm = try Self.member("firm", by: "platform").resolved(
            with: Self.book(try Self.member("platform", .platformOperator, until: soon)))
        #expect(firm.standingReason(at: Fixture.now).until == soon)
        #expect(firm.standing(at: soon) == .inForce)
        #expect(firm.standing(at: soon.adding(milliseconds: 1)) == .operatorNotInForce)
    }

    @Test func `an operator of an operator counts as well`() throws {
        let firm = try Self.member("firm", by: "reseller")
        let reseller = try Self.member("reseller", .platformOperator, by: "platform")
        let good = try Self.member("platform", .platformOperator)
        let bad = try Self.member("platform", .platformOperator, state: .withdrawn)
        #expect(firm.resolved(with: Self.book(reseller, good)).standing(at: Fixture.now) == .inForce)
        #expect(firm.resolved(with: Self.book(reseller, bad)).standing(at: Fixture.now) == .operatorNotInForce)
    }

    @Test func `circles, strangers, wrong kinds and long chains are nobody's operators`() throws {
        func fault(_ firm: Member, _ others: (MemberID) -> Member?) -> OperatorFault? {
            do {
                _ = try firm.operators(with: others)
                return nil
            } catch { return error }
        }
        let firm = try Self.member("firm", by: "a")
        #expect(fault(firm, { _ in nil }) == .unknown(try Fixture.memberID("a")))
        #expect(fault(firm, Self.book(try Self.member("a", .ministry))) == .notAnOperator(try Fixture.memberID("a")))
        let circle = Self.book(try Self.member("a", .platformOperator, by: "b"), try Self.member("b", .platformOperator, by: "a"))
        #expect(fault(firm, circle) == .cycle(try ["firm", "a", "b", "a"].map(Fixture.memberID)))
        #expect(firm.resolved(with: circle).standing(at: Fixture.now) == .operatorNotInForce)
        let own = try Self.member("firm", .platformOperator, by: "firm")
        #expect(fault(own, Self.book(own)) == .cycle(try ["firm", "firm"].map(Fixture.memberID)))
        let chain = Self.book(
            try Self.member("a", .platformOperator, by: "b"), try Self.member("b", .platformOperator, by: "c"),
            try Self.member("c", .platformOperator, by: "d"), try Self.member("d", .platformOperator))
        #expect(fault(firm, chain) == .tooDeep(try ["firm", "a", "b", "c"].map(Fixture.memberID)))
        #expect(fault(try Self.member("firm", by: "b"), chain) == nil)
    }
}

@Suite struct `What an accreditation covers` {
    static func accreditation(
        attributes: Set<AttributeSource>? = nil, modes: Set<CardMode>? = nil, permissions: Set<Permission>? = nil
    ) throws -> Accreditation {
        Accreditation(
            state: .accredited, notBefore: Fixture.now, notAfter: Fixture.now, purposes: [try Fixture.purpose("procedure")],
            attributes: attributes, modes: modes, permissions: permissions)
    }

    @Test func `says nothing where it was not asked to`() throws {
        let silent = try Self.accreditation()
        #expect(silent.gap(asking: [.carrier]) == nil)
        for mode in CardMode.allCases { #expect(silent.gap(from: mode) == nil) }
        #expect(silent.covered([.carrier, .pinUsed]) == [.carrier, .pinUsed])
        #expect(silent.permissions.isEmpty && !silent.statesPermissions)
    }

    @Test func `refuses attributes beyond it and hands on those within`() throws {
        let narrow = try Self.accreditation(attributes: [.carrier])
        #expect(narrow.gap(asking: [.carrier]) == nil)
        #expect(narrow.gap(asking: nil) == nil)
        #expect(narrow.gap(asking: [.carrier, .pinUsed]) == .attributes([.pinUsed]))
        #expect(narrow.covered([.carrier, .pinUsed]) == [.carrier])
        #expect(try Self.accreditation(attributes: []).covered([.carrier]).isEmpty)
    }

    @Test(arguments: [
        (CardMode.pin, nil as Permission?), (.face, .faceTerminals), (.presence, .presenceTerminals),
    ])
    func `modes without a PIN need a permission of their own`(mode: CardMode, permission: Permission?) throws {
        #expect(Permission(for: mode) == permission)
        let none = try Self.accreditation(permissions: [])
        #expect(none.gap(from: mode) == permission.map { .permission($0) })
        let all = try Self.accreditation(permissions: Set(Permission.allCases))
        #expect(all.gap(from: mode) == nil)
        let other = try Self.accreditation(modes: Set(CardMode.allCases).subtracting([mode]), permissions: Set(Permission.allCases))
        #expect(other.gap(from: mode) == .mode(mode))
    }

    @Test func `purposes are exactly those`() throws {
        let accreditation = try Self.accreditation()
        #expect(accreditation.gap(for: try Fixture.purpose("procedure")) == nil)
        #expect(accreditation.gap(for: try Fixture.purpose("points")) == .purpose(try Fixture.purpose("points")))
    }

    @Test func `two that say the same are the same`() throws {
        #expect(try Self.accreditation(modes: [.pin]) == Self.accreditation(modes: [.pin]))
        #expect(try Self.accreditation(modes: [.pin]).hashValue == Self.accreditation(modes: [.pin]).hashValue)
        #expect(try Self.accreditation(modes: [.pin]) != Self.accreditation(modes: [.face]))
        #expect(try Self.accreditation() != Self.accreditation(permissions: []))
    }
}
