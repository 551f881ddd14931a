import TrustFramework
import Vocabulary

/// `Metadata/members/`: one YAML file per member, and what stands beside it.
struct MemberFolder {
    let folder: Folder
    let terms: MemberFile.Terms

    struct Found {
        var registrations: [Registration] = []
        var applicants: [Applicant] = []
        /// Of every file that could be read.
        var members: [MemberID: String] = [:]
        /// No file was refused.
        var isComplete = true
    }

    func read() -> Found {
        var found = Found()
        guard let names = folder.names(in: MemberFile.folder, required: true, most: Folder.mostMemberFiles) else { return found }
        refuseStrangers()
        let reader = MemberFile(terms: terms, findings: folder.findings) { name, limit in
            folder.bytes(MemberFile.folder + "/" + name, limit: limit, required: true)
        }
        var companions: Set<String> = []
        let all = Set(names)
        for name in names where name.hasSuffix(".yaml") {
            let path = MemberFile.folder + "/" + name
            guard let text = folder.text(path, limit: Folder.yaml, required: true), let entry = reader.read(text, file: path) else {
                found.isComplete = false
                continue
            }
            if let companion = entry.companion { companions.insert(companion) }
            let id = entry.member.id
            if let other = found.members[id] {
                folder.report(
                    path, "member.duplicate", "`\(id.text)` is registered in \(other) too",
                    "keep one of them; a service that speaks both protocols is two members")
                continue
            }
            found.members[id] = path
            switch entry {
            case .registered(let registration): found.registrations.append(registration)
            case .applicant(let applicant): found.applicants.append(applicant)
            }
        }
        for name in names where !name.hasSuffix(".yaml") {
            // A member's file that could not be read may have named it.
            guard found.isComplete, !companions.contains(name), !isApproval(name, all) else { continue }
            folder.report(
                MemberFile.folder + "/" + name, "file.unexpected", "no member's file names this one",
                name.hasSuffix(".yml")
                    ? "rename it: members are read from files that end in .yaml" : "name it in a member's file, or remove it")
        }
        return found
    }

    /// The officers' signatures on a member's file stand beside it.
    private func isApproval(_ name: String, _ names: Set<String>) -> Bool {
        name.hasSuffix(MemberApprovals.suffix) && names.contains(name.dropLast(MemberApprovals.suffix.utf8.count) + ".yaml")
    }

    private func refuseStrangers() {
        let known = ["members", "sources", "authorization-details", MemberProposals.name]
        for name in folder.names(in: "Metadata", required: true) ?? [] where !known.contains(name) {
            folder.report(
                "Metadata/" + name, "file.unexpected", "nothing reads this",
                "members stand in \(MemberFile.folder), metadata sources in \(SourceFile.folder), types of authorization details in "
                    + DetailsTypeFile.folder)
        }
    }
}
