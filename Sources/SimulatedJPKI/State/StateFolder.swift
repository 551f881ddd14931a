import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The simulator's folder of files. Every file appears whole or not at all; changes by several programs wait for one another.
package struct StateFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    private func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    package func make(_ name: String = "") throws {
        try FileManager.default.createDirectory(
            at: name.isEmpty ? URL(fileURLWithPath: path) : url(name), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    package var isEmpty: Bool {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).isEmpty
    }

    package func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url(name).path) }

    package func read(_ name: String) throws(SimulatorRefusal) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: url(name).path) else { throw .damaged("`\(name)` cannot be read") }
        return Array(data)
    }

    /// Written beside and renamed into place. Keys are not for others on the machine, so nothing here is.
    package func write(_ name: String, _ bytes: some Sequence<UInt8>, mode: Int = 0o600) throws {
        let target = url(name)
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: target, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path)
    }

    /// The names in a sub-folder, sorted.
    package func names(in name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url(name).path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Tells one state of a file from another: every write makes a new file.
    package struct Version: Hashable, Sendable {
        fileprivate let file: UInt64?
        fileprivate let modified: Date?
    }

    package func version(of name: String) -> Version {
        let attributes = try? FileManager.default.attributesOfItem(atPath: url(name).path)
        return Version(
            file: (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value, modified: attributes?[.modificationDate] as? Date)
    }

    /// Runs `body` while no other program does: read, change, write.
    package func alone<Value>(_ body: () throws -> Value) throws -> Value {
        let lock = url(".lock")
        if !FileManager.default.fileExists(atPath: lock.path) { _ = FileManager.default.createFile(atPath: lock.path, contents: nil) }
        let handle = try FileHandle(forUpdating: lock)
        defer { try? handle.close() }
        guard flock(handle.fileDescriptor, LOCK_EX) == 0 else { throw SimulatorRefusal.damaged("`.lock` cannot be locked") }
        return try body()
    }
}
