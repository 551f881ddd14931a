import SAML
import TrustFramework
import Vocabulary

/// `terms:` of a source, and each of its `members`: what a member's file says beside its metadata.
enum TermsSection {
    static func read(_ section: Section?, sign: ResponseSigning) -> MemberTerms? {
        guard let section else { return nil }
        // A folder is read at one moment, but terms are for members that come later: nobody asks here what the future is.
        let shared = SharedTerms(reading: section, at: nil)
        let names = names(section)
        let saml = section.section("saml")
        let options = SAMLSection.read(saml, sign: sign)
        saml?.finish()
        section.finish()
        guard let (kind, accreditation, purpose) = shared.whole else { return nil }
        return MemberTerms(
            kind: kind, names: names, accreditation: accreditation, defaultPurpose: purpose, sector: shared.sector,
            operatedBy: shared.operatedBy, options: options)
    }

    private static func names(_ section: Section) -> [String: String] {
        guard let names = section.section("names") else { return [:] }
        var found: [String: String] = [:]
        for entry in names.entries() { found[entry.key] = names.text(entry.key, limit: 200) }
        return found
    }
}
