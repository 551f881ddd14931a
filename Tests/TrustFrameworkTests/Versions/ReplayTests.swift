import Testing
import TrustFramework
import Vocabulary

@Suite struct `A recorded decision, replayed` {
    /// A record as a door writes it: some facts under their own names, the decision beside them.
    static func record(_ decision: Decision, _ question: Question, beside facts: [(name: String, value: JSON)] = []) throws -> JSON {
        let all = facts + [("policy-version", .string(decision.policyVersion))]
        let trace = DecisionTrace(decision, of: question)
        let written = Record("test", at: question.now, all + [("decision", trace.json(beside: all, at: question.now))])
        return try JSON(reading: written.json.text)
    }

    static func policies() -> [Policy] {
        let procedure = Rule(id: "permit", effect: .permit, floor: "card-face", release: [.pinUsed, .carrier], basis: "law a")
        let stricter = Rule(id: "permit", effect: .permit, floor: "card-pin", maximumStatusAge: 60, release: [.pinUsed], basis: "law b")
        let forbid = Rule(id: "never", effect: .forbid, basis: "law c")
        return [
            Policy(rules: [procedure], ladder: Fixture.ladder, version: "v1"),
            Policy(rules: [stricter], ladder: Fixture.ladder, version: "v2"),
            Policy(rules: [procedure, forbid], ladder: Fixture.ladder, version: "v3"),
        ]
    }

    static func questions() throws -> [Question] {
        let requirement = ContextRequirement(values: ["urn:x-sekisho:ac:card-pin"], comparison: .minimum, essential: true)
        var questions: [Question] = []
        for facts in [nil, Fixture.facts(.pin), Fixture.facts(.face), Fixture.facts(.presence)] {
            for requirement in [nil, requirement] {
                for asked: Set<AttributeSource>? in [nil, [.pinUsed]] {
                    questions.append(
                        Question(
                            member: try Fixture.member(), purpose: try #require(Purpose("procedure")), facts: facts,
                            requirement: requirement,
                            now: Fixture.now, request: RequestFacts(protocol: .saml, path: .refresh, asked: asked),
                            circumstances: Circumstances(load: .busy)))
                }
            }
        }
        return questions
    }

    @Test func `gives the same answer under the version of its day, and not under the two that came after`() throws {
        let policies = Self.policies()
        var seen: Set<String> = []
        var changed = 0
        for policy in policies {
            for question in try Self.questions() {
                let trace = try #require(DecisionTrace(record: try Self.record(policy.decide(question), question)))
                seen.insert(trace.outcome)
                let replay = try trace.replayed(under: policy)
                #expect(replay.differences == [], "\(trace.question.text)")
                for other in policies where other.version != policy.version {
                    #expect(throws: Replay.Refusal.version(recorded: policy.version, given: other.version)) {
                        try trace.replayed(under: other)
                    }
                    // Under that version's name the change shows.
                    let disguised = Policy(rules: other.rules, ladder: other.ladder, version: policy.version)
                    if try trace.replayed(under: disguised).differences != [] { changed += 1 }
                }
            }
        }
        #expect(seen == ["permit", "authenticate", "deny"])
        #expect(changed > 20)
    }

    @Test func `loses nothing by what the record says already`() throws {
        let policy = Self.policies()[0]
        let question = try Self.questions()[4]
        let decision = policy.decide(question)
        let facts = try #require(question.facts)
        let said: [(name: String, value: JSON)] = [
            ("member", .string(question.member.id.text)), ("purpose", .string(question.purpose.text)), ("context", "card-pin"),
            ("mode", .string(facts.mode.rawValue)), ("mode-stated", .bool(facts.modeIsStated)),
            ("carrier", .string(facts.carrier.rawValue)),
            ("door", .string(facts.door.rawValue)), ("authenticated-at", .string(facts.authenticatedAt.text)),
            ("status-source", .string(facts.statusSource.rawValue)), ("status-at", .string(facts.statusAt.text)),
            ("rules", .array(decision.determining.map { .string($0) })),
        ]
        let short = try Self.record(decision, question, beside: said), long = try Self.record(decision, question)
        let shortDecision = try #require(short["decision"]).text, longDecision = try #require(long["decision"]).text
        #expect(shortDecision.utf8.count + 200 < longDecision.utf8.count)
        for name in ["\"mode\"", "\"rules\"", "\"context\"", "\"now\"", "status-at"] { #expect(!shortDecision.contains(name), "\(name)") }
        let (one, two) = (try #require(DecisionTrace(record: short)), try #require(DecisionTrace(record: long)))
        #expect(try one.replayed(under: policy).differences == [])
        #expect(one.differences(from: two) == [])
        #expect(try one.replayed(under: policy).question.facts == facts)
        #expect(try one.replayed(under: policy).question.member.id == question.member.id)
        // What is read back is the whole question, to the letter.
        func sorted(_ json: JSON) -> [String] {
            (json.members ?? []).map { $0.0 + "=" + ($0.1.members == nil ? $0.1.text : sorted($0.1).joined(separator: ",")) }.sorted()
        }
        for trace in [one, two] { #expect(sorted(trace.question) == sorted(question.json)) }
    }

    @Test func `is whole again also where little is usual`() throws {
        let member = Member(
            id: try Fixture.memberID("https://m.example"), kind: .servedFirm, displayName: [:],
            accreditation: Accreditation(
                state: .suspended, notBefore: Fixture.now, notAfter: Fixture.now,
                purposes: [try Fixture.purpose("a"), try Fixture.purpose("b")]),
            sector: "another", defaultPurpose: try Fixture.purpose("a"), operatedBy: try Fixture.memberID("https://o.example"))
        let question = Question(
            member: member, purpose: try Fixture.purpose("a"), facts: Fixture.facts(.face), requirement: nil, now: Fixture.now,
            request: RequestFacts(protocol: nil, path: .exchange, asked: nil, actingFor: .company),
            circumstances: Circumstances(load: .emergency))
        let policy = Self.policies()[0]
        let trace = try #require(DecisionTrace(record: try Self.record(policy.decide(question), question)))
        let read = try #require(Question(json: trace.question))
        #expect(read.json == question.json && read.standing == question.standing)
        #expect(read.member.sector == "another" && read.member.accreditation.purposes.count == 2 && read.request == question.request)
        #expect(read.circumstances == question.circumstances && read.member.operatedBy == member.operatedBy)
        #expect(try trace.replayed(under: policy).differences == [])
    }

    @Test func `never takes another's fact for its own`() throws {
        let policy = Self.policies()[0]
        let question = try Self.questions()[4]
        let decision = policy.decide(question)
        // The record speaks of another member and another mode under these names.
        let record = try Self.record(decision, question, beside: [("member", "somebody-else"), ("mode", "presence"), ("purpose", "other")])
        let replay = try #require(DecisionTrace(record: record)).replayed(under: policy)
        #expect(replay.differences == [])
        #expect(replay.question.member.id == question.member.id && replay.question.facts?.mode == question.facts?.mode)
        #expect(replay.question.purpose == question.purpose)
    }

    @Test(arguments: [
        ("\"outcome\":\"permit\"", "\"outcome\":\"deny\"", "outcome"), ("card-pin", "card-face", "context"),
        ("\"carrier\",\"pin-used\"", "\"carrier\"", "release"), ("\"rules\":[\"permit\"]", "\"rules\":[\"other\"]", "determining rules"),
        ("\"mode\":\"pin\"", "\"mode\":\"presence\"", "outcome"),
    ]) func `says what differs when the record was changed`(old: String, new: String, what: String) throws {
        let policy = Self.policies()[0]
        let question = try Self.questions()[4]
        let text = try Self.record(policy.decide(question), question).text
        let changed = text.replacing(old, with: new)
        #expect(changed != text, "\(text)")
        let replay = try #require(DecisionTrace(record: try JSON(reading: changed))).replayed(under: policy)
        #expect(replay.differences.map(\.what).contains(what), "\(replay.differences)")
    }

    @Test func `is none where the record holds none, and refused where its question cannot be read`() throws {
        #expect(DecisionTrace(record: ["event": "logout.done", "policy-version": "v1"]) == nil)
        let policy = Self.policies()[0]
        let question = try Self.questions()[4]
        let text = try Self.record(policy.decide(question), question).text
        let broken = try JSON(reading: text.replacing("\"carrier\":\"card\"", with: "\"carrier\":\"cart\""))
        let trace = try #require(DecisionTrace(record: broken))
        #expect(throws: Replay.Refusal.question) { try trace.replayed(under: policy) }
    }

    @Test func `holds nothing about which citizen it was`() throws {
        for question in try Self.questions() {
            let text = try Self.record(Self.policies()[0].decide(question), question).text
            for word in ["subject", "pairwise", "sub\"", "certificate\":\"", "serial"] { #expect(!text.contains(word)) }
        }
    }
}

@Suite struct `The obligations of a recorded decision` {
    @Test func `are compared whole`() throws {
        let all = Obligations(
            authenticateAgain: AuthenticateAgain(mode: .pin, within: 300), refreshStatus: 900, consent: [.carrier],
            optOut: [.carrier], derived: [.birthDate: .over18], session: SessionLimit(island: "health", lifetime: 900, once: true),
            namesMandate: true, writesLedger: true)
        let variants: [Obligations] = [
            .none, all, Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 301)),
            Obligations(authenticateAgain: AuthenticateAgain(mode: .face, within: 300)), Obligations(refreshStatus: 1),
            Obligations(consent: [.carrier]), Obligations(consent: [.carrier], optOut: [.carrier]),
            Obligations(derived: [.birthDate: .over18]), Obligations(derived: [.birthDate: .over20]),
            Obligations(session: SessionLimit(island: "health")), Obligations(session: SessionLimit(lifetime: 1)),
            Obligations(session: SessionLimit(once: true)), Obligations(namesMandate: true), Obligations(writesLedger: true),
        ]
        #expect(Set(variants.map(\.json.text)).count == variants.count)
        #expect(Obligations.none.json.text == "{}")
    }
}
