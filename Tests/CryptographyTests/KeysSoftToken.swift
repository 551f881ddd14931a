import Cryptography
import Foundation
import Testing

extension Secret {
    init(text: String) {
        var bytes = Array(text.utf8)
        self.init(taking: &bytes)
    }
}

/// A token of SoftHSM (Debian `softhsm2`), made by its own tool. One folder and one configuration for the process, for the module reads its
/// environment once.
struct SoftToken {
    static let module = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"]
        .first { FileManager.default.fileExists(atPath: $0) && tool("softhsm2-util") != nil }
    static let isThere: Bool = {
        if module != nil { return true }
        print("NOT RUN: the tests of PKCS#11 tokens; SoftHSM is not here (apt-get install softhsm2)")
        return false
    }()
    static let pin = "1234-sekisho"

    static func tool(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/"].map { $0 + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The same for all rooms whose tests run in this process: the module is loaded once and reads its configuration once.
    static let folder: Result<String, any Error> = Result {
        let folder = NSTemporaryDirectory() + "/sekisho-softhsm-\(ProcessInfo.processInfo.processIdentifier)"
        try prepare(folder)
        unsafe setenv("SOFTHSM2_CONF", folder + "/softhsm2.conf", 1)
        return folder
    }

    let label: String

    init(_ label: String) throws {
        self.label = label
        let folder = try Self.folder.get()
        // Made apart and moved in whole: the tool stumbles over tokens that are being made or changed beside it.
        let apart = folder + "/new-" + label
        try Self.prepare(apart)
        try Self.run("softhsm2-util", ["--init-token", "--free", "--label", label, "--so-pin", "so-pin", "--pin", Self.pin], apart)
        for name in try FileManager.default.contentsOfDirectory(atPath: apart + "/tokens") {
            try FileManager.default.moveItem(atPath: "\(apart)/tokens/\(name)", toPath: "\(folder)/tokens/\(name)")
        }
    }

    private static func prepare(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        try "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"
            .write(toFile: folder + "/softhsm2.conf", atomically: true, encoding: .utf8)
    }

    static func run(_ tool: String, _ arguments: [String], _ folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.tool(tool)))
        process.arguments = arguments
        process.environment = ["SOFTHSM2_CONF": folder + "/softhsm2.conf", "PATH": "/usr/bin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(tool) \(arguments.first ?? "")")
    }

    func uri(_ object: String? = nil) throws -> TokenURI {
        try TokenURI("pkcs11:token=" + label + (object.map { ";object=" + $0 } ?? ""))
    }

    func token(_ uri: TokenURI, rules: Token.Rules = Token.Rules(patience: 10_000), pin: String? = SoftToken.pin) throws -> Token {
        Token.at(module: try #require(Self.module), uri, rules: rules) { pin.map { Secret(text: $0) } }
    }

    /// A new token is found when the module begins anew, which others of this process hold up for as long as their keys are being made.
    func key(_ object: String, _ kind: KeyKind, for purpose: TokenKey.Purpose = .signing) throws -> PrivateKey {
        for _ in 0..<60 {
            do { return try made(object, kind, for: purpose) } catch TokenFault.absent { usleep(500_000) }
        }
        return try made(object, kind, for: purpose)
    }

    private func made(_ object: String, _ kind: KeyKind, for purpose: TokenKey.Purpose) throws -> PrivateKey {
        let uri = try uri(object)
        let made = try TokenKey(token(uri), uri, for: purpose).made(kind)
        return PrivateKey(TokenKey(try token(made.uri), made.uri, for: purpose), publicKey: made.publicKey)
    }
}
