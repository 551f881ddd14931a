import Cryptography
import Foundation
import TrustFramework
import Vocabulary

/// A change of a member that one officer has signed and that waits for a second one: `Metadata/proposals/NAME.json`.
package struct MemberProposal: Sendable {
    /// The beginning of the digest that is signed: what an officer types.
    package let name: String
    package let edit: MemberEdit
    package let signed: [SignedChange]
}

package enum MemberProposals {
    static let name = "proposals"
    package static let folder = "Metadata/proposals"
    /// A file and its companion in base64, with signatures.
    static let limit = 8_388_608
    /// A second officer looks within this many seconds, or the first one signs anew: thirty days.
    package static let lifetime: Int64 = 30 * 86_400

    /// Keeps a change with the signatures it has, in the place of an older one about the same member.
    package static func put(_ edit: MemberEdit, signed: [SignedChange], in folder: String) throws(SettingsProblems) -> MemberProposal {
        for other in all(in: folder).proposals where other.edit.member == edit.member && other.edit.digest != edit.digest {
            throw .one(
                path(other.name), "member.proposal.open", "another change of `\(edit.member.text)` waits already: \(other.edit.act)",
                "approve it, or take it back with `sekisho member reject \(other.name)`")
        }
        let name = Self.name(of: edit)
        let json = JSON.object([
            ("member", .string(edit.member.text)), ("act", .string(edit.act)), ("file", .string(edit.file)),
            ("state", .string(edit.state.rawValue)),
            ("before", edit.before.map { .string(Base64.encode($0)) } ?? .null), ("after", .string(Base64.encode(edit.after))),
            ("companion-name", edit.companion.map { .string($0.name) } ?? .null),
            ("companion", edit.companion.map { .string(Base64.encode($0.bytes)) } ?? .null),
            ("stale", edit.stale.map { .string($0) } ?? .null), ("signed", .array(signed.map { .string($0.text) })),
        ])
        let writer = FolderWriter(path: Settings.trimmed(folder))
        let place = Folder(Settings.trimmed(folder), findings: Findings())
        if case .absent = place.kind(of: Self.folder) { try writer.makeFolder(Self.folder, mode: 0o755) }
        try writer.replace(path(name), with: Array(json.text.utf8))
        return MemberProposal(name: name, edit: edit, signed: signed)
    }

    package static func remove(_ name: String, from folder: String) {
        FolderWriter(path: Settings.trimmed(folder)).remove(path(name))
    }

    /// All that wait, by name, and the names of files that are none.
    package static func all(in folder: String) -> (proposals: [MemberProposal], broken: [String]) {
        let place = Folder(Settings.trimmed(folder), findings: Findings())
        var found: [MemberProposal] = []
        var broken: [String] = []
        for file in place.names(in: Self.folder, required: false) ?? [] {
            guard file.hasSuffix(".json"), let bytes = place.bytes(Self.folder + "/" + file, limit: limit, required: true),
                let proposal = read(bytes), proposal.name + ".json" == file
            else {
                broken.append(Self.folder + "/" + file)
                continue
            }
            found.append(proposal)
        }
        return (found, broken)
    }

    private static func read(_ bytes: [UInt8]) -> MemberProposal? {
        guard let json = try? JSON(reading: bytes, limit: limit), let member = json["member"]?.string.flatMap({ MemberID($0) }),
            let act = json["act"]?.string, let file = json["file"]?.string, isFile(file),
            let state = json["state"]?.string.flatMap({ Accreditation.State(rawValue: $0) }),
            let after = json["after"]?.string.flatMap({ Base64.decode($0) }), let lines = json["signed"]?.array
        else { return nil }
        var before: [UInt8]?
        if let text = json["before"]?.string {
            guard let bytes = Base64.decode(text) else { return nil }
            before = bytes
        }
        var companion: (name: String, bytes: [UInt8])?
        if let name = json["companion-name"]?.string {
            guard isFile(MemberFile.folder + "/" + name), let bytes = json["companion"]?.string.flatMap({ Base64.decode($0) }) else {
                return nil
            }
            companion = (name, bytes)
        }
        let stale = json["stale"]?.string
        if let stale, !isFile(stale) { return nil }
        var signed: [SignedChange] = []
        for line in lines {
            guard let change = line.string.flatMap({ try? SignedChange(reading: $0) }) else { return nil }
            signed.append(change)
        }
        let edit = MemberEdit(
            member: member, act: act, file: file, before: before, after: after, companion: companion, stale: stale, state: state)
        return MemberProposal(name: name(of: edit), edit: edit, signed: signed)
    }

    /// A proposal writes into the members folder and nowhere else, whoever made it.
    private static func isFile(_ path: String) -> Bool {
        guard path.hasPrefix(MemberFile.folder + "/") else { return false }
        let name = path.dropFirst(MemberFile.folder.utf8.count + 1)
        return !name.isEmpty && !name.hasPrefix(".") && name.utf8.allSatisfy { $0.isBase64url || $0 == 0x2e }
    }

    private static func path(_ name: String) -> String { folder + "/" + name + ".json" }

    /// For people; whoever signs goes by the whole digest.
    package static func name(of edit: MemberEdit) -> String { String(edit.seal.prefix(12)) }
}
