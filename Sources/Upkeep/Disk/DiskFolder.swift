import Cryptography
import Foundation
import Glibc
import Vocabulary

/// One folder that only we write into: this process, or, of the nodes that share it, the one in its `FolderChair`; all may add lines. Every file appears whole or not at all, and is on the disk before anybody is told.
///
/// INVARIANT: a name is put in its place by rename(2) and the folder is brought to the disk after it, so that a power failure leaves the
/// old file or the new one. Foundation renames when it writes atomically and when it moves to a name that is free.
package struct DiskFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package func path(of name: String) -> String { path + "/" + name }

    package func folder(_ name: String) -> DiskFolder { DiskFolder(path(of: name)) }

    package func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(of: name)) }

    /// Names in no order; none when the folder does not exist.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    package func size(of name: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: name))
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// When the file was last written; nil when there is none.
    func changed(_ name: String) -> Timestamp? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(of: name))
        return (attributes?[.modificationDate] as? Date).map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }

    /// Who is named in these files is nobody else's business on this machine.
    package func make() throws(DiskTrouble) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        if (attributes?[.type] as? FileAttributeType) == .typeDirectory { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw DiskTrouble("the folder cannot be made", error) }
    }

    /// nil when there is no such file. A larger file than `limit` is trouble.
    package func read(_ name: String, limit: Int) throws(DiskTrouble) -> [UInt8]? {
        guard has(name) else { return nil }
        guard let handle = FileHandle(forReadingAtPath: path(of: name)) else { throw DiskTrouble("the file cannot be opened") }
        defer { try? handle.close() }
        do {
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else { throw DiskTrouble("the file is larger than \(limit) bytes") }
            return [UInt8](data)
        } catch let trouble as DiskTrouble {
            throw trouble
        } catch { throw DiskTrouble("the file cannot be read", error) }
    }

    /// Replaces a small file.
    package func write(_ name: String, _ bytes: [UInt8]) throws(DiskTrouble) {
        do { try Data(bytes).write(to: URL(fileURLWithPath: path(of: name)), options: .atomic) } catch {
            throw DiskTrouble("the file cannot be written", error)
        }
        try synchronize()
    }

    /// Fills a new file piece by piece and brings it to the disk; what stood there before is gone. For large files, which get their name by
    /// `move` when they are whole.
    func fill(
        _ name: String, _ body: (_ write: ([UInt8]) throws(DiskTrouble) -> Void) throws(DiskTrouble) -> Void
    ) throws(DiskTrouble) {
        remove(name)
        guard FileManager.default.createFile(atPath: path(of: name), contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path(of: name))
        else { throw DiskTrouble("the file cannot be made") }
        defer { try? handle.close() }
        var loose = 0
        try body { piece throws(DiskTrouble) in
            do { try handle.write(contentsOf: Data(piece)) } catch { throw DiskTrouble("the file cannot be written", error) }
            loose += piece.count
            guard loose >= Self.loose else { return }
            loose = 0
            _ = fdatasync(handle.fileDescriptor)
        }
        do { try handle.synchronize() } catch { throw DiskTrouble("the file cannot be brought to the disk", error) }
    }

    /// Bytes that a writer leaves to the system before it brings them to the disk: more would go there together one day, and each commit of
    /// a login would wait behind them.
    static let loose = 1 << 20

    /// Adds to the end of a file, which may not exist yet. After a power failure the last addition may be cut; readers skip what is no
    /// whole line, and the next addition begins a line of its own.
    package func append(_ name: String, line: String) throws(DiskTrouble) {
        guard let (handle, isNew) = opened(name) else { throw DiskTrouble("the file cannot be opened") }
        defer { try? handle.close() }
        // Other nodes add to it too; the lock goes with the handle.
        _ = flock(handle.fileDescriptor, LOCK_EX)
        do {
            let end = try handle.seekToEnd()
            var text = line + "\n"
            if end > 0 {
                try handle.seek(toOffset: end - 1)
                if try handle.read(upToCount: 1) != Data([0x0a]) { text = "\n" + text }
            }
            do {
                try handle.write(contentsOf: Data(text.utf8))
                try handle.synchronize()
            } catch {
                // Half a line on a full disk is taken back, so that the next one does not stand behind it.
                try? handle.truncate(atOffset: end)
                throw error
            }
        } catch { throw DiskTrouble("the file cannot be written", error) }
        if isNew { try synchronize() }
    }

    /// Made where there is none, and again where somebody moved it away after it was looked for.
    private func opened(_ name: String) -> (handle: FileHandle, isNew: Bool)? {
        for _ in 1...3 {
            let isNew = !has(name)
            if isNew { PrivateFile.make(path(of: name)) }
            if let handle = FileHandle(forUpdatingAtPath: path(of: name)) { return (handle, isNew) }
        }
        return nil
    }

    /// Adds to a journal of which a new file is begun when it has more than `longest` bytes, while the one before is kept as `earlier`.
    package func append(_ name: String, line: String, beyond longest: Int, into earlier: String) throws(DiskTrouble) {
        try make()
        if isBeyond(longest, name) { try turn(name, beyond: longest, into: earlier) }
        try append(name, line: line)
    }

    /// INVARIANT: one writer of all processes at a time, and only one that finds the file too long while it has the lock. Of two that saw so
    /// before, the second would put the new file, which is nearly empty, where the first has put the history. Nobody waits: who has the lock
    /// is at this very work.
    private func turn(_ name: String, beyond longest: Int, into earlier: String) throws(DiskTrouble) {
        guard let lock = FileLock(path(of: name + ".lock"), .alone) else { return }
        defer { withExtendedLifetime(lock) {} }
        guard isBeyond(longest, name) else { return }
        remove(earlier)
        try move(name, to: earlier)
    }

    private func isBeyond(_ longest: Int, _ name: String) -> Bool { (size(of: name) ?? 0) > longest }

    /// Gives a finished file its name, which must be free.
    package func move(_ name: String, to target: String) throws(DiskTrouble) {
        do { try FileManager.default.moveItem(atPath: path(of: name), toPath: path(of: target)) } catch {
            throw DiskTrouble("the file cannot be named", error)
        }
        try synchronize()
    }

    package func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(of: name)) }

    /// fsync of the folder itself: a name is not on the disk before its folder is.
    private func synchronize() throws(DiskTrouble) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw DiskTrouble("the folder cannot be opened") }
        defer { try? handle.close() }
        guard fsync(handle.fileDescriptor) == 0 else { throw DiskTrouble("the folder cannot be brought to the disk") }
    }
}

/// Why a file is not on the disk. Names no file: whoever asked knows which.
package struct DiskTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    package let what: String

    init(_ what: String, _ error: (any Error)? = nil) {
        let cause = (error as NSError?)?.userInfo[NSUnderlyingErrorKey] as? NSError
        let number = cause.flatMap { $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }
        self.what = what + (number.map { ": " + Self.name(of: $0) } ?? "")
    }

    private static func name(of number: Int32) -> String {
        switch number {
        case ENOSPC, EDQUOT: "no space left"
        case EACCES, EPERM, EROFS: "not allowed"
        default: "error \(number)"
        }
    }

    package var description: String { what }
}
