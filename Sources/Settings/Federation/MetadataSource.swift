package import Cryptography
package import SAML
import Vocabulary

/// Where metadata of many members comes from: `Metadata/sources/NAME.yaml`, read and found right.
package struct MetadataSource: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A file on this machine that somebody else puts there.
        case file
        /// An aggregate, or one entity, that is fetched whole.
        case url
        /// Metadata Query: one entity at a time, when it is asked for (draft-young-md-query).
        case mdq
    }

    /// When it is looked at again. Seconds.
    package struct Refresh: Hashable, Sendable {
        /// The longest wait.
        package let every: Int64
        /// The shortest, whatever `cacheDuration` says.
        package let least: Int64
    }

    /// What the document has to say about its own end (IIP-MD04).
    package struct Validity: Hashable, Sendable {
        package let isRequired: Bool
        /// Seconds that `validUntil` may lie ahead: an old document that is shown again must come to an end.
        package let longest: Int64
    }

    /// A query's own numbers.
    package struct Query: Hashable, Sendable {
        /// How the service wants entities to be named.
        package enum Name: String, Sendable, CaseIterable {
            case entityID = "entity-id"
            case sha1
        }

        package let name: Name
        /// Entities held; the one that was used longest ago goes first.
        package let entities: Int
        /// Seconds an entity that nobody knows is not asked for again.
        package let negative: Int64
        /// Seconds a request waits for one answer.
        package let timeout: Int64
    }

    /// The file's name without `.yaml`: letters, digits, hyphens.
    package let name: String
    /// Relative to the deployment folder.
    package let file: String
    package let kind: Kind
    /// Absolute paths or addresses, tried in this order.
    package let locations: [String]
    /// Any of them has to have signed the root. Empty: no signature is looked at, which production refuses for whatever is fetched.
    package let keys: [PublicKey]
    package let refresh: Refresh
    package let validity: Validity
    /// Bytes of one document, and entities in it.
    package let largest: Int
    package let mostEntities: Int
    package let query: Query
    package let filter: EntityFilter
    package let changes: ChangePolicy
    package let development: Bool
    let terms: MemberTerms
    let special: [MemberID: MemberTerms]

    init(
        name: String, file: String, kind: Kind, locations: [String], keys: [PublicKey], refresh: Refresh, validity: Validity, largest: Int,
        mostEntities: Int, query: Query, filter: EntityFilter, changes: ChangePolicy, terms: MemberTerms,
        special: [MemberID: MemberTerms], development: Bool
    ) {
        self.name = name
        self.file = file
        self.kind = kind
        self.locations = locations
        self.keys = keys
        self.refresh = refresh
        self.validity = validity
        self.largest = largest
        self.mostEntities = mostEntities
        self.query = query
        self.filter = filter
        self.changes = changes
        self.terms = terms
        self.special = special
        self.development = development
    }

    /// The member that a service provider of this source is, under the source's terms: never one that the filter leaves out.
    package func registration(of entity: MetadataEntity) -> Registration? {
        guard let provider = entity.provider, filter.objection(to: entity) == nil else { return nil }
        let terms = special[provider.entityID] ?? terms
        return Registration(
            member: terms.member(provider), speech: .saml(provider.with(terms.options)), file: file, companion: nil)
    }

    /// What decides which entities an index of this source holds, and what makes them believed: another value, another index.
    package var seal: String {
        var text = "\(kind.rawValue) \(development) \(filter.seal)"
        for key in keys { text += " " + Hexadecimal.encode(Digest.sha256(key.spki)) }
        return Hexadecimal.encode(Digest.sha256(Array(text.utf8)).prefix(16))
    }
}
