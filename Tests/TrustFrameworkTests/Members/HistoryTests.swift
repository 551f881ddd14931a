import Testing
import TrustFramework
import Vocabulary

@Suite struct `The life of an accreditation` {
    typealias State = Accreditation.State

    static func event(_ state: State, _ hours: Int64, term: AccreditationTerm? = nil) -> AccreditationEvent {
        AccreditationEvent(state: state, at: Fixture.now.adding(seconds: hours * 3600), by: "registrar", reason: "because", term: term)
    }

    /// The table of the law, written out: every other pair is refused.
    static let legal: [State?: Set<State>] = [
        nil: [.applied, .accredited],
        .applied: [.examined, .withdrawn],
        .examined: [.accredited, .applied, .withdrawn],
        .accredited: [.accredited, .suspended, .withdrawn],
        .suspended: [.accredited, .withdrawn],
        .withdrawn: [.applied],
    ]

    @Test(arguments: [nil] + State.allCases.map(Optional.some), State.allCases)
    func `takes legal steps only`(before: State?, after: State) throws {
        #expect(after.mayFollow(before) == (Self.legal[before] ?? []).contains(after))
    }

    @Test func `goes the whole way and back`() throws {
        let way: [State] = [
            .applied, .examined, .applied, .examined, .accredited, .suspended, .accredited, .accredited, .withdrawn, .applied,
        ]
        let history = try AccreditationHistory(way.enumerated().map { Self.event($1, Int64($0)) })
        #expect(history.events.map(\.state) == way)
    }

    @Test func `names the event that cannot have happened`() {
        #expect(throws: HistoryFault(index: 1, kind: .illegalStep(from: .applied, to: .accredited))) {
            try AccreditationHistory([Self.event(.applied, 0), Self.event(.accredited, 1)])
        }
        #expect(throws: HistoryFault(index: 0, kind: .illegalStep(from: nil, to: .suspended))) {
            try AccreditationHistory([Self.event(.suspended, 0)])
        }
        #expect(throws: HistoryFault(index: 2, kind: .outOfOrder(after: Fixture.now.adding(seconds: 7200)))) {
            try AccreditationHistory([Self.event(.applied, 0), Self.event(.examined, 2), Self.event(.accredited, 1)])
        }
        let term = AccreditationTerm(notBefore: Fixture.now, notAfter: Fixture.now)
        #expect(throws: HistoryFault(index: 1, kind: .termWithoutAccreditation)) {
            try AccreditationHistory([Self.event(.applied, 0), Self.event(.examined, 1, term: term)])
        }
        #expect(throws: HistoryFault(index: AccreditationHistory.mostEvents, kind: .tooMany)) {
            try AccreditationHistory((0...Int64(AccreditationHistory.mostEvents)).map { Self.event(.accredited, $0) })
        }
    }

    @Test func `a term does not end before it begins`() {
        #expect(AccreditationTerm(notBefore: Fixture.now, notAfter: Fixture.now.adding(milliseconds: -1)) == nil)
        #expect(AccreditationTerm(notBefore: Fixture.now, notAfter: Fixture.now) != nil)
    }

    @Test func `finds the event of any moment as a search from the end does`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var events: [AccreditationEvent] = []
            var hour: Int64 = 0
            var state: State?
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                guard let next = State.allCases.filter({ $0.mayFollow(state) }).randomElement(using: &random) else { break }
                hour += Int64.random(in: 0...3, using: &random)
                events.append(Self.event(next, hour))
                state = next
            }
            let history = try AccreditationHistory(events)
            for probe in -1...hour + 1 {
                let moment = Fixture.now.adding(seconds: probe * 3600)
                #expect(history.last(at: moment) == events.last { $0.at <= moment })
            }
        }
    }
}
