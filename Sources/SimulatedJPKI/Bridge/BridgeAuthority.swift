package import Cryptography

/// The authorities of the simulated government bridge, in the shape of GPKI and LGPKI: each domain has its own root, and a bridge that
/// nobody has as an anchor joins them by cross certificates.
package enum BridgeAuthority: String, Sendable, CaseIterable, Hashable {
    /// The officials of ministries. Its key was rolled over: generation 1 (RSA) made the cross certificates, generation 2 issues now.
    case ministry
    /// Local governments, their services and members.
    case local
    /// A private authority accredited under the act on electronic signatures.
    case accredited
    case bridge

    /// Those that the bridge joins.
    package static let joined: [BridgeAuthority] = [.ministry, .local, .accredited]

    /// Organisation names carry SIMULATED: production refuses anchors of such names.
    package var organisation: String {
        switch self {
        case .ministry, .bridge: "Japanese Government SIMULATED"
        case .local: "Local Governments SIMULATED"
        case .accredited: "Accredited Certification SIMULATED"
        }
    }

    var unit: String {
        switch self {
        case .ministry: "Official Status Authority"
        case .local: "Organization Authority"
        case .accredited: "Accredited Authority"
        case .bridge: "Bridge Authority"
        }
    }

    /// What a bridge permits the authority to name, and what the authority permits nobody else to name.
    package var subtree: DistinguishedName { DistinguishedName([(.country, "JP"), (.organization, organisation)]) }

    package var name: DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, organisation), (.organizationalUnit, unit)])
    }

    /// Its part of the domain name system, under a name kept for examples (RFC 6761 §6.5).
    package var domain: String {
        switch self {
        case .ministry, .bridge: "go.sekisho.example"
        case .local: "lg.sekisho.example"
        case .accredited: "accredited.sekisho.example"
        }
    }

    /// Policies, under the number kept for examples (RFC 5612). Each authority has its own; the bridge maps them.
    package func policy(_ level: PolicyLevel) -> ObjectIdentifier {
        let number = (Self.allCases.firstIndex(of: self) ?? 0) + 1
        return OID.known("1.3.6.1.4.1.32473.9.\(number).\(level.rawValue)")
    }
}

/// What a policy promises.
package enum PolicyLevel: Int, Sendable, CaseIterable, Hashable {
    /// Somebody's signature: an official's, a member's.
    case signature = 1
    /// A machine on a network.
    case server = 2
    /// Issued by the authority for its own ends; no cross certificate maps it.
    case unmapped = 9
}
