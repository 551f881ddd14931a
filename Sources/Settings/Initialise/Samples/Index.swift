// Written by .ci/samples; change Policies and docs/ladders.
extension SamplePolicies {
    /// Every file of rules, by its name in `Policies/`.
    static let every: [(name: String, text: String)] = [
        ("account-opening.yaml", accountOpening),
        ("administration.yaml", administration),
        ("change-watch.yaml", changeWatch),
        ("clinic.yaml", clinic),
        ("e-filing.yaml", eFiling),
        ("health-records.yaml", healthRecords),
        ("online-banking.yaml", onlineBanking),
        ("portal.yaml", portal),
        ("rules.yaml", rules),
        ("shelter.yaml", shelter),
        ("staff.yaml", staff),
    ]
}
