import ArgumentParser
import Foundation
import Hummingbird
import Logging
import SimulatedJPKI
import Vocabulary

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer OCSP and give out lists of revocations over HTTP, until interrupted.")

    @OptionGroup var state: StateOption
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: "The port; certificates name the one of `init --base`.") var port: Int?
    @Option(help: "Seconds by which its clock is ahead of the real one; behind it: --shift=-60.") var shift: Int64 = 0
    @Option(help: "Seconds for which a new certificate's earlier ones are not known (real ones: some 90 minutes).")
    var correspondenceDelay: Int64 = 0
    @Option(help: "Seconds that lists are good for.") var listLifetime: Int64 = StatusDesk.listLifetime

    func run() async throws {
        let bridge = state.bridge
        let simulator = bridge != nil && !state.hasCards ? nil : try state.open()
        let base = try simulator?.base ?? bridge?.read().base ?? Simulator.standardBase
        var logger = Logger(label: "jpki-simulator")
        logger.logLevel = .warning
        let named = base.split(separator: ":").last.flatMap { Int($0) }
        let application = StatusService.application(
            StatusDesk(simulator, bridge: bridge, listLifetime: listLifetime, correspondenceDelay: correspondenceDelay), host: host,
            port: port ?? named ?? 8700, logger: logger,
            clock: { Clock.now.adding(seconds: shift) }
        ) { port in
            // Not by `print`, which keeps a line back when its output is a pipe: whoever started us waits for it.
            FileHandle.standardOutput.write(
                Data("simulated JPKI at http://\(host):\(port)/ (certificates name \(base))\n".utf8))
        }
        try await application.runService()
    }
}
