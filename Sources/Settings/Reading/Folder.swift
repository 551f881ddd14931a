import Foundation

/// A deployment folder as we read it: regular files of bounded size, no links, nothing outside.
///
/// The folder is its operator's, so between looking at a file and opening it nobody hostile is expected; links are refused because a
/// reader of the folder must see what the server sees.
struct Folder {
    let path: String
    let findings: Findings
    /// Looked at in place of the disk.
    private(set) var held: HeldFiles?

    static let yaml = 262_144
    static let key = 65_536
    static let metadata = 4_194_304
    /// Entries of one sub-folder; more are a mistake or another program's.
    static let mostEntries = 5000
    /// Twenty thousand members with what stands beside each; a federation beyond that comes from metadata sources.
    static let mostMemberFiles = 60_000

    /// Files as they are to be read instead of what the disk has, nil for one that is to be absent: a change is judged with everything
    /// around it before a byte of it is written.
    let overlay: [String: [UInt8]?]

    init(_ path: String, findings: Findings, overlay: [String: [UInt8]?] = [:]) {
        self.path = path
        self.findings = findings
        self.overlay = overlay
    }

    /// The same folder with some of its files in memory, and what is wrong told elsewhere.
    func holding(_ files: HeldFiles?, to findings: Findings? = nil) -> Folder {
        var folder = Folder(path, findings: findings ?? self.findings, overlay: overlay)
        folder.held = files
        return folder
    }

    func path(of name: String) -> String { path + "/" + name }

    enum Kind {
        case file(bytes: Int, mode: Int), folder, link, other, absent
    }

    func kind(of name: String) -> Kind {
        if let other = overlay[name] { return other.map { .file(bytes: $0.count, mode: 0o644) } ?? .absent }
        if let held, held.holds(name) { return held.kind(of: name) }
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path(of: name)) else { return .absent }
        switch facts[.type] as? FileAttributeType {
        case .typeRegular?:
            return .file(
                bytes: (facts[.size] as? NSNumber)?.intValue ?? 0, mode: (facts[.posixPermissions] as? NSNumber)?.intValue ?? 0o777)
        case .typeDirectory?: return .folder
        case .typeSymbolicLink?: return .link
        default: return .other
        }
    }

    /// The file's bytes. Absence is a problem when the file is `required`, and nil without a word otherwise.
    func bytes(_ name: String, limit: Int, required: Bool) -> [UInt8]? {
        switch kind(of: name) {
        case .absent:
            if required { report(name, "file.missing", "the file is missing", "`sekisho init` makes a folder with all of them") }
            return nil
        case .link:
            report(name, "file.link", "this is a symbolic link", "put the file itself here")
            return nil
        case .folder, .other:
            report(name, "file.kind", "this is no regular file", "put a file here")
            return nil
        case .file(let size, _):
            guard size <= limit else {
                report(name, "file.size", "the file has \(size) bytes; at most \(limit) are read", "shorten or split it")
                return nil
            }
        }
        if let other = overlay[name] { return other }
        if let bytes = held?.files[name] { return bytes }
        guard let handle = FileHandle(forReadingAtPath: path(of: name)), let data = try? handle.read(upToCount: limit + 1) else {
            // An empty file reads as no data at all.
            if case .file(bytes: 0, _) = kind(of: name) { return [] }
            report(name, "file.unreadable", "the file cannot be read", "let the server's user read it")
            return nil
        }
        try? handle.close()
        guard data.count <= limit else {
            report(name, "file.size", "the file grew past \(limit) bytes while it was read", "shorten or split it")
            return nil
        }
        return Array(data)
    }

    func text(_ name: String, limit: Int, required: Bool) -> String? {
        guard let bytes = bytes(name, limit: limit, required: required) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            report(name, "file.encoding", "the file is not UTF-8", "save it as UTF-8")
            return nil
        }
        return text
    }

    /// The names in a sub-folder, sorted, without hidden files and README.md. Nil when there is no such folder.
    func names(in name: String, required: Bool, most: Int = mostEntries) -> [String]? {
        switch kind(of: name) {
        case .folder: break
        case .absent:
            if required { report(name, "file.missing", "the folder is missing", "`sekisho init` makes a folder with all of them") }
            return nil
        case .link:
            report(name, "file.link", "this is a symbolic link", "put the folder itself here")
            return nil
        default:
            report(name, "file.kind", "this is no folder", "make a folder of this name")
            return nil
        }
        if let held, held.holds(name) { return held.names(in: name).filter { !$0.hasPrefix(".") && $0 != "README.md" } }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path(of: name)) else {
            report(name, "file.unreadable", "the folder cannot be listed", "let the server's user read it")
            return nil
        }
        guard names.count <= most else {
            report(name, "file.count", "the folder has \(names.count) entries; at most \(most) are read", "clear it up")
            return nil
        }
        return overlaid(names, in: name).filter { !$0.hasPrefix(".") && $0 != "README.md" }.sorted()
    }

    private func overlaid(_ names: [String], in folder: String) -> [String] {
        guard !overlay.isEmpty else { return names }
        var all = Set(names)
        for (path, bytes) in overlay where path.hasPrefix(folder + "/") {
            let name = String(path.dropFirst(folder.utf8.count + 1))
            guard !name.contains("/") else { continue }
            if bytes == nil { all.remove(name) } else { all.insert(name) }
        }
        return Array(all)
    }

    func report(_ file: String, _ code: String, _ message: String, _ remedy: String) {
        findings.report(Problem(file: file, code: code, message: message, remedy: remedy))
    }
}
