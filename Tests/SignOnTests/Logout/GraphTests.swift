import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Checklist S44, §1.4: what binds a session to its members.
@Suite struct `The session graph` {
    private static func session(_ seed: UInt8 = 1, id: UInt8 = 7) throws -> Session {
        Session(
            id: try Fixture.some(SessionID([UInt8](repeating: id, count: 32)), "id"),
            subject: try Fixture.some(SubjectID("subject-of-hanako-0001"), "subject"), authentications: [Fixture.login(.pin)],
            createdAt: Fixture.now, lastSeenAt: Fixture.now, indexSeed: [UInt8](repeating: seed, count: 32))
    }

    private static func grant(_ session: Session, _ member: Member) throws -> Grant {
        let step = SignOn.next(
            for: Ask(member: member.id, askedAt: Fixture.now), by: member, in: session, under: try Fixture.policy(),
            sessions: Fixture.rules, at: Fixture.now)
        guard case .permit(let permit) = step else { throw Missing(what: "permit") }
        return try permit.grant(
            to: try Fixture.some(PairwiseID("pairwise-of-hanako"), "pairwise"), for: Ask(member: member.id, askedAt: Fixture.now))
    }

    @Test func `the thread stays when the id is renewed by a step-up, and tells nothing of the seed`() throws {
        let session = try Self.session()
        let renewed = session.renewed(
            with: Fixture.login(.pin), id: try #require(SessionID([UInt8](repeating: 9, count: 32))), at: Fixture.now)
        #expect(renewed.id != session.id)
        #expect(renewed.thread == session.thread)
        #expect(session.thread.bytes != session.indexSeed)
        #expect(try Self.session(2).thread != session.thread)
    }

    @Test func `index and transient name are the same at every sign-on, and others for every other member and session`() throws {
        let (ministry, shop) = (try Fixture.ministry(), try Fixture.shop())
        let session = try Self.session()
        let first = try Self.grant(session, ministry)
        let second = try Self.grant(session, ministry)
        #expect(first.sessionIndex == second.sessionIndex)
        let transient = first.tie.transientName(for: first.member.id)
        #expect(transient == second.tie.transientName(for: second.member.id))
        let others = [try Self.grant(session, shop), try Self.grant(try Self.session(2), ministry)]
        let names = ([first] + others).flatMap { [$0.sessionIndex, $0.tie.transientName(for: $0.member.id)] }
        #expect(Set(names).count == 6)
        #expect(names.allSatisfy { $0.hasPrefix("_") })
        #expect(transient.utf8.count == 41, "160 bits (SAML Core §8.3.8)")
    }

    @Test func `a grant joins under the name that the answer carries`() throws {
        let session = try Self.session()
        let grant = try Self.grant(session, try Fixture.ministry())
        let name = MemberName.nameID("abc", format: "f", nameQualifier: nil, spNameQualifier: "q")
        let participation = grant.joining(as: name, at: Fixture.now, ledger: nil).participation
        #expect(participation.thread == session.thread)
        #expect(participation.name == name)
        #expect(participation.name.nameQualifier == nil, "absent stays absent")
        #expect(participation.sessionIndex == grant.sessionIndex)
        #expect(participation.expiresAt == grant.sessionEnds)
    }

    @Test(arguments: [0, 31, 33])
    func `what is no thread is none`(count: Int) {
        #expect(SessionThread([UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `32 bytes are a thread`() {
        #expect(SessionThread([UInt8](repeating: 1, count: 32)) != nil)
    }
}
