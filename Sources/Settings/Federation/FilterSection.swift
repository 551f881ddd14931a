import SAML
import Vocabulary

/// `take:` of a source: which of its entities become members.
enum FilterSection {
    static func read(_ section: Section) -> EntityFilter {
        var filter = EntityFilter()
        filter.entities = section.texts("entities").map { $0.map { EntityFilter.Pattern($0.text) } }
        filter.refusedEntities = (section.texts("not-entities") ?? []).map { EntityFilter.Pattern($0.text) }
        filter.authorities = section.texts("registration-authorities").map { Set($0.map(\.text)) }
        filter.refusedAuthorities = Set((section.texts("not-registration-authorities") ?? []).map(\.text))
        filter.attributes = attributes(section, "entity-attributes")
        filter.refusedAttributes = attributes(section, "not-entity-attributes")
        if let categories = section.texts("entity-categories") {
            filter.attributes[EntityFilter.category, default: []].formUnion(categories.map(\.text))
        }
        if let categories = section.texts("not-entity-categories") {
            filter.refusedAttributes[EntityFilter.category, default: []].formUnion(categories.map(\.text))
        }
        if let roles = section.choices("roles", MetadataEntity.Role.self) { filter.roles = roles.union([.serviceProvider]) }
        filter.refusedRoles = section.choices("not-roles", MetadataEntity.Role.self) ?? []
        if filter.refusedRoles.contains(where: filter.roles.contains) {
            section.report(
                "source.take", at: section.line(of: "not-roles"), "no entity could ever pass: members are service providers",
                "name idp, aa or other")
        }
        section.finish()
        return filter
    }

    private static func attributes(_ section: Section, _ key: String) -> [String: Set<String>] {
        guard let inner = section.section(key) else { return [:] }
        var found: [String: Set<String>] = [:]
        for entry in inner.entries() { found[entry.key] = Set((inner.texts(entry.key, required: true) ?? []).map(\.text)) }
        return found
    }
}
