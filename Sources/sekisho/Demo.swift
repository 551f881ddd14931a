import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Run the whole main job on this machine: a simulated JPKI, Sekisho, sample services, four citizens' logins, and the nine situations that are shipped in Policies."
    )

    @Flag(help: "End after the narration; exit status 0 only if every step succeeded.") var once = false
    @Option(help: "Sekisho's port; the others follow it.") var port: Int = 8080
    @Flag(help: "Only the nine situations: who may do what with which evidence, and what each party is told.") var situations = false
    @Option(help: "An empty folder for deployment, cards and keys; it stays. Default: a temporary one.") var folder: String?
    @Flag(help: "Show every HTTP hop, not only the messages.") var verbose = false

    func run() async throws {
        var logger = Logger(label: "demo")
        logger.logLevel = .error
        let world = try await DemoWorld(port: port, keeping: folder, logger: logger)
        defer { world.remove() }
        let group = ServiceGroup(
            configuration: .init(
                services: world.services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        let succeeded = try await withThrowingTaskGroup(of: Bool?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                try await world.untilReady()
                var narration = Narration(world, verbose: verbose)
                var succeeded = true
                if !situations { succeeded = await narration.run() }
                var shipped = try Situations(
                    world, depth: verbose ? .everything : situations ? .pages : .reasons, now: SystemClock.now)
                succeeded = await shipped.run() && succeeded
                if once { await group.triggerGracefulShutdown() } else { narration.invite() }
                return succeeded
            }
            var succeeded = false
            for try await result in tasks { succeeded = result ?? succeeded }
            return succeeded
        }
        if !succeeded { throw ExitCode(1) }
    }
}
