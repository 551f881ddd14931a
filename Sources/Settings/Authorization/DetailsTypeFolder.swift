import OpenID
import TrustFramework
import Vocabulary

/// `Metadata/authorization-details/`: the types of authorization details that this deployment knows. May be left out.
struct DetailsTypeFolder {
    let folder: Folder
    /// The members of this folder with their files; `isWhole` is false when others come from sources.
    let registrations: [Registration]
    let isWhole: Bool

    func read() -> AuthorizationDetailsTypes {
        guard case .absent = folder.kind(of: DetailsTypeFile.folder) else { return existing() }
        refuseUnknown([])
        return AuthorizationDetailsTypes([])
    }

    private func existing() -> AuthorizationDetailsTypes {
        guard let names = folder.names(in: DetailsTypeFile.folder, required: true) else { return AuthorizationDetailsTypes([]) }
        let reader = DetailsTypeFile(known: isWhole ? Set(registrations.map(\.member.id)) : nil, findings: folder.findings)
        var found: [AuthorizationDetailsType] = []
        var seen: [String: String] = [:]
        var isComplete = true
        for name in names {
            let path = DetailsTypeFile.folder + "/" + name
            guard name.hasSuffix(".yaml") else {
                folder.report(path, "file.unexpected", "nothing reads this", "types of authorization details are files that end in .yaml")
                continue
            }
            guard let text = folder.text(path, limit: Folder.yaml, required: true), let type = reader.read(text, file: path) else {
                isComplete = false
                continue
            }
            if let other = seen.updateValue(path, forKey: type.name) {
                folder.report(path, "details.duplicate", "the type `\(type.name)` is in \(other) too", "keep one of them")
                continue
            }
            found.append(type)
        }
        // A file that could not be read may hold the type that a member names.
        if isComplete { refuseUnknown(Set(seen.keys)) }
        return AuthorizationDetailsTypes(found)
    }

    /// A member registered for a type that nobody described could never use it.
    private func refuseUnknown(_ known: Set<String>) {
        for registration in registrations {
            guard case .openID(let client) = registration.speech else { continue }
            for name in client.authorizationDetailsTypes.subtracting(known).sorted() {
                folder.findings.report(
                    Problem(
                        file: registration.file, code: "details.unknown",
                        message: "the deployment has no type of authorization details called `\(Explanation.redacted(name))`",
                        remedy: known.isEmpty
                            ? "describe it in a file in \(DetailsTypeFile.folder)"
                            : "choose among " + known.sorted().joined(separator: ", ")))
            }
        }
    }
}
