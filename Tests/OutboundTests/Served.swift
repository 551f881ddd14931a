import Hummingbird
import Logging
import NIOCore
import Testing

/// Serves on a port of its own as long as `body` runs, which is told the address.
func served<Value: Sendable>(
    _ router: Router<BasicRequestContext>, _ body: @escaping @Sendable (String) async throws -> Value
) async throws -> Value {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let application = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) },
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await application.run()
            return nil
        }
        group.addTask {
            var iterator = ports.makeAsyncIterator()
            return try await body("http://127.0.0.1:\(try #require(await iterator.next()))")
        }
        defer { group.cancelAll() }
        while let finished = try await group.next() { if let finished { return finished } }
        throw CancellationError()
    }
}
