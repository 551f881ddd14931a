import Foundation
import Hummingbird
import Logging
import NIOCore
import Settings
import SimulatedJPKI
import Testing
import Vocabulary
import Web

/// The TLS door with a real client: one handshake, one login. Only here a socket is needed: what is tested lies below the router.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "NOT RUN: needs /usr/bin/openssl"))
struct `The card listener` {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sekisho-web-tls-" + UUID().uuidString).path

    /// Runs the listener of a house while `body` talks to its port.
    private func listening(_ house: House, _ body: @Sendable @escaping (Int) async throws -> Void) async throws {
        let door = try #require(house.world.configuration.tlsDoor)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: Doors.card(house.platform),
            server: try CardListener.server(certificateFile: door.certificateFile, keyFile: door.keyFile),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            var found = ports.makeAsyncIterator()
            let number = try #require(await found.next())
            try await body(number)
            group.cancelAll()
        }
    }

    /// `openssl s_client`, with the requests on its input; everything it prints.
    private func client(_ port: Int, _ arguments: [String], _ requests: [String]) async throws -> String {
        // On a thread of its own: the listener needs the shared ones.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Self.blockingClient(port, arguments, requests) }) }
        }
    }

    private static func blockingClient(_ port: Int, _ arguments: [String], _ requests: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = requests.enumerated().map { index, path in
            let last = index == requests.count - 1 ? "Connection: close\r\n" : ""
            return "GET \(path) HTTP/1.1\r\nHost: card.example.jp\r\n\(last)\r\n"
        }.joined()
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: printed, as: UTF8.self)
    }

    private func card(_ handle: String, in house: House) throws -> [String] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in try house.world.simulator.export(handle, password: "sekisho") {
            try Data(file.bytes).write(to: URL(fileURLWithPath: folder + "/" + file.name))
        }
        return ["-cert", folder + "/" + handle + ".pem", "-key", folder + "/" + handle + "-key.pem"]
    }

    private static func codes(_ printed: String) -> [String] {
        printed.components(between: "/handover?code=", and: "\r\n")
    }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func `a handshake with the card becomes a login, once, whatever the connection or its ticket say later`(version: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let (one, two, three) = (
            try await browser.begin(SAMLQuestion().path), try await browser.begin(SAMLQuestion().path),
            try await browser.begin(SAMLQuestion().path)
        )
        func path(_ journey: String) -> String { "/card/" + House.transaction(journey) }
        let (first, second, third) = (path(one), path(two), path(three))
        let hanako = try card("hanako", in: house)
        let session = folder + "/session"
        let printed = Published("")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await listening(house) { port in
            let kept = try await client(port, [version, "-sess_out", session] + hanako, [first, second])
            let codes = Self.codes(kept)
            #expect(codes.count == 1, "the second request on the connection shows no card")
            #expect(kept.has("card.tls.no-certificate"))
            #expect(kept.lowercased().has("connection: close"))
            printed.replace(codes.first ?? "")
            // The card is gone; the browser still holds its ticket.
            let resumed = try await client(port, [version, "-sess_in", session], [third])
            #expect(resumed.has("New, TLSv1") && !resumed.has("Reused"))
            #expect(Self.codes(resumed).isEmpty)
            #expect(resumed.has("card.tls.no-certificate"))
            // With the card it works, although a ticket was offered.
            #expect(Self.codes(try await client(port, [version, "-sess_in", session] + hanako, [third])).count == 1)
        }
        let end = try await browser.get(one + "/handover?code=" + printed.current)
        #expect(end.location == one + "/continue")
        #expect(try SAMLReading(try await browser.get(one + "/continue"), in: house.world).isSuccess)
    }

    @Test func `without a certificate, or for no journey, there is a page`() async throws {
        let house = try await House.ordinary()
        let journey = try await Browser(house).begin(SAMLQuestion().path)
        try await listening(house) { port in
            let bare = try await client(port, [], ["/card/" + House.transaction(journey)])
            #expect(bare.has("card.tls.no-certificate"))
            #expect(try await client(port, [], ["/card/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]).has("journey.unknown"))
            #expect(try await client(port, [], ["/journey/" + House.transaction(journey)]).has("HTTP/1.1 404"))
            #expect(Self.codes(try await client(port, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], ["/"])).isEmpty)
        }
    }

    /// BCP 195 (RFC 9325 §4.2): forward secrecy and no CBC.
    @Test func `TLS 1.2 is spoken with the cipher suites of BCP 195 and no others`() async throws {
        let house = try await House.ordinary()
        let path = "/card/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        try await listening(house) { port in
            let good = try await client(port, ["-tls1_2", "-cipher", "ECDHE+AESGCM"], [path])
            #expect(good.has("journey.unknown"))
            for weak in ["ALL:!ECDHE+AESGCM:@SECLEVEL=0", "AES128-SHA:@SECLEVEL=0"] {
                let refused = try await client(port, ["-tls1_2", "-cipher", weak], [path])
                #expect(!refused.has("HTTP/1.1"), "\(weak)")
            }
        }
    }

    @Test func `a router without the listener's own handshake believes nobody`() async throws {
        let house = try await House.ordinary()
        let journey = try await Browser(house).begin(SAMLQuestion().path)
        let answer = try await house.sendToCardListener("/card/" + House.transaction(journey))
        #expect(answer.status == 503)
        #expect(answer.location == nil)
    }
}
