import ArgumentParser
import Foundation
import Hummingbird
import Logging
import SimulatedJPKI

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer OCSP and give out lists of revocations over HTTP, until interrupted.")

    @OptionGroup var state: StateOption
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port; certificates name the one of `init --base`.") var port: Int?

    func run() async throws {
        let simulator = try state.open()
        var logger = Logger(label: "jpki-simulator")
        logger.logLevel = .warning
        let named = simulator.base.split(separator: ":").last.flatMap { Int($0) }
        let application = StatusService.application(
            StatusDesk(simulator), host: host, port: port ?? named ?? 8700, logger: logger, clock: { Clock.now }
        ) { port in
            // Not by `print`, which keeps a line back when its output is a pipe: whoever started us waits for it.
            FileHandle.standardOutput.write(
                Data("simulated JPKI at http://\(host):\(port)/ (certificates name \(simulator.base))\n".utf8))
        }
        try await application.runService()
    }
}
