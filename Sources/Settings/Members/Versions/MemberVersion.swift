import Cryptography
import TrustFramework
import Vocabulary

/// Which version of a member's file this is: `version:` in the file, and so among what officers sign (decision 0061). A file without one is
/// older than every one that has it.
package struct MemberVersion: Hashable, Sendable {
    /// One more than the version before it.
    package let number: Int
    /// What officers signed of the version before it, in lower-case hexadecimal; nil for the first.
    package let after: String?
    /// The number of the version whose registration it puts back; nil: it puts none back.
    package let restores: Int?

    /// More changes than any member lives to see.
    static let most = 1_000_000

    init(number: Int, after: String?, restores: Int? = nil) {
        self.number = number
        self.after = after
        self.restores = restores
    }

    /// Nil where none is written, or where what is written was reported.
    init?(reading section: Section?) {
        guard let section else { return nil }
        let number = section.integer("number", in: 1...Self.most, required: true)
        let after = section.text("after", limit: 64)
        let restores = section.integer("restores", in: 0...Self.most)
        section.finish()
        if let after, Hexadecimal.decode(after)?.count != 32 {
            section.report(
                "member.version", at: section.line(of: "after"), "`after` is no SHA-256 in hexadecimal",
                "leave `version` to the commands and to the console")
            return nil
        }
        guard let number else { return nil }
        self.init(number: number, after: after, restores: restores)
    }

    /// As it stands in the file.
    var tree: YAML {
        .map([
            ("number", .number(number)), ("after", after.map(YAML.text)), ("restores", restores.map(YAML.number)),
        ])
    }
}

extension YAML {
    fileprivate static func number(_ number: Int) -> YAML { YAML(line: 0, value: .scalar(String(number), isPlain: true)) }
}

extension Configuration {
    /// The version that a change of this member's file makes. `file` and `companion` are what is there now. Nil where nobody counts: one person
    /// changes files here, and nobody ever counted this one.
    func nextVersion(of id: MemberID, after file: [UInt8]?, companion: [UInt8]?, restores: Int? = nil) -> MemberVersion? {
        let kept = memberArchive.versions(of: id)
        let written = federation.paper(of: id)?.version?.number ?? 0
        let highest = max(written, kept.map(\.number).max() ?? 0)
        guard members.changes == .twoPeople || highest > 0 else { return nil }
        let after = file.map { Hexadecimal.encode(MemberApprovals.digest(of: $0, companion: companion)) } ?? kept.last?.digest
        return MemberVersion(number: min(highest + 1, MemberVersion.most), after: after, restores: restores)
    }

    /// The same for a member as it lies in the folder.
    func nextVersion(of id: MemberID, in files: Folder, restores: Int? = nil) -> MemberVersion? {
        guard let place = federation.place(of: id) else { return nextVersion(of: id, after: nil, companion: nil, restores: restores) }
        let companion = place.companion.flatMap { files.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: false) }
        return nextVersion(
            of: id, after: files.bytes(place.file, limit: Folder.yaml, required: false), companion: companion, restores: restores)
    }

    /// `State/members`, beside the store.
    package var memberArchive: MemberArchive { MemberArchive(beside: store.path) }
}
