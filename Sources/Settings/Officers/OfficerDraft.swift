import Cryptography
import JOSE
import TrustFramework
package import Vocabulary

/// A further officer, as `sekisho admin` writes the file: without a key, and with a card that is awaited.
package struct OfficerDraft: Sendable {
    let id: String
    let name: String
    let roles: Set<OfficerRole>
    let member: MemberID?
    let notBefore: Timestamp
    let until: String

    /// `until`: the last day of the term as files have it; nil: in a year.
    package init(
        id: String, name: String, roles words: [String], member: String?, until: String?, at now: Timestamp
    ) throws(SettingsProblems) {
        let path = OfficerFolder.path(of: id)
        guard OfficerName.isName(id) else {
            throw .one(path, "officer.name", "the id is no officer's", "use lower-case letters, digits and hyphens")
        }
        var roles: Set<OfficerRole> = []
        for word in words {
            guard let role = OfficerRole(rawValue: word) else {
                throw .one(
                    path, "officer.roles", "`\(Explanation.redacted(word))` is no role",
                    "choose: " + OfficerRole.allCases.map(\.rawValue).joined(separator: ", "))
            }
            roles.insert(role)
        }
        guard !name.isEmpty, name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .one(path, "officer.name", "the name is empty or longer than 200 bytes", "write the name that histories should have")
        }
        let ofMember = member.flatMap { MemberID($0) }
        guard (member == nil) == (ofMember == nil) else {
            throw .one(
                path, "officer.developer", "`\(Explanation.redacted(member ?? ""))` is no member's id", "copy it from the member's file")
        }
        self.id = id
        self.name = name
        self.roles = roles
        self.member = ofMember
        notBefore = now
        self.until = until ?? String(now.adding(seconds: 365 * 86_400).text.prefix(10))
    }

    var text: String {
        var lines = [
            "name: " + JSON.string(name).text, "roles: [" + roles.map(\.rawValue).sorted().joined(separator: ", ") + "]",
            "not-before: " + notBefore.text, "not-after: " + until,
        ]
        if let member { lines.append("member: " + JSON.string(member.text).text) }
        lines += ["card:", "  subject: " + OfficerBinding.awaited]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Settings {
    /// Writes the officer's file, once the whole deployment was read with it. Returns its path in the folder.
    package static func add(
        officer draft: OfficerDraft, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> String {
        let path = OfficerFolder.path(of: draft.id)
        let home = trimmed(folder), place = Folder(home, findings: Findings())
        guard case .absent = place.kind(of: path) else {
            throw .one(path, "officer.exists", "the officer's file is there already", "change it by hand, or choose another id")
        }
        let writer = FolderWriter(path: home)
        if case .absent = place.kind(of: OfficerFolder.name) { try writer.makeFolder(OfficerFolder.name, mode: 0o755) }
        let bytes = Array(draft.text.utf8)
        _ = try load(home, environment: environment, tokens: .none, with: [path: bytes], at: now)
        try writer.replace(path, with: bytes)
        return path
    }
}

extension Officer {
    /// For lists: no citizen is in it.
    package func json(at now: Timestamp) -> JSON {
        .object([
            ("id", .string(id)), ("name", .string(name)), ("roles", .array(roles.map(\.rawValue).sorted().map { .string($0) })),
            ("member", member.map { .string($0.text) } ?? .null), ("not-before", .string(notBefore.text)),
            ("not-after", .string(notAfter.text)), ("in-office", .bool(isInOffice(at: now) && !isRevoked)), ("card", .bool(card != nil)),
            ("key", key.map { .string($0.thumbprint) } ?? .null),
        ])
    }
}

extension OfficerBinding {
    /// A one-time code for a terminal: twenty letters and digits that are not mistaken for each other, a hundred bits.
    package static func fresh(using random: inout some RandomNumberGenerator) -> String {
        let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        let groups = (0..<4).map { _ in String((0..<5).map { _ in letters.randomElement(using: &random) ?? "0" }) }
        return groups.joined(separator: "-")
    }
}
