import ArgumentParser
import Cryptography
import Foundation
import SQLiteStores
import Settings
import TrustFramework
import Vocabulary

/// A deployment's members as the commands see them: its files, its officers, and a server that may be running.
struct MemberDesk {
    let folder: String
    let configuration: Configuration
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    init(_ folder: String) throws {
        self.folder = folder
        configuration = try Deployment.load(folder, tokens: .none)
    }

    /// A member of the folder or of the metadata that a server keeps; a refusal names near ones.
    func member(_ text: String) throws -> Member {
        if let id = MemberID(text), let member = configuration.federation.anyMember(id) { return member }
        throw ValidationError("there is no member `\(Explanation.redacted(text))` in \(folder); `sekisho member list` shows them")
    }

    /// Does the change, or keeps it for the officers who have still to sign.
    func carry(_ edit: MemberEdit, _ options: MemberChangeOptions, at now: Timestamp) async throws {
        var signed: [SignedChange] = []
        if let officer = options.officer, let file = options.key {
            signed = [try sign(edit, options.reason, as: officer, with: try OfficerKey.read(file), at: now)]
        }
        try await carry(edit, signed: signed, wait: options.wait, at: now)
    }

    func carry(_ edit: MemberEdit, signed: [SignedChange], wait: Patience, at now: Timestamp) async throws {
        let needed = edit.signatures(under: configuration.members)
        guard signed.count >= needed else {
            guard !signed.isEmpty else {
                throw ValidationError("here \(needed) registrars sign every change of a member: say --as and --key")
            }
            let proposal = try Self.telling { () throws(SettingsProblems) in
                try MemberProposals.put(edit, signed: signed, in: folder)
            }
            print("\(edit.act) of \(edit.member) waits for \(needed - signed.count) more: `sekisho member approve \(proposal.name)`")
            return
        }
        _ = try Self.telling { () throws(SettingsProblems) in
            try Settings.take(edit, signed: signed, in: folder, environment: Self.environment, at: now)
        }
        MemberProposals.remove(MemberProposals.name(of: edit), from: folder)
        print("\(edit.member): \(edit.act) done, the state is \(edit.state.rawValue)")
        try await tell(wait: wait)
    }

    /// Signs, and looks at once whether the signature will count: an officer learns it now, not the second one tomorrow.
    func sign(
        _ edit: MemberEdit, _ reason: String, as officer: String, with key: PrivateKey, at now: Timestamp
    ) throws -> SignedChange {
        do {
            let change = try SignedChange.signed(.member, digest: edit.digest, reason: reason, as: officer, with: key, at: now)
            _ = try change.verified(.member, digest: edit.digest, by: configuration.officers, within: 60, at: now)
            return change
        } catch {
            Console.error("the signature does not count: \(error) [\(error.code)]")
            throw ExitCode(1)
        }
    }

    /// A running server takes the folder up and writes the trail; where none runs, the trail is written here.
    func tell(wait: Patience) async throws {
        if let running = RunningServer(folder) {
            guard try await running.reload(within: wait) else {
                Console.error("the running server did not take the new files over; see its log")
                throw ExitCode(1)
            }
            print("the running server has taken it over")
            return
        }
        print("no server is running on this folder")
        let now = try Deployment.load(folder, tokens: .none)
        let store = try SQLiteStore(path: now.store.path, durability: now.store.synchronous == .full ? .full : .normal)
        try await MemberLedger(now).note(at: SystemClock.now()) { try await store.append($0) }
        if let trouble = await MemberLedger(now).remembered(at: SystemClock.now()) { throw trouble }
    }

    static func telling<Value>(_ work: () throws(SettingsProblems) -> Value) throws -> Value {
        do throws(SettingsProblems) {
            return try work()
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            Console.error("nothing was changed")
            throw ExitCode(1)
        }
    }
}
