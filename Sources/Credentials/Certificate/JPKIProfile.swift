package import Cryptography
import Vocabulary

extension CardProfile {
    /// JPKI as far as its published or observed facts go (marks C1 and C2 of `jpki.md` §1.1, §1.2).
    ///
    /// Has to be configured, because it is recalled, inferred or unknown: the policy of phone certificates (so no phone logs in by
    /// default), and policies and authority names of the next card. Anchors are configuration always: `TrustStore`, never the card.
    package static let jpki = CardProfile(
        loginPolicies: [.card: known("1.2.392.200149.8.5.1.3.30")],
        signaturePolicies: known("1.2.392.200149.8.5.1.1.20", "1.2.392.200149.8.5.1.0.20"),
        loginAuthorities: [authority(organisation: "JPKI", unit: loginUnit)],
        simulatedAuthorities: ["JPKI-TEST", simulatedOrganisation].map { authority(organisation: $0, unit: loginUnit) })

    /// The organisation of our own simulated authorities; no real authority bears it.
    package static let simulatedOrganisation = "JPKI-SIMULATED"
    package static let loginUnit = "JPKI for user authentication"
    package static let signatureUnit = "JPKI for digital signature"

    /// The name of a JPKI authority: same attributes in the same order, `C` a PrintableString, the others UTF8String. All generations of
    /// one purpose bear one name; test and simulated hierarchies differ in the organisation only.
    package static func authority(organisation: String, unit: String) -> DistinguishedName {
        DistinguishedName([
            (.country, "JP"), (.organization, organisation), (.organizationalUnit, unit),
            (.organizationalUnit, "Japan Agency for Local Authority Information Systems"),
        ])
    }

    /// This profile with the policies of phone certificates, which the operator has from J-LIS.
    package func adding(phonePolicies: [ObjectIdentifier]) -> CardProfile {
        CardProfile(
            loginPolicies: loginPolicies.merging([.phone: phonePolicies]) { $0 + $1 }, signaturePolicies: signaturePolicies,
            loginAuthorities: loginAuthorities, simulatedAuthorities: simulatedAuthorities, allowedAlgorithms: allowedAlgorithms,
            algorithmsByAuthority: algorithmsByAuthority)
    }

    private static func known(_ dotted: String...) -> [ObjectIdentifier] { dotted.compactMap { ObjectIdentifier($0) } }
}
