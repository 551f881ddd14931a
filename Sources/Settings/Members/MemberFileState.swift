import Cryptography
package import TrustFramework
package import Vocabulary

/// A member's file as it is on the disk now, for whoever notes what changes.
package struct MemberFileState: Sendable {
    package let member: Member
    /// Relative to the deployment folder.
    package let file: String
    /// Of the file and what it names: what officers sign.
    package let digest: String
    /// Officers whose signatures count for it as it is.
    package let officers: [String]
}

extension Configuration {
    /// Every file of the members folder, sorted. Reads the disk, some thousand files at most; those that have gone meanwhile are left out.
    package func memberFiles(at now: Timestamp) -> [MemberFileState] {
        let files = Folder(folder, findings: Findings())
        var found: [MemberFileState] = []
        func look(_ member: Member, _ file: String, _ companion: String?) {
            guard let bytes = files.bytes(file, limit: Folder.yaml, required: false) else { return }
            let beside = companion.flatMap { files.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: false) }
            let digest = MemberApprovals.digest(of: bytes, companion: beside)
            let text = files.text(MemberApprovals.path(beside: file), limit: MemberApprovals.limit, required: false)
            let signed = text.flatMap { try? MemberApprovals(reading: $0) }?.counting(digest, by: officers, at: now).approved
            found.append(
                MemberFileState(
                    member: member, file: file, digest: Hexadecimal.encode(digest), officers: (signed ?? []).map(\.officer.id)))
        }
        for member in federation.members {
            guard let registration = federation.registration(member.id) else { continue }
            look(member, registration.file, registration.companion)
        }
        for applicant in federation.applicants { look(applicant.member, applicant.file, nil) }
        return found.sorted { $0.file < $1.file }
    }
}
