import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a deployment folder until SIGTERM or SIGINT. SIGHUP reads members and policy again; a bad file keeps the old state.")

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String = "info"

    func run() async throws {
        LoggingSystem.bootstrap(LateLogHandler.init)
        var logger = Logger(label: "sekisho")
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        let server = try await Server(folder: folder, logger: logger)
        let running = try RunningServer.begin(in: folder)
        defer {
            // What was seen since the last full minute.
            server.keys.write()
            RunningServer.end(in: folder)
            withExtendedLifetime((server, running)) {}
        }
        var configuration = ServiceGroupConfiguration(
            services: server.services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(Self.patience)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // Whoever had not taken its answer when the patience was over was cut off, as a stop wants it.
        }
    }

    /// Seconds for requests under way when the server is told to stop: twice what a call of ours to another server may take. A peer that does
    /// not read its answers shall not keep it running.
    private static let patience = 20
}
