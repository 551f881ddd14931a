import ArgumentParser
import Foundation
import SQLiteStores
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Customers' numbers of members, and what makes certificates a citizen's.
struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Bring in and see customers' numbers of services; see why a card is a citizen's; undo a merge.",
        subcommands: [List.self, Import.self, LinkExport.self, Evidence.self, Merges.self, MergeUndo.self])

    static func open(_ folder: String) throws -> (settings: Configuration, store: SQLiteStore) {
        let settings = try Deployment.load(folder)
        let store = try SQLiteStore(
            path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal,
            identityKey: DeploymentSecret.key(for: "sekisho identity records", beside: settings.store.path))
        return (settings, store)
    }

    static func member(_ text: String, _ settings: Configuration) throws -> Member {
        guard let id = MemberID(text), let member = settings.federation.member(id) else {
            throw ValidationError("no member goes by `\(text)`; `sekisho member list` prints them")
        }
        return member
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how many links each service has: service, state, number. No customer and no citizen.")

        @Argument(help: "The deployment folder.") var folder: String

        func run() async throws {
            for count in try await LinkCommand.open(folder).store.countCustomerLinks() {
                print(count.member.text, count.state.rawValue, count.links, separator: "\t")
            }
        }
    }

    struct Evidence: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print why certificates are citizens', and check the chain; exit 1 when it does not hold.",
            discussion: "Certificates stand there by labels that say `the same one` and nothing else.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(parsing: .unconditional, help: "One citizen, as the audit trail names them under `subject`.") var subject: String?

        func run() async throws {
            let store = try LinkCommand.open(folder).store
            let citizen = try subject.map { text in
                guard let citizen = SubjectID(text) else { throw ValidationError("this is no subject of the audit trail") }
                return citizen
            }
            let kept = try await store.evidence(of: citizen)
            for piece in kept {
                print(piece.number, Hexadecimal.encode(Array(piece.hash.prefix(8))), piece.body, separator: "\t")
            }
            // Of several citizens the newest pieces are shown, whose beginnings may lie further back: each is checked by itself.
            var broken = kept.filter { !$0.holds }.map(\.number)
            if let citizen {
                var previous = KeptEvidence.start(citizen)
                for piece in kept {
                    if piece.previous != previous { broken.append(piece.number) }
                    previous = piece.hash
                }
            }
            guard broken.isEmpty else {
                Console.error("the evidence does not hold at: " + broken.map { String($0) }.joined(separator: ", "))
                throw ExitCode(1)
            }
            print("\(kept.count) pieces hold")
        }
    }

    struct Merges: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print records of one person that were put together: merge, from, into, when, undone.")

        @Argument(help: "The deployment folder.") var folder: String

        func run() async throws {
            for merge in try await LinkCommand.open(folder).store.allMerges(limit: 1_000) {
                print(merge.id.text, merge.from.text, merge.into.text, merge.at.text, merge.undoneAt?.text ?? "-", separator: "\t")
            }
        }
    }

    struct MergeUndo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "merge-undo", abstract: "Make two records of one again; exit 1 when that cannot be.")

        @Argument(help: "The deployment folder.") var folder: String
        @Argument(help: "As `link merges` prints it.") var merge: String

        func run() async throws {
            let (_, store) = try LinkCommand.open(folder)
            guard let id = MergeID(merge) else {
                throw ValidationError("a merge has 32 hexadecimal digits; `sekisho link merges` prints them")
            }
            let now = SystemClock.now()
            // A server remembers identifiers, so that it has to do it. Only where none runs this command does.
            if RunningServer(folder) != nil {
                try await store.orderUndo(id, at: now)
                for _ in 0..<50 {
                    try await Task.sleep(for: .milliseconds(100))
                    if try await isUndone(id, store) { return print("undone") }
                }
                Console.error("the running server has not undone it; it is unknown, or a later merge lies on top of it")
                throw ExitCode(1)
            }
            let outcome = try await store.undo(id, recording: { $0.undone(by: "operator", at: now) }, at: now)
            switch outcome {
            case .undone, .already: print("undone")
            case .covered(let later):
                Console.error("the later merge \(later.text) has to be undone first")
                throw ExitCode(1)
            case .unknown:
                Console.error("there is no such merge")
                throw ExitCode(1)
            }
        }

        private func isUndone(_ id: MergeID, _ store: SQLiteStore) async throws -> Bool {
            try await store.allMerges(limit: 1_000).contains { $0.id == id && $0.undoneAt != nil }
        }
    }
}
