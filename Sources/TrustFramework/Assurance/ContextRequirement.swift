/// How asked and reached contexts are compared (SAML Core §3.3.2.2.1).
package enum Comparison: String, Sendable, Hashable, CaseIterable {
    case exact, minimum, maximum, better
}

/// The contexts a relying party asks for, in its order of preference. `essential` false is OpenID's voluntary `acr_values`
/// (Core §3.1.2.1): values that the ladder does not know refuse nobody, but a known one is never passed over quietly.
package struct ContextRequirement: Hashable, Sendable {
    /// SAML classes or `acr` values, as the request had them.
    package let values: [String]
    package let comparison: Comparison
    package let essential: Bool

    package init(values: [String], comparison: Comparison, essential: Bool) {
        self.values = values
        self.comparison = comparison
        self.essential = essential
    }
}
