package import Cryptography

/// The two kinds of certificate and their authorities.
package enum Purpose: String, Sendable, CaseIterable {
    /// 利用者証明用: logs in.
    case user
    /// 署名用: signs documents.
    case sign
}

/// How the simulator fills the profiles of `jpki.md` §1. Values that are only recalled or unknown there (marks R and U) are here by the
/// simulator's own choice and can be given otherwise; nothing of the house may rely on them.
package struct SimulatedProfile: Sendable {
    /// Where the real authorities say `JPKI`: nobody shall take one for the other.
    package let organisation: String
    package let agency: String
    /// In subjectAltName of the authorities and issuerAltName of their certificates, where the real ones say 公的個人認証サービス.
    package let service: String
    package let cps: String
    private let cardPolicies: [Purpose: ObjectIdentifier]
    private let phonePolicies: [Purpose: ObjectIdentifier]

    package init(
        organisation: String = "JPKI-SIMULATED", agency: String = "Japan Agency for Local Authority Information Systems",
        service: String = "公的個人認証サービス（模擬）", cps: String = "http://www.jpki.go.jp/cps.html",
        cardPolicies: [Purpose: ObjectIdentifier] = [.user: OID.userPolicy, .sign: OID.signPolicy],
        phonePolicies: [Purpose: ObjectIdentifier] = [.user: OID.phoneUserPolicy, .sign: OID.phoneSignPolicy]
    ) {
        self.organisation = organisation
        self.agency = agency
        self.service = service
        self.cps = cps
        self.cardPolicies = cardPolicies
        self.phonePolicies = phonePolicies
    }

    package func policy(_ purpose: Purpose, onPhone: Bool) -> ObjectIdentifier {
        (onPhone ? phonePolicies[purpose] : cardPolicies[purpose]) ?? OID.userPolicy
    }

    private func unit(_ purpose: Purpose) -> String {
        purpose == .user ? "JPKI for user authentication" : "JPKI for digital signature"
    }

    /// One name for all generations of a purpose (`jpki.md` §1.1).
    func authorityName(_ purpose: Purpose) -> DistinguishedName {
        DistinguishedName([
            (.country, "JP"), (.organization, organisation), (.organizationalUnit, unit(purpose)), (.organizationalUnit, agency),
        ])
    }

    var serviceName: DistinguishedName { DistinguishedName([(.country, "JP"), (.organization, service)]) }

    func responderName(_ purpose: Purpose, generation: Int) -> DistinguishedName {
        DistinguishedName([
            (.country, "JP"), (.organization, organisation), (.organizationalUnit, unit(purpose)),
            (.commonName, "OCSP responder \(generation)"),
        ])
    }

    /// The list of revocations of one municipality.
    func partitionName(_ purpose: Purpose, _ municipality: Municipality) -> DistinguishedName {
        DistinguishedName([
            (.country, "JP"), (.organization, organisation), (.organizationalUnit, unit(purpose)),
            (.organizationalUnit, "CRL Distribution Points"), (.organizationalUnit, municipality.prefecture),
            (.commonName, municipality.locality + " CRLDP"),
        ])
    }
}
