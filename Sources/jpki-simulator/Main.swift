import ArgumentParser
import Foundation
import SimulatedJPKI
import Vocabulary

@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jpki-simulator", abstract: "A simulated JPKI: authorities, cards, terminals. Nobody in it is real.",
        subcommands: [
            Init.self, Cards.self, Issue.self, Renew.self, Revoke.self, Hold.self, Export.self, Anchors.self, Serve.self, Login.self,
        ])
}

/// Where the simulated JPKI is kept.
struct StateOption: ParsableArguments {
    @Option(name: .customLong("state"), help: "The simulator's folder (default: $JPKI_SIMULATOR_STATE, else jpki-simulated).")
    var path: String?

    func open() throws -> Simulator {
        try Simulator(opening: path ?? ProcessInfo.processInfo.environment["JPKI_SIMULATOR_STATE"] ?? "jpki-simulated")
    }
}

enum Clock {
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
