package import Cryptography

/// The policy inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g): which policies a caller accepts, and how they may reach the leaf.
package struct PolicyInputs: Hashable, Sendable {
    /// The user-initial-policy-set; `[.anyPolicy]` takes any.
    package var acceptable: Set<ObjectIdentifier>
    package var requireExplicit: Bool
    package var inhibitMapping: Bool
    package var inhibitAnyPolicy: Bool

    package init(
        acceptable: Set<ObjectIdentifier> = [.anyPolicy], requireExplicit: Bool = false, inhibitMapping: Bool = false,
        inhibitAnyPolicy: Bool = false
    ) {
        self.acceptable = acceptable
        self.requireExplicit = requireExplicit
        self.inhibitMapping = inhibitMapping
        self.inhibitAnyPolicy = inhibitAnyPolicy
    }
}
