import TrustFramework
package import Vocabulary

/// A version of a member's file, as officers see it.
package struct MemberVersionEntry: Sendable {
    /// Of the file; 0 where nobody counted yet.
    package let number: Int
    /// What officers signed, in hexadecimal: names the version.
    package let digest: String
    /// When it was first seen to count here.
    package let at: Timestamp
    /// The version whose registration it put back.
    package let restores: Int?
    /// Whose signatures stand beside it, in their order: the first one proposed it, the others approved.
    package let signatures: [Signature]
    /// It is what the folder has now.
    package let isPresent: Bool
    /// Nil: it is remembered, and its text is not kept any more.
    package let file: [UInt8]?
    /// Of the file beside it, by its name; nil where there is none.
    package let companion: (name: String, bytes: [UInt8])?

    /// As the signature says; whether it counts today is another question.
    package struct Signature: Sendable {
        package let officer: String
        package let at: Timestamp
        package let reason: String
    }

    /// What people type: the number, or the beginning of the digest where several have it.
    package var name: String { String(digest.prefix(12)) }
}

extension Configuration {
    /// Every version of the member's file that counted here and is kept, newest first. Empty for members of metadata sources.
    package func memberVersions(of id: MemberID, at now: Timestamp) -> [MemberVersionEntry] {
        guard let place = federation.place(of: id) else { return [] }
        let archive = memberArchive
        let files = Folder(folder, findings: Findings())
        let file = files.bytes(place.file, limit: Folder.yaml, required: false) ?? []
        let companion = place.companion.flatMap { files.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: false) }
        let present = Hexadecimal.encode(MemberApprovals.digest(of: file, companion: companion))
        var kept = archive.versions(of: id)
        if kept.last?.digest != present {
            kept.append(MemberArchive.Kept(number: federation.paper(of: id)?.version?.number ?? 0, digest: present, at: now))
        }
        let beside = files.text(MemberApprovals.path(beside: place.file), limit: MemberApprovals.limit, required: false)
        let last = kept.count - 1
        return kept.enumerated().reversed().map { index, one in
            let isPresent = index == last
            let content =
                isPresent
                ? MemberArchive.Content(
                    file: file, companion: place.companion.flatMap { name in companion.map { (name, $0) } }, approvals: beside ?? "")
                : archive.content(of: one.digest)
            return MemberVersionEntry(
                number: one.number, digest: one.digest, at: one.at, restores: content.flatMap { MemberVersion(of: $0.file) }?.restores,
                signatures: Self.signatures(content?.approvals), isPresent: isPresent, file: content?.file,
                companion: content?.companion)
        }
    }

    private static func signatures(_ text: String?) -> [MemberVersionEntry.Signature] {
        guard let text, let approvals = try? MemberApprovals(reading: text) else { return [] }
        return approvals.changes.map {
            MemberVersionEntry.Signature(officer: $0.claimedOfficer, at: $0.claimedAt, reason: $0.claimedReason)
        }
    }
}

extension MemberVersion {
    /// Of a file that was read before.
    init?(of file: [UInt8]) {
        guard let text = String(validating: file, as: UTF8.self), let tree = YAML(reading: text, file: "", to: Findings()),
            let part = tree["version"]
        else { return nil }
        self.init(reading: Section(part, file: "", path: "version", findings: Findings()))
    }
}
