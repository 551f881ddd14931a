import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Checklist H1, H2.
@Suite struct `A session` {
    @Test(arguments: [
        (Int64(0), Int64(0), true), (1799, 1799, true), (1800, 1800, false), (28_799, 10, true), (28_800, 10, false),
        (28_800, 28_800, false),
    ]) func `ends when it is idle too long, and at the latest when its time is over`(age: Int64, idle: Int64, isAlive: Bool) throws {
        let session = try Fixture.session(
            [Fixture.login(.pin)], created: Fixture.now, seen: Fixture.now.adding(seconds: age - idle))
        #expect(session.isAlive(at: Fixture.now.adding(seconds: age), under: Fixture.rules) == isAlive)
    }

    @Test func `that has ended serves nobody, and no step-up`() throws {
        let shop = try Fixture.shop()
        let session = try Fixture.session([Fixture.login(.pin)])
        let step = try Fixture.next(Fixture.ask(shop), shop, session, at: Fixture.now.adding(seconds: 1800))
        #expect(step.picture == "authenticate card-presence, card-face, card-pin", "nobody is here any more, so anybody may log in")
    }

    @Test func `without a login is none`() throws {
        #expect(!(try Fixture.session([])).isAlive(at: Fixture.now, under: Fixture.rules))
    }

    @Test func `renews its id at every login, and keeps its citizen, its end and its seed`() throws {
        let session = try Fixture.session([Fixture.login(.face)])
        let id = try #require(SessionID([UInt8](repeating: 2, count: 32)))
        let later = Fixture.now.adding(seconds: 60)
        let renewed = session.renewed(with: Fixture.login(.pin, at: later), id: id, at: later)
        #expect(renewed.id == id)
        #expect(renewed.id != session.id)
        #expect(renewed.subject == session.subject)
        #expect(renewed.createdAt == session.createdAt)
        #expect(renewed.expires(under: Fixture.rules) == session.expires(under: Fixture.rules), "a step-up prolongs nothing")
        #expect(renewed.lastSeenAt == later)
        #expect(renewed.indexSeed == session.indexSeed)
        #expect(renewed.authentications.map(\.facts.mode) == [.face, .pin])
    }

    @Test func `keeps the last few logins only`() throws {
        var session = try Fixture.session([Fixture.login(.face)])
        for second in 1...50 as ClosedRange<Int64> {
            let moment = Fixture.now.adding(seconds: second)
            session = session.renewed(with: Fixture.login(.pin, at: moment), id: session.id, at: moment)
        }
        #expect(session.authentications.count == 4)
        #expect(session.authentications.last?.facts.authenticatedAt == Fixture.now.adding(seconds: 50))
    }

    @Test(arguments: [0, 16, 31, 33, 64]) func `id is a digest and nothing else`(count: Int) {
        #expect(SessionID([UInt8](repeating: 0, count: count)) == nil)
    }
}

/// Checklist S44: members must not be able to compare their session indices.
@Suite struct `A session index` {
    static func index(_ member: Member, seed: UInt8 = 7) throws -> String {
        let session = try Fixture.session([Fixture.login(.pin)], seed: seed)
        return try #require(try Fixture.next(Fixture.ask(member), member, session).permitted).sessionIndex
    }

    @Test func `differs between members of one session`() throws {
        #expect(try Self.index(Fixture.ministry()) != Self.index(Fixture.shop()))
    }

    @Test func `is the same for one member as long as the session lasts`() throws {
        #expect(try Self.index(Fixture.shop()) == Self.index(Fixture.shop()))
    }

    @Test func `differs between sessions`() throws {
        #expect(try Self.index(Fixture.shop(), seed: 7) != Self.index(Fixture.shop(), seed: 8))
    }

    @Test func `is an XML name that shows neither session nor citizen`() throws {
        let index = try Self.index(Fixture.shop())
        #expect(index.hasPrefix("_") && index.utf8.count == 33)
        #expect(!index.contains("citizen"))
    }
}

@Suite struct `A permit` {
    static func permit(_ member: Member) throws -> Permit {
        try #require(try Fixture.next(Fixture.ask(member), member, Fixture.session([Fixture.login(.pin)])).permitted)
    }

    @Test func `becomes a grant to the pairwise identifier`() throws {
        let shop = try Fixture.shop()
        let pairwise = try #require(PairwiseID("abcdefghijklmnop"))
        let grant = try Self.permit(shop).grant(to: pairwise, for: Fixture.ask(shop))
        #expect(grant.pairwise == pairwise)
        #expect(grant.member == shop)
        #expect(grant.purpose.text == "points")
        #expect(grant.context.name == "card-pin")
        #expect(grant.sessionExpires == Fixture.now.adding(seconds: Fixture.rules.absolute))
    }

    /// SAML Core §3.4.1.2; OpenID Connect Core §3.1.2.2; checklist S27.
    @Test func `grants the expected citizen and no other`() throws {
        let shop = try Fixture.shop()
        let (here, other) = (try #require(PairwiseID("abcdefghijklmnop")), try #require(PairwiseID("ponmlkjihgfedcba")))
        let permit = try Self.permit(shop)
        #expect(try permit.grant(to: here, for: Fixture.ask(shop, expected: here)).pairwise == here)
        #expect(throws: SignOnRefusal.otherCitizen) { try permit.grant(to: here, for: Fixture.ask(shop, expected: other)) }
    }
}
