import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct MemberRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Return to an earlier version of how a member is registered: names, contacts, addresses, keys.",
        discussion: """
            The standing stays as it is: state, dates, purposes and history are today's. The old version is judged by the rules of today, signed
            by as many officers as any change, and becomes a new version. `sekisho member history ID --versions` shows which there are.
            """)

    @Argument(help: "The member's id.") var id: String
    @Option(name: .customLong("to"), help: "The version: its number, or at least 8 characters of its digest.") var version: String
    @OptionGroup var options: MemberChangeOptions

    func run() async throws {
        let desk = try MemberDesk(options.deployment)
        let now = SystemClock.now()
        let member = try desk.member(id)
        let edit = try MemberDesk.telling { () throws(SettingsProblems) in
            try Settings.edit(
                rollingBack: member.id, to: version, in: options.deployment, environment: MemberDesk.environment, at: now)
        }
        for line in edit.difference { print(line) }
        try await desk.carry(edit, options, at: now)
    }
}

/// The versions of a member's file on a terminal.
enum VersionLines {
    static func line(_ entry: MemberVersionEntry) -> String {
        [
            entry.number == 0 ? "-" : String(entry.number), entry.name, entry.at.text,
            entry.signatures.map(\.officer).joined(separator: ", "),
            [
                entry.isPresent ? "counts now" : nil, entry.restores.map { "puts back version \($0)" },
                entry.file == nil ? "its text is not kept any more" : nil,
            ].compactMap(\.self).joined(separator: "; "),
        ].joined(separator: "\t")
    }

    static func json(_ entry: MemberVersionEntry) -> JSON {
        .object([
            ("number", .integer(Int64(entry.number))), ("digest", .string(entry.digest)), ("at", .string(entry.at.text)),
            ("restores", entry.restores.map { .integer(Int64($0)) } ?? .null), ("present", .bool(entry.isPresent)),
            ("kept", .bool(entry.file != nil)),
            (
                "signed",
                .array(
                    entry.signatures.map {
                        .object([("officer", .string($0.officer)), ("at", .string($0.at.text)), ("reason", .string($0.reason))])
                    })
            ),
        ])
    }

    static func show(_ version: String, in entries: [MemberVersionEntry]) throws {
        guard let old = entries.first(where: { String($0.number) == version || version.utf8.count >= 8 && $0.digest.hasPrefix(version) }),
            let present = entries.first(where: \.isPresent)
        else {
            throw ValidationError(
                "there is no version `\(Explanation.redacted(version))`; --versions shows them: "
                    + "give its number, or at least 8 characters of its digest")
        }
        guard let before = old.file, let after = present.file else { throw ValidationError("its text is not kept any more") }
        for line in MemberEdit.difference(from: before, to: after) { print(line) }
    }
}
