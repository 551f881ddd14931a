import ArgumentParser
import Cryptography
import Foundation
import SQLiteStores
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension LinkCommand {
    /// For members that have no client of their own at `/links`: the operator brings the list.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a service's list of customers; every line waits for its citizen's yes.",
            discussion: """
                FILE has a line of JSON for each customer: {"customer": "A-1", "sub": "…"} for one whom the service knows by the identifier we \
                gave it, {"customer": "A-2"} for one who is sent a code, {"customer": "A-3", "end": true}. The answer, with the codes, is \
                written to OUT line by line. A list that was cut off is given again: what was taken says so, and codes stay the same.
                """)

        @Argument(help: "The deployment folder.") var folder: String
        @Argument(help: "The list; - is the standard input.") var file: String
        @Option(help: "The service, by its id.") var member: String
        @Option(help: "Where the answer goes; it holds codes and is not there before.") var out: String

        func run() async throws {
            let (settings, store) = try LinkCommand.open(folder)
            let member = try LinkCommand.member(member, settings)
            let terms = ProposalTerms(member: member.id, sector: member.sector, codeLifetime: settings.links.codeLifetime)
            let input = try source()
            let output = try target()
            var reader = LineReader(longest: LinkLine.longest)
            var waiting: [LinkLine] = []
            var counts: [String: Int] = [:]
            var lines = 0
            func take() async throws {
                guard !waiting.isEmpty else { return }
                let now = SystemClock.now()
                let outcomes = try await store.propose(
                    waiting.compactMap(\.proposal), under: terms,
                    recording: { LinkLine.record($0, of: member.id, by: "operator", at: now) }, at: now)
                var rest = outcomes[...]
                var answer = Data()
                for line in waiting {
                    let outcome = line.proposal == nil ? nil : rest.popFirst()
                    counts[outcome?.word.rawValue ?? "malformed", default: 0] += 1
                    answer.append(contentsOf: line.answer(outcome).bytes + [0x0a])
                }
                // On the disk before the next part is taken: a list that is cut off here loses no code.
                try output.write(contentsOf: answer)
                lines += waiting.count
                waiting.removeAll(keepingCapacity: true)
            }
            func add(_ some: [[UInt8]]) async throws {
                for line in some {
                    waiting.append(LinkLine(line))
                    if waiting.count == ProposalTerms.most { try await take() }
                }
            }
            while let piece = try input.read(upToCount: 1 << 16), !piece.isEmpty { try await add(reader.take([UInt8](piece))) }
            try await add(reader.end())
            try await take()
            try output.synchronize()
            try output.close()
            print("\(lines) lines: " + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
            if counts["malformed"] != nil { throw ExitCode(1) }
        }

        private func source() throws -> FileHandle {
            if file == "-" { return .standardInput }
            guard let handle = InputFile.open(file) else { throw ValidationError("`\(file)` cannot be read") }
            return handle
        }

        private func target() throws -> FileHandle {
            guard PrivateFile.make(out), let handle = FileHandle(forWritingAtPath: out) else {
                throw ValidationError("`\(out)` is there already, or cannot be made")
            }
            return handle
        }
    }

    /// Sorted text, for the member that the numbers belong to.
    struct LinkExport: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Print a service's links, one line of JSON each, in the order of its customers.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The service, by its id.") var member: String

        func run() async throws {
            let (settings, store) = try LinkCommand.open(folder)
            let member = try LinkCommand.member(member, settings)
            var last: CustomerID?
            while true {
                let links = try await store.customerLinks(of: member.id, after: last, limit: 1_000)
                for link in links { print(LinkLine.json(link).text) }
                guard links.count == 1_000 else { return }
                last = links.last?.customer
            }
        }
    }
}
