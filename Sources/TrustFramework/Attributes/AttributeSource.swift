/// What we can say about a login or a citizen beside the identifier. The first group are facts of the login; everything else comes from a
/// signature certificate that the citizen presented for that member and that purpose, and from nowhere else.
package enum AttributeSource: String, Sendable, Hashable, CaseIterable {
    case pinUsed = "pin-used"
    case cardMode = "card-mode"
    case carrier
    case proofingLevel = "proofing-level"
    case authenticationLevel = "authentication-level"
    case revocationSource = "revocation-source"
    case revocationTime = "revocation-time"

    // 基本4情報 and the marks of substituted characters.
    case name
    case nameSubstitution = "name-substitution"
    case birthDate = "birth-date"
    case sex
    case address
    case addressSubstitution = "address-substitution"

    // What is told in place of more.
    case over18 = "over-18"
    case over20 = "over-20"
    case over65 = "over-65"
    case birthYear = "birth-year"
    case prefecture
    case municipality
    /// That the member may set its form beside the certificate, and learn whether they agree.
    case comparison

    /// The member's own numbers of this customer, which the citizen confirmed: told to that member and to nobody else.
    case customerID = "customer-id"

    /// Says something of the person: never told without a rule that releases it, a record of a signature certificate, and what consent the
    /// policy demands.
    package var isPersonal: Bool {
        switch self {
        case .pinUsed, .cardMode, .carrier, .proofingLevel, .authenticationLevel, .revocationSource, .revocationTime: false
        case .name, .nameSubstitution, .birthDate, .sex, .address, .addressSubstitution: true
        case .over18, .over20, .over65, .birthYear, .prefecture, .municipality, .comparison, .customerID: true
        }
    }

    /// Comes out of the record of a signature certificate, which the citizen has to show for it.
    package var takesRecord: Bool { isPersonal && self != .customerID }

    /// What it is a smaller part of: a policy may put this in place of that. Nil for what is derived from nothing.
    package var derivedFrom: AttributeSource? {
        switch self {
        case .over18, .over20, .over65, .birthYear: .birthDate
        case .prefecture, .municipality: .address
        default: nil
        }
    }

    /// The marks without which this attribute is misread: whoever is told a name learns which characters stand for others.
    package var companion: AttributeSource? {
        switch self {
        case .name: .nameSubstitution
        case .address: .addressSubstitution
        default: nil
        }
    }

    /// The name in a SAML attribute statement, `NameFormat` uri (saml2int SDP-IDP18).
    package var samlName: String { "urn:x-sekisho:attribute:" + rawValue }

    /// The name of the claim in ID token and userinfo. `name`, `birthdate`, `gender` and `address` are OpenID Connect Core §5.1's own.
    package var claim: String {
        switch self {
        case .carrier: "card_carrier"
        case .birthDate: "birthdate"
        case .sex: "gender"
        default: String(rawValue.map { $0 == "-" ? "_" : $0 })
        }
    }
}
