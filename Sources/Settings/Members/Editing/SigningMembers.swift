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
        let configuration = try load(folder, environment: environment, tokens: .none, signatures: .later, at: now)
        let files = Folder(configuration.folder, findings: Findings())
        let writer = FolderWriter(path: configuration.folder)
        let versions = configuration.memberArchive.all()
        var done: [String] = []
        for entry in configuration.memberFiles(at: now) where members?.contains(entry.member.id) ?? true {
            let path = MemberApprovals.path(beside: entry.file)
            guard let digest = Hexadecimal.decode(try counted(entry, versions[entry.member.id.text] ?? [], configuration, files, writer))
            else { continue }
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

    /// What the officer signs of a file: as it is, or, where a newer version of it counted already, with the next number in it. Whoever signs an
    /// older file so brings it back on purpose, and a file that was changed by hand takes its place behind the others.
    private static func counted(
        _ entry: MemberFileState, _ kept: [MemberArchive.Kept], _ configuration: Configuration, _ files: Folder, _ writer: FolderWriter
    ) throws(SettingsProblems) -> String {
        let highest = kept.map(\.number).max() ?? 0
        let paper = configuration.federation.paper(of: entry.member.id)
        guard highest > 0, paper?.version?.number ?? 0 <= highest, kept.last?.digest != entry.digest else { return entry.digest }
        let place = configuration.federation.place(of: entry.member.id)
        let companion = place?.companion.flatMap { files.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: true) }
        let version = MemberVersion(number: min(highest + 1, MemberVersion.most), after: kept.last?.digest)
        guard let text = files.text(entry.file, limit: Folder.yaml, required: true),
            let tree = YAML(reading: text, file: entry.file, to: Findings()),
            let written = YAMLWriter.text(of: tree.setting("version", to: version.tree), source: text)
        else { throw .one(entry.file, "member.act.file", "the file cannot be written without losing something", "write it more plainly") }
        try writer.replace(entry.file, with: Array(written.utf8))
        return Hexadecimal.encode(MemberApprovals.digest(of: Array(written.utf8), companion: companion))
    }
}
