import Cryptography
import Foundation
import Vocabulary

/// A file that a deployment makes for itself where there is none: keys and secrets that all its processes share.
package enum FirstFile {
    package struct Fault: Error, CustomStringConvertible {
        let path: String
        let trouble: String

        package var description: String { path + " " + trouble }
    }

    private static let largest = 64 << 10

    /// What the file has, and whether it was made now. Of several processes at once one makes it, and all read that one's: it is written
    /// under a name of its own first, so that none reads half of it, whatever ends a process meanwhile.
    package static func contents<Generator: RandomNumberGenerator>(
        of path: String, mode: Int = 0o600, using random: inout Generator, making make: (inout Generator) throws -> [UInt8]
    ) throws -> (bytes: [UInt8], isNew: Bool) {
        if let bytes = read(path) { return (bytes, false) }
        let bytes = try make(&random)
        let own = path + "." + Hexadecimal.encode(random.bytes(8))
        let manager = FileManager.default
        guard manager.createFile(atPath: own, contents: Data(bytes), attributes: [.posixPermissions: mode]) else {
            throw Fault(path: path, trouble: "cannot be written: check the folder's permissions and the space left")
        }
        defer { try? manager.removeItem(atPath: own) }
        do {
            // A name is given once: whoever comes second takes what is there.
            try manager.linkItem(atPath: own, toPath: path)
        } catch {
            guard let first = read(path) else {
                throw Fault(path: path, trouble: "cannot be read, or its folder allows no links: \(error)")
            }
            return (first, false)
        }
        return (bytes, true)
    }

    /// Nil where there is none that can be read.
    package static func read(_ path: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: largest)).map { [UInt8]($0) }
    }
}
