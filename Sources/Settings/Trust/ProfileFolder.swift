import Cryptography
import Trust
import Vocabulary

/// `Keys/profiles/`: what each kind of certificate has to be; and the anchors that profiles name, in `Keys/anchors-of/`.
struct ProfileFolder {
    let folder: Folder
    let loginPolicies: [ObjectIdentifier]?

    func read(_ anchors: KnownAnchors, intermediates: [Certificate]) -> TrustProfiles {
        let names = folder.names(in: ProfileFile.folder, required: false) ?? []
        let reader = ProfileFile(loginPolicies: loginPolicies, anchors: anchors, intermediates: intermediates, findings: folder.findings)
        var found: [TrustProfile] = []
        for name in names {
            let path = ProfileFile.folder + "/" + name
            guard name.hasSuffix(".yaml") else {
                folder.report(path, "file.unexpected", "this is no profile", "profiles are read from files that end in .yaml")
                continue
            }
            let stem = String(name.dropLast(5))
            guard (1...64).contains(stem.utf8.count), stem.utf8.allSatisfy({ $0.isBase64url }) else {
                folder.report(path, "profile.name", "this name cannot be a profile's", "use letters, digits and hyphens")
                continue
            }
            guard let text = folder.text(path, limit: Folder.yaml, required: true) else { continue }
            if let profile = reader.read(text, file: path, stem: stem) { found.append(profile) }
        }
        // Login is what it is, written down or not.
        if !names.contains(ProfileFile.login + ".yaml") { found.append(reader.builtInLogin) }
        return TrustProfiles(found, intermediates: intermediates)
    }

    /// Names of folders in `Keys/anchors-of/`; one that no profile is named after is reported, because nobody would believe it.
    static func anchorFolders(_ folder: Folder) -> [String] {
        let parent = "Keys/" + KnownAnchors.others
        let profiles = Set((folder.names(in: ProfileFile.folder, required: false) ?? []).map { $0.replacing(".yaml", with: "") })
        return (folder.names(in: parent, required: false) ?? []).filter { name in
            guard case .folder = folder.kind(of: parent + "/" + name) else {
                folder.report(
                    parent + "/" + name, "file.unexpected", "nothing reads this file", "put anchors into a folder named after a profile")
                return false
            }
            guard profiles.contains(name) else {
                folder.report(
                    parent + "/" + name, "profile.anchors", "there is no profile `\(name)`",
                    "write Keys/profiles/\(name).yaml, or remove the folder")
                return false
            }
            return true
        }
    }
}
