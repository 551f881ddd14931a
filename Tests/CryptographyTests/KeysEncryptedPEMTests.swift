import Cryptography
import Foundation
import Testing

@Suite struct `A private key under a passphrase` {
    /// As `openssl pkcs8 -topk8` writes it: PBES2 with AES-256-CBC, and with scrypt.
    private static func encrypted(_ plain: [UInt8], _ passphrase: String, _ options: [String]) throws -> [UInt8] {
        let folder = NSTemporaryDirectory() + "/sekisho-pem-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(plain).write(to: URL(fileURLWithPath: folder + "/plain.pem"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments =
            ["pkcs8", "-topk8", "-in", folder + "/plain.pem", "-out", folder + "/closed.pem", "-passout", "pass:" + passphrase] + options
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/closed.pem")))
    }

    @Test(arguments: [KeyKind.rsa(bits: 2048), .ec(.p256), .ed25519], [["-v2", "aes-256-cbc"], ["-scrypt"]])
    func `opens with it, and with no other`(kind: KeyKind, options: [String]) throws {
        let key = try PrivateKey.generate(kind)
        let pem = try Self.encrypted(key.exportPEM(), "暗証 phrase", options)
        #expect(try PrivateKey(pem: pem, passphrase: Secret(text: "暗証 phrase")).publicKey == key.publicKey)
        #expect(throws: KeyError.failed) { try PrivateKey(pem: pem, passphrase: Secret(text: "another")) }
        #expect(throws: KeyError.unsupported) { try PrivateKey(pem: pem) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pem: pem + pem, passphrase: Secret(text: "暗証 phrase")) }
        #expect(throws: KeyError.malformed) { try PrivateKey(pem: pem + key.exportPEM(), passphrase: Secret(text: "暗証 phrase")) }
        #expect(throws: KeyError.self) { try PrivateKey(pem: Array(pem.dropLast(60)), passphrase: Secret(text: "暗証 phrase")) }
    }

    @Test func `without one opens all the same`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        #expect(try PrivateKey(pem: key.exportPEM(), passphrase: Secret(text: "x")).publicKey == key.publicKey)
    }
}

@Suite struct `A secret in a file` {
    private static func write(_ text: String, mode: Int) throws -> String {
        let path = NSTemporaryDirectory() + "/sekisho-secret-" + UUID().uuidString
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
        return path
    }

    @Test(arguments: ["1234", "1234\n", "1234\r\n"]) func `is its one line`(text: String) throws {
        let path = try Self.write(text, mode: 0o400)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let read = try SecretFile.read(path)
        let isSame = Secret(text: "1234").withBytes { read.matches($0) }
        #expect(isSame)
    }

    @Test(
        arguments: [
            ("1234", 0o640, .open(mode: 0o640)), ("1234", 0o604, .open(mode: 0o604)), ("", 0o600, .content), ("\n", 0o600, .content),
            ("12\n34\n", 0o600, .content), ("12\u{0}34", 0o600, .content), (String(repeating: "1", count: 1025), 0o600, .content),
        ] as [(String, Int, SecretFile.Refusal)])
    func `is refused when others may read it, or it is no line`(text: String, mode: Int, why: SecretFile.Refusal) throws {
        let path = try Self.write(text, mode: mode)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: why) { _ = try SecretFile.read(path) }
    }

    @Test func `is a file, and there`() {
        #expect(throws: SecretFile.Refusal.unreadable) { _ = try SecretFile.read("/nowhere/pin") }
        #expect(throws: SecretFile.Refusal.notAFile) { _ = try SecretFile.read("/tmp") }
        #expect(throws: SecretFile.Refusal.notAFile) { _ = try SecretFile.read("/dev/null") }
        #expect(throws: SecretFile.Refusal.unreadable) { _ = try SecretFile.read("/tmp/\u{0}x") }
    }
}
