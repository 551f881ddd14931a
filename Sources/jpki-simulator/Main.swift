import ArgumentParser
import Foundation
import SimulatedJPKI
import Vocabulary

@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jpki-simulator", abstract: "A simulated JPKI: authorities, cards, terminals. Nobody in it is real.",
        subcommands: [
            Init.self, Cards.self, Issue.self, Renew.self, Revoke.self, Hold.self, Export.self, Anchors.self, CorrespondenceCommand.self,
            BridgeCommand.self,
            Serve.self, Login.self, Acceptance.self,
        ])
}

/// Where the simulated JPKI is kept.
struct StateOption: ParsableArguments {
    @Option(name: .customLong("state"), help: "The simulator's folder (default: $JPKI_SIMULATOR_STATE, else jpki-simulated).")
    var path: String?

    private var folder: String { path ?? ProcessInfo.processInfo.environment["JPKI_SIMULATOR_STATE"] ?? "jpki-simulated" }

    func open() throws -> Simulator { try Simulator(opening: folder) }

    var hasCards: Bool { StateFolder(folder).has("simulator.json") }

    /// The folder itself, or the one in it.
    var bridge: BridgeFolder? { [folder, folder + "/bridge"].map { BridgeFolder($0) }.first(where: \.isMade) }
}

enum Clock {
    static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
