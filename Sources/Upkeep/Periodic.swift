package import Logging
import ServiceLifecycle

/// Does one thing again and again until shutdown. A failure is logged and tried again at the next turn.
package struct Periodic: Service {
    private let name: String
    private let seconds: Int64
    private let logger: Logger
    private let work: @Sendable () async throws -> Void

    /// `seconds` between the end of one turn and the start of the next, at least 1.
    package init(_ name: String, every seconds: Int64, logger: Logger, _ work: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.seconds = max(seconds, 1)
        self.logger = logger
        self.work = work
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await work()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("upkeep failed", metadata: ["job": "\(name)", "error": "\(type(of: error))"])
                }
                try? await Task.sleep(for: .seconds(seconds))
            }
        }
    }
}
