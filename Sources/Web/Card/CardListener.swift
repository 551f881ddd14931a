package import HummingbirdCore
package import Logging
package import NIOCore
import NIOSSL
import Synchronization

/// The connection side of the TLS door: asks every browser for a certificate and believes none. The handshake proves possession of the
/// key, the main host judges the certificate, where the browser shows whose journey it is.
///
/// A login there is a *use of the card*, so a certificate counts only when this very connection's handshake proved its key, and once.
/// Otherwise a browser left open would log in whoever comes next: TLS resumption and a kept connection both show the last citizen's
/// certificate with no card in the reader. A context per connection has no ticket key and no session of another one, so that browsers fall
/// back to a full handshake; `FreshHandshake` is empty should that ever fail.
package struct CardListener: ServerChildChannel {
    package typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let configuration: TLSConfiguration

    /// `certificateFile` and `keyFile` are PEM; `idle` seconds without a byte close a connection.
    package static func server(certificateFile: String, keyFile: String, idle: Int64 = 60) throws -> HTTPServerBuilder {
        // Wrong files are told at the start, not at the first login.
        let fixed = try TLSConfiguration.asking(certificateFile: certificateFile, keyFile: keyFile)
        return HTTPServerBuilder { responder in
            CardListener(
                base: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(idle))), configuration: fixed)
        }
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let fresh = FreshHandshake()
            try channel.pipeline.syncOperations.addHandlers([
                NIOSSLServerHandler(
                    context: try NIOSSLContext(configuration: configuration),
                    customVerificationCallback: { certificates, promise in
                        fresh.note(try? certificates.first?.toDERBytes())
                        promise.succeed(.certificateVerified)
                    }, configuration: .init()), fresh,
            ])
        }.flatMap { base.setupHeedingHeads(channel: channel, logger: logger) }
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// The certificate that the handshake of this connection has just proven; whoever takes it has it, once. A resumed handshake asks nobody for
/// a certificate and so notes none.
final class FreshHandshake: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    private let certificate = Mutex<[UInt8]?>(nil)

    func note(_ der: [UInt8]?) { certificate.withLock { $0 = der } }

    func take() -> [UInt8]? {
        certificate.withLock { held in
            defer { held = nil }
            return held
        }
    }
}
