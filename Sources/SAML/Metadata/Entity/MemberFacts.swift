package import Vocabulary

/// What a member's metadata says beside that which every request looks at. Shared by all copies of the member.
package struct MemberFacts: Hashable, Sendable {
    package var logoutServices: [LogoutService] = []
    package var artifactServices: [ArtifactService] = []
    package var attributeConsumingServices: [AttributeConsumingService] = []
    /// Of `mdattr:EntityAttributes`, by name: entity categories, assurance certifications, `subject-id:req`. Whoever vouches for the
    /// metadata vouches for them; attributes inside assertions are not read.
    package var entityAttributes: [String: Set<String>] = [:]
    /// Who registered it (mdrpi), when, and under which practice statements.
    package var registrationAuthority: String?
    package var registrationInstant: Timestamp?
    package var registrationPolicies: [String: String] = [:]
    /// Of the algorithm support profile, in its order; empty: nothing is said.
    package var declaredSigningAlgorithms: [String] = []
    package var declaredDigests: [String] = []
    package var display = MemberDisplay()
    /// `shibmd:Scope`, never a regular expression.
    package var scopes: [String] = []
    package var organization: [String: String] = [:]
    /// Technical, support, security and other contacts: `mailto:` addresses by type.
    package var contacts: [String: [String]] = [:]
    /// Seconds; of the EntityDescriptor itself.
    package var cacheDuration: Int64?

    package init() {}
}
