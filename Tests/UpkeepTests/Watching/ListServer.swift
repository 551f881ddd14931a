import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing
import Upkeep

/// A repository of lists over real HTTP, well or badly behaved.
final class ListServer: Sendable {
    struct Page: Sendable {
        var bytes: [UInt8] = []
        var status = 200
        var etag: String?
        var lastModified: String?
        /// Bytes after which the connection breaks.
        var cut: Int?
        /// Never comes to an end.
        var isSlow = false
    }

    struct Asked: Sendable, Hashable {
        let path: String
        let etag: String?
        let since: String?
        let status: Int
    }

    private let pages = Mutex<[String: Page]>([:])
    private let log = Mutex<[Asked]>([])

    func put(_ path: String, _ page: Page) { pages.withLock { $0[path] = page } }

    /// The digest-less tag is enough: a test names its states.
    func put(_ path: String, _ bytes: [UInt8], etag: String? = nil, lastModified: String? = nil) {
        put(path, Page(bytes: bytes, etag: etag, lastModified: lastModified))
    }

    var asked: [Asked] { log.withLock { $0 } }

    private func answer(_ request: Request) -> Response {
        let path = request.uri.path
        let etag = request.headers[.ifNoneMatch], since = request.headers[.ifModifiedSince]
        var page = pages.withLock { $0[path] } ?? Page(status: 404)
        let isHeld = page.etag.map { $0 == etag } ?? (page.lastModified != nil && page.lastModified == since)
        if isHeld, page.status == 200 { page = Page(status: 304, etag: page.etag, lastModified: page.lastModified) }
        log.withLock { $0.append(Asked(path: path, etag: etag, since: since, status: page.status)) }
        var headers = HTTPFields()
        headers[.contentType] = "application/pkix-crl"
        if let etag = page.etag { headers[.eTag] = etag }
        if let lastModified = page.lastModified { headers[.lastModified] = lastModified }
        let body: ResponseBody =
            if let cut = page.cut {
                ResponseBody(contentLength: page.bytes.count) { [page] writer in
                    try await writer.write(ByteBuffer(bytes: page.bytes.prefix(cut)))
                    throw CancellationError()
                }
            } else if page.isSlow {
                ResponseBody { writer in
                    while true {
                        try await writer.write(ByteBuffer(bytes: [0x30]))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
            } else { ResponseBody(byteBuffer: ByteBuffer(bytes: page.bytes)) }
        return Response(status: .init(code: page.status), headers: headers, body: body)
    }

    /// Runs `body` while the server answers; it is given the server's origin.
    static func serving<Value: Sendable>(_ body: @escaping @Sendable (ListServer, String) async throws -> Value) async throws -> Value {
        let server = ListServer()
        let router = Router()
        router.get("**") { request, _ in server.answer(request) }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: ListWorld.silent)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                return try await body(server, "http://127.0.0.1:\(try #require(await iterator.next()))")
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
    }
}
