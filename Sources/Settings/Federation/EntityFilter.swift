package import SAML
package import Vocabulary

/// Which entities of a source become members (checklist M11, M12). Every part that is written has to let an entity pass.
package struct EntityFilter: Hashable, Sendable {
    /// One way to name entities: an entityID, or the beginning of some with `*` behind it.
    package struct Pattern: Hashable, Sendable {
        let text: String
        let isPrefix: Bool

        init(_ text: String) {
            isPrefix = text.hasSuffix("*")
            self.text = isPrefix ? String(text.dropLast()) : text
        }

        func matches(_ id: String) -> Bool {
            isPrefix ? id.utf8.starts(with: text.utf8) : id.hasSameBytes(as: text)
        }
    }

    /// Nil: any.
    var entities: [Pattern]?
    var refusedEntities: [Pattern] = []
    var authorities: Set<String>?
    var refusedAuthorities: Set<String> = []
    /// By name of the attribute: one of the values has to be there.
    var attributes: [String: Set<String>] = [:]
    var refusedAttributes: [String: Set<String>] = [:]
    var roles: Set<MetadataEntity.Role> = [.serviceProvider]
    var refusedRoles: Set<MetadataEntity.Role> = []

    package init() {}

    /// `http://macedir.org/entity-category` (RFC 8409 §3.1).
    package static let category = "http://macedir.org/entity-category"

    package enum Objection: String, Sendable, CaseIterable {
        case role, entity, registrationAuthority = "registration-authority", attribute
    }

    /// Whether an entity of this name could pass at all: asked before anything is fetched.
    package func mayName(_ id: MemberID) -> Bool {
        entities.map { $0.contains { $0.matches(id.text) } } ?? true && !refusedEntities.contains { $0.matches(id.text) }
    }

    /// Nil when the entity may become a member.
    package func objection(to entity: MetadataEntity) -> Objection? {
        guard let provider = entity.provider, entity.roles.isSuperset(of: roles), entity.roles.isDisjoint(with: refusedRoles) else {
            return .role
        }
        let id = entity.entityID.text
        if let entities, !entities.contains(where: { $0.matches(id) }) { return .entity }
        if refusedEntities.contains(where: { $0.matches(id) }) { return .entity }
        let authority = provider.registrationAuthority
        if let authorities { guard let authority, authorities.contains(authority) else { return .registrationAuthority } }
        if let authority, refusedAuthorities.contains(authority) { return .registrationAuthority }
        for (name, values) in attributes where provider.entityAttributes[name]?.isDisjoint(with: values) ?? true { return .attribute }
        for (name, values) in refusedAttributes where provider.entityAttributes[name]?.isDisjoint(with: values) == false {
            return .attribute
        }
        return nil
    }

    /// The same text for equal filters.
    var seal: String {
        func text(_ patterns: [Pattern]) -> String { patterns.map { $0.text + ($0.isPrefix ? "*" : "") }.sorted().joined(separator: " ") }
        func text(_ attributes: [String: Set<String>]) -> String {
            attributes.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value.sorted().joined(separator: ",") }.joined(separator: " ")
        }
        return [
            entities.map(text) ?? "any", text(refusedEntities), authorities?.sorted().joined(separator: " ") ?? "any",
            refusedAuthorities.sorted().joined(separator: " "), text(attributes), text(refusedAttributes),
            roles.map(\.rawValue).sorted().joined(separator: " "), refusedRoles.map(\.rawValue).sorted().joined(separator: " "),
        ].joined(separator: "\n")
    }
}
