import ArgumentParser
import Foundation
import SAML
import Settings
import Vocabulary

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Our own keys: list them, make, promote, retire and revoke them, and see who would notice.",
        subcommands: [
            List.self, Generate.self, Next.self, Promote.self, Retire.self, Revoke.self, Remove.self, Order.self, Report.self, Told.self,
            Measure.self,
        ],
        defaultSubcommand: List.self)

    struct Place: ParsableArguments {
        @Option(help: "The deployment folder.") var deployment: String = "."
        @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10
    }

    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key that waits as next: published at once, used when it is promoted.")

        @Argument(help: "saml-signing, saml-metadata, saml-encryption, openid-signing or openid-encryption.") var use: String
        @Option(help: "rsa2048 to rsa4096, p256, p384, ed25519, x25519. Default: rsa3072, or what the algorithm needs.") var kind: String?
        @Option(help: "Tokens: ES256, RS256, PS256, ES384 or EdDSA. SAML: rsa-sha256 and its like; usually left out.") var algorithm:
            String?
        @Option(help: "A name for people; default: its use and the date.") var name: String?
        @OptionGroup var place: Place

        func validate() throws {
            let use = try named()
            if use == .openIDSigning, algorithm == nil { throw ValidationError("say --algorithm: ES256, RS256, PS256, ES384 or EdDSA") }
        }

        private func named() throws -> KeyUse {
            guard let use = KeyUse(rawValue: use) else {
                throw ValidationError("choose a use: " + KeyUse.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return use
        }

        func run() async throws {
            let use = try named()
            let usual: [String: KeyOrder.Kind] = ["ES256": .p256, "ES384": .p384, "EdDSA": .ed25519]
            let standard = algorithm.flatMap { usual[$0] } ?? .rsa3072
            guard let kind = kind.map({ KeyOrder.Kind(rawValue: $0) }) ?? standard else {
                throw ValidationError("choose a kind: " + KeyOrder.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            try await Keys.change(place) {
                try Settings.generate(
                    KeyOrder(use: use, kind: kind, name: name, algorithm: algorithm), in: place.deployment, environment: Keys.environment,
                    at: SystemClock.now())
            }
        }
    }

    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a waiting key sign, now or from a moment on. Refused while others may not have seen it.")

        @Argument(help: "The key's name.") var name: String
        @Option(help: "A moment such as 2026-12-01T03:00:00+09:00; default: now.") var from: String?
        @Option(help: "Sign before everybody can have seen the key, and say why: a stolen key cannot wait.") var early: String?
        @OptionGroup var place: Place

        func run() async throws {
            let moment = try Keys.moment(from)
            try await Keys.change(place) {
                try Settings.promote(
                    key: name, from: moment, early: early, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a key step back though none follows, or end the publication of one that has stepped back.")

        @Argument(help: "The key's name.") var name: String
        @Option(help: "Until when it is published.") var until: String?
        @OptionGroup var place: Place

        func run() async throws {
            let moment = try Keys.moment(until)
            try await Keys.change(place) {
                try Settings.retire(
                    key: name, until: moment, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop a key at once and for good; a waiting one of its family takes its place.")

        @Argument(help: "The key's name.") var name: String
        @Option(help: "Why; it is kept in Keys/keys.yaml.") var reason: String
        @OptionGroup var place: Place

        func run() async throws {
            try await Keys.change(place) {
                try Settings.revoke(key: name, reason: reason, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a key that does nothing any more, with its files.")

        @Argument(help: "The key's name.") var name: String
        @OptionGroup var place: Place

        func run() async throws {
            try await Keys.change(place) {
                try Settings.remove(key: name, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }
    }

    struct Order: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which key stands first in our metadata: many service providers read only the first.")

        @Argument(help: "current-first, next-first or retiring-first.") var order: String
        @OptionGroup var place: Place

        func run() async throws {
            guard let order = SigningKeys.Order(rawValue: order) else {
                throw ValidationError("choose among " + SigningKeys.Order.allCases.map(\.rawValue).joined(separator: ", "))
            }
            try await Keys.change(place) {
                try Settings.order(keys: order, in: place.deployment, environment: Keys.environment, at: SystemClock.now())
            }
        }
    }

    struct Told: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down that a member's operator says it trusts a key; the report then counts it.")

        @Argument(help: "The key's name.") var name: String
        @Option(help: "The member's id.") var member: String
        @Option(help: "Who said so, and how.") var note: String
        @Option(help: "The deployment folder.") var deployment: String = "."

        func run() throws {
            try Keys.telling {
                try Settings.acknowledge(
                    key: name, by: member, note: note, in: deployment, environment: Keys.environment, at: SystemClock.now())
            }
            print("\(member) is noted to trust `\(name)`")
        }
    }
}

/// What all key commands do alike.
enum Keys {
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static func moment(_ text: String?) throws -> Timestamp? {
        guard let text else { return nil }
        if let moment = Timestamp(text) { return moment }
        throw ValidationError("`\(text)` is no moment; write 2026-12-01T03:00:00+09:00")
    }

    static func telling<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let problems as SettingsProblems {
            for problem in problems.problems { Console.error(problem.description) }
            throw ExitCode(1)
        }
    }

    /// Makes the change, says what it was, and has a running server take it up.
    static func change(_ place: KeysCommand.Place, _ body: () throws -> KeyChange) async throws {
        let change = try telling(body)
        for line in change.told { print(line) }
        guard let running = RunningServer(place.deployment) else {
            print("no server is running on this folder; keys are published when one starts")
            return
        }
        guard try await running.reload(within: place.wait) else {
            Console.error("the running server did not take the change over; see its log")
            throw ExitCode(1)
        }
        print("the running server has taken it over")
    }
}
