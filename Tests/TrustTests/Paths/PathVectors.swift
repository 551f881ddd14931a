import Cryptography
import Foundation
import Testing
import Trust
import Vocabulary

/// Public suites about paths, which are not part of the tree: `SEKISHO_VECTORS`, or `../shared/vectors` beside the package.
enum PathVectors {
    /// The bytes of a file, or nil after saying loudly how many cases were not run.
    static func data(_ path: String, cases: Int) throws -> Data? {
        let file = root + "/" + path
        guard FileManager.default.isReadableFile(atPath: file) else {
            print("NOT RUN: \(cases) cases of \(path): no vectors at \(root)")
            withKnownIssue("vectors absent") { Issue.record("\(cases) cases of \(path) were not run") }
            return nil
        }
        guard path.hasSuffix(".gz") else { return try Data(contentsOf: URL(filePath: file)) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = ["-dc", file]
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: root + "/" + path))) }

    /// nil for a certificate that this house does not read.
    static func certificate(pem: String) -> Certificate? { try? Certificate(pem: Array(pem.utf8)) }

    static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    private static let root =
        ProcessInfo.processInfo.environment["SEKISHO_VECTORS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path() + "shared/vectors"
}

/// Counts how a suite's expectations were met, and holds every difference against the list of those on purpose.
struct Tally {
    let suite: String
    let known: [String: Comment]
    private(set) var agreed = 0
    private(set) var skipped: [String: Int] = [:]
    private(set) var differing: [String] = []

    init(_ suite: String, known: [String: Comment] = [:]) {
        self.suite = suite
        self.known = known
    }

    mutating func skip(_ why: String) { skipped[why, default: 0] += 1 }

    mutating func judge<Answer: Equatable>(_ name: String, expected: Answer, found: Answer, _ detail: @autoclosure () -> String = "") {
        if expected == found { agreed += 1 } else { differing.append(name) }
        if let why = known[name] {
            withKnownIssue(why) { #expect(expected == found, "\(name)") }
        } else {
            // A broken suite says so with ten names, not with thousands.
            let text = detail()
            if differing.count <= 10 { #expect(expected == found, "\(name): \(text)") }
        }
    }

    func report() {
        let names = skipped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let count = skipped.values.reduce(0, +)
        print(
            "\(suite): agree \(agreed) / skipped \(count)\(names.isEmpty ? "" : " (\(names))") / differ \(differing.count) \(differing.prefix(10))"
        )
    }
}

extension TrustVerdict {
    var chain: TrustedChain? { if case .trusted(let chain) = self { chain } else { nil } }
    var refusal: TrustRefusal? { if case .refused(let why, _) = self { why } else { nil } }
    var fault: PathFault? { if case .refused(.path(let fault), _) = self { fault } else { nil } }
    var reason: PathFault.Reason? { fault?.reason }
}
