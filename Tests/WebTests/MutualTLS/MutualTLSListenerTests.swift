import Cryptography
import Foundation
import Hummingbird
import Logging
import NIOCore
import OpenID
import Settings
import Testing
import Vocabulary
import Web

/// Real handshakes: what is tested lies below the router.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "NOT RUN: needs /usr/bin/openssl"))
struct `The listener for mutual TLS (RFC 8705; checklist O7)` {
    private func listening(
        _ platform: Platform, _ body: @Sendable @escaping (Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let quiet = Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: Doors.mutualTLS(platform), server: try MutualTLSListener.server(platform.configuration, logger: quiet),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            var found = ports.makeAsyncIterator()
            let number = try #require(await found.next())
            try await body(number)
            group.cancelAll()
        }
    }

    /// `openssl s_client` with these forms one behind the other on one connection; everything it prints.
    private func client(_ port: Int, _ arguments: [String], _ forms: [String], path: String = "/openid/revoke") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Self.blockingClient(port, arguments, forms, path) }) }
        }
    }

    private static func blockingClient(_ port: Int, _ arguments: [String], _ forms: [String], _ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = forms.enumerated().map { index, form in
            let last = index == forms.count - 1 ? "Connection: close\r\n" : ""
            let method = form.isEmpty ? "GET" : "POST"
            return "\(method) \(path) HTTP/1.1\r\nHost: mtls.login.example.jp\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(form.utf8.count)\r\n\(last)\r\n\(form)"
        }.joined()
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: printed, as: UTF8.self)
    }

    private static func count(_ text: String, in printed: String) -> Int { printed.components(separatedBy: text).count - 1 }

    @Test(arguments: ["-tls1_3", "-tls1_2"])
    func `a handshake with a client's key is the client, for as long as the connection lives and no longer`(version: String) async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let own = try world.arguments()
        let stranger = try world.arguments(ofStranger: true)
        let session = world.folder + "/session" + version
        try await listening(platform) { port in
            for name in ["pinned", "named"] {
                let form = ClientsWorld.form(name)
                let kept = try await client(port, [version, "-sess_out", session] + own, [form, form, form])
                #expect(Self.count("HTTP/1.1 200", in: kept) == 3, "\(name): every request of the connection shows its certificate")
                // The key is gone; the session that it made is still there.
                let resumed = try await client(port, [version, "-sess_in", session], [form])
                #expect(resumed.contains("New, TLSv1") && !resumed.contains("Reused"))
                #expect(Self.count("HTTP/1.1 200", in: resumed) == 0)
                #expect(resumed.contains("openid.client.no-certificate"))
                let other = try await client(port, [version] + stranger, [form])
                #expect(other.contains(name == "pinned" ? "openid.client.certificate-unknown" : "openid.client.certificate-name"))
                #expect(other.contains("HTTP/1.1 401"))
            }
        }
    }

    @Test func `a certificate is shown with the key to it or not at all`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let own = try world.arguments()
        let stranger = try world.arguments(ofStranger: true)
        try await listening(platform) { port in
            let mixed = [own[0], own[1], stranger[2], stranger[3]]
            let unproven = try await client(port, mixed, [ClientsWorld.form("pinned")])
            #expect(Self.count("HTTP/1.1 200", in: unproven) == 0)
            let bare = try await client(port, [], [ClientsWorld.form("pinned")])
            #expect(bare.contains("openid.client.no-certificate"))
            let old = try await client(port, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"] + own, [ClientsWorld.form("pinned")])
            #expect(!old.contains("HTTP/1.1"))
        }
    }

    /// FAPI 2.0 Security Profile §5.2.2; BCP 195 (RFC 9325 §4.2): forward secrecy and no CBC.
    @Test func `by TLS 1.2 clients come with the cipher suites of BCP 195 and with no others`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let own = try world.arguments()
        try await listening(platform) { port in
            let good = try await client(port, ["-tls1_2", "-cipher", "ECDHE+AESGCM"] + own, [ClientsWorld.form("pinned")])
            #expect(Self.count("HTTP/1.1 200", in: good) == 1)
            for weak in ["ALL:!ECDHE+AESGCM:@SECLEVEL=0", "AES128-SHA:@SECLEVEL=0"] {
                let refused = try await client(port, ["-tls1_2", "-cipher", weak] + own, [ClientsWorld.form("pinned")])
                #expect(!refused.contains("HTTP/1.1"), "\(weak)")
            }
        }
    }

    @Test func `what the trust profile refuses is refused in its words`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform { _, _, _, _ in .refused("it was revoked") }
        let own = try world.arguments()
        try await listening(platform) { port in
            let printed = try await client(port, own, [ClientsWorld.form("named")])
            #expect(printed.contains("openid.client.certificate-untrusted") && printed.contains("it was revoked"))
            let pinned = try await client(port, own, [ClientsWorld.form("pinned")])
            #expect(Self.count("HTTP/1.1 200", in: pinned) == 1, "nobody is asked about it")
        }
    }

    @Test func `another method works here too, at the address of this listener`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        let forms = try [
            world.assertion(ClientsWorld.origin + "/openid/revoke", jti: "1"), world.assertion(World.base, jti: "2"),
            world.assertion(ClientsWorld.origin + "/openid/par", jti: "3"),
        ]
        try await listening(platform) { port in
            let printed = try await client(port, [], forms)
            #expect(Self.count("HTTP/1.1 200", in: printed) == 2)
            #expect(printed.contains("openid.client.assertion-aud"))
        }
    }

    @Test func `no browser has business here, and the metadata says where clients have`() async throws {
        let world = try await ClientsWorld.shared.value
        let platform = try await world.platform()
        try await listening(platform) { port in
            for path in ["/", "/openid/authorize", "/openid/logout", "/saml/sso", "/journey/x"] {
                let printed = try await client(port, [], [""], path: path)
                #expect(printed.contains("HTTP/1.1 404"), "\(path)")
            }
            for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
                let document = try await client(port, [], [""], path: path)
                #expect(document.contains("\"token_endpoint\":\"https://mtls.login.example.jp/openid/token\""))
            }
        }
    }

    @Test func `after a reload new connections get the new certificate`() async throws {
        let world = try await ClientsWorld.shared.value
        let folder = world.folder + "-copy"
        try FileManager.default.copyItem(atPath: world.folder, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let configuration = Published(try Settings.load(folder, at: World.now))
        let platform = try await world.platform(configuration)
        let own = try world.arguments()
        try await listening(platform) { port in
            func printed() async throws -> String { try await client(port, own, [ClientsWorld.form("pinned")]) }
            let first = try await printed()
            #expect(first.contains("CN = mtls.login.example.jp"))
            try ClientsWorld.write(ClientsWorld.pair("second.example.jp", names: ["mtls.login.example.jp"]), to: folder)
            let unread = try await printed()
            #expect(unread.contains("CN = mtls.login.example.jp"), "nobody read again yet")
            configuration.replace(try Settings.load(folder, at: World.now))
            let second = try await printed()
            #expect(second.contains("CN = second.example.jp") && second.contains("HTTP/1.1 200"))
            // Files that cannot be used leave the old pair in use.
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/Keys/mutual-tls.key.pem"))
            configuration.replace(configuration.current.answering(configuration.current.federation))
            let kept = try await printed()
            #expect(kept.contains("CN = second.example.jp") && kept.contains("HTTP/1.1 200"))
        }
    }
}
