import TrustFramework
package import Vocabulary

extension Settings {
    /// Registers the member whose file is `file` in the deployment folder: reads it and what it names beside it, checks it together with
    /// everything in the folder, and only then copies it in, the companion first. Returns the folder as it is with the member.
    ///
    /// A member of the same id is replaced only when `replacing` says so. A running server takes the new folder up when it is told to
    /// read again; until then it knows nothing of the file. Where changes need two people, `edit(adding:)` and their signatures are needed.
    package static func add(
        member file: String, to folder: String, replacing: Bool = false, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> (member: MemberID, configuration: Configuration) {
        let edit = try edit(adding: file, to: folder, replacing: replacing, environment: environment, at: now)
        return (edit.member, try take(edit, in: folder, environment: environment, at: now))
    }
}

/// A member's file somewhere else on this machine, read under the terms of a deployment.
struct MemberCandidate {
    let entry: MemberEntry
    /// The file's own name.
    let name: String
    let bytes: [UInt8]
    let companion: (name: String, bytes: [UInt8])?

    init(
        _ file: String, for configuration: Configuration, environment: [String: String], at now: Timestamp
    ) throws(SettingsProblems) {
        let findings = Findings()
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        let name = String(parts.last ?? "")
        let directory = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        guard name.hasSuffix(".yaml"), !name.hasPrefix("."), name.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }) else {
            throw .one(
                file, "member.file.name", "a member's file has a plain name that ends in .yaml", "rename it: letters, digits, hyphens, dots"
            )
        }
        let source = Folder(directory.isEmpty ? "/" : directory, findings: findings)
        guard let bytes = source.bytes(name, limit: Folder.yaml, required: true) else {
            try findings.throwIfAny()
            throw .one(file, "file.missing", "the file cannot be read", "check its name")
        }
        try self.init(name, bytes, for: configuration, environment: environment, at: now, findings) { name, limit in
            source.bytes(name, limit: limit, required: true)
        }
    }

    /// A file that is in no folder yet; `companion` gives what it names beside it.
    init(
        _ name: String, _ bytes: [UInt8], for configuration: Configuration, environment: [String: String], at now: Timestamp,
        _ findings: Findings = Findings(), companion: @escaping (_ name: String, _ limit: Int) -> [UInt8]?
    ) throws(SettingsProblems) {
        let box = CompanionBox()
        let deployment = Folder(configuration.folder, findings: findings)
        let text = deployment.text(DeploymentFile.name, limit: Folder.yaml, required: true)
        let terms = text.flatMap { DeploymentFile.read($0, environment: environment, to: findings) }?
            .terms(profiles: configuration.profiles, evidence: configuration.keptTrust, isAdding: true, at: now)
        guard let terms else {
            try findings.throwIfAny()
            throw .one(DeploymentFile.name, "file.missing", "the deployment cannot be read", "look at it with `sekisho check`")
        }
        let reader = MemberFile(terms: terms, findings: findings) { name, limit in
            let bytes = companion(name, limit)
            if let bytes { box.companion = (name, bytes) }
            return bytes
        }
        guard let yaml = String(validating: bytes, as: UTF8.self) else {
            throw .one(name, "file.encoding", "the file is not UTF-8", "save it as UTF-8")
        }
        let entry = reader.read(yaml, file: name)
        try findings.throwIfAny()
        guard let entry else {
            throw .one(name, "member.incomplete", "the file does not register a member", "see Metadata/README.md")
        }
        self.entry = entry
        self.name = name
        self.bytes = bytes
        self.companion = box.companion
    }
}

/// What the reader was given beside the member's file.
private final class CompanionBox {
    var companion: (name: String, bytes: [UInt8])?
}
