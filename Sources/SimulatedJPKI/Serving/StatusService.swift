import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
package import Vocabulary

/// Puts a `StatusDesk` behind HTTP. OCSP and lists are signed, so plain HTTP is what authorities use (RFC 5280 §8).
package enum StatusService {
    /// `ready` is told the port once the listener is open; port 0 lets the system choose.
    package static func application(
        _ desk: StatusDesk, host: String = "127.0.0.1", port: Int, logger: Logger, clock: @escaping @Sendable () -> Timestamp,
        ready: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let router = Router()
        router.get("/") { request, _ in respond(desk.answer(StatusDesk.Request(path: request.uri.path), at: clock())) }
        router.get("**") { request, _ in respond(desk.answer(StatusDesk.Request(path: request.uri.path), at: clock())) }
        router.post("**") { request, _ in
            let body: ByteBuffer
            do {
                body = try await request.body.collect(upTo: StatusDesk.longestRequest)
            } catch is NIOTooManyBytesError {
                return Response(status: .contentTooLarge)
            }
            return respond(
                desk.answer(
                    StatusDesk.Request(isPost: true, path: request.uri.path, body: Array(body.readableBytesView)), at: clock()))
        }
        return Application(
            router: router, configuration: .init(address: .hostname(host, port: port), serverName: "jpki-simulator"),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? port) }, logger: logger)
    }

    private static func respond(_ answer: StatusDesk.Answer) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.type
        headers[.cacheControl] = answer.seconds > 0 ? "max-age=\(answer.seconds)" : "no-store"
        return Response(
            status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
