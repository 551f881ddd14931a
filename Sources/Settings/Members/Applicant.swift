package import TrustFramework
import Vocabulary

/// A member's file, read: someone who speaks a protocol to us, or someone who has only applied so far.
enum MemberEntry {
    case registered(Registration)
    case applicant(Applicant)

    var member: Member {
        switch self {
        case .registered(let registration): registration.member
        case .applicant(let applicant): applicant.member
        }
    }

    var companion: String? {
        switch self {
        case .registered(let registration): registration.companion
        case .applicant: nil
        }
    }
}

/// Who has applied, and has not said yet how it speaks.
package struct Applicant: Sendable {
    package let member: Member
    /// Relative to the deployment folder.
    package let file: String
    package let paper: MemberPaper
}

/// What of a member's file is for people only.
package struct MemberPaper: Hashable, Sendable {
    package let contacts: [MemberContact]
    /// SHA-256 of the reference behind which the applicant sees its state; the reference itself is nowhere.
    package let applicantDigest: [UInt8]?
    /// Which version of the file this is; nil where nobody counts.
    package let version: MemberVersion?

    package init(contacts: [MemberContact] = [], applicantDigest: [UInt8]? = nil, version: MemberVersion? = nil) {
        self.contacts = contacts
        self.applicantDigest = applicantDigest
        self.version = version
    }

    /// Nil when something in it was refused.
    init?(reading section: Section) {
        var contacts: [MemberContact] = []
        var isGood = true
        for inner in section.sections("contacts") {
            let role = inner.choice("role", MemberContact.Role.self, required: true)
            let name = inner.text("name", required: true, limit: 200)
            let mail = inner.text("mail", limit: 254)
            let telephone = inner.text("telephone", limit: 40)
            inner.finish()
            if mail == nil, telephone == nil, !inner.has("mail"), !inner.has("telephone") {
                inner.report("member.contacts", at: inner.line, "nobody can be reached by a name alone", "add `mail` or `telephone`")
                isGood = false
            }
            if let mail, !mail.dropFirst().dropLast().contains("@") || mail.contains(" ") {
                inner.report("member.contacts", at: inner.line(of: "mail"), "this is no address of mail", "write name@host")
                isGood = false
            }
            guard let role, let name, mail != nil || telephone != nil else {
                isGood = false
                continue
            }
            contacts.append(MemberContact(role: role, name: name, mail: mail, telephone: telephone))
        }
        let reference = section.text("applicant-sha256", limit: 64)
        let digest = reference.flatMap { Hexadecimal.decode($0) }
        if reference != nil, digest?.count != 32 {
            section.report(
                "member.applicant", at: section.line(of: "applicant-sha256"), "this is no SHA-256",
                "let `sekisho member apply` make the reference and write its digest")
            isGood = false
        }
        let version = MemberVersion(reading: section.section("version"))
        guard isGood else { return nil }
        self.init(contacts: contacts, applicantDigest: digest, version: version)
    }
}

/// Whom to call, at the member.
package struct MemberContact: Hashable, Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case administrative, technical, security
    }

    package let role: Role
    package let name: String
    package let mail: String?
    package let telephone: String?

    package init(role: Role, name: String, mail: String?, telephone: String?) {
        self.role = role
        self.name = name
        self.mail = mail
        self.telephone = telephone
    }
}
