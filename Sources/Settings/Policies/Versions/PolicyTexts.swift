/// The whole of `Policies/` as text, read once: the ladder, the rules, their cases, in whatever sub-folders they stand.
enum PolicyTexts {
    /// A policy of 200 rules has some tens of KiB.
    static let largest = 4_194_304
    static let deepest = 3

    /// Rules, the ladder, and tables of cases.
    static func isText(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".csv") }

    /// What cannot be read is reported to the folder's findings. Nil when there is no such folder.
    static func read(_ folder: Folder) -> HeldFiles? {
        guard case .folder = folder.kind(of: PolicyFolder.name) else {
            _ = folder.names(in: PolicyFolder.name, required: true)
            return nil
        }
        var files: [String: [UInt8]] = [:]
        var room = largest
        collect(PolicyFolder.name, folder, depth: 1, &files, &room)
        if room < 0 {
            folder.report(
                PolicyFolder.name, "file.size", "the rules have more than \(largest) bytes together",
                "write rules for kinds, not for members")
            return nil
        }
        return HeldFiles(root: PolicyFolder.name, files: files)
    }

    private static func collect(_ name: String, _ folder: Folder, depth: Int, _ files: inout [String: [UInt8]], _ room: inout Int) {
        for entry in folder.names(in: name, required: false) ?? [] {
            let path = name + "/" + entry
            guard room >= 0 else { return }
            if case .folder = folder.kind(of: path) {
                if depth < deepest { collect(path, folder, depth: depth + 1, &files, &room) } else { files[path] = [] }
                continue
            }
            // A file of another kind is told by whoever reads rules; what is in it is nobody's business.
            guard isText(path) else {
                files[path] = []
                continue
            }
            guard let bytes = folder.bytes(path, limit: Folder.yaml, required: true) else { continue }
            files[path] = bytes
            room -= bytes.count
        }
    }
}
