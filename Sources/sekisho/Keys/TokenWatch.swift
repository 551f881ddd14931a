import Cryptography
import Dispatch
import Logging
import Settings
import Synchronization
import Upkeep
import Vocabulary

/// Asks every token of ours now and then whether it is there, so that the log says so before a citizen does, and so that it is found again
/// without a login that fails first. On a thread of its own: a token may take its time.
struct TokenWatch {
    private static let seconds: Int64 = 10
    /// Milliseconds.
    private static let patience: Int64 = 5000

    private let configuration: Published<Configuration>
    private let logger: Logger
    private let state = Known()

    private final class Known: Sendable {
        let faults = Mutex<[String: TokenFault]>([:])
    }

    init(configuration: Published<Configuration>, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    var service: Periodic {
        Periodic("tokens", every: Self.seconds, logger: logger) { [self] in
            guard configuration.current.keys.contains(where: { $0.token != nil }) else { return }
            await withCheckedContinuation { done in
                DispatchQueue.global(qos: .utility).async {
                    look()
                    done.resume()
                }
            }
        }
    }

    private func look() {
        let now = SystemClock.now()
        // What only has to be published any more needs no token.
        let held = configuration.current.keys.filter { [.next, .current].contains($0.life.state(at: now)) }.compactMap(\.token)
        let tokens = Dictionary(held.map { ($0.token.name, $0.token) }) { first, _ in first }
        for (name, token) in tokens.sorted(by: { $0.key < $1.key }) {
            var fault: TokenFault?
            do throws(TokenFault) { try token.ping(patience: Self.patience) } catch { fault = error }
            let before = state.faults.withLock { known in
                defer { known[name] = fault }
                return known[name]
            }
            guard fault != before else { continue }
            if let fault {
                logger.error(
                    "a token does not answer; what its keys sign is refused until it does",
                    metadata: ["token": "\(name)", "code": "\(fault.code)", "reason": "\(fault.text)"])
            } else {
                logger.notice("the token answers again", metadata: ["token": "\(name)"])
            }
        }
    }
}
