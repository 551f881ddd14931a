import Foundation

/// A deployment's files copied into a folder of their own, for a backup: all but the store, whose file alone says too little while it is
/// open, and what belongs to running processes.
package struct FolderCopy: Sendable {
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// Something is in the folder that was named.
        case taken(String)
        /// It lies in what is to be copied.
        case inside(String)
        /// The store's folder holds the whole deployment, and who knows what besides.
        case mixed(String)
        case file(String, String)

        package var code: String {
            switch self {
            case .taken: "backup.target.taken"
            case .inside: "backup.target.inside"
            case .mixed: "backup.store.mixed"
            case .file: "backup.file"
            }
        }

        package var description: String {
            switch self {
            case .taken(let path): "`\(path)` is not empty: name a folder that is, or none"
            case .inside(let path): "`\(path)` lies in what is to be copied: name a folder outside"
            case .mixed(let path): "the store's folder `\(path)` has the deployment in it: give the store a folder of its own"
            case .file(let path, let why): "`\(path)` cannot be copied: \(why)"
            }
        }
    }

    package let target: String
    /// The store's place in the copy, for whoever copies it.
    package let store: String
    /// Whether the deployment has its store outside its folder; the copy has it in `State`.
    package let isStoreElsewhere: Bool
    package private(set) var files = 0
    /// Links, by their names in the folder. They are not copied: who reads a deployment follows none, and one might lead back to it.
    package private(set) var links: [String] = []

    private static let state = "State"
    /// The process id, and what commands and server tell each other.
    private static let running = "run"

    private let folder: String
    private let storeFolder: String
    /// Else an operator made it, with an owner and a place of its own.
    private let isOurs: Bool

    /// Makes the folder `target`, for its owner alone, and the store's folder in it.
    package init(of folder: String, store: String, at target: String) throws(Refusal) {
        isOurs = !FileManager.default.fileExists(atPath: target)
        // Before anything is changed in it. What is no folder is refused when it is to be one.
        if let held = try? FileManager.default.contentsOfDirectory(atPath: target), !held.isEmpty { throw .taken(target) }
        try Self.make(target)
        let name = (store as NSString).lastPathComponent
        let (root, place, here) = (
            Self.real(folder), Self.real((store as NSString).deletingLastPathComponent), Self.real(target)
        )
        self.target = here
        var refusal: Refusal?
        if Self.lies(here, in: root) || Self.lies(here, in: place) { refusal = .inside(target) }
        if root != place, Self.lies(root, in: place) { refusal = refusal ?? .mixed(place) }
        self.folder = root
        storeFolder = place
        isStoreElsewhere = !Self.lies(place, in: root)
        if isStoreElsewhere {
            self.store = Self.state + "/" + name
        } else {
            self.store = String((place + "/" + name).dropFirst(root.count + 1))
        }
        if refusal == nil {
            do { try Self.make((here + "/" + self.store as NSString).deletingLastPathComponent) } catch { refusal = error }
        }
        if let refusal {
            discard()
            throw refusal
        }
    }

    /// After the store was copied, so that what its records speak of is there: files come before the record of them, and stay.
    package mutating func copyFiles() throws(Refusal) {
        try copy(folder, as: "", without: isStoreElsewhere ? [Self.running, Self.state] : [Self.running])
        if isStoreElsewhere { try copy(storeFolder, as: Self.state, without: []) }
    }

    /// Leaves nothing that could be taken for a backup.
    package func discard() {
        let manager = FileManager.default
        if isOurs {
            try? manager.removeItem(atPath: target)
        } else {
            for name in (try? manager.contentsOfDirectory(atPath: target)) ?? [] { try? manager.removeItem(atPath: target + "/" + name) }
        }
    }

    private mutating func copy(_ source: String, as name: String, without: Set<String>) throws(Refusal) {
        let manager = FileManager.default
        let entries: [String]
        do { entries = try manager.contentsOfDirectory(atPath: source).sorted() } catch {
            // Between the look at a folder and now a server may have taken something away.
            guard manager.fileExists(atPath: source) else { return }
            throw .file(source, error.localizedDescription)
        }
        try Self.make(name.isEmpty ? target : target + "/" + name)
        for entry in entries {
            let own = name.isEmpty ? entry : name + "/" + entry
            // Of a file system whose root this is: nobody but the system reads it.
            if without.contains(own) || isOfStore(own) || entry == "lost+found" { continue }
            try copy(entry: source + "/" + entry, as: own, without: without)
        }
    }

    private mutating func copy(entry source: String, as name: String, without: Set<String>) throws(Refusal) {
        let manager = FileManager.default
        let place = target + "/" + name
        do {
            let attributes = try manager.attributesOfItem(atPath: source)
            let type = attributes[.type] as? FileAttributeType
            if type == .typeDirectory {
                try copy(source, as: name, without: without)
            } else if type == .typeRegular {
                try manager.copyItem(atPath: source, toPath: place)
                files += 1
            } else {
                // A socket or a pipe is its process's.
                if type == .typeSymbolicLink { links.append(name) }
                return
            }
            if let mode = attributes[.posixPermissions] { try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: place) }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            guard manager.fileExists(atPath: source) else { return }
            throw .file(source, error.localizedDescription)
        }
    }

    /// The store, SQLite's files beside it, and the locks of its servers.
    private func isOfStore(_ name: String) -> Bool {
        ["", "-wal", "-shm", "-journal", ".nodes", ".start", ".reload"].contains { name == store + $0 }
    }

    private static func make(_ path: String) throws(Refusal) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw .file(path, error.localizedDescription)
        }
    }

    private static func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private static func lies(_ path: String, in folder: String) -> Bool {
        path == folder || path.hasPrefix(folder == "/" ? folder : folder + "/")
    }
}
