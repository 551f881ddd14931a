import Foundation

/// Writes into a folder that nobody else writes into.
struct FolderWriter {
    let path: String

    /// An empty folder may exist already; anything in it is a reason to stop, because it would be overwritten or believed.
    mutating func makeEmptyFolder() throws(SettingsProblems) {
        let manager = FileManager.default
        if let names = try? manager.contentsOfDirectory(atPath: path) {
            guard names.isEmpty else {
                throw .one(path, "init.not-empty", "the folder is not empty", "name a folder that does not exist or is empty")
            }
            return
        }
        do {
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .one(path, "init.write", "the folder cannot be made", "check the path and its permissions")
        }
    }

    func makeFolder(_ name: String, mode: Int) throws(SettingsProblems) {
        do {
            try FileManager.default.createDirectory(
                atPath: path + "/" + name, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
        } catch {
            throw .one(name, "init.write", "the folder cannot be made", "check the path and its permissions")
        }
    }

    /// Secrets go into folders that are closed already, so there is no moment in which others could read them.
    func write(_ bytes: [UInt8], to name: String, mode: Int) throws(SettingsProblems) {
        guard
            FileManager.default.createFile(
                atPath: path + "/" + name, contents: Data(bytes), attributes: [.posixPermissions: mode])
        else { throw .one(name, "init.write", "the file cannot be written", "check the path, its permissions and the space left") }
    }

    /// Puts a whole file in its place at once: a reader sees the old one or the new one, never half of it.
    func replace(_ name: String, with bytes: [UInt8]) throws(SettingsProblems) {
        let target = path + "/" + name
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: target), options: .atomic)
            // Whoever adds members is not always who runs the server, and nothing in them is secret.
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: target)
        } catch {
            throw .one(name, "file.write", "the file cannot be written", "check its permissions and the space left")
        }
    }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path + "/" + name) }
}
