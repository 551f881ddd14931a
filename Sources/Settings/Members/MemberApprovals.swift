import Cryptography
package import TrustFramework
package import Vocabulary

/// The signatures of officers on a member's file, one compact JWS in a line: `NAME.approvals` beside `NAME.yaml`. Where the deployment
/// wants two people for every change, a file without them is refused however it came here: also one that was edited by hand.
package struct MemberApprovals: Sendable {
    static let suffix = ".approvals"

    /// Where the signatures on a member's file stand.
    static func path(beside file: String) -> String { String(file.dropLast(5)) + suffix }

    /// Two count; some more may have signed.
    static let most = 16
    static let limit = most * (SignedChange.longest + 1)

    package let changes: [SignedChange]

    package init(_ changes: [SignedChange]) { self.changes = changes }

    package init(reading text: String) throws(OfficerRefusal) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.count <= Self.most else { throw .malformed }
        var changes: [SignedChange] = []
        for line in lines { changes.append(try SignedChange(reading: String(line))) }
        self.changes = changes
    }

    package var text: String { changes.map { $0.text + "\n" }.joined() }

    /// What is signed: the file and what it names, byte by byte.
    package static func digest(of file: [UInt8], companion: [UInt8]?) -> [UInt8] {
        let second = companion.map { Hexadecimal.encode(Digest.sha256($0)) } ?? "-"
        return Digest.sha256(Array("sekisho member 1\n\(Hexadecimal.encode(Digest.sha256(file)))\n\(second)\n".utf8))
    }

    /// The officers whose signature on `digest` counts, and why those of others do not. An officer whose key was lost takes no member
    /// down as long as enough others signed.
    package func counting(
        _ digest: [UInt8], by officers: Officers, within: Int64? = nil, at now: Timestamp
    ) -> (approved: [ApprovedChange], refused: [OfficerRefusal]) {
        officers.counting(Array(changes.prefix(Self.most)), .member, digest: digest, within: within, at: now)
    }
}

extension MembersPart {
    /// How many registrars have to have signed a file that leaves its member in this state.
    package func signatures(for state: Accreditation.State) -> Int {
        switch (changes, state) {
        case (.onePerson, _): 0
        case (.twoPeople, .suspended), (.twoPeople, .withdrawn): stopAlone ? 1 : 2
        case (.twoPeople, _): 2
        }
    }
}

/// Whether members' files have to bear the officers' signatures already.
package enum SignatureDemand: Sendable {
    case now
    /// For the command that puts them there.
    case later
}

/// Looks for the signatures of every member's file, where the deployment wants them.
struct ApprovalChecks {
    let folder: Folder
    let part: MembersPart
    let officers: Officers
    let now: Timestamp

    func run(_ found: MemberFolder.Found) {
        guard part.changes == .twoPeople else { return }
        for registration in found.registrations { look(at: registration.member, registration.file, registration.companion) }
        for applicant in found.applicants { look(at: applicant.member, applicant.file, nil) }
    }

    private func look(at member: Member, _ file: String, _ companion: String?) {
        let needed = part.signatures(for: member.accreditation.state)
        let name = MemberApprovals.path(beside: file)
        let remedy = "put the old file back, or let two registrars sign this one: `sekisho member sign`"
        guard let text = folder.text(name, limit: MemberApprovals.limit, required: false) else {
            return folder.report(
                file, "member.approvals.missing", "nobody has signed this file, and \(needed) registrars have to", remedy)
        }
        guard let bytes = folder.bytes(file, limit: Folder.yaml, required: true) else { return }
        let beside = companion.flatMap { folder.bytes(MemberFile.folder + "/" + $0, limit: Folder.metadata, required: true) }
        do throws(OfficerRefusal) {
            let approvals = try MemberApprovals(reading: text)
            let result = approvals.counting(MemberApprovals.digest(of: bytes, companion: beside), by: officers, at: now)
            guard result.approved.count < needed else { return }
            let why = result.refused.first.map { ": \($0)" } ?? ""
            folder.report(
                file, "member.approvals.few",
                "\(result.approved.count) of \(needed) registrars have signed the file as it is\(why)", remedy)
        } catch { folder.report(name, "member.approvals.malformed", "\(error)", remedy) }
    }
}
