import Cryptography
import Foundation
import Testing

@Suite struct `A file for our eyes only` {
    private let path = NSTemporaryDirectory() + "sekisho-private-" + UUID().uuidString

    @Test func `is made once, and whoever comes second leaves what is there`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(PrivateFile.make(path))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600 && (attributes[.size] as? NSNumber)?.intValue == 0)
        try Data("written".utf8).write(to: URL(fileURLWithPath: path))
        #expect(!PrivateFile.make(path))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "written")
    }

    @Test func `is not made where a link stands, or where no file can be`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let target = path + ".target"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        #expect(!PrivateFile.make(path))
        #expect(!FileManager.default.fileExists(atPath: target), "a link that leads nowhere makes no file there")
        for place in ["/nowhere/file", "/tmp", "/tmp/\u{0}x", ""] { #expect(!PrivateFile.make(place)) }
    }
}
