import Foundation
import Testing
import Vocabulary

/// Public vectors that are not part of the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum Vectors {
    /// A JSON file below `jose/`, or nil after saying loudly that its cases were not run.
    static func json(_ name: String, cases: Int) throws -> JSON? {
        guard let data = FileManager.default.contents(atPath: root + "/jose/" + name) else {
            print("NOT RUN: \(cases) cases of \(name): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(cases) cases of \(name) were not run") }
            return nil
        }
        return try JSON(reading: Array(data), limit: 4 << 20)
    }

    private static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path() + "shared/vectors"
}
