package import TrustFramework

extension Configuration {
    /// What rules may ask of the deployment itself, `circumstances:` in sekisho.yaml. Its policy has the same, for rooms that know no
    /// deployment.
    package var circumstances: Circumstances { policy.circumstances }
}
