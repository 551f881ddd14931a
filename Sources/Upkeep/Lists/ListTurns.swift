import Cryptography
import Vocabulary

/// Of the nodes that keep lists in one folder, one writes the files of a source at a time; the others wait, and find them there.
package struct ListTurns: Sendable {
    /// The beginning of the names of the locks, one for each source.
    private let path: String
    /// Seconds that a whole nation's list may take another node.
    private static let patience = 900

    package init(_ path: String) { self.path = path }

    /// Nil when another node took longer than anybody may, or the wait was called off.
    func take(_ source: ListSource) async -> FileLock? {
        let name = path + "." + Hexadecimal.encode(Array(Digest.sha256(Array(source.name.utf8)).prefix(8)))
        for _ in 0..<(Self.patience * 5) {
            if let lock = FileLock(name, .alone) { return lock }
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return nil }
        }
        return nil
    }
}
