import Glibc
import Synchronization

/// A PKCS#11 token that signs and decrypts for us, with a few threads that talk to it and nobody who waits for it longer than agreed.
///
/// A module is somebody else's code over somebody else's network: a call may take long, hang, or find the token gone. So calls run on
/// threads of the token, one session each; whoever asked waits at most `patience` and then has its refusal, while the thread stays behind.
/// A token that failed is left alone for a while (a second, then longer, half a minute at most) in which every question is refused at once;
/// then one question tries again: with a new session, a new login, and in the end the whole module anew.
package final class Token: Sendable {
    package struct Rules: Hashable, Sendable {
        /// Milliseconds that a signature may take.
        package let patience: Int64
        /// Calls at the same time, which is sessions and threads.
        package let sessions: Int

        package init(patience: Int64 = 2000, sessions: Int = 4) {
            self.patience = max(1, patience)
            self.sessions = min(max(1, sessions), 64)
        }
    }

    package enum Health: Hashable, Sendable {
        case untried, good
        case failing(TokenFault)
    }

    /// Which token of which module.
    package struct Place: Hashable, Sendable {
        let module: String
        let token: TokenURI
    }

    package let place: Place
    private let desk: Monitor<Desk>

    private struct Desk {
        var queue: [TokenJob] = []
        var workers = 0
        var idle = 0
        /// Workers that hang in a call for which nobody waits any more.
        var stuck = 0
        var health = Health.untried
        /// Until when nobody tries.
        var restUntil: Int64 = 0
        var rest: Int64 = Token.shortestRest
        var rules = Rules()
        var pin: TokenPIN
    }

    private static let shortestRest: Int64 = 1000
    private static let longestRest: Int64 = 30_000
    private static let known = Mutex<[Place: Token]>([:])

    /// The one `Token` of that place in this process: a login is the process's, and so are refused PINs. Rules and PIN are those given last.
    /// Nothing is loaded or asked yet.
    package static func at(module: String, _ uri: TokenURI, rules: Rules, pin: @escaping TokenPIN) -> Token {
        let place = Place(module: module, token: uri.tokenOnly)
        let token = known.withLock { known in
            if let token = known[place] { return token }
            let token = Token(place, pin: pin)
            known[place] = token
            return token
        }
        token.desk.change { ($0.rules, $0.pin) = (rules, pin) }
        return token
    }

    private init(_ place: Place, pin: @escaping TokenPIN) {
        self.place = place
        desk = Monitor(Desk(pin: pin))
    }

    package var health: Health { desk.read { $0.health } }

    /// The token alone, for logs.
    package var name: String { place.token.text }

    /// Asks whether it is there, and has it found again when it is not. Waits like an operator does: not for a request's thread.
    package func ping(patience: Int64) throws(TokenFault) {
        try perform(patience: patience) { (session) throws(TokenFault) in
            guard session.isAlive else { throw .absent }
        }
    }

    /// Runs `body` on a thread of the token and waits for its answer, at most `patience` milliseconds. Nil: those of the rules, and no word
    /// to a token that is left alone; an operator who waits on purpose has it asked all the same.
    func perform<Answer: ~Copyable & Sendable>(
        patience: Int64? = nil, isWriting: Bool = false, _ body: @escaping @Sendable (TokenSession) throws(TokenFault) -> Answer
    ) throws(TokenFault) -> Answer {
        let slip = Slip<Answer>()
        let job = TokenJob(isWriting: isWriting) { (session) throws(TokenFault) in slip.put(try body(session)) }
        try wait(for: job, patience)
        // INVARIANT: a job that is done has put its answer down; a token that lost it has not answered.
        guard let answer = slip.take() else { throw .silent }
        return answer
    }

    private func wait(for job: TokenJob, _ patience: Int64?) throws(TokenFault) {
        let now = Monotonic.now
        let entry: (refusal: TokenFault?, mustGrow: Bool, patience: Int64) = desk.change(isNews: true) { desk in
            let isUrgent = patience != nil
            let patience = patience ?? desk.rules.patience
            if case .failing(let fault) = desk.health {
                guard isUrgent || now >= desk.restUntil, desk.stuck < desk.rules.sessions else { return (fault, false, patience) }
                // Whoever comes meanwhile is refused at once; this one finds out.
                desk.restUntil = now + desk.rest
            }
            desk.queue.append(job)
            let mustGrow = desk.idle < desk.queue.count && desk.workers < desk.rules.sessions
            if mustGrow { desk.workers += 1 }
            return (nil, mustGrow, patience)
        }
        if let refusal = entry.refusal { throw refusal }
        if entry.mustGrow { grow() }
        switch job.outcome(until: now + entry.patience) {
        case .done(let fault?): throw fault
        case .done(nil): return
        case .abandoned(let wasRunning):
            desk.change { desk in
                desk.queue.removeAll { $0 === job }
                if wasRunning { desk.stuck += 1 }
                fail(.silent, &desk)
            }
            throw .silent
        }
    }

    private func fail(_ fault: TokenFault, _ desk: inout Desk) {
        if case .failing = desk.health { desk.rest = min(desk.rest * 2, Self.longestRest) } else { desk.rest = Self.shortestRest }
        desk.health = .failing(fault)
        desk.restUntil = Monotonic.now + desk.rest
    }

    // MARK: Threads

    private func grow() {
        // The thread owns what it is given, for the life of the process.
        let owner = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let made = unsafe pthread_create(
            &thread, nil,
            { owner in
                guard let owner = unsafe owner else { return nil }
                // Signals are for the threads that know what to do with them.
                var signals = sigset_t()
                unsafe sigfillset(&signals)
                unsafe pthread_sigmask(SIG_SETMASK, &signals, nil)
                unsafe Unmanaged<Token>.fromOpaque(owner).takeRetainedValue().work()
                return nil
            }, owner.toOpaque())
        guard made == 0 else {
            unsafe owner.release()
            // Others may be there; if not, whoever asked waits in vain and is told so.
            desk.change { $0.workers -= 1 }
            return
        }
        pthread_detach(thread)
    }

    private func work() {
        var session: TokenSession?
        while true {
            var isIdle = false
            let next: (TokenJob, TokenPIN)? = desk.wait { desk in
                guard !desk.queue.isEmpty else {
                    if !isIdle { desk.idle += 1 }
                    isIdle = true
                    return nil
                }
                if isIdle { desk.idle -= 1 }
                return (desk.queue.removeFirst(), desk.pin)
            }
            guard let (job, pin) = next, job.begin() else { continue }
            var fault: TokenFault?
            do throws(TokenFault) {
                try attempt(job, &session, pin)
            } catch {
                fault = error
            }
            desk.change { desk in
                switch fault {
                // What one key may not do says nothing about the token.
                case nil, .permission, .mechanism, .mismatch, .objectMissing, .objectAmbiguous, .publicMissing:
                    (desk.health, desk.rest) = (.good, Self.shortestRest)
                case let fault?: fail(fault, &desk)
                }
            }
            if !job.finish(fault) { desk.change { $0.stuck -= 1 } }
        }
    }

    /// As it is, with a fresh session, with the module begun anew: what helps depends on what was lost, and modules do not say.
    private func attempt(_ job: TokenJob, _ session: inout TokenSession?, _ pin: TokenPIN) throws(TokenFault) {
        let module = try TokenModule.at(place.module)
        if let former = session, former.generation != module.generation { session = nil }
        if let kept = session, !job.isWriting {
            do throws(TokenFault) {
                return try module.enter { () throws(TokenFault) -> Void in
                    // While this waited another worker may have begun the module anew: the handle is nobody's then, or another's.
                    guard kept.generation == module.generation else { throw .absent }
                    try job.body(kept)
                }
            } catch {
                guard error.isPassing else { throw error }
                try? module.enter { kept.close() }
                session = nil
            }
        }
        let seen = module.generation
        do throws(TokenFault) {
            return try fresh(job, &session, module, pin)
        } catch {
            guard error.isPassing else { throw error }
            do throws(TokenFault) {
                try module.reinitialise(unlessNewerThan: seen)
            } catch let other {
                throw other == .silent ? error : other
            }
            return try fresh(job, &session, module, pin)
        }
    }

    private func fresh(
        _ job: TokenJob, _ session: inout TokenSession?, _ module: TokenModule, _ pin: TokenPIN
    ) throws(TokenFault) {
        let made = try module.enter { () throws(TokenFault) -> TokenSession? in
            let made = try TokenSession(module, place.token, canWrite: job.isWriting, pin: pin)
            do throws(TokenFault) {
                try job.body(made)
            } catch {
                made.close()
                throw error
            }
            guard job.isWriting else { return made }
            // A session that may write is for one job.
            made.close()
            return nil
        }
        if let made { session = made }
    }
}

/// One question to a token, and how it went for whoever still waits.
final class TokenJob: Sendable {
    enum Outcome {
        /// With what went wrong, if anything.
        case done(TokenFault?)
        case abandoned(wasRunning: Bool)
    }

    private enum State {
        case waiting, running, abandoned
        case done(TokenFault?)
    }

    let isWriting: Bool
    let body: @Sendable (TokenSession) throws(TokenFault) -> Void
    private let state = Monitor(State.waiting)

    init(isWriting: Bool, _ body: @escaping @Sendable (TokenSession) throws(TokenFault) -> Void) {
        self.isWriting = isWriting
        self.body = body
    }

    /// False when nobody waits any more.
    func begin() -> Bool {
        state.change { state in
            guard case .waiting = state else { return false }
            state = .running
            return true
        }
    }

    /// False when nobody waits any more.
    func finish(_ fault: TokenFault?) -> Bool {
        state.change(isNews: true) { state in
            guard case .running = state else { return false }
            state = .done(fault)
            return true
        }
    }

    func outcome(until deadline: Int64) -> Outcome {
        let done: Outcome? = state.wait(until: deadline) { state in
            if case .done(let fault) = state { return .done(fault) }
            return nil
        }
        if let done { return done }
        return state.change { state in
            defer { state = .abandoned }
            switch state {
            case .done(let fault): return .done(fault)
            case .running: return .abandoned(wasRunning: true)
            case .waiting, .abandoned: return .abandoned(wasRunning: false)
            }
        }
    }
}

/// Where a thread of the token puts an answer down. One that nobody takes goes with the slip; a `Secret` is erased then.
private final class Slip<Answer: ~Copyable & Sendable>: Sendable {
    private let answer = Mutex<Answer?>(nil)

    func put(_ value: consuming sending Answer) {
        var value: Answer? = value
        answer.withLock { $0 = value.take() }
    }

    func take() -> sending Answer? { answer.withLock { $0.take() } }
}
