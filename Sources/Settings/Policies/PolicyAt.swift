package import TrustFramework

extension Settings {
    /// The rules of a folder with `Policies/` in it, alone: nothing else of a deployment is looked at. Throws everything that is wrong with
    /// them, cases that come out otherwise with it.
    package static func policy(at path: String) throws(SettingsProblems) -> Policy {
        let findings = Findings()
        let read = PolicyFolder.read(Folder(trimmed(path), findings: findings))
        try findings.throwIfAny()
        guard let read else {
            throw .one(path, "folder.incomplete", "the rules could not be read", "`sekisho init` makes a folder with all of them")
        }
        return read.policy
    }
}
