import SAML
import TrustFramework
import Vocabulary

/// What the operator decides for members that it does not know one by one: everything of a member's file but its metadata.
struct MemberTerms: Hashable, Sendable {
    let kind: MemberKind
    /// For those whose metadata has no name of its own.
    let names: [String: String]
    let accreditation: Accreditation
    let defaultPurpose: Purpose
    /// Nil: each member is a sector of its own, so that no two of them can compare notes.
    let sector: String?
    /// The platform operator that verifies for all of them.
    let operatedBy: MemberID?
    let options: MemberOptions

    func member(_ provider: ServiceProvider) -> Member {
        var names = provider.displayNames
        if names.isEmpty { names = self.names }
        if names.isEmpty { names = ["und": provider.entityID.text] }
        return Member(
            id: provider.entityID, kind: kind, displayName: names, accreditation: accreditation, sector: sector,
            defaultPurpose: defaultPurpose, operatedBy: operatedBy)
    }
}
