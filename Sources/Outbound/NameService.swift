import Foundation
import NIOCore
import Synchronization

/// Asks the system for the address of a name. The system's call blocks for as long as it likes, so each has a thread of its own: names whose
/// servers are silent hold up no other. Whoever asked stops waiting when their task is cancelled, and the late answer goes nowhere.
enum NameService {
    /// Questions that the system has not answered yet, whether anybody still waits for them or not; what comes beyond has no address.
    private static let most = 512
    private static let open = Atomic<Int>(0)

    static func address(of address: WebAddress) async -> String? {
        let question = Question()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard question.wait(continuation) else { return }
                guard open.add(1, ordering: .relaxed).newValue <= most else {
                    open.subtract(1, ordering: .relaxed)
                    return question.answer(nil)
                }
                Thread.detachNewThread {
                    let found = try? SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
                    open.subtract(1, ordering: .relaxed)
                    question.answer(found?.ipAddress)
                }
            }
        } onCancel: {
            question.answer(nil)
        }
    }

    /// Answered once, by the system or by the cancellation.
    private final class Question: Sendable {
        private enum State {
            case asked
            case waiting(CheckedContinuation<String?, Never>)
            case answered
        }

        private let state = Mutex(State.asked)

        /// False when the answer came first: the continuation was resumed with nothing.
        func wait(_ continuation: CheckedContinuation<String?, Never>) -> Bool {
            let isWaiting = state.withLock { state in
                guard case .asked = state else { return false }
                state = .waiting(continuation)
                return true
            }
            if !isWaiting { continuation.resume(returning: nil) }
            return isWaiting
        }

        func answer(_ text: String?) {
            let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
                defer { state = .answered }
                guard case .waiting(let continuation) = state else { return nil }
                return continuation
            }
            waiting?.resume(returning: text)
        }
    }
}
