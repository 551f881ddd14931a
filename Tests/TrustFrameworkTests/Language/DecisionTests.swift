import Testing
import TrustFramework
import Vocabulary

/// What the laws do not name: what a decision comes to in the situations the language is for.
@Suite struct `A forbid about evidence` {
    static func forbid(_ condition: Condition, unless exceptions: [Condition] = []) -> Rule {
        Rule(id: "no", effect: .forbid, condition: condition, exceptions: exceptions, basis: "law")
    }

    static func picture(_ rules: [Rule], _ facts: AssuranceFacts?) throws -> String {
        Fixture.policy(rules).decide(try Fixture.question(try Fixture.member(), facts: facts)).picture
    }

    @Test func `asks for another login where one would do`() throws {
        let rules = [Fixture.permit(), Self.forbid(Condition([.mode: .among(["presence"])]))]
        #expect(try Self.picture(rules, Fixture.facts(.presence)) == "authenticate card-face, card-pin by permit")
        #expect(try Self.picture(rules, Fixture.facts(.pin)) == "permit card-pin by permit")
        #expect(try Self.picture(rules, nil) == "authenticate card-face, card-pin by permit")
    }

    @Test func `denies where none would do`() throws {
        let rules = [Fixture.permit(floor: "card-face"), Self.forbid(Condition([.mode: .among(["face", "pin"])]))]
        for facts in [nil, Fixture.facts(.presence), Fixture.facts(.pin)] {
            #expect(try Self.picture(rules, facts) == "deny forbidden by no")
        }
    }

    @Test func `is lifted by an exception about evidence`() throws {
        let rules = [Fixture.permit(), Self.forbid(.always, unless: [Condition([.floor: .includes(["card-pin"])])])]
        #expect(try Self.picture(rules, Fixture.facts(.face)) == "authenticate card-pin by permit")
        #expect(try Self.picture(rules, Fixture.facts(.pin)) == "permit card-pin by permit")
    }
}

@Suite struct `A terminal` {
    static let ladder = AssuranceLadder(
        [Fixture.presence, Fixture.face, Fixture.pin],
        ceilings: ["kiosk", "box"].map { AssuranceCeiling(.terminal($0), highest: "card-pin") })
    static let rule = Rule(
        id: "box", effect: .permit, condition: Condition([.terminal: .among(["box"]), .mode: .among(["presence"])]), basis: "law")

    static func facts(_ mode: CardMode, at terminal: String?) -> AssuranceFacts {
        AssuranceFacts(
            mode: mode, modeIsStated: terminal != nil, carrier: .card, door: .challenge, statusSource: .crl, statusAt: Fixture.now,
            authenticatedAt: Fixture.now, terminalClass: terminal)
    }

    @Test(
        arguments: [
            (CardMode.presence, "box", "permit card-presence by box"), (.pin, "box", "authenticate card-presence by box"),
            (.presence, "kiosk", "deny contextOutOfReach by box"), (.presence, nil, "authenticate card-presence by box"),
            (.presence, "elsewhere", "deny contextOutOfReach by box"),
        ] as [(CardMode, String?, String)]) func `cannot be changed by logging in again`(mode: CardMode, terminal: String?, picture: String)
        throws
    {
        let policy = Policy(rules: [Self.rule], ladder: Self.ladder, version: "test")
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: Self.facts(mode, at: terminal))).picture == picture)
    }

    @Test func `may be anywhere before a login`() throws {
        let policy = Policy(rules: [Self.rule], ladder: Self.ladder, version: "test")
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: nil)).picture == "authenticate card-presence by box")
    }
}

@Suite struct `A signature certificate` {
    static let rule = Rule(
        id: "open", effect: .permit, condition: Condition([.signatureCertificate: .among(["true"]), .floor: .includes(["card-pin"])]),
        release: [.name], basis: "law")

    @Test(arguments: [
        (CardMode.pin, false, "authenticate card-pin by open", true), (.pin, true, "permit card-pin +name by open", false),
        (.face, false, "authenticate card-pin by open", false), (.face, true, "authenticate card-pin by open", false),
    ]) func `is asked for when nothing else is missing`(mode: CardMode, presented: Bool, picture: String, needed: Bool) throws {
        let facts = Fixture.facts(mode).presenting(signatureCertificate: presented)
        let decision = Fixture.policy([Self.rule]).decide(try Fixture.question(try Fixture.member(), facts: facts))
        #expect(decision.picture == picture)
        #expect(decision.needsSignature == needed)
    }

    @Test func `is within reach before a login`() throws {
        let decision = Fixture.policy([Self.rule]).decide(try Fixture.question(try Fixture.member(), facts: nil))
        #expect(decision.picture == "authenticate card-pin by open" && !decision.needsSignature)
    }
}

@Suite struct `A fact that nobody knows` {
    static func decide(_ rules: [Rule], _ request: RequestFacts) throws -> Decision {
        let question = Question(
            member: try Fixture.member(), purpose: try Fixture.purpose("procedure"), facts: Fixture.facts(.pin), requirement: nil,
            now: Fixture.now, request: request)
        return Fixture.policy(rules).decide(question)
    }

    static func rule(_ id: String, _ effect: Rule.Effect) -> Rule {
        Rule(id: id, effect: effect, condition: Condition([.protocol: .among(["saml"])]), basis: "law")
    }

    @Test func `makes no permit hold, and every forbid`() throws {
        let unknown = try Self.decide([Self.rule("yes", .permit)], RequestFacts())
        #expect(unknown.picture == "deny noPermit by " && unknown.erring == ["yes"])
        let closed = try Self.decide([Fixture.permit(), Self.rule("no", .forbid)], RequestFacts())
        #expect(closed.picture == "deny forbidden by no" && closed.erring == ["no"])
    }

    @Test func `is another than one that is different`() throws {
        let known = try Self.decide([Self.rule("yes", .permit)], RequestFacts(protocol: .saml))
        #expect(known.picture == "permit card-pin by yes" && known.erring.isEmpty)
        let other = try Self.decide([Fixture.permit(), Self.rule("no", .forbid)], RequestFacts(protocol: .openid))
        #expect(other.picture == "permit card-pin by permit" && other.erring.isEmpty)
    }
}

@Suite struct `An accreditation before any rule` {
    static func member(_ modes: Set<CardMode>? = nil, attributes: Set<AttributeSource>? = nil, permissions: Set<Permission>? = nil) throws
        -> Member
    {
        let purpose = try Fixture.purpose("procedure")
        let accreditation = Accreditation(
            state: .accredited, notBefore: Fixture.now, notAfter: Fixture.now, purposes: [purpose], attributes: attributes, modes: modes,
            permissions: permissions)
        return Member(
            id: try Fixture.memberID("https://a.example"), kind: .ministry, displayName: [:], accreditation: accreditation,
            defaultPurpose: purpose)
    }

    static func decide(_ rule: Rule, _ member: Member, _ mode: CardMode, asked: Set<AttributeSource>? = []) throws -> String {
        let question = Question(
            member: member, purpose: member.defaultPurpose, facts: Fixture.facts(mode), requirement: nil, now: Fixture.now,
            request: RequestFacts(protocol: .saml, asked: asked))
        return Fixture.policy([rule]).decide(question).picture
    }

    @Test func `bounds what is told`() throws {
        let rule = Fixture.permit(release: [.pinUsed, .name])
        #expect(try Self.decide(rule, try Self.member(attributes: [.pinUsed]), .pin) == "permit card-pin +pin-used by permit")
        #expect(
            try Self.decide(rule, try Self.member(attributes: [.pinUsed]), .pin, asked: [.name])
                == "deny attributesNotAccredited(Set([TrustFramework.AttributeSource.name])) by ")
        #expect(try Self.decide(rule, try Self.member(attributes: [.name]), .pin, asked: [.name]) == "permit card-pin +name by permit")
    }

    @Test func `bounds the modes, and asks for another`() throws {
        #expect(try Self.decide(Fixture.permit(), try Self.member([.pin]), .face) == "authenticate card-pin by permit")
        let presence = Rule(id: "c", effect: .permit, condition: Condition([.mode: .among(["presence"])]), basis: "law")
        #expect(
            try Self.decide(presence, try Self.member([.pin]), .presence) == "deny modeNotAccredited(Vocabulary.CardMode.presence) by c")
        #expect(
            try Self.decide(presence, try Self.member(permissions: [.faceTerminals]), .presence)
                == "deny permissionMissing(TrustFramework.Permission.presenceTerminals) by c")
        #expect(try Self.decide(presence, try Self.member(permissions: [.presenceTerminals]), .presence) == "permit card-presence by c")
    }
}

@Suite struct `Hours, days and load` {
    static func decide(_ condition: Condition, unless exceptions: [Condition] = [], at text: String, load: LoadState = .normal) throws
        -> String
    {
        let rule = Rule(id: "r", effect: .permit, condition: condition, exceptions: exceptions, basis: "law")
        let now = try #require(Timestamp(text))
        let member = try Fixture.member(from: now, until: now)
        let question = Question(
            member: member, purpose: member.defaultPurpose, facts: Fixture.facts(.pin, at: now), requirement: nil, now: now,
            circumstances: Circumstances(load: load))
        return Fixture.policy([rule]).decide(question).picture
    }

    @Test(arguments: [
        ("2026-11-21T08:59:59+09:00", false), ("2026-11-21T09:00:00+09:00", true), ("2026-11-21T16:59:59+09:00", true),
        ("2026-11-21T17:00:00+09:00", false),
    ]) func `open and close at the minute`(text: String, isOpen: Bool) throws {
        let picture = try Self.decide(Condition([.hours: .range(least: 540, most: 1019)]), at: text)
        #expect(picture == (isOpen ? "permit card-pin by r" : "deny noPermit by "))
        let night = try Self.decide(.always, unless: [Condition([.hours: .range(least: 540, most: 1019)])], at: text)
        #expect(night == (isOpen ? "deny noPermit by " : "permit card-pin by r"))
    }

    @Test(arguments: LoadState.allCases) func `count as the operator says`(load: LoadState) throws {
        let picture = try Self.decide(Condition([.load: .among(["emergency"])]), at: "2026-11-21T09:00:00+09:00", load: load)
        #expect(picture == (load == .emergency ? "permit card-pin by r" : "deny noPermit by "))
    }
}

/// A policy that is as large as the reader lets it be still decides at once, and two of one id do not trap.
@Suite struct `A large policy` {
    @Test func `of many rules and exceptions decides in bounded time`() throws {
        let members = Set((0..<200).map { "https://m\($0).example" })
        let rules = (0..<2000).map { number in
            Rule(
                id: "r\(number % 1990)", effect: number.isMultiple(of: 5) ? .forbid : .permit,
                condition: Condition([
                    .purpose: .among(["procedure"]), .member: number.isMultiple(of: 2) ? .besides(members) : .among(members),
                ]),
                exceptions: (0..<8).map {
                    Condition([.terminal: .among(["t\($0)"]), .hours: .range(least: Int64($0), most: Int64(number))])
                },
                basis: "law")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let policy = Fixture.policy(rules)
        for mode in CardMode.allCases {
            let decision = policy.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(mode)))
            #expect(!decision.determining.isEmpty)
        }
        #expect(clock.now - start < .seconds(60))
    }

    @Test func `of more contexts than count is no trap`() throws {
        let contexts = (0..<80).map { Fixture.context("c\($0)", [.pin], level: 3) }
        let policy = Policy(rules: [Fixture.permit()], ladder: AssuranceLadder(contexts), version: "test")
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin))).picture == "permit c63 by permit")
        #expect(
            Policy(rules: [], ladder: AssuranceLadder([]), version: "").decide(try Fixture.question(try Fixture.member(), facts: nil))
                .picture == "deny noPermit by ")
        let none = Policy(rules: [Fixture.permit()], ladder: AssuranceLadder([]), version: "")
        #expect(
            none.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin))).picture
                == "deny contextOutOfReach by permit")
    }
}
