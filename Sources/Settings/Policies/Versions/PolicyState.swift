package import TrustFramework

/// Where the policy that decides comes from, who stands behind it, and what stands beside it.
package struct PolicyState: Sendable {
    package enum Origin: Sendable, Hashable {
        /// `Policies/`, as it is.
        case folder
        /// A bundle of the archive, and the officers who signed it.
        case bundle(signers: [ApprovedChange])
    }

    /// A version that decides beside the one in force.
    package struct Shadow: Sendable {
        package let policy: Policy
        package let bundle: PolicyBundle
        package let entry: ActivationPlan.Entry
    }

    package let origin: Origin
    /// The texts that decide: what goes into the archive.
    package let bundle: PolicyBundle
    /// How the version came into force; nil when nobody gave a command.
    package let entry: ActivationPlan.Entry?
    package let next: ActivationPlan.Entry?
    package let shadow: Shadow?
    /// The version of `Policies/` where a bundle decides and the folder says something else; nil when it cannot be read or is the same.
    package let draft: String?
    /// How many officers have to sign before a version may decide; 0: plain files suffice.
    package let demanded: Int
    package let officers: Officers
    /// `State/policies`.
    package let archive: PolicyArchive

    func with(officers: Officers) -> PolicyState {
        PolicyState(
            origin: origin, bundle: bundle, entry: entry, next: next, shadow: shadow, draft: draft, demanded: demanded, officers: officers,
            archive: archive)
    }
}
