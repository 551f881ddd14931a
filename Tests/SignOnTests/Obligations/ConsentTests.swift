import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A consent` {
    static let policy = Duties.policy(Obligations(consent: Duties.person), release: Duties.facts.union(Duties.person))
    static let wish = ReleaseWish.only([.name, .address])

    private func asked(_ policy: Policy = Self.policy, _ wish: ReleaseWish = Self.wish, consent: Consent? = nil) throws -> Step {
        let bank = try Duties.member()
        return Duties.next(
            Duties.ask(bank, wish), bank, try Duties.session(Duties.login()), policy,
            given: Given(consent: consent, record: try Duties.record(bank)))
    }

    @Test func `is asked for exactly what would be told, with its values`() throws {
        guard case .consent(let need) = try asked() else {
            Issue.record("no consent was asked for")
            return
        }
        #expect(need.released.map(\.source) == [.name, .nameSubstitution, .address, .addressSubstitution])
        #expect(need.released.first?.text == "山田太郎")
        #expect(need.asks == [.name, .address])
        #expect(need.says == [["en": "Because it matters."]])
        #expect(need.bases == ["law"])
    }

    @Test func `once given is remembered, and what is told is what was shown`() throws {
        let consent = try Duties.yes(to: try asked())
        let permit = try #require(try asked(consent: consent).permitted)
        #expect(permit.attributes.map(\.source) == [.name, .nameSubstitution, .address, .addressSubstitution])
        #expect(permit.met.consent == consent)
    }

    @Test func `holds for less than was agreed to`() throws {
        let consent = try Duties.yes(to: try asked())
        #expect(try asked(Self.policy, .only([.name]), consent: consent).permitted?.attributes.map(\.source) == [.name, .nameSubstitution])
    }

    @Test func `does not hold for more`() throws {
        let consent = try Duties.yes(to: try asked())
        #expect(try asked(Self.policy, .only(Duties.person), consent: consent).picture == "consent to address, birth-date, name")
    }

    @Test func `does not hold for another citizen, member, purpose, or meaning of the rule`() throws {
        let given = try Duties.yes(to: try asked())
        let others = [
            Consent(
                subject: try #require(SubjectID("another-citizen-01")), member: given.member, purpose: given.purpose, given: given.given,
                declined: [], meaning: given.meaning, policyVersion: "v1", at: given.at),
            Consent(
                subject: given.subject, member: try #require(MemberID("shop")), purpose: given.purpose, given: given.given, declined: [],
                meaning: given.meaning, policyVersion: "v1", at: given.at),
            Consent(
                subject: given.subject, member: given.member, purpose: try #require(Purpose("marketing")), given: given.given,
                declined: [], meaning: given.meaning, policyVersion: "v1", at: given.at),
            Consent(
                subject: given.subject, member: given.member, purpose: given.purpose, given: given.given, declined: [],
                meaning: [UInt8](repeating: 0, count: 32), policyVersion: "v1", at: given.at),
        ]
        for other in others { #expect(try asked(consent: other).picture == "consent to address, name") }
    }

    @Test func `is asked anew when the rule says something else, not when the rest of the policy changes`() throws {
        let consent = try Duties.yes(to: try asked())
        let reworded = Duties.policy(
            Obligations(consent: Duties.person), release: Duties.facts.union(Duties.person), says: ["en": "For advertising."])
        #expect(try asked(reworded, consent: consent).picture == "consent to address, name")
        let beside = Duties.policy(
            Obligations(consent: Duties.person), release: Duties.facts.union(Duties.person), version: "v2",
            more: [Rule(id: "elsewhere", effect: .permit, condition: Condition([.member: .among(["shop"])]), basis: "law")])
        #expect(try asked(beside, consent: consent).permitted != nil)
    }

    @Test func `answers a passive request with its absence`() throws {
        let bank = try Duties.member()
        let given = Given(record: try Duties.record(bank))
        let step = Duties.next(
            Duties.ask(bank, Self.wish, passive: true), bank, try Duties.session(Duties.login()), Self.policy, given: given)
        #expect(step.picture == "refuse signon.passive.consent")
        let consent = try Duties.yes(to: try asked())
        let answered = Duties.next(
            Duties.ask(bank, Self.wish, passive: true), bank, try Duties.session(Duties.login()), Self.policy,
            given: Given(consent: consent, record: given.record))
        #expect(answered.permitted != nil)
    }

    @Test func `is needed for nothing that is not told`() throws {
        #expect(try asked(Self.policy, .only([.pinUsed])).permitted?.attributes.map(\.source) == [.pinUsed])
    }

    @Test func `leaves out what the rule lets the citizen leave out, and nothing else`() throws {
        let policy = Duties.policy(
            Obligations(consent: Duties.person, optOut: [.address]), release: Duties.facts.union(Duties.person))
        let step = try asked(policy)
        let consent = try Duties.yes(to: step, without: [.address])
        #expect(try asked(policy, consent: consent).permitted?.attributes.map(\.source) == [.name, .nameSubstitution])
        guard case .consent(let need) = step else { return }
        #expect(need.agreed(without: [.name], at: Fixture.now) == nil)
        // When the rule no longer lets it be left out, the citizen is asked again.
        #expect(try asked(Self.policy, consent: consent).picture == "consent to address, name")
    }

    @Test func `has a form of its own for whatever is shown`() throws {
        guard case .consent(let one) = try asked(), case .consent(let other) = try asked(Self.policy, .only(Duties.person)),
            case .consent(let again) = try asked()
        else {
            Issue.record("no consent was asked for")
            return
        }
        #expect(one.digest == again.digest)
        #expect(one.digest != other.digest)
    }
}

@Suite struct `What is told` {
    static let all = Duties.facts.union(Duties.person)

    private func told(
        _ wish: ReleaseWish, _ obligations: Obligations = .none, member: Member? = nil, release: Set<AttributeSource> = Self.all
    ) throws -> [AttributeSource]? {
        let bank = try member ?? Duties.member()
        return Duties.next(
            Duties.ask(bank, wish), bank, try Duties.session(Duties.login()), Duties.policy(obligations, release: release),
            given: Given(record: try Duties.record(bank))
        ).permitted?.attributes.map(\.source)
    }

    @Test func `is nothing of the person that was not asked for by name`() throws {
        #expect(try told(.unsaid) == [.pinUsed, .cardMode])
        #expect(try told(.facts(and: [.name])) == [.pinUsed, .cardMode, .name, .nameSubstitution])
        #expect(try told(.only([.name])) == [.name, .nameSubstitution])
        #expect(try told(.only([])) == [])
    }

    @Test func `is never more than the rules release`() throws {
        #expect(try told(.only([.name, .sex]), release: [.name]) == [.name, .nameSubstitution])
        #expect(try told(.all, release: [.pinUsed]) == [.pinUsed])
    }

    @Test func `is never more than the accreditation covers`() throws {
        let member = try Duties.member(attributes: [.pinUsed, .name, .nameSubstitution])
        #expect(try told(.all, member: member) == [.pinUsed, .name, .nameSubstitution])
        #expect(try told(.only([.address]), member: member) == nil, "what it asks for expressly and may not have is refused as a whole")
    }

    @Test func `is the smaller form, whether the whole or the part was asked for`() throws {
        let derive = Obligations(derived: [.birthDate: .over18, .address: .municipality])
        #expect(try told(.only([.birthDate]), derive) == [.over18])
        #expect(try told(.only([.over18]), derive) == [.over18])
        #expect(try told(.only([.address, .name]), derive)?.contains(.address) == false)
        #expect(try told(.all, derive)?.contains(.birthDate) == false)
    }

    @Test func `asks consent for the smaller form under the name of the whole`() throws {
        let bank = try Duties.member()
        let policy = Duties.policy(
            Obligations(consent: [.birthDate], derived: [.birthDate: .over18]), release: [.birthDate])
        let step = Duties.next(
            Duties.ask(bank, .only([.birthDate])), bank, try Duties.session(Duties.login()), policy,
            given: Given(record: try Duties.record(bank)))
        guard case .consent(let need) = step else {
            Issue.record("no consent was asked for: \(step.picture)")
            return
        }
        #expect(need.asks == [.over18])
        #expect(need.derived == [.over18: .birthDate])
    }
}

@Suite struct `A signature certificate` {
    static let policy = Duties.policy(.none, release: [.pinUsed, .name])

    @Test(arguments: [true, false]) func `has to be presented before anything of the person is told`(expired: Bool) throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login())
        let given = expired ? Given(record: try Duties.record(bank, alive: false)) : .nothing
        let step = Duties.next(Duties.ask(bank, .only([.name])), bank, session, Self.policy, given: given)
        #expect(step.picture == "signature for name")
        #expect(
            Duties.next(Duties.ask(bank, .only([.name]), passive: true), bank, session, Self.policy, given: given).picture
                == "refuse signon.passive.signature")
    }

    @Test func `is nobody's business where nothing of the person is asked for`() throws {
        let bank = try Duties.member()
        #expect(Duties.next(Duties.ask(bank), bank, try Duties.session(Duties.login()), Self.policy).permitted != nil)
    }

    @Test func `is presented where a rule wants one beside the login`() throws {
        let bank = try Duties.member()
        let policy = Duties.policy(.none, condition: Condition([.signatureCertificate: .among(["true"])]))
        let session = try Duties.session(Duties.login())
        #expect(Duties.next(Duties.ask(bank), bank, nil, policy).picture.hasPrefix("authenticate"))
        #expect(Duties.next(Duties.ask(bank), bank, session, policy).picture == "signature for ")
        let permit = Duties.next(Duties.ask(bank), bank, session, policy, given: Given(record: try Duties.record(bank))).permitted
        #expect(permit?.facts.signatureCertificate == true)
    }
}

@Suite struct `The citizen's ledger` {
    private func grant(_ obligations: Obligations, _ wish: ReleaseWish = .unsaid, consent: Bool = false) throws -> Grant {
        let bank = try Duties.member()
        let policy = Duties.policy(obligations, release: Duties.facts.union(Duties.person))
        let ask = Duties.ask(bank, wish)
        let session = try Duties.session(Duties.login())
        var given = Given(record: try Duties.record(bank))
        let step = Duties.next(ask, bank, session, policy, given: given)
        if consent { given.consent = try Duties.yes(to: step) }
        let permit = try #require(Duties.next(ask, bank, session, policy, given: given).permitted)
        return try permit.grant(to: try #require(PairwiseID("pairwise-0123456789")), for: ask)
    }

    @Test func `has no entry of a plain login`() throws {
        var random = SystemRandomNumberGenerator()
        let grant = try grant(.none)
        #expect(grant.ledgerEntry(telling: ["pin-used"], at: Fixture.now, using: &random) == nil)
    }

    @Test func `has one where a rule says so, where a person is told of, and where a consent was given`() throws {
        var random = SystemRandomNumberGenerator()
        let grants = [
            try grant(Obligations(writesLedger: true)), try grant(.none, .only([.name])),
            try grant(Obligations(consent: [.pinUsed]), consent: true),
        ]
        for grant in grants {
            let entry = try #require(grant.ledgerEntry(telling: ["pin-used"], at: Fixture.now, using: &random))
            #expect(entry.member.text == "bank")
            #expect(entry.rules == ["dutiful"])
            #expect(entry.bases == ["law"])
            #expect(entry.policyVersion == "v1")
            #expect(entry.protocolName == "openid")
            #expect(entry.path == .signOn)
            #expect(entry.subject.text == Duties.citizen)
            #expect((entry.consentedAt != nil) == (grant.consent != nil))
        }
    }

    @Test(arguments: ["", "abc", "0123456789abcdef0123456789abcdeF", "0123456789abcdef0123456789abcdef0"])
    func `has references of one form`(text: String) throws {
        #expect(LedgerReference(text) == nil)
        #expect(LedgerReference("0123456789abcdef0123456789abcdef") != nil)
    }
}
