/// What our metadata says of us for people and for federations. Everything may be left out.
package struct PublishedDetails: Hashable, Sendable {
    package struct Contact: Hashable, Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case technical, support, administrative, billing, other
            /// REFEDS security contact: `other` with an attribute of its own.
            case security
        }

        package let kind: Kind
        package let company: String?
        package let givenName: String?
        package let surname: String?
        /// Without `mailto:`.
        package let emails: [String]
        package let phones: [String]

        package init(
            kind: Kind, company: String? = nil, givenName: String? = nil, surname: String? = nil, emails: [String] = [],
            phones: [String] = []
        ) {
            self.kind = kind
            self.company = company
            self.givenName = givenName
            self.surname = surname
            self.emails = emails
            self.phones = phones
        }
    }

    /// Texts by language tag.
    package struct Organization: Hashable, Sendable {
        package let names: [String: String]
        package let displayNames: [String: String]
        package let urls: [String: String]

        package init(names: [String: String], displayNames: [String: String], urls: [String: String]) {
            self.names = names
            self.displayNames = displayNames
            self.urls = urls
        }
    }

    package var displayNames: [String: String] = [:]
    package var descriptions: [String: String] = [:]
    package var informationURLs: [String: String] = [:]
    package var privacyURLs: [String: String] = [:]
    /// Where service providers may send a citizen they cannot serve (M15).
    package var errorURL: String?
    /// `shibmd:Scope`, none of them a regular expression (M16). The first stands behind the `@` of subject-id and pairwise-id.
    package var scopes: [String] = []
    package var organization: Organization?
    package var contacts: [Contact] = []
    /// Entity attributes by name, beside the assurance levels, which follow from the ladder.
    package var entityAttributes: [String: [String]] = [:]
    package var registrationAuthority: String?

    package init() {}
}
