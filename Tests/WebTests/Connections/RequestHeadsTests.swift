import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import Web

/// What stands between the bytes of a connection and the doors (RFC 9110, RFC 9112).
@Suite struct `The heads of requests` {
    /// One connection, from its bytes to whole heads and back.
    private struct Connection {
        let channel = EmbeddedChannel()

        init() throws {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
            try pipeline.addHandler(RequestHeads())
        }

        func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

        /// The head that a door would see next.
        func head() throws -> HTTPRequestHead? {
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                if case .head(let head) = part { return head }
            }
            return nil
        }

        /// A whole answer with this body.
        func answer(_ body: String) throws {
            let headers: HTTPHeaders = ["content-length": "\(body.utf8.count)"]
            channel.write(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok, headers: headers)), promise: nil)
            channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        }

        /// Everything that went out since it was last asked.
        func received() throws -> String {
            var text = ""
            while let data = try channel.readOutbound(as: IOData.self) {
                if case .byteBuffer(let buffer) = data { text += String(buffer: buffer) }
            }
            return text
        }
    }

    static let leave = "HTTP/1.1 100 Continue\r\n\r\n"

    private func post(_ more: String, version: String = "1.1") -> String {
        "POST /x HTTP/\(version)\r\nHost: a\r\nContent-Length: 4\r\n\(more)\r\n"
    }

    @Test(arguments: ["Close", "CLOSE", "close", "TE, close", "close, TE", "keep-alive, Close"])
    func `say that the connection ends, however they spell it`(options: String) throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: \(options)\r\n\r\n")
        #expect(try connection.head()?.headers["connection"] == ["close"])
    }

    @Test(arguments: ["", "Connection: keep-alive\r\n", "Connection: TE\r\n", "Connection: closed\r\n"])
    func `that do not say so keep it`(line: String) throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n")
        #expect(try connection.head()?.headers["connection"].contains("close") == false)
    }

    @Test func `of HTTP 1.0 end the connection and need no host`() throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try connection.head()?.headers["connection"] == ["close"])
    }

    @Test(arguments: ["", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n"])
    func `of HTTP 1.1 without exactly one host are no HTTP, and nothing behind them is read`(hosts: String) throws {
        let connection = try Connection()
        #expect(throws: HTTPParserError.self) { try connection.send("GET / HTTP/1.1\r\n\(hosts)\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") }
        #expect(try connection.head() == nil)
    }

    @Test func `with one host pass`() throws {
        let connection = try Connection()
        try connection.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try connection.head()?.uri == "/x")
    }

    @Test(arguments: ["100-continue", "100-Continue"])
    func `that wait for leave to send a body get it`(expectation: String) throws {
        let connection = try Connection()
        try connection.send(post("Expect: \(expectation)\r\n"))
        #expect(try connection.received() == Self.leave)
        try connection.send("abcd")
        try connection.answer("x")
        #expect(try connection.received() == "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")
    }

    @Test(arguments: [("", "1.1"), ("Expect: something\r\n", "1.1"), ("Expect: 100-continue\r\n", "1.0")])
    func `that do not wait get none`(line: String, version: String) throws {
        let connection = try Connection()
        try connection.send(post(line, version: version))
        #expect(try connection.received().isEmpty)
    }

    @Test func `that wait behind another get leave after its answer, not within`() throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + post("Expect: 100-continue\r\n"))
        #expect(try connection.received().isEmpty)
        try connection.answer("x")
        #expect(try connection.received() == "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx" + Self.leave)
    }

    @Test func `whose body comes all the same get no leave any more`() throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n" + post("Expect: 100-continue\r\n") + "abcd")
        try connection.answer("x")
        #expect(try connection.received().hasSuffix("\r\n\r\nx"))
    }
}
