import TrustFramework
import Vocabulary

/// What a member's file and the terms of a metadata source both say: what the member is in law, what it is accredited for, who verifies
/// for it. Every key is read before anything is missing.
struct SharedTerms {
    let kind: MemberKind?
    let accreditation: Accreditation?
    let purpose: Purpose?
    let sector: String?
    let operatedBy: MemberID?
    /// `operated-by` is written and cannot be read.
    private let isBroken: Bool

    init(reading section: Section, at now: Timestamp?) {
        kind = section.choice("kind", MemberKind.self, required: true)
        accreditation = section.section("accreditation", required: true).flatMap {
            AccreditationSection(section: $0, now: now).read()
        }
        purpose = Self.purpose(section, accreditation)
        sector = section.text("sector")
        let name = section.text("operated-by")
        operatedBy = name.flatMap { MemberID($0) }
        isBroken = section.has("operated-by") && operatedBy == nil
        if isBroken, name != nil {
            section.report(
                "member.operator", at: section.line(of: "operated-by"), "this is no member's id", "write the operator's `id`")
        }
    }

    /// Nil when something in it was refused.
    var whole: (kind: MemberKind, accreditation: Accreditation, purpose: Purpose)? {
        guard let kind, let accreditation, let purpose, !isBroken else { return nil }
        return (kind, accreditation, purpose)
    }

    private static func purpose(_ section: Section, _ accreditation: Accreditation?) -> Purpose? {
        guard let text = section.text("default-purpose", limit: 64) else {
            guard let accreditation, !section.has("default-purpose") else { return nil }
            if accreditation.purposes.count == 1 { return accreditation.purposes.first }
            section.report(
                "member.default-purpose", at: nil, "there are several purposes and no `default-purpose`",
                "name the one that a request without a purpose is for")
            return nil
        }
        let line = section.line(of: "default-purpose")
        guard let purpose = Purpose(text) else { return PurposeWord.refuse(text, line, section) }
        if let accreditation, !accreditation.purposes.contains(purpose) {
            section.report(
                "member.default-purpose", at: line, "`" + text + "` is not among the purposes of the accreditation",
                "add it there, or choose another")
        }
        return purpose
    }
}
