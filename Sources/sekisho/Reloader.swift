import Foundation
import Logging
import ServiceLifecycle
import Settings
import UnixSignals
import Vocabulary

/// Reads the folder again at SIGHUP. What is wrong is logged and the old state stays; what is right is published in one step.
struct Reloader: Service {
    let folder: String
    let configuration: Published<Configuration>
    let members: MetadataKeeping
    let logger: Logger

    func run() async throws {
        try RunningServer.note(generation: "1\n", in: folder)
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            var generation = 1
            for await _ in signals {
                generation += 1
                do throws(SettingsProblems) {
                    configuration.replace(
                        members.joined(
                            try Settings.load(folder, environment: ProcessInfo.processInfo.environment, at: SystemClock.now())))
                    KeyKeeping.note(configuration.current, logger)
                    MemberFileWatch(logger: logger).noteLater(configuration.current)
                    logger.notice("settings read again", metadata: ["generation": "\(generation)"])
                    try? RunningServer.note(generation: "\(generation)\n", in: folder)
                } catch {
                    for problem in error.problems { logger.error("settings refused", metadata: ["problem": "\(problem.description)"]) }
                    try? RunningServer.note(generation: "refused \(generation)\n", in: folder)
                }
            }
        }
    }
}
