package import Vocabulary

/// What we can say about a login beside the identifier. Nothing here identifies a citizen.
package enum AttributeSource: String, Sendable, Hashable, CaseIterable {
    case pinUsed = "pin-used"
    case cardMode = "card-mode"
    case carrier
    case proofingLevel = "proofing-level"
    case authenticationLevel = "authentication-level"
    case revocationSource = "revocation-source"
    case revocationTime = "revocation-time"

    package func value(from facts: AssuranceFacts, in context: AssuranceContext) -> JSON {
        switch self {
        case .pinUsed: .bool(facts.pinUsed)
        case .cardMode: .string(facts.mode.rawValue)
        case .carrier: .string(facts.carrier.rawValue)
        case .proofingLevel: .integer(Int64(context.proofingLevel))
        case .authenticationLevel: .integer(Int64(context.authenticationLevel))
        case .revocationSource: .string(facts.statusSource.rawValue)
        case .revocationTime: .string(facts.statusAt.text)
        }
    }

    /// The name in a SAML attribute statement, `NameFormat` uri (saml2int SDP-IDP18).
    package var samlName: String { "urn:x-sekisho:attribute:" + rawValue }

    /// The name of the claim in ID token and userinfo.
    package var claim: String { rawValue == "carrier" ? "card_carrier" : String(rawValue.map { $0 == "-" ? "_" : $0 }) }
}

/// One attribute as policy released it to one member.
package struct ReleasedAttribute: Hashable, Sendable {
    package let source: AttributeSource
    package let value: JSON

    package init(source: AttributeSource, value: JSON) {
        self.source = source
        self.value = value
    }

    /// The value as the text of a SAML `AttributeValue`.
    package var text: String { value.string ?? value.text }
}
