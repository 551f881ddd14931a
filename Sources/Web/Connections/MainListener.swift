package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1

/// The connection side of the main listener, which speaks plain HTTP: TLS ends at the proxy before it.
package struct MainListener: ServerChildChannel {
    package typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel

    /// `idle` seconds without a byte close a connection.
    package static func server(idle: Int64 = 60) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            MainListener(base: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(idle))))
        }
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setupHeedingHeads(channel: channel, logger: logger)
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

extension HTTP1Channel {
    /// The connection as HTTP/1 wants it, with `RequestHeads` where whole heads come out of the decoder.
    func setupHeedingHeads(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(RequestHeads(), position: .after(decoder))
            return value
        }
    }
}
