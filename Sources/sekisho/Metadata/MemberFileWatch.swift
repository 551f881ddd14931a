import Foundation
import Logging
import SAML
import Settings
import TrustFramework
import Upkeep
import Vocabulary

/// Writes down which metadata the members of `Metadata/members` have, each time the settings are read, and what is different.
struct MemberFileWatch: Sendable {
    let logger: Logger

    func note(_ configuration: Configuration) {
        let folder = MetadataKeeping.folder(configuration)
        let history = MemberHistory(folder), journal = ChangeJournal(folder), now = SystemClock.now()
        for member in configuration.federation.members {
            guard let registration = configuration.federation.registration(member.id), case .saml = registration.speech,
                let file = registration.companion,
                let data = FileManager.default.contents(atPath: configuration.folder + "/Metadata/members/" + file)
            else { continue }
            do throws(DiskTrouble) {
                let changes = try history.note(
                    [UInt8](data), of: member.id, development: configuration.mode == .development, at: now)
                guard let changes, !changes.isEmpty else { continue }
                logger.notice(
                    "a member's metadata changed",
                    metadata: [
                        "member": "\(Explanation.redacted(member.id.text))", "changes": "\(changes.map(\.line).joined(separator: "; "))",
                    ])
                try journal.append([
                    .init(at: now, source: "Metadata/members/" + file, entity: member.id.text, event: .taken, changes: changes)
                ])
            } catch { logger.error("a member's history was not written", metadata: ["why": "\(error)"]) }
        }
    }

    /// On a thread that may wait: settings are read while citizens are answered.
    func noteLater(_ configuration: Configuration) {
        DispatchQueue.global(qos: .utility).async { note(configuration) }
    }
}
