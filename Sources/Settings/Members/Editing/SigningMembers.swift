package import Cryptography
import TrustFramework
package import Vocabulary

extension Settings {
    /// Puts an officer's signature beside the files of members as they are. Files that lack signatures are no obstacle here: that is what the
    /// command is for; everything else in the folder has to be right. Returns the files that were signed.
    package static func sign(
        members: Set<MemberID>?, in folder: String, reason: String, as officer: String, with key: PrivateKey,
        environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> [String] {
        let configuration = try load(folder, environment: environment, signatures: .later, at: now)
        let files = Folder(configuration.folder, findings: Findings())
        let writer = FolderWriter(path: configuration.folder)
        var done: [String] = []
        for entry in configuration.memberFiles(at: now) where members?.contains(entry.member.id) ?? true {
            let path = MemberApprovals.path(beside: entry.file)
            guard let digest = Hexadecimal.decode(entry.digest) else { continue }
            let old = files.text(path, limit: MemberApprovals.limit, required: false).flatMap { try? MemberApprovals(reading: $0) }
            let signed: MemberApprovals
            do throws(OfficerRefusal) {
                let change = try SignedChange.signed(.member, digest: digest, reason: reason, as: officer, with: key, at: now)
                _ = try change.verified(.member, digest: digest, by: configuration.officers, within: 60, at: now)
                // Signatures on what the file was are of no use any more.
                let held = (old?.changes ?? []).filter { other in
                    guard other.claimedOfficer != officer else { return false }
                    return (try? other.verified(.member, digest: digest, by: configuration.officers, at: now)) != nil
                }
                signed = MemberApprovals(held + [change])
            } catch { throw .one(entry.file, error.code, "\(error)", "see `Keys/officers`") }
            try writer.replace(path, with: Array(signed.text.utf8))
            done.append(entry.file)
        }
        return done
    }
}
