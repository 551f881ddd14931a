import Foundation
import Testing
import Vocabulary

/// Public vectors that are not part of the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum KeysVectors {
    /// One Wycheproof file, or nil after saying loudly that its cases were not run.
    static func wycheproof(_ name: String, cases: Int) throws -> JSON? {
        let file = root + "/jose/wycheproof/" + name + "_test.json.gz"
        guard FileManager.default.isReadableFile(atPath: file) else {
            print("NOT RUN: \(cases) cases of \(name): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(cases) cases of \(name) were not run") }
            return nil
        }
        let json = try JSON(reading: try unpacked(file), limit: 8 << 20)
        #expect(json["numberOfTests"]?.integer == Int64(cases), "the file has another number of cases")
        return json
    }

    static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path() + "shared/vectors"

    private static func unpacked(_ file: String) throws -> [UInt8] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = ["-dc", file]
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Array(data)
    }
}

extension JSON {
    func hexadecimal(_ member: String) throws -> [UInt8] {
        let text = try #require(self[member]?.string)
        return try #require(Hexadecimal.decode(text))
    }
}
