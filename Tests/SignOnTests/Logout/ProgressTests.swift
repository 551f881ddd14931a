import SignOn
import Testing
import Vocabulary

/// The machine: who is told by which channel, what the citizen sees, what the one who asked gets (SAML Core §3.7.3.2; eGov 2.0 §2.7.2).
@Suite struct `A logout under way` {
    private static func logout(propagates: Bool = true, hasBrowser: Bool = true) throws -> Logout {
        Logout(
            id: try Fixture.some(LogoutID("logout-0123456789"), "id"), browser: hasBrowser ? [1] : nil, origin: .ownPage, message: [],
            initiator: nil, propagates: propagates, startedAt: Fixture.now, expiresAt: Fixture.now.adding(seconds: Logout.lifetime))
    }

    private static func leg(
        _ number: Int, _ channel: LogoutChannel, _ state: LogoutLeg.State = .open, _ reason: LogoutReason? = nil, attempts: Int = 0
    ) throws -> LogoutLeg {
        let logout = try logout()
        return LogoutLeg(
            id: LogoutLegID(logout: logout.id, number: number),
            participation: Participation(
                thread: try Fixture.some(SessionThread([UInt8](repeating: 1, count: 32)), "thread"),
                subject: try Fixture.some(SubjectID("subject-of-hanako-0001"), "subject"),
                member: try Fixture.some(MemberID("member-\(number)"), "member"), name: .subject("s"), sessionIndex: "_1",
                joinedAt: Fixture.now, expiresAt: Fixture.now),
            channel: channel, state: state, reason: reason, request: nil, attempts: attempts, changedAt: Fixture.now)
    }

    private static func progress(_ legs: [LogoutLeg]) throws -> LogoutProgress { LogoutProgress(try logout(), legs) }

    @Test func `without members it is done and complete`() throws {
        let progress = try Self.progress([])
        #expect(progress.step(at: Fixture.now) == .done)
        #expect(progress.outcome == .complete)
    }

    @Test func `members of the browser come one by one, in the order they joined`() throws {
        let legs = [try Self.leg(1, .back), try Self.leg(2, .front), try Self.leg(3, .front)]
        #expect(try Self.progress(legs).step(at: Fixture.now) == .visit(legs[1].id))
    }

    @Test func `a member that stays silent holds nobody up, and counts as open`() throws {
        let legs = [try Self.leg(1, .front, .asked), try Self.leg(2, .front)]
        let progress = try Self.progress(legs)
        #expect(progress.step(at: Fixture.now) == .visit(legs[1].id))
        let last = try Self.progress([try Self.leg(1, .front, .asked), try Self.leg(2, .front, .ended)])
        #expect(last.step(at: Fixture.now) == .done)
        #expect(last.outcome == .partial)
        #expect(last.result(of: last.legs[0], at: Fixture.now) == .open)
    }

    @Test func `a member that was skipped is not visited again by itself`() throws {
        #expect(try Self.progress([try Self.leg(1, .front, .open, .skipped)]).step(at: Fixture.now) == .done)
    }

    @Test func `members that we tell ourselves are waited for while there is patience, and no longer`() throws {
        let progress = try Self.progress([try Self.leg(1, .back, .asked, attempts: 1)])
        #expect(progress.step(at: Fixture.now.adding(seconds: LogoutProgress.patience - 1)) == .wait)
        #expect(progress.step(at: Fixture.now.adding(seconds: LogoutProgress.patience)) == .done)
        #expect(progress.outcome == .partial)
    }

    @Test func `one that failed to answer is not waited for: the queue has it`() throws {
        let progress = try Self.progress([try Self.leg(1, .back, .open, .unreachable, attempts: 1)])
        #expect(!progress.isDelivering)
        #expect(progress.step(at: Fixture.now) == .done)
    }

    @Test func `it runs out`() throws {
        let progress = try Self.progress([try Self.leg(1, .front)])
        #expect(progress.step(at: Fixture.now.adding(seconds: Logout.lifetime)) == .done)
    }

    @Test(arguments: LogoutLeg.State.allCases)
    func `only when everybody said so it is complete`(state: LogoutLeg.State) throws {
        let progress = try Self.progress([try Self.leg(1, .back, .ended), try Self.leg(2, .front, state)])
        #expect(progress.outcome == (state == .ended ? .complete : .partial))
    }

    @Test func `the citizen may leave the others open, and is shown which they are`() throws {
        for channel in LogoutChannel.allCases {
            #expect(LogoutPlan(channel).under(try Self.logout(propagates: false)) == LogoutPlan(.none, .leftOpen))
        }
        #expect(LogoutPlan(.back).under(try Self.logout()) == LogoutPlan(.back))
    }

    @Test func `without a browser nobody is told by one`() throws {
        let logout = try Self.logout(hasBrowser: false)
        #expect(LogoutPlan(.front).under(logout) == LogoutPlan(.none, .browserOnly))
        #expect(LogoutPlan(.back).under(logout) == LogoutPlan(.back))
        #expect(LogoutPlan(.front).under(try Self.logout()) == LogoutPlan(.front))
        #expect(LogoutPlan(.none).under(logout) == LogoutPlan(.none, .noService))
    }

    @Test func `a member that does not answer is tried again, ever more seldom, and at least five times in the hour`() {
        let pauses = (1...9).map(LogoutRetry.pause)
        #expect(pauses == pauses.sorted())
        #expect(pauses.prefix(5).reduce(0, +) < Logout.lifetime)
        #expect(pauses.allSatisfy { $0 > 0 })
    }
}
