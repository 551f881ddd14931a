import Foundation
import Synchronization

/// The operator's terminal.
enum Console {
    private static let lost = Mutex(false)

    /// Whether something that was to be printed could not be written, on a full disk for instance.
    static var hasLostOutput: Bool { lost.withLock { $0 } }

    static func error(_ text: String) {
        // Where this fails there is nobody left to tell.
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Prints at once, also into a pipe.
    static func say(_ text: String) { write(Array((text + "\n").utf8)) }

    static func write(_ bytes: [UInt8]) {
        do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
            // Whoever closed the pipe has read enough.
            let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            if reason?.code != Int(EPIPE) { lost.withLock { $0 = true } }
        }
    }
}

/// In place of Swift's own, which does not notice that nothing was written.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    Console.write(Array((items.map { "\($0)" }.joined(separator: separator) + terminator).utf8))
}
