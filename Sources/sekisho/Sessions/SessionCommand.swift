import ArgumentParser
import Cryptography
import Logging
import SQLiteStores
import Settings
import SignOn
import Upkeep
import Vocabulary

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "See who is logged in, and end sessions.", subcommands: [List.self, End.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the sessions that live, youngest first: session, citizen (our own identifier), times, services.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The most sessions to print.") var limit: Int = 100
        @Option(
            parsing: .unconditional,
            help: "Only those of this reference (its first eight letters will do), of this citizen, or with --member of this identifier.")
        var find: String?
        @Option(help: "The service that knows the citizen by what --find names.") var member: String?

        func run() async throws {
            let settings = try Deployment.load(folder)
            let store = try SQLiteStore(path: settings.store.path, durability: .normal)
            let now = SystemClock.now()
            let live =
                if let find {
                    try await SessionSearch.found(find, member: member.flatMap { MemberID($0) }, in: store, limit: limit, at: now)
                } else { try await store.liveSessions(limit: limit, at: now) }
            for session in live
            where now.seconds(since: session.lastSeenAt) < settings.sessions.idle {
                print(
                    session.thread.text, session.subject.text, session.createdAt.text, session.lastSeenAt.text,
                    session.members.map(\.text).joined(separator: " "), separator: "\t")
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session, or every session of a citizen, and tell the services; exit 1 when one of them is still open.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(parsing: .unconditional, help: "A session as `session list` prints it.") var session: String?
        @Option(parsing: .unconditional, help: "A citizen as `session list` prints them.") var subject: String?
        @Option(help: "Seconds to wait for the services, 0 to 3600.") var wait: Patience = 10

        func run() async throws {
            let settings = try Deployment.load(folder)
            let store = try SQLiteStore(
                path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
            var random = SystemRandomNumberGenerator()
            guard let target = try target(), let id = LogoutID.fresh(using: &random) else {
                throw ValidationError("say which: --session or --subject, as `sekisho session list` prints them")
            }
            let now = SystemClock.now()
            try await store.order(LogoutOrder(id: id, target: target, at: now), until: now.adding(seconds: 300))
            let progress = try await outcome(of: id, store, settings)
            guard let progress else {
                Console.error("the running server has not taken the order up; see its log")
                throw ExitCode(1)
            }
            for leg in progress.legs {
                let result = progress.result(of: leg, at: SystemClock.now())
                print(leg.member.text, result.rawValue, leg.reason?.rawValue ?? "", separator: "\t")
            }
            print("ended here; \(progress.legs.count) services told or named above")
            if progress.outcome == .partial { throw ExitCode(1) }
        }

        /// A server remembers its sessions, so that it has to end them. Only where none takes the order up in two seconds this command does.
        private func outcome(of id: LogoutID, _ store: SQLiteStore, _ settings: Configuration) async throws -> LogoutProgress? {
            let courier = LogoutCourier(
                store: store, configuration: { settings }, clock: SystemClock.now, logger: Logger(label: "sekisho"))
            let isServed = RunningServer(folder) != nil
            var isOurs = false
            var last: LogoutProgress?
            for turn in 0..<(max(wait.seconds, 3) * 10) {
                if turn == 20, last == nil, !isServed { isOurs = true }
                if isOurs { await courier.round() }
                last = try await store.progress(of: id, at: SystemClock.now())
                if let last, !last.isDelivering { return last }
                try await Task.sleep(for: .milliseconds(100))
            }
            return last
        }

        private func target() throws -> LogoutOrder.Target? {
            switch (session, subject) {
            case (.some(let text), nil): Hexadecimal.decode(text).flatMap { SessionThread($0) }.map { .thread($0) }
            case (nil, .some(let text)): SubjectID(text).map { .subject($0) }
            default: nil
            }
        }
    }
}
