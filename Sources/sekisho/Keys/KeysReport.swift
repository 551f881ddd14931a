import ArgumentParser
import Cryptography
import Foundation
import SAML
import Settings
import Vocabulary

extension KeysCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show every key with its state, its dates and what it may do next.")

        @Option(help: "The deployment folder.") var deployment: String = "."
        @Flag(help: "As JSON, one object to a line.") var json = false

        func run() throws {
            let now = SystemClock.now()
            let configuration = try Deployment.load(deployment, tokens: .lenient)
            for key in configuration.keys.sorted(by: { ($0.slot, $0.entry.name) < ($1.slot, $1.entry.name) }) {
                print(json ? KeyLine.json(key, at: now).text : KeyLine.text(key, at: now))
            }
            if !json { print("order of KeyDescriptors: \(configuration.keyPlan.order.rawValue)") }
        }
    }

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who still trusts only the old key: each member with what is known of it, and what that proves.",
            discussion: """
                shown       it used something it can only have from an answer signed with the key
                told        its operator said so (`sekisho keys told`)
                likely      it had the occasion to take the key over; nobody can see whether it did
                unknown     nothing was seen
                breaks      what is known says that it refuses our answers, or would
                unaffected  another key signs for it
                """)

        @Option(help: "The deployment folder.") var deployment: String = "."
        @Option(help: "promote: what would happen if --key signed from now on.") var simulate: String?
        @Option(help: "The key to promote in the simulation; default: the one that waits.") var key: String?
        @Flag(help: "End with status 2 when a member would break or nothing is known of it.") var strict = false
        @Flag(help: "As JSON, one object to a line.") var json = false

        func validate() throws {
            if simulate == nil, key != nil { throw ValidationError("--key goes with --simulate promote") }
            if let simulate, simulate != "promote" { throw ValidationError("only `--simulate promote` is known") }
        }

        func run() throws {
            let now = SystemClock.now()
            let configuration = try Deployment.load(deployment)
            let promoting = try simulated(configuration, at: now)
            let evidence = KeyEvidence(at: configuration.keyEvidencePath)
            if evidence.isDamaged { Console.error("what was seen of members so far cannot be read: \(configuration.keyEvidencePath)") }
            let report = KeyReport(configuration, evidence, promoting: promoting, at: now)
            for row in report.rows {
                let kind = row.isSAML ? "SAML" : "OpenID"
                if json {
                    let line = JSON.object([
                        ("member", .string(row.member.text)), ("protocol", .string(kind)), ("verdict", .string(row.verdict.rawValue)),
                        ("key", .string(row.key)), ("why", .string(row.why)),
                    ])
                    print(line.text)
                } else {
                    let verdict = row.verdict.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0)
                    print("\(verdict)  \(row.member.text) (\(kind), \(row.key)): \(row.why)")
                }
            }
            if !json {
                let counts = KeyReport.Verdict.allCases.map { "\(report.count($0)) \($0.rawValue)" }.joined(separator: ", ")
                print((promoting.map { "if `\($0.entry.name)` signed from now on: " } ?? "with the keys as they are: ") + counts)
            }
            if strict, report.count(.breaks) + report.count(.unknown) > 0 { throw ExitCode(2) }
        }

        private func simulated(_ configuration: Configuration, at now: Timestamp) throws -> HeldKey? {
            guard simulate != nil else { return nil }
            let waiting = configuration.keys.filter { $0.life.state(at: now) == .next && !$0.entry.use.isForDecryption }
            if let key {
                guard let found = configuration.keys.first(where: { $0.entry.name == key }) else {
                    throw ValidationError("there is no key `\(key)`")
                }
                return found
            }
            guard let first = waiting.first, waiting.count == 1 else {
                throw ValidationError(
                    waiting.isEmpty
                        ? "no key waits; make one with `sekisho keys generate`"
                        : "several keys wait: say --key " + waiting.map(\.entry.name).joined(separator: " or --key "))
            }
            return first
        }
    }
}

/// One key as a line.
enum KeyLine {
    static func text(_ key: HeldKey, at now: Timestamp) -> String {
        let state = key.life.state(at: now)
        var parts = ["\(key.entry.name): \(state.rawValue), \(key.entry.use.rawValue)", key.publicKey.kind.text]
        if let algorithm = key.algorithm { parts.append(algorithm) }
        if !key.hasPrivateKey { parts.append("public half only") }
        if let token = key.token {
            parts.append("in a token")
            if let fault = token.fault {
                parts.append("DOES NOT SIGN: \(fault.text) [\(fault.code)]")
            } else {
                parts.append(token.wasAsked ? "answers" : "not asked")
            }
        }
        switch state {
        case .next:
            if let from = key.life.from { parts.append("signs from \(from.text)") }
            if let usable = key.usableFrom {
                parts.append(usable <= now ? "may be promoted" : "may be promoted from \(usable.text)")
            } else if !key.entry.use.isForDecryption {
                parts.append("not published yet")
            }
        case .current:
            if let from = key.life.from, from.seconds > 0 { parts.append("since \(from.text)") }
            if let next = key.life.succeeded { parts.append("until \(next.text)") }
        case .retiring: parts.append(key.life.until.map { "published until \($0.text)" } ?? "published until its file is removed")
        case .gone: parts.append("may be removed")
        case .revoked: parts.append("since \(key.life.revoked?.text ?? "") (\(key.entry.reason ?? "no reason given"))")
        }
        if let early = key.entry.early { parts.append("EARLY: \(early)") }
        let name = key.fingerprint.map { "certificate SHA-256 \($0)" } ?? key.keyID.map { "kid \($0)" }
        return parts.joined(separator: ", ") + (name.map { "\n    " + $0 } ?? "") + (key.token.map { "\n    " + $0.uri.text } ?? "")
    }

    static func json(_ key: HeldKey, at now: Timestamp) -> JSON {
        func moment(_ moment: Timestamp?) -> JSON { moment.map { .string($0.text) } ?? .null }
        return .object([
            ("name", .string(key.entry.name)), ("use", .string(key.entry.use.rawValue)),
            ("state", .string(key.life.state(at: now).rawValue)), ("kind", .string(key.publicKey.kind.text)),
            ("algorithm", key.algorithm.map { .string($0) } ?? .null), ("from", moment(key.life.from)),
            ("succeeded", moment(key.life.succeeded)), ("until", moment(key.life.until)), ("revoked", moment(key.life.revoked)),
            ("published", moment(key.published)), ("usable", moment(key.usableFrom)),
            ("fingerprint", key.fingerprint.map { .string($0) } ?? .null), ("kid", key.keyID.map { .string($0) } ?? .null),
            ("token", key.token.map { .string($0.uri.text) } ?? .null),
            ("answers", key.token.map { $0.wasAsked ? .bool($0.fault == nil) : .null } ?? .null),
            ("fault", key.token?.fault.map { .string($0.code) } ?? .null),
        ])
    }
}
