import Cryptography
import Foundation

/// Runs executions one after the other and looks at what they cost.
struct FuzzLoop {
    struct Report: CustomStringConvertible {
        var executions = 0
        var read = 0
        var slowest = Duration.zero
        var slowestExecution: UInt64 = 0
        /// Kibibytes resident after a tenth of the run, and at its end.
        var early = 0
        var late = 0
        var peak = 0

        var growth: Int { late - early }

        var description: String {
            "\(executions) executions, \(read) still read; slowest \(slowest) (number \(slowestExecution)); "
                + "resident \(early / 1024) MiB after a tenth, \(late / 1024) MiB at the end, peak \(peak / 1024) MiB"
        }
    }

    let seeds: FuzzSeeds
    let plan: [FuzzTarget] = FuzzTarget.allCases.flatMap { [FuzzTarget](repeating: $0, count: $0.share) }

    /// The message of one execution, and for whom: repeatable from its number.
    func message(_ number: UInt64) -> (target: FuzzTarget, bytes: [UInt8]) {
        var chance = Chance(number)
        let target = plan[Int(number % UInt64(plan.count))]
        var bytes = seeds.pick(target.seeds, &chance).made(&chance, beside: seeds.pick(target.seeds, &chance))
        if target == .sealed, chance.below(2) == 0 { reseal(&bytes) }
        return (target, bytes)
    }

    /// Executions `from` up to `from + count`. `told` hears the number now and then, before it runs: where to look when it was the last.
    func run(from: UInt64 = 0, count: Int, _ told: (UInt64) -> Void) -> Report {
        var report = Report()
        let clock = ContinuousClock()
        for number in from..<from + UInt64(count) {
            if number % 500 == 0 { told(number) }
            let (target, bytes) = message(number)
            let start = clock.now
            if target.reads(bytes) { report.read += 1 }
            var taken = clock.now - start
            // A machine that paused is no hang: what is slow is slow again.
            if taken > .seconds(1) { taken = min(taken, clock.measure { _ = target.reads(bytes) }) }
            if taken > report.slowest { (report.slowest, report.slowestExecution) = (taken, number) }
            report.executions += 1
            if report.executions == count / 10 { report.early = Self.resident("VmRSS") }
        }
        report.late = Self.resident("VmRSS")
        report.peak = Self.resident("VmHWM")
        return report
    }

    /// The header's own digest set right, so that what lies behind is reached (the preamble of `SealedIndex`).
    private func reseal(_ bytes: inout [UInt8]) {
        guard bytes.count >= 56 else { return }
        let length = bytes[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - 56 else { return }
        for place in 0..<8 { bytes[16 + place] = UInt8(truncatingIfNeeded: bytes.count >> (8 * place)) }
        bytes.replaceSubrange(24..<56, with: Digest.sha256(Array(bytes[0..<24] + bytes[56..<56 + length])))
    }

    /// Kibibytes, by Linux's own count.
    static func resident(_ field: String) -> Int {
        let status = String(decoding: FileManager.default.contents(atPath: "/proc/self/status") ?? Data(), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
