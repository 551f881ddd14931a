import Cryptography
import Foundation
import Vocabulary

/// Measures the revocation index on a list that `crl make` made. See README.md of Benchmarks.
///
///     revocation-bench load LIST BITS     reads, verifies, looks up, seals to LIST.sealed; BITS: the width of the serials, for the bound
///     revocation-bench start LIST         maps LIST.sealed, proves it, looks up
@main struct RevocationBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { throw Problem.usage }
        let path = arguments[2]
        guard let spki = PEM.decode(Array(try Data(contentsOf: URL(filePath: path + ".key.pem"))), label: "PUBLIC KEY").first else {
            throw Problem.key
        }
        let key = try PublicKey(spki: spki)
        switch arguments[1] {
        case "load": try load(path, bits: arguments.count > 3 ? Double(arguments[3]) : nil, key)
        case "start": try start(path, key)
        default: throw Problem.usage
        }
    }

    enum Problem: Error { case usage, key, signature }

    static func load(_ path: String, bits: Double?, _ key: PublicKey) throws {
        let before = Memory.now()
        let cpu = Clock.cpu(), wall = Clock.wall()
        let entries: RevocationEntries
        let sealed: SealedIndex
        var spent: (cpu: Double, wall: Double)
        var fileSize = 0
        do {
            let list = try ParsedRevocationList(mapped: FixedBytes(mapping: path, atMost: ParsedRevocationList.largestMapped))
            guard list.isSigned(by: key) else { throw Problem.signature }
            entries = list.entries
            spent = (Clock.cpu() - cpu, Clock.wall() - wall)
            sealed = try SealedIndex(list)
            fileSize = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        }
        let after = Memory.now()
        let count = Double(entries.count)
        print(
            "sekisho load: \(entries.count) entries, CPU \(text(spent.cpu, 3)) s, wall \(text(spent.wall, 3)) s, index",
            "\(text(Double(entries.size) / count, 2)) bytes per entry (anonymous memory \(text(Double(after.anonymous - before.anonymous) / count, 2))),",
            "peak while building \(text(Double(after.peak - before.anonymous) / count, 1)) with the mapped file's \(text(Double(fileSize) / count, 1))"
        )
        let facts = Double(entries.sizeOfFacts) * 8 / count
        let code = Double(entries.size) * 8 / count - facts
        var bound = ""
        if let bits {
            let own = Self.bound(bits, count)
            bound = ", bound log2(C(2^\(Int(bits)), n))/n \(text(own, 2)), ratio \(text(code / own, 3))"
        }
        print("sekisho size: serials \(text(code, 2)) bits per entry\(bound); date and reason \(text(facts, 2)) bits")
        try lookUp(entries, path)
        let sealing = Clock.cpu()
        let file = path + ".sealed"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        try sealed.write { try handle.write(contentsOf: Data($0)) }
        try handle.synchronize()
        try handle.close()
        print("sekisho seal: \(sealed.size) bytes, CPU \(text(Clock.cpu() - sealing, 3)) s beside its tags")
    }

    static func start(_ path: String, _ key: PublicKey) throws {
        let before = Memory.now()
        let cpu = Clock.cpu(), wall = Clock.wall()
        let list = try ParsedRevocationList(sealed: FixedBytes(mapping: path + ".sealed", atMost: ParsedRevocationList.largestMapped))
        guard list.isSigned(by: key) else { throw Problem.signature }
        let spent = (Clock.cpu() - cpu, Clock.wall() - wall)
        let after = Memory.now()
        print(
            "sekisho start: \(list.count) entries proven, CPU \(text(spent.0 * 1000, 1)) ms, wall \(text(spent.1 * 1000, 1)) ms,",
            "anonymous memory \((after.anonymous - before.anonymous) / 1024) KiB")
        try lookUp(list.entries, path)
    }

    static func lookUp(_ entries: RevocationEntries, _ path: String) throws {
        for (kind, expected) in [("hits", true), ("misses", false)] {
            let serials = try samples(path + "." + kind)
            var times = [UInt64](repeating: 0, count: serials.count)
            var wrong = 0
            for (number, serial) in serials.enumerated() {
                let start = Clock.nanoseconds()
                let entry = entries.entry(serial)
                times[number] = Clock.nanoseconds() - start
                if (entry != nil) != expected { wrong += 1 }
            }
            // The machine is shared: the quietest of twenty rounds is nearest to what the code itself takes.
            let round = max(times.count / 20, 1)
            let quietest = stride(from: 0, to: times.count, by: round).map { rank(times[$0..<min($0 + round, times.count)]) }.min {
                $0 < $1
            }
            let all = rank(times[...])
            print(
                "sekisho \(kind): \(serials.count), wrong \(wrong), median \(all.0) ns, p99 \(all.1) ns",
                "(quietest twentieth: median \(quietest?.0 ?? 0) ns, p99 \(quietest?.1 ?? 0) ns)")
        }
        var empty = (0..<100_000).map { _ in
            let start = Clock.nanoseconds()
            return Clock.nanoseconds() - start
        }
        empty.sort()
        print("clock alone: median \(empty[empty.count / 2]) ns")
    }

    /// Median and 99th of a hundred.
    static func rank(_ times: ArraySlice<UInt64>) -> (UInt64, UInt64) {
        let sorted = times.sorted()
        return (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
    }

    /// log2(C(2^w, n)) / n by Stirling, exact to far below a thousandth of a bit for the sizes measured here.
    static func bound(_ bits: Double, _ count: Double) -> Double {
        let universe = exp2(bits)
        let rest = bits < 60 ? (universe - count) * -log1p(-count / universe) / count : 1
        return (log(universe / count) + rest - log(2 * Double.pi * count) / (2 * count)) / log(2)
    }

    static func samples(_ path: String) throws -> [[UInt8]] {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        var serials: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            serials.append(Array(bytes[at + 1...at + Int(bytes[at])]))
            at += 1 + Int(bytes[at])
        }
        return serials
    }

    static func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

enum Clock {
    static func cpu() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
    static func wall() -> Double { seconds(CLOCK_MONOTONIC) }

    static func nanoseconds() -> UInt64 {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        return UInt64(moment.tv_sec) * 1_000_000_000 + UInt64(moment.tv_nsec)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var moment = timespec()
        clock_gettime(clock, &moment)
        return Double(moment.tv_sec) + Double(moment.tv_nsec) / 1e9
    }
}

/// Bytes of this process, as the system counts them.
struct Memory {
    let anonymous: Int
    let peak: Int

    static func now() -> Memory {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        func field(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return (line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0) * 1024
        }
        return Memory(anonymous: field("RssAnon:"), peak: field("VmHWM:"))
    }
}
