package import TrustFramework

/// `members:` of sekisho.yaml: how members' files change, and what an application has to bring.
package struct MembersPart: Sendable, Hashable {
    package enum Changes: String, Sendable, CaseIterable {
        /// Whoever can write the folder changes it.
        case onePerson = "one-person"
        /// A member's file counts only with the signatures of two registrars beside it.
        case twoPeople = "two-people"
    }

    package let changes: Changes
    /// One registrar is enough to stop a member; to let it in again takes two.
    package let stopAlone: Bool
    /// Titles of the documents that an examination wants, by what the applicant is in law.
    package let documents: [MemberKind: [String]]
    /// How long trust marks live, in seconds: as long as a suspended member can go on showing the last one.
    package let trustMarkLifetime: Int64

    package init(
        changes: Changes = .onePerson, stopAlone: Bool = false, documents: [MemberKind: [String]] = [:], trustMarkLifetime: Int64 = 3600
    ) {
        self.changes = changes
        self.stopAlone = stopAlone
        self.documents = documents
        self.trustMarkLifetime = trustMarkLifetime
    }

    static func read(_ section: Section?) -> MembersPart {
        guard let section else { return MembersPart() }
        let changes = section.choice("changes", Changes.self) ?? .onePerson
        let stopAlone = section.flag("stop-alone", default: false)
        if stopAlone, changes == .onePerson {
            section.report(
                "members.stop-alone", at: section.line(of: "stop-alone"), "one person changes everything here already",
                "write `changes: two-people`, or remove the line")
        }
        let lifetime = section.duration("trust-mark-lifetime", in: 60...86_400, default: 3600)
        var documents: [MemberKind: [String]] = [:]
        if let inner = section.section("documents") {
            for kind in MemberKind.allCases {
                if let titles = inner.texts(kind.rawValue, limit: 200) { documents[kind] = titles.map(\.text) }
            }
            inner.finish()
        }
        section.finish()
        return MembersPart(changes: changes, stopAlone: stopAlone, documents: documents, trustMarkLifetime: lifetime)
    }
}
