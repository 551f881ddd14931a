import Cryptography
import Foundation
import Glibc
import Synchronization

/// A lock of the operating system on a file of ours: held while this value lives, and let go when its process ends, however it ends.
package final class FileLock: Sendable {
    package enum Kind: Sendable {
        /// With others of this kind.
        case shared
        /// Alone.
        case alone
    }

    private let handle: Mutex<FileHandle>

    /// Nil when somebody holds it in a way that does not go with `kind`, or when the file cannot be made.
    package init?(_ path: String, _ kind: Kind) {
        PrivateFile.make(path)
        guard let handle = FileHandle(forUpdatingAtPath: path) else { return nil }
        guard flock(handle.fileDescriptor, (kind == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
            try? handle.close()
            return nil
        }
        self.handle = Mutex(handle)
    }

    /// Waits for it, in steps of 50 ms, `seconds` at most. Blocks: for starts, commands and what runs off the pool.
    package static func waiting(for path: String, _ kind: Kind, seconds: Int) -> FileLock? {
        for _ in 0..<max(seconds * 20, 1) {
            if let lock = FileLock(path, kind) { return lock }
            usleep(50_000)
        }
        return FileLock(path, kind)
    }
}

/// Of the nodes that share a folder one writes it; the others read. Whoever comes first has the chair, and when its process ends the next one
/// to ask has it.
package final class FolderChair: Sendable {
    private let path: String
    private let held = Mutex<FileLock?>(nil)

    package init(_ path: String) { self.path = path }

    package var isMine: Bool {
        held.withLock { held in
            if held == nil { held = FileLock(path, .alone) }
            return held != nil
        }
    }
}
