import Foundation

/// A deployment folder as we read it: regular files of bounded size, no links, nothing outside.
///
/// The folder is its operator's, so between looking at a file and opening it nobody hostile is expected; links are refused because a
/// reader of the folder must see what the server sees.
struct Folder {
    let path: String
    let findings: Findings

    static let yaml = 262_144
    static let key = 65_536
    static let metadata = 4_194_304
    /// Entries of one sub-folder; more are a mistake or another program's.
    static let mostEntries = 5000

    init(_ path: String, findings: Findings) {
        self.path = path
        self.findings = findings
    }

    func path(of name: String) -> String { path + "/" + name }

    enum Kind {
        case file(bytes: Int, mode: Int), folder, link, other, absent
    }

    func kind(of name: String) -> Kind {
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
    func names(in name: String, required: Bool) -> [String]? {
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
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path(of: name)) else {
            report(name, "file.unreadable", "the folder cannot be listed", "let the server's user read it")
            return nil
        }
        guard names.count <= Self.mostEntries else {
            report(name, "file.count", "the folder has \(names.count) entries; at most \(Self.mostEntries) are read", "clear it up")
            return nil
        }
        return names.filter { !$0.hasPrefix(".") && $0 != "README.md" }.sorted()
    }

    func report(_ file: String, _ code: String, _ message: String, _ remedy: String) {
        findings.report(Problem(file: file, code: code, message: message, remedy: remedy))
    }
}
