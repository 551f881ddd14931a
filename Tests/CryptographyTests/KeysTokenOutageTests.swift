import Cryptography
import Foundation
import Glibc
import Testing

/// SoftHSM behind a socket, as a network's token is: `p11-kit server` holds it, `p11-kit-client.so` asks (Debian `p11-kit`,
/// `p11-kit-modules`). So it can be killed, stopped and started while we use it.
private final class RemoteToken {
    static let module = ["/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so", "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"]
        .first { FileManager.default.fileExists(atPath: $0) && SoftToken.tool("p11-kit") != nil }
    static let isThere: Bool = {
        if SoftToken.isThere, module != nil { return true }
        print("NOT RUN: the tests of tokens that go away; p11-kit is not here (apt-get install softhsm2 p11-kit p11-kit-modules)")
        return false
    }()

    private let socket: String
    private let folder: String
    private var server: Process?

    init() throws {
        folder = try SoftToken.folder.get()
        socket = folder + "/socket"
        unsafe setenv("P11_KIT_SERVER_ADDRESS", "unix:path=" + socket, 1)
    }

    func start() throws {
        try? FileManager.default.removeItem(atPath: socket)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(SoftToken.tool("p11-kit")))
        process.arguments = ["server", "-f", "-n", socket, "--provider", try #require(SoftToken.module), "pkcs11:"]
        process.environment = ["SOFTHSM2_CONF": folder + "/softhsm2.conf", "PATH": "/usr/bin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        server = process
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: socket) { Thread.sleep(forTimeInterval: 0.05) }
        try #require(FileManager.default.fileExists(atPath: socket))
    }

    /// The server and what it has forked for its connections.
    private var processes: [pid_t] {
        guard let server else { return [] }
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        return [server.processIdentifier]
            + all.filter { pid in
                let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
                return stat.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(server.processIdentifier)"
            }
    }

    func signal(_ number: Int32) { for pid in processes { kill(pid, number) } }

    func stop() {
        signal(SIGKILL)
        server?.waitUntilExit()
        server = nil
        try? FileManager.default.removeItem(atPath: socket)
    }

    deinit { if server != nil { stop() } }
}

@Suite(.enabled(if: RemoteToken.isThere, "install softhsm2, p11-kit and p11-kit-modules")) struct `A token that goes away` {
    static let message = Array("行政手続".utf8)

    /// Tries until it works, as logins do.
    private func comesBack(_ key: PrivateKey, within seconds: Double) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if let signature = try? key.sign(Self.message, .ecdsa(.sha256)) {
                return key.publicKey.verifies(signature, over: Self.message, .ecdsa(.sha256))
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    private func refusal(_ key: PrivateKey) -> (fault: TokenFault?, seconds: Double) {
        let start = Date()
        do throws(KeyError) {
            _ = try key.sign(Self.message, .ecdsa(.sha256))
            return (nil, Date().timeIntervalSince(start))
        } catch {
            guard case .token(let fault) = error else { return (nil, -1) }
            return (fault, Date().timeIntervalSince(start))
        }
    }

    @Test func `is refused within its time, costs nobody else's, and signs again when it is back`() throws {
        let soft = try SoftToken("remote")
        let made = try soft.key("k", .ec(.p256))
        let remote = try RemoteToken()
        try remote.start()
        let uri = try soft.uri("k")
        let token = Token.at(module: try #require(RemoteToken.module), uri, rules: Token.Rules(patience: 1000, sessions: 2)) {
            Secret(text: SoftToken.pin)
        }
        let key = PrivateKey(TokenKey(token, uri, for: .signing), publicKey: made.publicKey)
        #expect(refusal(key).fault == nil)

        // Gone: the connection broke, and nobody listens.
        remote.stop()
        let gone = refusal(key)
        #expect(gone.fault?.isPassing == true, "\(gone)")
        #expect(gone.seconds < 10)
        let again = refusal(key)
        #expect(again.fault != nil && again.seconds < 0.8, "left alone: \(again)")
        // Back, without a word to us.
        try remote.start()
        #expect(comesBack(key, within: 60))
        #expect(token.health == .good)

        // It hangs: whoever asks waits a second, those behind not at all.
        remote.signal(SIGSTOP)
        let hung = refusal(key)
        #expect(hung.fault == .silent, "\(hung)")
        #expect((0.9...10).contains(hung.seconds), "\(hung)")
        for _ in 0..<20 { #expect(refusal(key).seconds < 0.8) }
        // All threads of it hang by and by, and then nobody waits any more.
        Thread.sleep(forTimeInterval: 1.2)
        #expect(refusal(key).fault == .silent)
        Thread.sleep(forTimeInterval: 2.2)
        #expect(refusal(key).seconds < 0.8)
        remote.signal(SIGCONT)
        #expect(comesBack(key, within: 60))

        // Killed in the middle of many signatures: every answer is a good signature or a refusal.
        var (good, refused) = (0, 0)
        let start = Date()
        while Date() < start.addingTimeInterval(60), refused < 20 {
            // The server dies between two questions of it, with connections open.
            if good == 20, refused == 0 { remote.signal(SIGKILL) }
            do throws(KeyError) {
                let signature = try key.sign(Self.message, .ecdsa(.sha256))
                #expect(key.publicKey.verifies(signature, over: Self.message, .ecdsa(.sha256)))
                good += 1
            } catch {
                refused += 1
            }
        }
        #expect(good >= 20 && refused > 0)
        remote.stop()
        try remote.start()
        #expect(comesBack(key, within: 60))
        remote.stop()
    }
}
