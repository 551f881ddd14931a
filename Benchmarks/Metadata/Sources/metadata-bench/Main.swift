import Cryptography
import Foundation
import XML
import XMLSecurity

/// Measures the reading of a metadata aggregate. See README.md of Benchmarks.
///
///     metadata-bench verify FILE CERT.pem    as a stream, the root's signature proven
///     metadata-bench trusted FILE            as a stream, signature not looked at
///     metadata-bench entities FILE           as a stream, each entity read as a tree of its own too
///     metadata-bench parse FILE              as a stream, to the end and no further
///     metadata-bench tree FILE CERT.pem      whole in memory as a tree, for comparison
@main struct MetadataBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { throw Problem.usage }
        let path = arguments[2]
        let cpu = Clock.cpu(), wall = Clock.wall()
        var bytes = 0
        var entities = 0
        var elements = 0
        let count = { (slice: EntitySlice) in
            entities += 1
            bytes += slice.bytes.count
        }
        switch arguments[1] {
        case "verify":
            let proof = try StreamedSignature.verify(try pieces(path), keys: [try key(arguments)], limits: .standard, entity: count)
            precondition(proof.facts.entities == entities)
        case "trusted": _ = try StreamedSignature.read(trusted: try pieces(path), entity: count)
        case "entities":
            _ = try StreamedSignature.read(trusted: try pieces(path)) { slice in
                count(slice)
                _ = try XMLDocument(parsing: slice.bytes, limits: .metadata)
            }
        case "parse": elements = try XMLStream.read(try pieces(path), visitor: Nobody()).elements
        case "tree":
            let whole = Array(try Data(contentsOf: URL(filePath: path)))
            let root = try XMLDocument(parsing: whole, limits: .metadata).root
            bytes = whole.count
            _ = try EnvelopedSignature.verify(root, keys: [try key(arguments)], wholeDocument: true)
        default: throw Problem.usage
        }
        let spent = (Clock.cpu() - cpu, Clock.wall() - wall)
        let what = elements > 0 ? "\(elements) elements" : "\(entities) entities, \(bytes) bytes of them"
        print(
            "sekisho \(arguments[1]): CPU \(text(spent.0, 3)) s, wall \(text(spent.1, 3)) s, peak RSS \(Clock.peak() / 1_048_576) MiB,",
            what)
    }

    enum Problem: Error { case usage, key }

    private static func key(_ arguments: [String]) throws -> PublicKey {
        guard arguments.count > 3 else { throw Problem.usage }
        let pem = Array(try Data(contentsOf: URL(filePath: arguments[3])))
        return try Certificate(pem: pem).publicKey
    }

    private static func pieces(_ path: String) throws -> () throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        return { try handle.read(upToCount: 1 << 16).map { Array($0) } ?? [] }
    }

    private static func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

/// Asks for nothing.
final class Nobody: XMLStreamVisitor {
    var inclusivePrefixes: [String] { [] }
    var identifier: String? { nil }
    func start(_ element: StreamedElement) -> StreamChoice { [] }
    func end() {}
    func part(_ bytes: [UInt8]?) {}
    func canonical(_ bytes: Span<UInt8>) {}
}

enum Clock {
    static func cpu() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    static func wall() -> Double { seconds(CLOCK_MONOTONIC) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var moment = timespec()
        clock_gettime(clock, &moment)
        return Double(moment.tv_sec) + Double(moment.tv_nsec) / 1e9
    }

    /// Of this process, as the system counts it, in bytes.
    static func peak() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) * 1024
    }
}
