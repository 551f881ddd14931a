import ArgumentParser
import OpenID
import SQLiteStores
import Settings
import Vocabulary

struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Let clients register themselves, and see and end those that did.",
        subcommands: [ClientToken.self, ClientTokens.self, ClientList.self, ClientShow.self, ClientRevoke.self])
}

/// The store of a deployment, beside a server that may run on it.
struct ClientStore {
    let settings: Configuration
    let store: SQLiteStore

    init(_ folder: String) throws {
        settings = try Deployment.load(folder)
        store = try SQLiteStore(path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
    }

    func rules() throws -> RegistrationRules {
        guard let rules = settings.openIDProvider.registration else {
            throw ClientStore.refused("clients do not register themselves here: write `openid.registration` in sekisho.yaml")
        }
        return rules
    }

    /// What is written in the folder, or not, is no mistake of the command line.
    static func refused(_ why: String) -> ExitCode {
        Console.error(why)
        return ExitCode(1)
    }
}
