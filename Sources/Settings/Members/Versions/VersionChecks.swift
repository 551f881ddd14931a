import Cryptography
import TrustFramework
import Vocabulary

/// Refuses an old version of a member's file that was put in the place of a newer one: its signatures are as good as ever, and nobody has
/// signed that it shall count again. Where one person changes files nobody signs anything, and an older file is a change like any other.
struct VersionChecks {
    let folder: Folder
    let part: MembersPart
    let archive: MemberArchive

    func run(_ found: MemberFolder.Found) {
        guard part.changes == .twoPeople else { return }
        guard let last = archive.last() else {
            return folder.report(
                "State/" + MemberArchive.folderName, "member.version.memory", "what versions of members counted here cannot be read",
                "let the server's user read it, or put it back from a backup")
        }
        for one in found.registrations { look(at: one.member.id, one.paper.version, one.file, one.companion, last) }
        for one in found.applicants { look(at: one.member.id, one.paper.version, one.file, nil, last) }
    }

    private func look(
        at id: MemberID, _ version: MemberVersion?, _ file: String, _ companion: String?, _ last: [String: MemberArchive.Last]
    ) {
        guard let known = last[id.text], known.highest > 0, version?.number ?? 0 <= known.highest else { return }
        // A file that cannot be read is reported where it is read.
        guard let bytes = folder.bytes(file, limit: Folder.yaml, required: false) else { return }
        let beside = companion.flatMap { folder.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: false) }
        guard Hexadecimal.encode(MemberApprovals.digest(of: bytes, companion: beside)) != known.digest else { return }
        let number = version.map { "version \($0.number)" } ?? "a version without a number"
        folder.report(
            file, "member.version.old", "this is \(number), and version \(known.highest) of this file has counted here already",
            "put the newer file back; to return to an older one on purpose: `sekisho member rollback`")
    }
}

extension MemberArchive {
    /// What is remembered of a member: the digest that counted last, and the highest number that ever did.
    struct Last {
        let digest: String
        let highest: Int
    }

    /// Nil when the index is there and cannot be read.
    func last() -> [String: Last]? {
        (try? read())?.compactMapValues { list in
            list.last.map { Last(digest: $0.digest, highest: list.map(\.number).max() ?? 0) }
        }
    }
}
