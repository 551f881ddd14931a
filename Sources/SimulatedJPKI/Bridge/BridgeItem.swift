/// The certificates of the bridge, by their part in it.
package enum BridgeItem: String, Sendable, CaseIterable, Hashable {
    case ministry1 = "ministry-1"
    case ministry2 = "ministry-2"
    case local
    case accredited
    case bridge

    /// Link certificates at key roll-over (RFC 4210 §4.4): the new key signed by the old, and the old by the new.
    case newWithOld = "ministry-new-with-old"
    case oldWithNew = "ministry-old-with-new"

    case ministryToBridge = "ministry-to-bridge"
    case bridgeToMinistry = "bridge-to-ministry"
    case localToBridge = "local-to-bridge"
    case bridgeToLocal = "bridge-to-local"
    case accreditedToBridge = "accredited-to-bridge"
    case bridgeToAccredited = "bridge-to-accredited"

    case listMaker = "local-lists"

    case official
    /// Issued before the roll-over.
    case formerOfficial = "former-official"
    /// A member's SAML signing certificate.
    case member
    case server
    /// Issued by the local authority in a ministry's name.
    case misnamed
    case privateMember = "private-member"
    /// Under a policy that no cross certificate maps.
    case unmapped

    package enum Kind: Sendable, Hashable {
        case root, link, cross, listMaker, user
    }

    package var kind: Kind { parts.kind }
    package var issuer: BridgeParty { parts.issuer }
    package var subject: BridgeParty { parts.subject }

    private var parts: (kind: Kind, issuer: BridgeParty, subject: BridgeParty) {
        switch self {
        case .ministry1: (.root, .ministry1, .ministry1)
        case .ministry2: (.root, .ministry2, .ministry2)
        case .local: (.root, .local, .local)
        case .accredited: (.root, .accredited, .accredited)
        case .bridge: (.root, .bridge, .bridge)
        case .newWithOld: (.link, .ministry1, .ministry2)
        case .oldWithNew: (.link, .ministry2, .ministry1)
        // The roll-over is recent: the cross certificates are of the old key still, in both directions.
        case .ministryToBridge: (.cross, .ministry1, .bridge)
        case .bridgeToMinistry: (.cross, .bridge, .ministry1)
        case .localToBridge: (.cross, .local, .bridge)
        case .bridgeToLocal: (.cross, .bridge, .local)
        case .accreditedToBridge: (.cross, .accredited, .bridge)
        case .bridgeToAccredited: (.cross, .bridge, .accredited)
        case .listMaker: (.listMaker, .local, .listMaker)
        case .official: (.user, .ministry2, .official)
        case .formerOfficial: (.user, .ministry1, .formerOfficial)
        case .member: (.user, .local, .member)
        case .server: (.user, .local, .server)
        case .misnamed: (.user, .local, .misnamed)
        case .privateMember: (.user, .accredited, .privateMember)
        case .unmapped: (.user, .accredited, .unmapped)
        }
    }

    /// What a person or machine is certified under.
    var level: PolicyLevel {
        switch self {
        case .server: .server
        case .unmapped: .unmapped
        default: .signature
        }
    }

    /// What is neither an anchor nor anybody's: cross and link certificates, which a path is built from.
    package static let intermediates = allCases.filter { $0.kind == .cross || $0.kind == .link }

    /// The cross certificate from an authority to the bridge, and the other way.
    package static func cross(from authority: BridgeAuthority) -> BridgeItem? {
        switch authority {
        case .ministry: .ministryToBridge
        case .local: .localToBridge
        case .accredited: .accreditedToBridge
        case .bridge: nil
        }
    }

    package static func cross(to authority: BridgeAuthority) -> BridgeItem? {
        switch authority {
        case .ministry: .bridgeToMinistry
        case .local: .bridgeToLocal
        case .accredited: .bridgeToAccredited
        case .bridge: nil
        }
    }
}
