import Cryptography
import Foundation
import Testing
import Vocabulary
import XML

/// Vectors that others wrote live outside the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum Vectors {
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["SEKISHO_VECTORS"] { return URL(filePath: path) }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "shared/vectors")
    }()

    static func read(_ path: String) -> [UInt8]? { (try? Data(contentsOf: root.appending(path: path))).map { Array($0) } }

    /// The manifest, or nil after saying loudly what was not run.
    static func manifest(_ folder: String, cases: Int) throws -> JSON? {
        guard let bytes = read(folder + "/manifest.json") else {
            print("NOT RUN: \(cases) vectors of \(folder): not found under \(root.path())")
            return nil
        }
        return try JSON(reading: bytes, limit: 4_000_000)
    }
}

/// A counter that prints as one line, largest first.
struct Tally {
    private(set) var counts: [String: Int] = [:]

    mutating func add(_ name: String) { counts[name, default: 0] += 1 }
    subscript(_ name: String) -> Int { counts[name] ?? 0 }
    var total: Int { counts.values.reduce(0, +) }
    var text: String { counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") }
}

/// A program of the system, used as an independent oracle.
enum Program {
    struct Result {
        let status: Int32
        let output: String
    }

    static func find(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/", "/bin/"].map { $0 + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(_ program: String, _ arguments: [String]) throws -> Result {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    /// A folder that is gone when `body` returns.
    static func inScratch<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sekisho-xml-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}

func reason(_ error: any Error) -> String {
    let text = "\(error)"
    return String(text.prefix { $0 != "(" })
}
