import Cryptography
import Foundation
import Settings
import Testing
import Vocabulary

@Suite struct `A file that a deployment makes for itself` {
    @Test func `is made by one of many that start at once, and all have that one's`() async throws {
        let deployment = try Deployment(), path = deployment.path + "/first"
        let all = try await withThrowingTaskGroup(of: (bytes: [UInt8], isNew: Bool).self) { group in
            for _ in 0..<16 {
                group.addTask {
                    var random = SystemRandom()
                    return try FirstFile.contents(of: path, using: &random) { $0.bytes(2000) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(all.map(\.bytes)).count == 1)
        #expect(all.count { $0.isNew } == 1)
        #expect(FirstFile.read(path) == all.first?.bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: deployment.path).filter { $0.hasPrefix("first") } == ["first"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `is refused by its path where it cannot be written or read`() throws {
        let deployment = try Deployment(), folder = deployment.path + "/there"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = SystemRandom()
        for path in [deployment.path + "/nowhere/first", folder] {
            let fault = #expect(throws: FirstFile.Fault.self) { try FirstFile.contents(of: path, using: &random) { $0.bytes(8) } }
            #expect(fault?.description.hasPrefix(path + " cannot be") == true)
        }
    }

    @Test func `is no secret of another size`() throws {
        let deployment = try Deployment(), store = deployment.path + "/sekisho.sqlite"
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: deployment.path + "/secret"))
        var random = SystemRandom()
        #expect(throws: FirstFile.Fault.self) { try DeploymentSecret.ensure(beside: store, using: &random) }
    }
}
