import Cryptography
import Foundation
import Testing

@Suite struct `A PFX file` {
    @Test func `is read by OpenSSL's own tool with the password, and not with another`() throws {
        let key = try X509Draft.key.get()
        let certificate = try Certificate(der: X509Draft().der())
        let pfx = try PKCS12.encode(key: key, certificate: certificate, password: "1234", friendlyName: "花子")
        let folder = FileManager.default.temporaryDirectory.appending(path: "sekisho-pfx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "card.p12")
        try Data(pfx).write(to: file)
        let tool = "/usr/bin/openssl"
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            print("NOT RUN: no openssl at \(tool)")
            return withKnownIssue("tool absent") { Issue.record("the file was not read back") }
        }
        func read(_ password: String) throws -> (Int32, [UInt8]) {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(filePath: tool)
            process.arguments = ["pkcs12", "-in", file.path(), "-passin", "pass:" + password, "-nodes"]
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, Array(data))
        }
        let (status, text) = try read("1234")
        #expect(status == 0)
        #expect(PEM.decode(text, label: "CERTIFICATE") == [certificate.der])
        #expect(try PrivateKey(pem: text).publicKey == key.publicKey)
        #expect(try read("4321").0 != 0)
    }

    @Test func `is not made of halves that do not belong together`() throws {
        let certificate = try Certificate(der: X509Draft().der())
        let other = try PrivateKey.generate(.ec(.p256))
        #expect(throws: KeyError.mismatch) {
            try PKCS12.encode(key: other, certificate: certificate, password: "1234", friendlyName: "x")
        }
        let own = try X509Draft.key.get()
        for password in ["", "1\u{0}2"] {
            #expect(throws: KeyError.malformed) {
                try PKCS12.encode(key: own, certificate: certificate, password: password, friendlyName: "x")
            }
        }
    }
}
