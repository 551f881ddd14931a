import Foundation

/// A file that a command was told to read.
enum InputFile {
    /// Nil when there is none, and for a folder: it opens, and does not read.
    static func open(_ path: String) -> FileHandle? {
        FileManager.default.fileExists(atPath: path + "/.") ? nil : FileHandle(forReadingAtPath: path)
    }
}
