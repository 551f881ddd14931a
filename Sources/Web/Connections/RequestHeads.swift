package import NIOCore
package import NIOHTTP1

/// Heeds what HTTP/1 says in the head of a request before any door sees it; stands behind the decoder of every listener.
///
/// A request of HTTP/1.1 names one host (RFC 9112 §3.2), else it is refused as what is no HTTP: 400, and the connection ends. Who will send
/// nothing more on a connection may say so in any case, beside other options or by the version (RFC 9112 §9.3); the next handler knows only
/// `close`. Who waits for leave to send a body gets it (RFC 9110 §10.1.1), between two answers and never within one.
package final class RequestHeads: ChannelDuplexHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    /// Requests whose answers have not gone out to their end.
    private var unanswered = 0
    /// The client of the newest request waits with its body.
    private var isAwaited = false
    private var isRefused = false

    package init() {}

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        guard case .head(var head) = Self.unwrapInboundIn(data) else {
            // What comes without leave needs none.
            isAwaited = false
            return context.fireChannelRead(data)
        }
        let isCurrent = head.version.major == 1 && head.version.minor >= 1
        guard !isCurrent || head.headers["host"].count == 1 else {
            isRefused = true
            return context.fireErrorCaught(HTTPParserError.unknown)
        }
        if !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        unanswered += 1
        isAwaited = isCurrent && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
        giveLeave(context)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = Self.unwrapOutboundIn(data) else { return }
        unanswered = max(0, unanswered - 1)
        giveLeave(context)
    }

    private func giveLeave(_ context: ChannelHandlerContext) {
        guard isAwaited, unanswered == 1 else { return }
        isAwaited = false
        let leave = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(leave)), promise: nil)
    }
}
