package import Cryptography

/// Who holds a key: an authority's generation, the one that makes lists for another, or somebody who is certified.
package enum BridgeParty: String, Sendable, CaseIterable, Hashable {
    case ministry1 = "ministry-1"
    case ministry2 = "ministry-2"
    case local
    case accredited
    case bridge
    /// Makes the list of the local authority's users (RFC 5280 §5: an indirect CRL issuer).
    case listMaker = "local-lists"
    case official
    case formerOfficial = "former-official"
    case member
    case server
    case misnamed
    case privateMember = "private-member"
    case unmapped

    /// Nil for those that are none.
    package var authority: BridgeAuthority? {
        switch self {
        case .ministry1, .ministry2: .ministry
        case .local: .local
        case .accredited: .accredited
        case .bridge: .bridge
        default: nil
        }
    }

    /// A ministry's old generation is RSA, as the government's were; its roll-over brought P-384, which the others have too.
    var kind: KeyKind {
        switch self {
        case .ministry1: .rsa(bits: 2048)
        case .ministry2, .local, .accredited, .bridge, .listMaker: .ec(.p384)
        default: .ec(.p256)
        }
    }

    package var name: DistinguishedName {
        switch self {
        case .ministry1, .ministry2: BridgeAuthority.ministry.name
        case .local: BridgeAuthority.local.name
        case .accredited: BridgeAuthority.accredited.name
        case .bridge: BridgeAuthority.bridge.name
        case .listMaker: Self.named(.local, "List Service", nil)
        case .official: Self.named(.ministry, "Ministry of Samples", "Minister of Samples")
        case .formerOfficial: Self.named(.ministry, "Ministry of Samples", "Director of Forms")
        case .member: Self.named(.local, "Sekimachi City", "Tax Portal SAML signing")
        case .server: Self.named(.local, "Sekimachi City", "portal.sekimachi." + BridgeAuthority.local.domain)
        case .misnamed: Self.named(.ministry, "Ministry of Samples", "Named by the wrong authority")
        case .privateMember: Self.named(.accredited, "Sample Holdings", "Points Service SAML signing")
        case .unmapped: Self.named(.accredited, "Sample Holdings", "Internal Service")
        }
    }

    private static func named(_ authority: BridgeAuthority, _ unit: String, _ name: String?) -> DistinguishedName {
        DistinguishedName(
            [(.country, "JP"), (.organization, authority.organisation), (.organizationalUnit, unit)]
                + (name.map { [(.commonName, $0)] } ?? []))
    }
}

/// The private keys of all parties.
package struct BridgeKeys: Sendable {
    private let keys: [BridgeParty: PrivateKey]

    /// Elliptic keys follow from the seed, so that two makings have the same identifiers; RSA keys cannot be replayed and are new each time.
    package init(seed: [UInt8]) throws {
        keys = try Self.each { party in
            guard case .ec(let curve) = party.kind else { return try PrivateKey.generate(party.kind) }
            return try Self.derived(seed: seed, label: party.rawValue, curve)
        }
    }

    package init(reading key: (BridgeParty) throws -> PrivateKey) throws { keys = try Self.each(key) }

    private static func each(_ key: (BridgeParty) throws -> PrivateKey) throws -> [BridgeParty: PrivateKey] {
        try Dictionary(uniqueKeysWithValues: BridgeParty.allCases.map { ($0, try key($0)) })
    }

    package subscript(_ party: BridgeParty) -> PrivateKey {
        get throws {
            guard let key = keys[party] else { throw SimulatorRefusal.damaged("no key of `\(party.rawValue)`") }
            return key
        }
    }

    /// PKCS#8 around a scalar (RFC 5958, RFC 5915); libcrypto computes the point.
    private static func derived(seed: [UInt8], label: String, _ curve: EllipticCurve) throws -> PrivateKey {
        let (name, digest): (String, DigestAlgorithm) =
            switch curve {
            case .p256: ("1.2.840.10045.3.1.7", .sha256)
            case .p384: ("1.3.132.0.34", .sha384)
            case .p521: throw SimulatorRefusal.keyKind
            }
        var scalar = Digest.compute(digest, Array("sekisho simulated bridge\0".utf8) + seed + [0] + Array(label.utf8))
        // The orders of both curves have their highest bit set: below it every scalar is in range.
        scalar[0] &= 0x7f
        return try PrivateKey(
            pkcs8: DERWriter.build {
                $0.sequence { info in
                    info.integer(0)
                    info.sequence { algorithm in
                        algorithm.objectIdentifier(OID.ecPublicKey)
                        algorithm.objectIdentifier(OID.known(name))
                    }
                    info.octetString {
                        $0.sequence { key in
                            key.integer(1)
                            key.octetString(scalar)
                        }
                    }
                }
            })
    }
}
