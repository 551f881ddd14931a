import Cryptography
import Foundation
import Testing

@Suite struct `Hostile bytes` {
    /// Executions of a test run, unless SEKISHO_FUZZ says otherwise; SEKISHO_FUZZ_FROM begins elsewhere.
    static let usual = 200_000

    static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    /// In a process of its own: a trap ends that one only, and its memory is its own.
    @Test func `end in an answer: no crash, no hang, no growth`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let count = `Hostile bytes`.number("SEKISHO_FUZZ") ?? `Hostile bytes`.usual
            let from = UInt64(`Hostile bytes`.number("SEKISHO_FUZZ_FROM") ?? 0)
            let seeds = try FuzzSeeds()
            let report = FuzzLoop(seeds: seeds).run(from: from, count: count) { number in
                FileHandle.standardOutput.write(Data("at \(number)\n".utf8))
            }
            FileHandle.standardOutput.write(Data("fuzz: \(report)\n".utf8))
            #expect(report.executions == count)
            #expect(report.slowest < .seconds(2), "execution \(report.slowestExecution)")
            // What the allocator keeps to itself is bounded too.
            #expect(report.growth < 48 * 1024)
            // Mutations that nobody reads any more test the front door only.
            #expect(report.read > count / 50)
        }
        let lines = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self).split(separator: "\n")
        for line in lines where line.hasPrefix("fuzz:") { print(line) }
        if result?.exitStatus != .exitCode(EXIT_SUCCESS), let last = lines.last(where: { $0.hasPrefix("at ") }) {
            Issue.record("the loop ended \(last); SEKISHO_FUZZ_FROM and SEKISHO_FUZZ=500 find which execution")
        }
    }

    @Test(arguments: [UInt64(0), 1, 77, 4096]) func `repeat themselves from their number`(number: UInt64) throws {
        var first = Chance(number), second = Chance(number)
        let seed = Mutation([0x30, 0x06, 0x02, 0x01, 0x05, 0x04, 0x01, 0x00])
        #expect(seed.made(&first, beside: seed) == seed.made(&second, beside: seed))
    }

    @Test func `are known by their elements, in strings too, and lengths around a change are right`() {
        // SEQUENCE { INTEGER 5, OCTET STRING { BOOLEAN TRUE } }
        let message: [UInt8] = [0x30, 0x08, 0x02, 0x01, 0x05, 0x04, 0x03, 0x01, 0x01, 0xff]
        let map = ElementMap(message)
        #expect(map.elements.map(\.start) == [0, 2, 5, 7])
        #expect(map.replacing(3, with: [0x05, 0x00], in: message) == [0x30, 0x07, 0x02, 0x01, 0x05, 0x04, 0x02, 0x05, 0x00])
        let long = map.replacing(1, with: [0x04, 0x81, 0x80] + [UInt8](repeating: 7, count: 128), in: message)
        #expect(Array(long.prefix(3)) == [0x30, 0x81, 0x88])
        #expect(ElementMap(long).elements.count == 4)
    }
}
