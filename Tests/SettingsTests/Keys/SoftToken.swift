import Cryptography
import Foundation
import Settings
import Testing
import Vocabulary

/// A token of SoftHSM (Debian `softhsm2`). One folder for the process, for the module reads its environment once: the same as in
/// CryptographyTests.
struct SoftToken {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"
    static let isThere: Bool = {
        if FileManager.default.fileExists(atPath: module) { return true }
        print("NOT RUN: the tests of keys in tokens; SoftHSM is not here (apt-get install softhsm2)")
        return false
    }()
    static let pin = "1234-sekisho"

    static let folder: Result<String, any Error> = Result {
        let folder = NSTemporaryDirectory() + "/sekisho-softhsm-\(ProcessInfo.processInfo.processIdentifier)"
        let configuration = try configured(folder)
        // The module is loaded into this process.
        unsafe setenv("SOFTHSM2_CONF", configuration, 1)
        return folder
    }

    let label: String
    /// A file with the PIN, for the server's eyes only.
    let pinFile: String

    init() throws {
        label = "t-" + UUID().uuidString.prefix(12)
        let folder = try Self.folder.get()
        pinFile = folder + "/" + label + ".pin"
        try Self.write(Self.pin, to: pinFile)
        // Made apart and moved in whole: the tool stumbles over tokens that are being made or changed beside it.
        let apart = folder + "/new-" + label
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/softhsm2-util")
        process.arguments = ["--init-token", "--free", "--label", label, "--so-pin", "so-pin", "--pin", Self.pin]
        process.environment = ["SOFTHSM2_CONF": try Self.configured(apart)]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: apart + "/tokens") {
            try FileManager.default.moveItem(atPath: "\(apart)/tokens/\(name)", toPath: "\(folder)/tokens/\(name)")
        }
    }

    /// A folder for tokens, and the path of its configuration.
    private static func configured(_ folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder + "/tokens", withIntermediateDirectories: true)
        let configuration = folder + "/softhsm2.conf"
        try "directories.tokendir = \(folder)/tokens\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"
            .write(toFile: configuration, atomically: true, encoding: .utf8)
        return configuration
    }

    static func write(_ text: String, to path: String, mode: Int = 0o400) throws {
        try? FileManager.default.removeItem(atPath: path)
        try #require(
            FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
    }

    func uri(_ object: String? = nil) throws -> TokenURI {
        try TokenURI("pkcs11:token=\(label)" + (object.map { ";object=" + $0 } ?? ""))
    }

    func adopt(
        _ use: KeyUse, _ kind: KeyOrder.Kind?, algorithm: String? = nil, object: String = "k", name: String = "new",
        in deployment: Deployment,
        at moment: Timestamp = Deployment.now
    ) throws -> KeyChange {
        try Settings.adopt(
            TokenOrder(use: use, uri: try uri(object), algorithm: algorithm, name: name, making: kind), module: Self.module,
            pin: .file(pinFile),
            in: deployment.path, at: moment)
    }
}
