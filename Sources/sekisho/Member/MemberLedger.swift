import Foundation
import Logging
import Settings
import SignOn
import TrustFramework
import Upkeep
import Vocabulary

/// Writes into the audit trail what has become of the members since the last time it looked: whoever changed a file, by a command or by
/// hand, while a server ran or not. What was seen last stands in `members-seen.json` beside the store. Each version that counts is kept there
/// too (`MemberArchive`), so that an old one put back is recognised.
struct MemberLedger: Sendable {
    private let configuration: Configuration
    private let path: String

    init(_ configuration: Configuration) {
        self.configuration = configuration
        path = (configuration.store.path as NSString).deletingLastPathComponent + "/members-seen.json"
    }

    private struct Seen: Equatable {
        let state: String
        let digest: String
    }

    /// Appends a record for every difference, and then remembers the new state: after a crash in between a record may stand twice, but none
    /// is missing.
    func note(at now: Timestamp, append: (Record) async throws -> Void) async throws {
        let old = read()
        var new: [String: Seen] = [:]
        var records: [Record] = []
        for entry in await offPool({ configuration.memberFiles(at: now) }) {
            let seen = Seen(state: entry.member.accreditation.state.rawValue, digest: entry.digest)
            new[entry.member.id.text] = seen
            guard let old, old[entry.member.id.text] != seen else { continue }
            records.append(record(entry, old[entry.member.id.text], seen, at: now))
        }
        if let old {
            for (id, last) in old.sorted(by: { $0.key < $1.key }) where new[id] == nil {
                records.append(
                    Record(
                        "member.removed", at: now,
                        [("member", .string(id)), ("from", .string(last.state)), ("digest", .string(last.digest))]))
            }
            guard !records.isEmpty else { return }
        } else {
            records = [Record("members.noted", at: now, [("count", .integer(Int64(new.count)))])]
        }
        for record in records { try await append(record) }
        try write(new)
    }

    /// Keeps the versions that count now. What is wrong, or nil.
    func remembered(at now: Timestamp) async -> SettingsProblems? {
        await offPool { [configuration] in
            do throws(SettingsProblems) {
                try configuration.memberArchive.note(configuration, at: now)
                return nil
            } catch { return error }
        }
    }

    /// For a server: what cannot be written now is written at the next look, and said in the log.
    func noted(in trail: any AuditTrail, _ logger: Logger) async {
        if let trouble = await remembered(at: SystemClock.now()) {
            logger.error(
                "versions of members are not remembered yet", metadata: ["why": "\(trouble.problems.first.map(\.description) ?? "")"])
        }
        do {
            try await note(at: SystemClock.now()) { try await trail.append($0) }
        } catch { logger.error("members' changes are not in the trail yet", metadata: ["why": "\(type(of: error))"]) }
    }

    private func record(_ entry: MemberFileState, _ old: Seen?, _ new: Seen, at now: Timestamp) -> Record {
        var facts: [(name: String, value: JSON)] = [
            ("member", .string(entry.member.id.text)), ("file", .string(entry.file)), ("from", old.map { .string($0.state) } ?? .null),
            ("to", .string(new.state)), ("digest", .string(new.digest)),
        ]
        if let event = entry.member.accreditation.history.last {
            facts += [("by", .string(event.by)), ("reason", .string(event.reason)), ("since", .string(event.at.text))]
        }
        if !entry.officers.isEmpty { facts.append(("signed-by", .array(entry.officers.map { .string($0) }))) }
        if let version = configuration.federation.paper(of: entry.member.id)?.version {
            facts.append(("version", .integer(Int64(version.number))))
            if let restored = version.restores { facts.append(("restores", .integer(Int64(restored)))) }
        }
        return Record(old == nil ? "member.added" : "member.changed", at: now, facts)
    }

    /// Nil when nobody looked before.
    private func read() -> [String: Seen]? {
        guard let data = FileManager.default.contents(atPath: path), let json = try? JSON(reading: [UInt8](data), limit: 16 << 20),
            let members = json.members
        else { return nil }
        var seen: [String: Seen] = [:]
        for (id, value) in members {
            guard let state = value["state"]?.string, let digest = value["digest"]?.string else { continue }
            seen[id] = Seen(state: state, digest: digest)
        }
        return seen
    }

    private func write(_ seen: [String: Seen]) throws {
        let json = JSON.object(
            seen.sorted { $0.key < $1.key }.map {
                ($0.key, .object([("state", .string($0.value.state)), ("digest", .string($0.value.digest))]))
            })
        try Data(json.bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
