import SAML
import TrustFramework
import Vocabulary

/// `terms:` of a source, and each of its `members`: what a member's file says beside its metadata.
enum TermsSection {
    static func read(_ section: Section?, sign: ResponseSigning) -> MemberTerms? {
        guard let section else { return nil }
        let kind = section.choice("kind", MemberKind.self, required: true)
        let names = names(section)
        let accreditation = section.section("accreditation", required: true).flatMap(accreditation)
        let purpose = purpose(section, accreditation)
        let sector = section.text("sector")
        let saml = section.section("saml")
        let options = SAMLSection.read(saml, sign: sign)
        saml?.finish()
        section.finish()
        guard let kind, let accreditation, let purpose else { return nil }
        return MemberTerms(
            kind: kind, names: names, accreditation: accreditation, defaultPurpose: purpose, sector: sector, options: options)
    }

    private static func names(_ section: Section) -> [String: String] {
        guard let names = section.section("names") else { return [:] }
        var found: [String: String] = [:]
        for entry in names.entries() { found[entry.key] = names.text(entry.key, limit: 200) }
        return found
    }

    private static func accreditation(_ section: Section) -> Accreditation? {
        let state = section.choice("state", Accreditation.State.self, required: true)
        let notBefore = section.moment("not-before", endOfDay: false, required: true)
        let notAfter = section.moment("not-after", endOfDay: true, required: true)
        let purposes = section.texts("purposes", required: true)?.compactMap { text, line in
            Purpose(text) ?? PurposeWord.refuse(text, line, section)
        }
        section.finish()
        if let notBefore, let notAfter, notAfter < notBefore {
            section.report(
                "member.dates", at: section.line(of: "not-after"), "the accreditation ends before it begins", "exchange or repair the dates"
            )
        }
        if let purposes, purposes.isEmpty {
            section.report("member.purposes", at: section.line(of: "purposes"), "the accreditation covers no purpose", "name at least one")
        }
        guard let state, let notBefore, let notAfter, let purposes, !purposes.isEmpty else { return nil }
        return Accreditation(state: state, notBefore: notBefore, notAfter: notAfter, purposes: Set(purposes))
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
