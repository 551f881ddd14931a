import Cryptography
import Outbound
import Synchronization
import Vocabulary

/// What is known of each responder: whether it rests, which form of question it understands, its gauges.
final class Responders: Sendable {
    /// A request as a responder may want it.
    struct Form: Hashable, Sendable {
        let digest: DigestAlgorithm
        let hasNonce: Bool
        var isGet = false
    }

    /// The form that was answered after another was not.
    private struct Understood: Sendable {
        /// Seconds after which the configured method and nonce are tried again: what led away from them may have been a cache's mishap, or
        /// a `malformedRequest`, which nobody signs.
        static let lifetime: Int64 = 300

        let form: Form
        let since: Timestamp

        /// A clock that was set back does not make it last longer.
        func isRecent(at now: Timestamp) -> Bool { abs(now.seconds(since: since)) < Self.lifetime }
    }

    private struct Known: Sendable {
        var gauges: StatusHealth.Responder
        var breaker: Breaker
        var understood: Understood?
        /// Counts up with every question to anybody.
        var lastAsked: UInt64 = 0
    }

    private struct State: Sendable {
        var known: [String: Known] = [:]
        var questions: UInt64 = 0
    }

    /// Hosts are listed by the operator, but certificates may name many ports and paths of them.
    private let most = 64
    private let rest: StatusRules.Rest
    private let state: Mutex<State>

    /// The configured ones are there from the start, so that one that was never asked is seen too.
    init(main: WebAddress?, fallBack: WebAddress?, rest: StatusRules.Rest) {
        self.rest = rest
        var state = State()
        for (address, role) in [(fallBack, StatusHealth.Role.fallBack), (main, .main)] {
            guard let name = address.map(Self.name) else { continue }
            state.known[name] = Known(gauges: .init(name: name, role: role), breaker: Breaker(rest))
        }
        self.state = Mutex(state)
    }

    /// The address without its query.
    static func name(_ address: WebAddress) -> String { address.origin + address.path }

    var gauges: [StatusHealth.Responder] {
        state.withLock { $0.known.values.map(\.gauges) }.sorted { ($0.role.rawValue, $0.name) < ($1.role.rawValue, $1.name) }
    }

    /// Takes a seat for one request; false when the responder rests or is busy.
    func admits(_ name: String, at now: Timestamp) -> Bool {
        state.withLock { state in
            if state.known[name] == nil { makeRoom(&state) }
            var entry = state.known[name] ?? Known(gauges: .init(name: name, role: .certificate), breaker: Breaker(rest))
            let isAdmitted = entry.breaker.admits(at: now)
            if isAdmitted { entry.gauges.asked += 1 } else { entry.gauges.passedOver += 1 }
            state.questions &+= 1
            entry.lastAsked = state.questions
            state.known[name] = entry
            return isAdmitted
        }
    }

    /// Forgets the one that certificates named longest ago.
    private func makeRoom(_ state: inout State) {
        guard state.known.count >= most else { return }
        let oldest = state.known.filter { $0.value.gauges.role == .certificate }.min { $0.value.lastAsked < $1.value.lastAsked }
        if let oldest { state.known[oldest.key] = nil }
    }

    /// The form to ask in first. For a while it is the one that was answered; for good only its digest is, in place of the configured one.
    func form(_ name: String, orElse configured: Form, at now: Timestamp) -> Form {
        guard let understood = state.withLock({ $0.known[name]?.understood }) else { return configured }
        if understood.isRecent(at: now) { return understood.form }
        return Form(digest: understood.form.digest, hasNonce: configured.hasNonce, isGet: configured.isGet)
    }

    /// Only of a form that was not the first to be tried: else questions under way when the while is over would begin it anew.
    func understood(_ name: String, _ form: Form, at now: Timestamp) {
        change(name) { $0.understood = Understood(form: form, since: now) }
    }

    func withdrew(_ name: String, at now: Timestamp) { change(name) { $0.breaker.finished(.withdrawn, at: now) } }

    func failed(_ name: String, _ why: StatusHealth.Failure, at now: Timestamp) {
        change(name) { entry in
            entry.breaker.finished(why.isOfTheWay ? .failed : .served, at: now)
            entry.gauges.failures[why, default: 0] += 1
            // Our own rules stood before it: nothing was sent.
            if why == .refused { entry.gauges.asked -= 1 }
            entry.gauges.lastFailure = now
            entry.gauges.lastFailureCode = why
            entry.gauges.restsUntil = entry.breaker.rests(at: now)
        }
    }

    /// `gaveNonce` is nil when none was sent.
    func answered(_ name: String, thisUpdate: Timestamp?, gaveNonce: Bool?, at now: Timestamp) {
        change(name) { entry in
            entry.breaker.finished(.served, at: now)
            entry.gauges.answered += 1
            entry.gauges.lastSuccess = now
            entry.gauges.restsUntil = nil
            if let gaveNonce { entry.gauges.givesNonce = gaveNonce }
            if let thisUpdate, entry.gauges.newestAnswer.map({ $0 < thisUpdate }) ?? true { entry.gauges.newestAnswer = thisUpdate }
        }
    }

    private func change(_ name: String, _ change: (inout Known) -> Void) {
        state.withLock { state in
            guard var entry = state.known[name] else { return }
            change(&entry)
            state.known[name] = entry
        }
    }
}
