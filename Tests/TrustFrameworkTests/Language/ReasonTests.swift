import Testing
import TrustFramework
import Vocabulary

@Suite struct `The reasons of a decision` {
    static let rules = [
        Rule(
            id: "filing", effect: .permit, says: ["ja": "電子申請には暗証番号が必要です。", "en": "e-filing needs the PIN"],
            condition: Condition([.purpose: .among(["procedure"]), .floor: .includes(["card-pin"])]), release: [.pinUsed],
            obligations: Obligations(consent: [.name], writesLedger: true), basis: "Act art. 36",
            place: RulePlace(file: "Policies/e-filing.yaml", line: 7)),
        Rule(
            id: "no-profiling", effect: .forbid, says: ["ja": "追跡は禁止です。", "en": "nobody is profiled"],
            condition: Condition([.purpose: .among(["profiling"])]), basis: "Act art. 50"),
    ]
    static let policy = Fixture.policy(rules)

    static func told(_ audience: Audience, _ language: String, _ purpose: String, _ facts: AssuranceFacts?) throws -> String {
        let member = try Fixture.member(purposes: ["procedure", "profiling", "points"])
        return policy.decide(try Fixture.question(member, purpose, facts: facts)).told(to: audience, in: language, policy).joined(
            separator: "\n")
    }

    @Test(arguments: Audience.allCases, ["ja", "en"]) func `are told to everybody about everything`(audience: Audience, language: String)
        throws
    {
        for (purpose, facts) in [
            ("procedure", Fixture.facts(.pin)), ("procedure", Fixture.facts(.face)), ("procedure", nil), ("profiling", nil),
            ("points", nil),
        ] as [(String, AssuranceFacts?)] {
            let text = try Self.told(audience, language, purpose, facts)
            #expect(!text.isEmpty)
            let isJapanese = text.unicodeScalars.contains { (0x3040...0x30ff).contains($0.value) }
            #expect(isJapanese == (language == "ja"), "\(text)")
        }
    }

    @Test func `are plain words for the citizen`() throws {
        let refused = try Self.told(.citizen, "en", "profiling", nil)
        #expect(refused.contains("nobody is profiled") && refused.contains("Nothing about you was sent"))
        let stepUp = try Self.told(.citizen, "ja", "procedure", Fixture.facts(.face))
        #expect(stepUp.contains("暗証番号") && stepUp.contains("電子申請には暗証番号が必要です。"))
        for purpose in ["procedure", "profiling", "points"] {
            let text = try Self.told(.citizen, "en", purpose, Fixture.facts(.pin))
            for word in ["no-profiling", "filing\"", "Act art.", "card-pin", "urn:", "https://", "test", "policy version"] {
                #expect(!text.contains(word), "\(word) in \(text)")
            }
        }
    }

    @Test func `name rules and bases to the developer`() throws {
        let refused = try Self.told(.developer, "en", "profiling", nil)
        #expect(refused.contains("rule no-profiling: nobody is profiled; basis: Act art. 50"))
        let stepUp = try Self.told(.developer, "en", "procedure", Fixture.facts(.face))
        #expect(stepUp.contains("card-pin (acr: urn:x-sekisho:ac:card-pin)") && stepUp.contains("rule filing"))
        let nothing = try Self.told(.developer, "en", "points", nil)
        #expect(nothing.contains("no rule permits the purpose points to a member of kind ministry"))
        #expect(!refused.contains("Policies/"), "places are the operator's")
    }

    @Test func `name places, facts and version to the auditor`() throws {
        let text = try Self.told(.auditor, "en", "procedure", Fixture.facts(.pin))
        for part in [
            "https://ministry.example/sp", "rule filing (permit) stands in Policies/e-filing.yaml:7", "what mattered: purpose = procedure",
            "what mattered: floor = card-face, card-pin, card-presence", "policy version: test", "basis: Act art. 36", "\"ledger\":true",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(try Self.told(.auditor, "en", "procedure", nil).contains("floor = before any login"))
    }

    @Test func `are as good when the question was kept`() throws {
        let member = try Fixture.member()
        let question = try Fixture.question(member, facts: Fixture.facts(.pin))
        let kept = try #require(Question(json: try JSON(reading: question.json.text)))
        for audience in Audience.allCases {
            #expect(
                Self.policy.decide(kept).told(to: audience, in: "en", Self.policy)
                    == Self.policy.decide(question).told(to: audience, in: "en", Self.policy))
        }
    }

    /// A denial for asking too much names the rule that permits less.
    @Suite struct `name the way out of having asked for too much` {
        private static let policy = Fixture.policy([
            Rule(
                id: "entitlement", effect: .permit,
                condition: Condition([
                    .purpose: .among(["procedure"]), .mode: .among(["pin"]), .asksFor: .only(["pin-used", "card-mode"]),
                ]), release: [.pinUsed, .cardMode], basis: "Act art. 36"),
            Rule(
                id: "no-birth-dates", effect: .forbid,
                condition: Condition([.purpose: .among(["points"]), .asksFor: .includes(["birth-date"])]), basis: "Act art. 50"),
            Rule(id: "points", effect: .permit, condition: Condition([.purpose: .among(["points"])]), basis: "Act art. 36"),
        ])

        private func told(
            _ asked: Set<AttributeSource>?, _ mode: CardMode? = .pin, _ purpose: String = "procedure", _ audience: Audience = .developer,
            in language: String = "en"
        ) throws -> String {
            let question = Question(
                member: try Fixture.member(purposes: ["procedure", "points"]), purpose: try Fixture.purpose(purpose),
                facts: mode.map { Fixture.facts($0) }, requirement: nil, now: Fixture.now, request: RequestFacts(asked: asked))
            return Self.policy.decide(question).told(to: audience, in: language, Self.policy).joined(separator: "\n")
        }

        @Test func `by the attributes that are too many and the rule that permits the others`() throws {
            let text = try told([.pinUsed, .name, .address])
            #expect(text.contains("denied: no rule permits"))
            #expect(text.contains("without asking for address, name, the rule entitlement would permit it"))
            #expect(try told([.name]).contains("without asking for name, the rule entitlement would permit it"))
            #expect(try told([.name], in: "ja").contains("属性 name を求めなければ、規則 entitlement により許可されます"))
            #expect(try told([.name], .pin, "procedure", .auditor).contains("the rule entitlement would permit it"))
        }

        @Test func `and by the login that it would then take`() throws {
            for mode in [nil, CardMode.face] {
                #expect(
                    try told([.name], mode).contains(
                        "without asking for name, the rule entitlement would permit it after a login that reaches card-pin"))
            }
        }

        @Test func `past a rule that forbids it`() throws {
            let text = try told([.pinUsed, .birthDate], .pin, "points")
            #expect(text.contains("denied: a rule forbids this"))
            #expect(text.contains("without asking for birth-date, the rule points would permit it"))
        }

        @Test func `and nothing where nothing was asked for, all was permitted, or no less would do`() throws {
            for text in [try told(nil), try told([]), try told([.pinUsed])] { #expect(!text.contains("without asking for")) }
            #expect(!(try told([.name], .pin, "procedure", .citizen).contains("entitlement")), "a citizen is told no rule's name")
            let profiling = Question(
                member: try Fixture.member(purposes: ["profiling"]), purpose: try Fixture.purpose("profiling"),
                facts: Fixture.facts(.pin), requirement: nil, now: Fixture.now, request: RequestFacts(asked: [.name]))
            #expect(
                !Self.policy.decide(profiling).told(to: .developer, in: "en", Self.policy).joined().contains("without asking for"))
        }
    }

    @Test func `know a rule by its id`() {
        #expect(Self.policy.rule("filing")?.basis == "Act art. 36")
        #expect(Self.policy.rule("filin") == nil && Self.policy.rule("zzz") == nil && Fixture.policy([]).rule("a") == nil)
    }
}

@Suite struct `A question that is kept` {
    static let text =
        #"{"now":"2026-11-21T04:00:00Z","purpose":"p","member":{"id":"a","kind":"ministry","sector":"s","standing":"in-force","state":"accredited","from":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z","purposes":["p"]},"evidence":{"mode":"pin","mode-stated":true,"carrier":"card","door":"tls","status-source":"crl","status-at":"2026-11-21T03:00:00Z","authenticated-at":"2026-11-21T03:30:00Z"},"request":{"path":"refresh","acting-for":"nobody"},"circumstances":{"load":"normal"}}"#

    @Test func `is read back to the byte`() throws {
        #expect(try #require(Question(json: try JSON(reading: Self.text))).json.text == Self.text)
    }

    @Test func `has the standing of its day`() throws {
        let suspended = Self.text.replacing("in-force", with: "suspended")
        let question = try #require(Question(json: try JSON(reading: suspended)))
        #expect(Fixture.policy([Fixture.permit()]).decide(question).picture == "deny standing(TrustFramework.Standing.suspended) by ")
    }

    @Test(arguments: [
        ("\"now\":\"2026-11-21T04:00:00Z\",", ""), ("\"ministry\"", "\"minister\""), ("\"in-force\"", "\"fine\""), ("\"pin\"", "\"pni\""),
        ("\"refresh\"", "\"reload\""), ("\"normal\"", "\"calm\""), ("\"purposes\":[\"p\"]", "\"purposes\":\"p\""),
        ("true,\"carrier\"", "1,\"carrier\""),
        ("\"request\":{", "\"request\":{\"protocol\":\"fax\","), ("\"request\":{", "\"request\":{\"asks-for\":[\"soul\"],"),
        ("\"state\":\"accredited\"", "\"state\":\"accredited\",\"modes\":[\"sign\"]"), ("\"path\":\"refresh\"", "\"path\":null"),
        ("\"mode\":\"pin\"", "\"mode\":\"pin\",\"terminal\":7"), ("\"mode\":\"pin\"", "\"mode\":\"pin\",\"upstream\":\"\""),
    ]) func `is no question when a part of it cannot be understood`(old: String, new: String) throws {
        let text = Self.text.replacing(old, with: new)
        #expect(text != Self.text)
        #expect(Question(json: try JSON(reading: text)) == nil)
    }

    @Test func `says nothing of the citizen`() throws {
        let json = try #require(Question(json: try JSON(reading: Self.text))).json
        #expect((json.members ?? []).map(\.0) == ["now", "purpose", "member", "evidence", "request", "circumstances"])
    }
}
