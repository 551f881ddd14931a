import Cryptography
import Foundation
import Testing
import Vocabulary

/// Public X.509 vectors, which are not part of the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum X509Vectors {
    /// The `tests` of a manifest, or nothing after saying loudly how many were not run.
    static func manifest(_ path: String, cases: Int) throws -> [JSON] {
        guard let bytes = read(path) else {
            print("NOT RUN: \(cases) cases of \(path): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(cases) cases of \(path) were not run") }
            return []
        }
        let tests = try #require(JSON(reading: bytes, limit: 8 << 20)["tests"]?.array)
        #expect(tests.count == cases, "the file has another number of cases")
        return tests
    }

    static func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: root + "/" + path).map { Array($0) }
    }

    /// The blocks of a file in their order: label and DER.
    static func blocks(_ text: [UInt8]) -> [(label: String, der: [UInt8])] {
        var labels: [String] = []
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("-----BEGIN ") {
            let label = String(line.dropFirst(11).prefix { $0 != "-" })
            if !labels.contains(label) { labels.append(label) }
        }
        return labels.flatMap { label in PEM.decode(text, label: label).map { (label, $0) } }
    }

    private static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path() + "shared/vectors"
}
