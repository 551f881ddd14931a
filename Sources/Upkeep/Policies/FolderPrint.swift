import Foundation

/// How some folders look from outside: names, sizes and moments of change. Equal prints mean that nobody wrote there.
package struct FolderPrint: Hashable, Sendable {
    private let entries: [String: Entry]

    private struct Entry: Hashable, Sendable {
        let size: Int
        let changed: Date?
        let number: Int
    }

    /// More are not looked at: a folder with more is refused when it is read.
    static let most = 200_000
    static let deepest = 4

    /// Files and folders; what does not exist looks like nothing. Blocks: a call of the system for every file.
    package init(of paths: [String]) {
        var entries: [String: Entry] = [:]
        for path in paths { Self.look(at: path, depth: 0, &entries) }
        self.entries = entries
    }

    private static func look(at path: String, depth: Int, _ entries: inout [String: Entry]) {
        guard entries.count < most, let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return }
        entries[path] = Entry(
            size: (facts[.size] as? NSNumber)?.intValue ?? 0, changed: facts[.modificationDate] as? Date,
            number: (facts[.systemFileNumber] as? NSNumber)?.intValue ?? 0)
        guard (facts[.type] as? FileAttributeType) == .typeDirectory, depth < deepest else { return }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where !name.hasPrefix(".") {
            look(at: path + "/" + name, depth: depth + 1, &entries)
        }
    }

    /// The files that differ, sorted.
    package func differences(from other: FolderPrint) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
    }

    /// The accounts whose files these are, as far as they are still there.
    package static func owners(of paths: [String]) -> [String] {
        Set(
            paths.compactMap { path in
                (try? FileManager.default.attributesOfItem(atPath: path))?[.ownerAccountName] as? String
            }
        ).sorted()
    }
}
