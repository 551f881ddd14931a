import ArgumentParser
import Logging
import SQLiteStores
import Settings
import SignOn
import Upkeep
import Vocabulary

extension CareCommand {
    struct Block: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Block a citizen's certificates here and end every session; exit 1 when a service could not be told yet.")

        @Argument(help: "The deployment folder.") var folder: String
        @OptionGroup var citizen: CareCitizen
        @Option(help: "One certificate, as `care show` prints it; without it all of the citizen's.") var certificate: String?
        @Option(help: "lost, stolen or misused.") var reason: String = "lost"
        @OptionGroup var officer: CareOfficer
        @Option(help: "Seconds to wait for the services, 0 to 3600.") var wait: Patience = 10

        func run() async throws {
            let settings = try Deployment.load(folder)
            let store = try SQLiteStore(
                path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
            store.bound(by: settings.signals)
            guard let reason = CertificateBlock.Reason(rawValue: reason) else {
                throw ValidationError("--reason is one of " + CertificateBlock.Reason.allCases.map(\.rawValue).joined(separator: ", "))
            }
            let now = SystemClock.now()
            let author = try officer.author(under: settings, at: now)
            let subject = try await citizen.subject(in: store)
            let cards = try await store.certificates(of: subject)
            let chosen = try certificate.map { [try CareCommand.chosen($0, of: cards)] } ?? cards
            var random = SystemRandomNumberGenerator()
            guard let id = LogoutID.fresh(using: &random),
                let report = LossReport(of: subject, chosen.map(\.identity), reason, by: author, logout: id, at: now)
            else { throw ValidationError("this citizen has too many certificates for one report: name one with --certificate") }
            let outcome = try await store.report(
                report,
                telling: try await SignalAudience(store, settings).announcements(
                    of: LossSignals.after(reason, blocking: chosen, of: cards), about: subject, at: now)
            ) { $0.record(of: report) }
            print("blocked\t\(outcome.blocked.map(\.text).joined(separator: " "))")
            print("refresh families ended\t\(outcome.families)\nrequests denied\t\(outcome.requests)\nsessions\t\(outcome.sessions)")
            guard outcome.sessions > 0 else { return }
            guard let progress = try await ended(id, store, settings) else {
                Console.error("the block holds; the running server has not ended the sessions yet, see its log")
                throw ExitCode(1)
            }
            for leg in progress.legs {
                print(
                    leg.member.text, progress.result(of: leg, at: SystemClock.now()).rawValue, leg.reason?.rawValue ?? "", separator: "\t")
            }
            if progress.outcome == .partial { throw ExitCode(1) }
        }

        /// The server that runs remembers its sessions, so that it ends them: the report left the order. Where none runs, this command does.
        private func ended(_ id: LogoutID, _ store: SQLiteStore, _ settings: Configuration) async throws -> LogoutProgress? {
            let courier = LogoutCourier(
                store: store, configuration: { settings }, clock: SystemClock.now, logger: Logger(label: "sekisho"))
            let isServed = RunningServer(folder) != nil
            var last: LogoutProgress?
            for _ in 0..<(max(wait.seconds, 3) * 10) {
                if !isServed { await courier.round() }
                last = try await store.progress(of: id, at: SystemClock.now())
                if let last, !last.isDelivering { return last }
                try await Task.sleep(for: .milliseconds(100))
            }
            return last
        }
    }

    struct Lift: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a certificate log in again, after the officer has seen the citizen and the card.")

        @Argument(help: "The deployment folder.") var folder: String
        @OptionGroup var citizen: CareCitizen
        @Option(help: "The certificate, as `care show` prints it.") var certificate: String
        @Option(help: "What was seen, for the trail: a few words, no names.") var why: String
        @OptionGroup var officer: CareOfficer

        func run() async throws {
            let settings = try Deployment.load(folder)
            let store = try SQLiteStore(
                path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
            store.bound(by: settings.signals)
            let now = SystemClock.now()
            let author = try officer.author(under: settings, at: now)
            guard (1...200).contains(why.utf8.count) else { throw ValidationError("--why takes 1 to 200 bytes") }
            let subject = try await citizen.subject(in: store)
            let cards = try await store.certificates(of: subject)
            let card = try CareCommand.chosen(certificate, of: cards)
            let lifted = try await store.lift(
                card.identity, of: subject,
                telling: try await SignalAudience(store, settings).announcements(
                    of: LossSignals.afterLift(of: card, among: cards), about: subject, at: now),
                recording: Record(
                    "care.lifted", at: now,
                    [
                        ("subject", .string(subject.text)), ("certificate", .string(card.handle.text)), ("by", .string(author)),
                        ("why", .string(why)),
                    ]))
            guard lifted else {
                Console.error("there is no block on this certificate")
                throw ExitCode(1)
            }
            print("lifted\t\(card.handle.text)")
        }
    }

    fileprivate static func chosen(_ text: String, of cards: [LinkedCertificate]) throws -> LinkedCertificate {
        guard let handle = CertificateHandle(text), let card = cards.first(where: { $0.handle == handle }) else {
            throw ValidationError("`--certificate` is none of this citizen's: `sekisho care show` prints them")
        }
        return card
    }
}
