import TrustFramework
import Vocabulary

/// `Metadata/members/`: one YAML file per member, and what stands beside it.
struct MemberFolder {
    let folder: Folder
    let terms: MemberFile.Terms

    func read() -> [Registration] {
        guard let names = folder.names(in: MemberFile.folder, required: true) else { return [] }
        refuseStrangers()
        let reader = MemberFile(terms: terms, findings: folder.findings) { name, limit in
            folder.bytes(MemberFile.folder + "/" + name, limit: limit, required: true)
        }
        var found: [Registration] = []
        var seen: [MemberID: String] = [:]
        var companions: Set<String> = []
        var isComplete = true
        for name in names where name.hasSuffix(".yaml") {
            let path = MemberFile.folder + "/" + name
            guard let text = folder.text(path, limit: Folder.yaml, required: true), let registration = reader.read(text, file: path) else {
                isComplete = false
                continue
            }
            if let companion = registration.companion { companions.insert(companion) }
            if let other = seen[registration.member.id] {
                folder.report(
                    path, "member.duplicate", "`\(registration.member.id.text)` is registered in \(other) too",
                    "keep one of them; a service that speaks both protocols is two members")
                continue
            }
            seen[registration.member.id] = path
            found.append(registration)
        }
        for name in names where !name.hasSuffix(".yaml") {
            // A member's file that could not be read may have named it.
            guard isComplete, !companions.contains(name) else { continue }
            folder.report(
                MemberFile.folder + "/" + name, "file.unexpected", "no member's file names this one",
                name.hasSuffix(".yml")
                    ? "rename it: members are read from files that end in .yaml" : "name it in a member's file, or remove it")
        }
        return found
    }

    private func refuseStrangers() {
        let known = ["members", "sources", "authorization-details"]
        for name in folder.names(in: "Metadata", required: true) ?? [] where !known.contains(name) {
            folder.report(
                "Metadata/" + name, "file.unexpected", "nothing reads this",
                "members stand in \(MemberFile.folder), metadata sources in \(SourceFile.folder), types of authorization details in "
                    + DetailsTypeFile.folder)
        }
    }
}
