package import TrustFramework
package import Vocabulary

/// What somebody writes who wants to become a member.
package struct MemberApplication: Sendable {
    package let id: MemberID
    package let kind: MemberKind
    package let names: [String: String]
    package let contacts: [MemberContact]
    package let scope: MemberScope
    /// SHA-256 of the reference behind which the applicant sees its state.
    package let applicantDigest: [UInt8]
    /// The file's name without `.yaml`; nil makes one of the id.
    package let file: String?

    package init(
        id: MemberID, kind: MemberKind, names: [String: String], contacts: [MemberContact], scope: MemberScope, applicantDigest: [UInt8],
        file: String?
    ) {
        self.id = id
        self.kind = kind
        self.names = names
        self.contacts = contacts
        self.scope = scope
        self.applicantDigest = applicantDigest
        self.file = file
    }

    /// The file. What is not permitted expressly is not: modes without PIN need their permission from the first day.
    func tree(by officer: String, reason: String, at now: Timestamp) -> YAML {
        .map([
            ("id", .text(id.text)), ("kind", .text(kind.rawValue)),
            ("names", .map(names.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })),
            ("operated-by", scope.operatedBy.flatMap { $0.isEmpty ? nil : .text($0) }),
            (
                "contacts",
                contacts.isEmpty
                    ? nil
                    : .list(
                        contacts.map {
                            .map([
                                ("role", .text($0.role.rawValue)), ("name", .text($0.name)), ("mail", $0.mail.map(YAML.text)),
                                ("telephone", $0.telephone.map(YAML.text)),
                            ])
                        })
            ),
            ("applicant-sha256", .text(Hexadecimal.encode(applicantDigest))),
            (
                "accreditation",
                .map([
                    ("state", .text(Accreditation.State.applied.rawValue)), ("purposes", .words(scope.purposes ?? [])),
                    ("attributes", scope.attributes.map { .words($0) }), ("modes", .words(scope.modes ?? ["pin"])),
                    ("permissions", .words(scope.permissions ?? [])),
                    (
                        "history",
                        .list([
                            .map([
                                ("state", .text(Accreditation.State.applied.rawValue)), ("at", .text(now.text)), ("by", .text(officer)),
                                ("reason", .text(reason)),
                            ])
                        ])
                    ),
                ])
            ),
            ("default-purpose", (scope.purposes ?? []).count > 1 ? scope.purposes?.first.map(YAML.text) : nil),
        ])
    }

    /// Of letters, digits and hyphens of the id, as far as they go.
    var fileName: String {
        if let file { return file + ".yaml" }
        let words = id.text.lowercased().replacing("https://", with: "").utf8.map { byte -> Character in
            byte.isBase64url && byte != 0x5f ? Character(UnicodeScalar(byte)) : "-"
        }
        let name = String(words.prefix(60)).split(separator: "-").joined(separator: "-")
        return (name.isEmpty ? "member" : name) + ".yaml"
    }
}

extension Settings {
    /// The change that an application makes: a file of its own.
    package static func edit(
        _ application: MemberApplication, in folder: String, by officer: String, reason: String, environment: [String: String] = [:],
        at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        let name = application.fileName
        let path = MemberFile.folder + "/" + name
        guard name.dropLast(5).utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }), !name.hasPrefix(".") else {
            throw .one(path, "member.file.name", "this is no name of a member's file", "use letters, digits, hyphens and dots")
        }
        guard case .absent = Folder(configuration.folder, findings: Findings()).kind(of: path) else {
            throw .one(path, "member.file.taken", "another member's file has this name", "give the file another name")
        }
        let tree = application.tree(by: officer, reason: reason, at: now)
        let version = configuration.nextVersion(of: application.id, after: nil, companion: nil)
        guard let text = YAMLWriter.text(of: version.map { tree.setting("version", to: $0.tree) } ?? tree) else {
            throw .one(path, "member.act.file", "the application cannot be written", "leave out what is unusual in names")
        }
        let edit = MemberEdit(
            member: application.id, act: MemberAct.Step.apply.rawValue, file: path, before: nil, after: Array(text.utf8), companion: nil,
            stale: nil, state: .applied)
        try judge(edit, in: configuration, environment: environment, at: now)
        return edit
    }
}
