import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import Settings
import Web

/// Doors at an address, as long as the server runs.
struct Listener: Service, CustomStringConvertible {
    private let address: String
    private let application: Application<RouterResponder<DoorContext>>

    /// At most `connections` at one time.
    init(_ router: Router<DoorContext>, at listen: Endpoint, _ server: HTTPServerBuilder, connections: Int, logger: Logger) {
        address = "\(listen.host):\(listen.port)"
        application = Application(
            router: router, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(listen.host, port: listen.port), backlog: 1024,
                availableConnectionsDelegate: ConnectionBound(connections, at: address, logger: logger)), logger: logger)
    }

    var description: String { "listener " + address }

    func run() async throws {
        do {
            try await application.run()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ListenerFailure(address: address, why: "\(error)")
        }
    }
}

/// The only thing that ends a listener by itself is that it could not begin: its port is another's, or the address is not of this machine.
struct ListenerFailure: Error, CustomStringConvertible {
    let address: String
    let why: String

    var description: String { "cannot listen on \(address): \(why)" }
}
