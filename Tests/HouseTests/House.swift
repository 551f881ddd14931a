import Foundation

/// The tree this test stands in. It is read, never written, and no program is started for it.
enum House {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folders below `Sources`.
    static let folders: [String] = names(in: root.appendingPathComponent("Sources"))

    /// All Swift files below `Sources`.
    static let sources: [SourceFile] = folders.flatMap { room in
        files(below: root.appendingPathComponent("Sources").appendingPathComponent(room))
            .filter { $0.pathExtension == "swift" }
            .compactMap { file in text(of: file).map { SourceFile(room: room, path: path(of: file), text: $0) } }
    }

    static func text(at path: String) -> String? { text(of: root.appendingPathComponent(path)) }

    static func text(of file: URL) -> String? {
        guard let bytes = try? Data(contentsOf: file) else { return nil }
        return String(bytes: bytes, encoding: .utf8)
    }

    /// Whether a file holds these bytes anywhere; nil when there is no such file.
    static func contains(_ text: String, at path: String) -> Bool? {
        guard let bytes = try? Data(contentsOf: root.appendingPathComponent(path)) else { return nil }
        return bytes.range(of: Data(text.utf8)) != nil
    }

    /// Every file of the tree with its path from the root, text files only.
    static func texts() -> [(path: String, text: String)] {
        files(below: root).compactMap { file in text(of: file).map { (path(of: file), $0) } }
    }

    static func path(of file: URL) -> String {
        String(file.path.dropFirst(root.path.count + 1))
    }

    static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Every file below a folder except what is made by running: hidden folders, build products and virtual environments.
    static func files(below folder: URL) -> [URL] {
        names(in: folder).flatMap { name -> [URL] in
            let entry = folder.appendingPathComponent(name)
            guard let kind = try? entry.resourceValues(forKeys: [.isDirectoryKey, .isSymbolicLinkKey]) else { return [] }
            guard kind.isSymbolicLink != true else { return [] }
            guard kind.isDirectory == true else { return [entry] }
            guard !name.hasPrefix("build"), name != "__pycache__", name != "node_modules" else { return [] }
            return files(below: entry)
        }
    }
}
