import HTTPTypes
import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import NIOSSL
import OpenID
package import Settings
import Synchronization
package import Vocabulary

/// The connection side of mutual TLS: asks every client for a certificate and takes any, so that a client that has none, or one that nobody
/// believes, hears why in words. The handshake proves possession of the key; whose certificate it is, the registration says.
///
/// The certificate is the connection's own for as long as the connection lives, so requests on a kept connection show it too. A resumed
/// session would show the certificate of another handshake: a context per connection has no ticket key and no session of another one, so
/// that clients fall back to a full handshake; `ClientHandshake` is empty should that ever fail.
package struct MutualTLSListener: ServerChildChannel {
    package typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let files: ListenerFiles

    /// Serves under the certificate that the settings name at each moment: after a reload new connections get the new one. Throws when the
    /// files of the start cannot be used. `idle` seconds without a byte close a connection.
    package static func server(
        _ configuration: Published<Configuration>, idle: Int64 = 60, logger: Logger
    ) throws -> HTTPServerBuilder {
        let files = try ListenerFiles(configuration, logger: logger)
        return HTTPServerBuilder { responder in
            MutualTLSListener(base: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(idle))), files: files)
        }
    }

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let handshake = ClientHandshake()
            try channel.pipeline.syncOperations.addHandlers([
                NIOSSLServerHandler(
                    context: try NIOSSLContext(configuration: files.current),
                    customVerificationCallback: { certificates, promise in
                        handshake.note(certificates.prefix(ClientHandshake.longest).compactMap { try? $0.toDERBytes() })
                        promise.succeed(.certificateVerified)
                    }, configuration: .init()), handshake,
            ])
        }.flatMap { base.setupHeedingHeads(channel: channel, logger: logger) }
    }

    package func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// The listener's certificate and key, read again when the settings were.
private final class ListenerFiles: Sendable {
    private let configuration: Published<Configuration>
    private let logger: Logger
    private let read: Mutex<(from: Configuration, files: TLSConfiguration)>

    init(_ configuration: Published<Configuration>, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let first = configuration.current
        read = Mutex((first, try Self.files(first)))
    }

    var current: TLSConfiguration {
        let newest = configuration.current
        return read.withLock { read in
            guard read.from !== newest else { return read.files }
            do {
                read.files = try Self.files(newest)
            } catch {
                // Between two looks at the folder somebody took the files away: the old pair serves on.
                logger.error("mutual TLS keeps its old certificate", metadata: ["error": "\(type(of: error))"])
            }
            read.from = newest
            return read.files
        }
    }

    private static func files(_ settings: Configuration) throws -> TLSConfiguration {
        guard let door = settings.mutualTLS, door.listen != nil else { throw NIOSSLError.uncleanShutdown }
        return try .asking(certificateFile: door.certificateFile, keyFile: door.keyFile)
    }
}

/// The certificates that the client of this connection has proven, its own first. Empty when it showed none.
final class ClientHandshake: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    /// A chain over a bridge has five or six; more are for nobody's good.
    static let longest = 16

    private let noted = Mutex<[[UInt8]]>([])

    func note(_ chain: [[UInt8]]) { noted.withLock { $0 = chain } }

    var chain: [[UInt8]] { noted.withLock { $0 } }
}

/// Behind the listener of ours: what the handshake of the connection proved goes with each of its requests.
struct HandshakeReading: RouterMiddleware {
    let platform: Platform

    typealias Context = DoorContext

    @concurrent func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        let chain = try? await context.channel.pipeline.handler(type: ClientHandshake.self).map(\.chain).get()
        var context = context
        context.client = platform.tlsClient(chain ?? [])
        return try await next(request, context)
    }
}

/// Behind a proxy that asks for certificates and passes them on: believed from the peers that the settings name, refused from all others
/// (checklist H14; RFC 9440 §2).
struct ForwardedReading: RouterMiddleware {
    let platform: Platform

    typealias Context = DoorContext

    @concurrent func handle(
        _ request: Request, context: DoorContext, next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        guard let forwarded = platform.configuration.current.mutualTLS?.forwarded, let name = HTTPField.Name(forwarded.header) else {
            return try await next(request, context)
        }
        let values = request.headers[values: name].filter { !$0.isEmpty }
        guard let value = values.first else { return try await next(request, context) }
        guard forwarded.trusts(peer: context.channel.remoteAddress?.ipAddress) else {
            return Platform.answer(.forwardedByStranger)
        }
        let more = forwarded.chainHeader.flatMap { HTTPField.Name($0) }.map { request.headers[values: $0].filter { !$0.isEmpty } } ?? []
        guard values.count == 1, more.count <= 1,
            let chain = ForwardedText.chain(value, more: more.first, isPEM: forwarded.form == .escapedPEM)
        else { return Platform.answer(.forwardedMalformed) }
        var context = context
        context.client = platform.tlsClient(chain)
        return try await next(request, context)
    }
}

extension Platform {
    func tlsClient(_ chain: [[UInt8]]) -> TLSClient? {
        let provider = configuration.current.openIDProvider
        guard let addresses = provider.mutualTLS else { return nil }
        return TLSClient(
            addresses: addresses, issuer: provider.issuer,
            certificate: chain.first.map { PresentedCertificate(der: $0, others: Array(chain.dropFirst()), judge: judge) })
    }
}
