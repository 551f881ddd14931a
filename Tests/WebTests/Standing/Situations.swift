import Settings
import Testing
import TrustFramework
import Vocabulary
import Web

/// Every way in which a member can stand, made of one that is registered.
enum Situation: String, CaseIterable, Sendable {
    // In force.
    case inForce, reinstated, renewed, servedByOneInForce
    // Not in force.
    case applied, examined, notYet, expired, suspended, withdrawn, appliedAgain, suspendedWithoutHistory
    case operatorSuspended, operatorWithdrawn, operatorExpired, operatorOnlyApplied, operatorUnknown, operatorOfAnotherKind,
        operatorsInACircle
    case nobodyAnyMore

    var isInForce: Bool { [.inForce, .reinstated, .renewed, .servedByOneInForce].contains(self) }

    private static let day: Int64 = 86_400
    private static let operatorID = "https://platform.example.jp/operator"

    /// The federation with this member in this situation at `now`.
    func federation(_ federation: Federation, _ id: MemberID, at now: Timestamp) throws -> Federation {
        if self == .nobodyAnyMore { return federation.removing(id) }
        let old = try #require(federation.registration(id))
        let provider = try #require(MemberID(Self.operatorID))
        var served: MemberID?
        var result = federation
        func register(_ state: Accreditation.State, kind: MemberKind = .platformOperator, until days: Int64 = 100, by: MemberID? = nil) {
            let purposes = old.member.accreditation.purposes
            result = result.adding(
                Registration(
                    member: Member(
                        id: provider, kind: kind, displayName: [:],
                        accreditation: Accreditation(
                            state: state, notBefore: now.adding(seconds: -100 * Self.day), notAfter: now.adding(seconds: days * Self.day),
                            purposes: purposes), defaultPurpose: old.member.defaultPurpose, operatedBy: by), speech: old.speech,
                    file: "Metadata/members/operator.yaml"))
        }
        switch self {
        case .servedByOneInForce: register(.accredited)
        case .operatorSuspended: register(.suspended)
        case .operatorWithdrawn: register(.withdrawn)
        case .operatorExpired: register(.accredited, until: -1)
        case .operatorOnlyApplied: register(.applied)
        case .operatorOfAnotherKind: register(.accredited, kind: .ministry)
        case .operatorsInACircle: register(.accredited, by: provider)
        default: break
        }
        if self == .servedByOneInForce || rawValue.hasPrefix("operator") { served = provider }
        let member = Member(
            id: id, kind: old.member.kind, displayName: old.member.displayName, accreditation: try accreditation(old.member, at: now),
            sector: old.member.sector, defaultPurpose: old.member.defaultPurpose, operatedBy: served)
        return result.adding(
            Registration(member: member, speech: old.speech, file: old.file, companion: old.companion, paper: old.paper))
    }

    private func accreditation(_ member: Member, at now: Timestamp) throws -> Accreditation {
        let purposes = member.accreditation.purposes
        func at(_ days: Int64) -> Timestamp { now.adding(seconds: days * Self.day) }
        let term = AccreditationTerm(notBefore: at(-50), notAfter: at(50))
        func event(_ state: Accreditation.State, _ days: Int64, _ term: AccreditationTerm? = nil) -> AccreditationEvent {
            AccreditationEvent(state: state, at: at(days), by: "registrar", reason: "test", term: term)
        }
        func lived(_ events: [AccreditationEvent]) throws -> Accreditation {
            try #require(
                Accreditation(
                    history: try AccreditationHistory(events), notBefore: at(-50), notAfter: at(50), purposes: purposes))
        }
        func plain(_ state: Accreditation.State, _ first: Int64 = -50, _ last: Int64 = 50) -> Accreditation {
            Accreditation(state: state, notBefore: at(first), notAfter: at(last), purposes: purposes)
        }
        let life = [event(.applied, -60), event(.examined, -55), event(.accredited, -50, term)]
        return switch self {
        case .reinstated: try lived(life + [event(.suspended, -9), event(.accredited, 0)])
        case .renewed: try lived(life + [event(.accredited, -9, term)])
        case .applied: try lived([event(.applied, -1)])
        case .examined: try lived([event(.applied, -2), event(.examined, -1)])
        case .notYet: plain(.accredited, 1, 50)
        case .expired: plain(.accredited, -50, -1)
        case .suspended: try lived(life + [event(.suspended, 0)])
        case .withdrawn: try lived(life + [event(.withdrawn, 0)])
        case .appliedAgain: try lived(life + [event(.withdrawn, -2), event(.applied, -1)])
        case .suspendedWithoutHistory: plain(.suspended)
        default: plain(.accredited)
        }
    }
}

extension House {
    /// As a reload does it: the next request finds the member so.
    func put(_ situation: Situation, on id: String) throws {
        let settings = platform.configuration.current
        let member = try #require(MemberID(id))
        platform.configuration.replace(settings.answering(try situation.federation(settings.federation, member, at: now)))
    }

    /// The deployment as it was when the test began.
    func restore(_ original: Configuration) { platform.configuration.replace(original) }
}

@Suite struct `The situations of the matrix` {
    @Test(arguments: Situation.allCases)
    func `are what they are called`(situation: Situation) async throws {
        let settings = try await World.shared().configuration
        let id = try #require(MemberID(Parties.library))
        let federation = try situation.federation(settings.federation, id, at: World.now)
        #expect((federation.member(id)?.standing(at: World.now) == .inForce) == situation.isInForce)
    }

    @Test func `cover every standing there is`() async throws {
        let settings = try await World.shared().configuration
        let id = try #require(MemberID(Parties.library))
        let found = try Set(
            Situation.allCases.compactMap { try $0.federation(settings.federation, id, at: World.now).member(id)?.standing(at: World.now) })
        #expect(found == Set(Standing.allCases))
    }
}
