import ArgumentParser
import Foundation
import SQLiteStores
import Settings
import SignOn
import Signals
import Vocabulary

struct SignalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal", abstract: "Security events for members: see their streams and what waits in them, pause and test them.",
        subcommands: [Streams.self, Queue.self, Pause.self, Enable.self, Disable.self, Verify.self])

    struct Streams: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: """
                Print the streams: stream, member, delivery, status, waiting, oldest (seconds), attempts, lost, events, whose word the status is
                (receiver, operator, silence). A push stream whose address is no longer registered says so.
                """)

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The most streams to print.") var limit: Int = 1_000

        func run() async throws {
            let (settings, store) = try SignalDesk.open(folder)
            let now = SystemClock.now()
            let queues = Dictionary(try await store.queues(at: now).map { ($0.stream, $0) }) { one, _ in one }
            for stream in try await store.streams(limit: limit) {
                let terms = settings.signalReceiver(stream.member)?.terms ?? SignalTerms(events: [], endpoints: [])
                let queue = queues[stream.id]
                print(
                    stream.id.text, stream.member.text, Self.delivery(stream, terms), stream.status.rawValue, queue?.waiting ?? 0,
                    queue?.oldest.map { now.seconds(since: $0) } ?? 0, queue?.mostAttempts ?? 0, stream.dropped,
                    stream.delivered(under: terms).map(\.word).joined(separator: " "), stream.statusBy.rawValue, separator: "\t")
            }
        }

        private static func delivery(_ stream: SignalStream, _ terms: SignalTerms) -> String {
            guard stream.delivery.isPush else { return "poll" }
            return stream.endpoint(under: terms) == nil ? "push (not registered)" : "push"
        }
    }

    struct Queue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Print what waits in a stream, oldest first: event, type, since when, until when it is kept, attempts. No citizen is named."
        )

        @Argument(help: "The deployment folder.") var folder: String
        @Option(parsing: .unconditional, help: "A stream as `signal streams` prints it.") var stream: String
        @Option(help: "The most events to print.") var limit: Int = 100

        func run() async throws {
            let (_, store) = try SignalDesk.open(folder)
            let stream = try await SignalDesk.stream(stream, in: store)
            let waiting = try await store.waiting(in: stream.id, of: stream.member, limit: limit, at: SystemClock.now())
            for signal in waiting.signals {
                print(signal.id, signal.type.word, signal.at.text, signal.expiresAt.text, signal.attempts, separator: "\t")
            }
            if waiting.more { print("…") }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let events wait in a stream; its receiver is told so by an event of the stream, and cannot start it again.")

        @OptionGroup var choice: SignalChoice

        func run() async throws { try await choice.set(.paused) }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send again what waits in a stream.")

        @OptionGroup var choice: SignalChoice

        func run() async throws { try await choice.set(.enabled) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop a stream and throw away what waits in it; its receiver is told, and cannot start it again.")

        @OptionGroup var choice: SignalChoice

        func run() async throws { try await choice.set(.disabled) }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a verification event, which proves the way to the receiver; exit 1 when it was not taken in time.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(parsing: .unconditional, help: "A stream as `signal streams` prints it.") var stream: String
        @Option(help: "Seconds to wait for the receiver, 0 to 3600.") var wait: Patience = 10

        func run() async throws {
            let (settings, store) = try SignalDesk.open(folder)
            let stream = try await SignalDesk.stream(stream, in: store)
            let now = SystemClock.now()
            var random = SystemRandomNumberGenerator()
            let event = stream.event(.verification, JSON.object([]), keep: settings.signals.keep, at: now, using: &random)
            guard try await store.verify(stream.id, of: stream.member, since: now, telling: event) else {
                throw ValidationError("a verification was asked for at this very moment; try again")
            }
            for _ in 0..<(max(wait.seconds, 1) * 10) {
                let waiting = try await store.waiting(in: stream.id, of: stream.member, limit: 10_000, at: SystemClock.now()).signals
                if !waiting.contains(where: { $0.id == event.id }) {
                    print("taken after \(SystemClock.now().milliseconds - now.milliseconds) ms")
                    return
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            Console.error("the receiver has not taken it; it stays in the queue")
            throw ExitCode(1)
        }
    }
}

/// One stream of a deployment, and what an operator does to it.
struct SignalChoice: ParsableArguments {
    @Argument(help: "The deployment folder.") var folder: String
    @Option(parsing: .unconditional, help: "A stream as `signal streams` prints it.") var stream: String
    @Option(help: "Why, for the receiver and the audit trail.") var reason: String?

    func set(_ status: StreamStatus) async throws {
        let (settings, store) = try SignalDesk.open(folder)
        let known = try await SignalDesk.stream(stream, in: store)
        let now = SystemClock.now()
        let next = known.set(status, reason, by: .operator, at: now)
        var random = SystemRandomNumberGenerator()
        let event = next.event(.streamUpdated, next.updated, keep: settings.signals.keep, at: now, using: &random)
        let record = Record(
            "signal.stream-changed", at: now,
            [
                ("member", .string(known.member.text)), ("stream", .string(known.id.text)), ("by", "operator"),
                ("status", .string(status.rawValue)), ("reason", reason.map { .string($0) } ?? .null),
            ])
        guard try await store.change(next, knowing: known, telling: event, recording: record) else {
            throw ValidationError("the receiver changed the stream meanwhile; look at it and try again")
        }
        print(known.id.text, status.rawValue, separator: "\t")
    }
}

enum SignalDesk {
    /// With the key under which receivers' own secrets lie: a stream that is changed keeps them.
    static func open(_ folder: String) throws -> (Configuration, SQLiteStore) {
        let settings = try Deployment.load(folder)
        let store = try SQLiteStore(
            path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal,
            identityKey: DeploymentSecret.key(for: "sekisho identity records", beside: settings.store.path))
        store.bound(by: settings.signals)
        return (settings, store)
    }

    static func stream(_ text: String, in store: SQLiteStore) async throws -> SignalStream {
        guard let id = StreamID(text), let stream = try await store.streams(limit: 100_000).first(where: { $0.id == id }) else {
            throw ValidationError("there is no such stream; `sekisho signal streams` prints them")
        }
        return stream
    }
}
