import Cryptography
import Foundation
import Testing
import Vocabulary

/// Public revocation vectors, which are not part of the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum Vectors {
    struct Case {
        let file: String
        let expected: String
        let text: [UInt8]

        func blocks(_ label: String) -> [[UInt8]] { PEM.decode(text, label: label) }
    }

    /// The cases of a folder and the moment they are about, or nothing after saying loudly how many were not run.
    static func cases(_ folder: String, count: Int) throws -> (at: Timestamp, [Case])? {
        guard let manifest = read(folder + "/manifest.json") else {
            print("NOT RUN: \(count) cases of \(folder): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(count) cases of \(folder) were not run") }
            return nil
        }
        let json = try JSON(reading: manifest, limit: 1 << 20)
        let cases = try #require(json["tests"]?.array).map { test in
            let file = try #require(test["file"]?.string)
            return Case(
                file: file, expected: try #require(test["expected_status"]?.string), text: try #require(read(folder + "/" + file)))
        }
        #expect(cases.count == count, "the folder has another number of cases")
        let moment = try #require(json["validation_time"]?.string.flatMap { Timestamp($0) })
        return (moment, cases)
    }

    private static func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: root + "/" + path).map { Array($0) }
    }

    private static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path() + "shared/vectors"
}
