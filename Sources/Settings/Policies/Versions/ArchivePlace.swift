extension Settings {
    /// Where a deployment keeps its policies and its store, by `sekisho.yaml` alone: for commands that have to work while something else in
    /// the folder is wrong. Nil when that file itself cannot be read.
    package static func places(
        of folder: String, environment: [String: String] = [:]
    ) -> (archive: PolicyArchive, store: String, signatures: Int)? {
        let folder = Folder(trimmed(folder), findings: Findings())
        guard let text = folder.text(DeploymentFile.name, limit: Folder.yaml, required: true),
            let file = DeploymentFile.read(text, environment: environment, to: folder.findings)
        else { return nil }
        let store = file.store.path.hasPrefix("/") ? file.store.path : folder.path(of: file.store.path)
        return (PolicyArchive(beside: store), store, file.policySignatures)
    }
}
