import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Settings
import Testing
import Vocabulary
import Web

/// What every answer has in common, whichever door gave it.
@Suite struct `The threshold` {
    private struct Torn: Error {}

    /// What a door of the main listener answers to a form whose connection ends with `error` after its beginning.
    private func answer(_ path: String, tornBy error: any Error, in house: House) async throws -> Response {
        let context = DoorContext(
            source: ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(), logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }))
        let (pieces, sender) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        sender.yield(ByteBuffer(string: "grant_type="))
        sender.finish(throwing: error)
        let request = Request(
            head: HTTPRequest(
                method: .post, scheme: "https", authority: "login.example.jp", path: path,
                headerFields: [.contentType: "application/x-www-form-urlencoded"]),
            body: RequestBody(asyncSequence: pieces))
        return try await Doors.main(house.platform).buildResponder().respond(to: request, context: context)
    }

    @Test(arguments: ["/no-such-page", "/openid/par", "/openid/token", "/saml/sso", "/health"])
    func `answers HEAD without a body, and tells its length`(path: String) async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).send(.head, path, [:], nil)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentLength].flatMap { Int($0) } ?? 0 > 0)
        #expect(answer.status == (path == "/health" ? 200 : path.hasPrefix("/openid/") ? 405 : 404))
    }

    @Test func `answers GET with its body`() async throws {
        let answer = try await Browser(try await House.ordinary()).get("/no-such-page")
        #expect(answer.status == 404 && answer.headers[.contentLength] == "\(answer.body.count)" && !answer.body.isEmpty)
    }

    @Test(arguments: ["/openid/token", "/openid/par", "/openid/revoke", "/openid/introspect", "/saml/sso", "/openid/logout"])
    func `takes a body that breaks off for the peer's fault, and logs no failure of ours`(path: String) async throws {
        let house = try await House.ordinary()
        let response = try await answer(path, tornBy: Torn(), in: house)
        #expect(response.status == .badRequest)
        #expect(response.headers[.connection] == "close")
        #expect(response.headers[.retryAfter] == nil)
        let isForPrograms = path.hasPrefix("/openid/") && path != "/openid/logout"
        #expect(response.headers[.contentType]?.hasPrefix(isForPrograms ? "application/json" : "text/html") == true)
        #expect(!house.logs.text.has("error "))
    }

    @Test func `does not blame the peer when we stop meanwhile`() async throws {
        let house = try await House.ordinary()
        #expect(try await answer("/openid/token", tornBy: CancellationError(), in: house).status == .serviceUnavailable)
        #expect(house.logs.text.has("error "))
    }

    /// A configuration is replaced at every reload, and the next one may lie where the last one lay.
    @Test(arguments: ["/saml/metadata", "/.well-known/openid-federation"])
    func `signs anew after each reload, wherever the new settings lie in memory`(path: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let settings = house.platform.configuration
        var last = try await browser.get(path)
        #expect(last.status == 200)
        #expect(try await browser.get(path).body == last.body)
        for _ in 0..<20 {
            house.pass(1)
            for _ in 0..<2 { settings.replace(settings.current.answering(settings.current.federation)) }
            let next = try await browser.get(path)
            #expect(next.headers[.lastModified] != last.headers[.lastModified] || next.body != last.body)
            last = next
        }
    }
}
