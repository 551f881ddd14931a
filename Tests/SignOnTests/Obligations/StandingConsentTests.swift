import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// R9: what a member may be told later, without the citizen, rests on his consent and on the rules of today.
@Suite struct `A consent stands` {
    private static let obligations = Obligations(consent: Duties.facts, writesLedger: true)
    private static let pin = Condition([.mode: .among(["pin"])])
    private static let policy = Duties.policy(obligations, condition: pin)

    private func given(under policy: Policy = Self.policy) throws -> Consent {
        let bank = try Duties.member()
        return try Duties.yes(
            to: Duties.next(Duties.ask(bank, .only(Duties.facts)), bank, try Duties.session(Duties.login()), policy))
    }

    private func stands(
        _ consent: Consent, _ policy: Policy = Self.policy, member: Member? = nil, telling asked: Set<AttributeSource> = [.cardMode],
        at moment: Timestamp = Fixture.now
    ) throws -> StandingConsent? {
        consent.stands(for: try member ?? Duties.member(), toTell: asked, under: policy, at: moment)
    }

    @Test func `while the rules that it was given under permit such a login`() throws {
        let consent = try given()
        let standing = try #require(try stands(consent))
        #expect(standing.decision.determining == ["dutiful"] && standing.question.request.path == .refresh)
    }

    @Test func `for what was agreed to and for nothing more`() throws {
        #expect(try stands(try given(), telling: [.name]) == nil)
        #expect(try stands(try given(), telling: []) == nil)
    }

    @Test func `for its own member`() throws {
        #expect(try stands(try given(), member: try Duties.member("other")) == nil)
    }

    @Test func `no longer once the rule says something else, forbids, or is gone`() throws {
        let consent = try given()
        #expect(try stands(consent, Duties.policy(Self.obligations, says: ["en": "For advertising."], condition: Self.pin)) == nil)
        let forbidding = Rule(id: "never", effect: .forbid, condition: Condition([.path: .among(["refresh"])]), basis: "law")
        #expect(try stands(consent, Duties.policy(Self.obligations, condition: Self.pin, more: [forbidding])) == nil)
        #expect(try stands(consent, Policy(rules: [], ladder: Fixture.ladder, version: "v3")) == nil)
        #expect(try stands(consent, Duties.policy(Self.obligations, release: [.pinUsed], condition: Self.pin)) == nil)
    }

    @Test func `through a change of the policy elsewhere`() throws {
        let beside = Rule(id: "elsewhere", effect: .permit, condition: Condition([.member: .among(["shop"])]), basis: "law")
        #expect(try stands(try given(), Duties.policy(Self.obligations, condition: Self.pin, version: "v2", more: [beside])) != nil)
    }

    @Test func `only while the member's accreditation is in force`() throws {
        #expect(try stands(try given(), at: Fixture.now.adding(seconds: 200_000)) == nil)
    }
}
