import ArgumentParser
import Foundation

/// A file that a command was told to read.
enum InputFile {
    /// Nil when there is none, and for a folder: it opens, and does not read.
    static func open(_ path: String) -> FileHandle? {
        FileManager.default.fileExists(atPath: path + "/.") ? nil : FileHandle(forReadingAtPath: path)
    }

    /// What `read` reads, or words and status 2: without its input a command has nothing to do.
    static func reading<Content>(_ name: String, _ read: () throws -> Content) throws -> Content {
        do { return try read() } catch {
            Console.error("\(name) cannot be read: it is closed, a folder or broken")
            throw ExitCode(2)
        }
    }
}
