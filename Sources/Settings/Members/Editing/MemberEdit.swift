package import TrustFramework
package import Vocabulary

/// A change of one member's file, worked out and judged with the whole deployment, and not done yet. No token is asked on the way: nothing that
/// a member's file says depends on whether one answers.
package struct MemberEdit: Sendable {
    package let member: MemberID
    /// In one word, for the list of what waits: a step of the life cycle, `add` or `replace`.
    package let act: String
    /// Relative to the deployment folder.
    package let file: String
    /// What the file holds now; nil where there is none. A proposal is good for this state of the file only.
    package let before: [UInt8]?
    package let after: [UInt8]
    /// What the new file names beside it, by its bare name.
    package let companion: (name: String, bytes: [UInt8])?
    /// What only the old one named, and what goes with it; relative to the deployment folder.
    let stale: String?
    /// The state that the change leaves the member in.
    package let state: Accreditation.State

    /// What officers sign.
    package var digest: [UInt8] { MemberApprovals.digest(of: after, companion: companion?.bytes) }

    /// The digest in full, as people read it; a proposal's name is its beginning.
    package var seal: String { Hexadecimal.encode(digest) }

    /// The member's file, and what it names beside it.
    package var files: [String] { [file] + (companion.map { [MemberFile.folder + "/" + $0.name] } ?? []) }

    /// How many have to. Who may stop a member alone may do nothing else by it: what is changed along with it, a key or an address, would be
    /// signed by the second officer unseen when the member is let in again.
    package func signatures(under part: MembersPart) -> Int {
        let needed = part.signatures(for: state)
        return onlyStops ? needed : max(needed, part.signatures(for: .accredited))
    }

    /// A suspension or a withdrawal, and not a word of the file beside.
    private var onlyStops: Bool {
        let steps = [MemberAct.Step.suspend, .withdraw].map(\.rawValue)
        guard steps.contains(act), stale == nil, let before, let old = Self.rest(of: before), let new = Self.rest(of: after) else {
            return false
        }
        return old.means(new)
    }

    /// The file without the state of its accreditation, how it came to be so, and the count of its versions.
    private static func rest(of file: [UInt8]) -> YAML? {
        guard let text = String(validating: file, as: UTF8.self), let tree = YAML(reading: text, file: "", to: Findings()) else {
            return nil
        }
        let accreditation = tree["accreditation"]?.setting("state", to: nil).setting("history", to: nil)
        return tree.setting("accreditation", to: accreditation).setting("version", to: nil)
    }

    var approvals: String { MemberApprovals.path(beside: file) }

    /// The folder as it is to be read with the change.
    func overlay(signed: [SignedChange]) -> [String: [UInt8]?] {
        var files: [String: [UInt8]?] = [file: after, approvals: signed.isEmpty ? nil : Array(MemberApprovals(signed).text.utf8)]
        if let companion { files[MemberFile.folder + "/" + companion.name] = companion.bytes }
        if let stale { files[stale] = .some(nil) }
        return files
    }
}

extension Settings {
    /// The change that an act makes to a member's file. `signed` may be empty while officers have still to look at it: then only their
    /// signatures are missing from what is checked.
    package static func edit(
        _ act: MemberAct, of id: MemberID, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        guard let place = configuration.federation.place(of: id), let member = configuration.federation.anyMember(id) else {
            throw .one(
                MemberFile.folder, "member.unknown", "there is no member `\(Explanation.redacted(id.text))` in this folder",
                "`sekisho member list` shows them; members of metadata sources are changed by the terms of their source")
        }
        let findings = Findings()
        let files = Folder(configuration.folder, findings: findings)
        guard let bytes = files.bytes(place.file, limit: Folder.yaml, required: true), let text = String(validating: bytes, as: UTF8.self),
            let tree = YAML(reading: text, file: place.file, to: findings)
        else { throw SettingsProblems(problems: findings.problems) }
        let new: YAML
        do {
            new = try MemberRewriting(tree: tree, member: member).applying(act)
        } catch {
            let told = error.told
            throw .one(place.file, told.code, told.message, told.remedy)
        }
        let version = configuration.nextVersion(of: id, in: files)
        guard let written = YAMLWriter.text(of: version.map { new.setting("version", to: $0.tree) } ?? new, source: text) else {
            throw .one(place.file, "member.act.file", "the file cannot be written anew without losing something", "change it by hand")
        }
        let beside = place.companion.flatMap { name in
            files.bytes(MemberFile.folder + "/" + name, limit: Folder.metadata, required: true).map { (name, $0) }
        }
        try findings.throwIfAny()
        let edit = MemberEdit(
            member: id, act: act.step.rawValue, file: place.file, before: bytes, after: Array(written.utf8), companion: beside,
            stale: nil, state: act.step.state)
        try judge(edit, in: configuration, environment: environment, at: now)
        return edit
    }

    /// The change that puts a member's file, and what it names beside it, into the folder.
    package static func edit(
        adding file: String, to folder: String, replacing: Bool = false, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        let candidate = try MemberCandidate(file, for: configuration, environment: environment, at: now)
        return try edit(adding: candidate, named: file, in: configuration, replacing: replacing, environment: environment, at: now)
    }

    /// `restores`: the number of the version whose registration the candidate puts back.
    static func edit(
        adding candidate: MemberCandidate, named file: String, in configuration: Configuration, replacing: Bool, restores: Int? = nil,
        environment: [String: String], at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let id = candidate.entry.member.id
        let existing = configuration.federation.place(of: id)
        if existing != nil, !replacing {
            throw .one(
                file, "member.duplicate", "`\(id.text)` is registered already",
                "say that it is to be replaced, or give the service another id")
        }
        let files = Folder(configuration.folder, findings: Findings())
        let name = existing?.file ?? MemberFile.folder + "/" + candidate.name
        let own: Set<String?> = [existing?.file, existing?.companion.map { MemberFile.folder + "/" + $0 }]
        let shared = configuration.federation.companions(besides: id)
        func refuseTaken(_ name: String) throws(SettingsProblems) {
            if own.contains(name), !shared.contains(name) { return }
            guard case .absent = files.kind(of: name) else {
                throw .one(name, "member.file.taken", "another member's file has this name", "rename yours, with what names it")
            }
        }
        try refuseTaken(name)
        if let companion = candidate.companion { try refuseTaken(MemberFile.folder + "/" + companion.name) }
        var stale = existing?.companion.map { MemberFile.folder + "/" + $0 }
        if let old = stale, old == candidate.companion.map({ MemberFile.folder + "/" + $0.name }) || shared.contains(old) { stale = nil }
        let version = configuration.nextVersion(of: id, in: files, restores: restores)
        let after = try version.map { version throws(SettingsProblems) in try candidate.counted(as: version) } ?? candidate.bytes
        let edit = MemberEdit(
            member: id, act: restores != nil ? "rollback" : existing == nil ? "add" : "replace", file: name,
            before: existing.flatMap { files.bytes($0.file, limit: Folder.yaml, required: true) }, after: after,
            companion: candidate.companion, stale: stale, state: candidate.entry.member.accreditation.state)
        try judge(edit, in: configuration, environment: environment, at: now)
        return edit
    }

    /// Reads the whole deployment with the change in it. Signatures that are still to come are not missed.
    static func judge(
        _ edit: MemberEdit, in configuration: Configuration, environment: [String: String], at now: Timestamp
    ) throws(SettingsProblems) {
        // What counts now is what a roll-back returns to. Whoever may not write there works out the change all the same.
        try? configuration.memberArchive.note(configuration, at: now)
        do {
            _ = try load(configuration.folder, environment: environment, tokens: .none, with: edit.overlay(signed: []), at: now)
        } catch {
            let others = error.problems.filter { !($0.file == edit.file && $0.code.hasPrefix("member.approvals.")) }
            guard others.isEmpty else { throw SettingsProblems(problems: others) }
        }
    }

    /// The deployment as it would be with the change, whose signatures may be missing: to show what the member would be and get.
    package static func outlook(
        on edit: MemberEdit, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> Configuration {
        try load(folder, environment: environment, tokens: .none, signatures: .later, with: edit.overlay(signed: []), at: now)
    }

    /// Does the change: only when the whole deployment, signatures included, is right with it.
    package static func take(
        _ edit: MemberEdit, signed: [SignedChange] = [], in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> Configuration {
        let folder = trimmed(folder)
        let files = Folder(folder, findings: Findings())
        let present: [UInt8]? =
            if case .absent = files.kind(of: edit.file) { nil } else { files.bytes(edit.file, limit: Folder.yaml, required: true) }
        guard present == edit.before else {
            throw .one(
                edit.file, "member.act.changed", "the file has changed since the change was worked out",
                "look at it again, and propose or do it anew")
        }
        let overlay = edit.overlay(signed: signed)
        let configuration = try load(folder, environment: environment, tokens: .none, with: overlay, at: now)
        // The reader of the folder sees a file; what changes in it is seen here only.
        let needed = edit.signatures(under: configuration.members)
        let counting = MemberApprovals(signed).counting(edit.digest, by: configuration.officers, at: now).approved
        guard counting.count >= needed else {
            throw .one(
                edit.file, "member.approvals.few", "\(counting.count) of \(needed) registrars have signed this change",
                "let another registrar sign: `sekisho member approve`")
        }
        let writer = FolderWriter(path: folder)
        // What is named comes before what names it. A server that reads in between keeps its old state until all is there.
        for (name, bytes) in overlay.sorted(by: { MemberEdit.order($0.key) < MemberEdit.order($1.key) }) {
            if let bytes { try writer.replace(name, with: bytes) } else { writer.remove(name) }
        }
        // A server that reads the folder remembers it too; so this may fail.
        try? configuration.memberArchive.note(configuration, at: now)
        return configuration
    }
}

extension MemberCandidate {
    /// The file with its place in the count, and not a word of it otherwise.
    fileprivate func counted(as version: MemberVersion) throws(SettingsProblems) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let tree = YAML(reading: text, file: name, to: Findings()),
            let written = YAMLWriter.text(of: tree.setting("version", to: version.tree), source: text)
        else { throw .one(name, "member.act.file", "the file cannot be written without losing something", "write it more plainly") }
        return Array(written.utf8)
    }
}

extension MemberEdit {
    fileprivate static func order(_ name: String) -> (Int, String) {
        (name.hasSuffix(MemberApprovals.suffix) ? 1 : name.hasSuffix(".yaml") ? 2 : 0, name)
    }
}
