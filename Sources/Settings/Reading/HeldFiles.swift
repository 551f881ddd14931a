/// Files of one sub-folder that stand in memory instead of on the disk: what is judged, what is kept in the archive and what decides are
/// then the same bytes, whatever happens to the folder meanwhile.
struct HeldFiles {
    /// `Policies`.
    let root: String
    /// By path from the deployment folder: `Policies/rules.yaml`.
    let files: [String: [UInt8]]

    func holds(_ name: String) -> Bool { name == root || name.hasPrefix(root + "/") }

    func kind(of name: String) -> Folder.Kind {
        if let bytes = files[name] { return .file(bytes: bytes.count, mode: 0o644) }
        return name == root || files.keys.contains { $0.hasPrefix(name + "/") } ? .folder : .absent
    }

    /// The first parts of the paths below `name`, sorted.
    func names(in name: String) -> [String] {
        let parts = files.keys.compactMap { path -> Substring? in
            guard path.hasPrefix(name + "/") else { return nil }
            return path.dropFirst(name.count + 1).split(separator: "/", maxSplits: 1).first
        }
        return Set(parts.map(String.init)).sorted()
    }
}
