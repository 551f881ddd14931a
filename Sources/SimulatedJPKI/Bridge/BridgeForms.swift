import Cryptography
import Vocabulary

/// What the bridge's operator can change after the making.
package struct BridgePlan: Hashable, Sendable {
    /// Authorities whose cross certificate to the bridge says inhibitPolicyMapping 0: what the bridge maps counts no more.
    package var inhibited: Set<BridgeAuthority> = []
    /// Names that the cross certificate to an authority excludes, beside the names it permits.
    package var excluded: [BridgeAuthority: [BridgeSubtree]] = [:]
    /// After the roll-over one key makes all lists of the ministry's authority: those of certificates that the old key signed as well.
    package var listsByNewKey = false

    package init() {}
}

/// How each certificate of the bridge is filled.
struct BridgeForms {
    let base: String
    let keys: BridgeKeys
    let plan: BridgePlan

    func certificate(_ item: BridgeItem, serial: UInt64, notBefore: Timestamp, notAfter: Timestamp) throws -> Certificate {
        let key = try keys[item.subject].publicKey
        let signer = try keys[item.issuer]
        let form = CertificateForm(
            serial: serial, issuer: item.issuer.name, subject: item.subject.name, notBefore: notBefore, notAfter: notAfter, key: key
        ) { extensions in
            if item.kind != .root { extensions.authorityKeyIdentifier(signer.publicKey) }
            extensions.subjectKeyIdentifier(key)
            switch item.kind {
            case .root: root(&extensions)
            case .link: link(&extensions)
            case .cross: cross(item, &extensions)
            case .listMaker: listMaker(item, &extensions)
            case .user: user(item, &extensions)
            }
            guard item.kind != .root else { return }
            let list = BridgeList.covering(item)
            extensions.distributionPoint(list.address(base), listMaker: list.isIndirect ? BridgeParty.listMaker.name : nil)
            if let delta = list.delta { extensions.distributionPoint(delta.address(base), freshest: true) }
            extensions.authorityAddresses(issuers(of: item))
        }
        return try Certificate(der: form.signed(by: signer))
    }

    /// Addresses of the certificates that say whose key the issuer's is; anchors are nobody's to fetch.
    private func issuers(of item: BridgeItem) -> [String] {
        BridgeItem.intermediates.filter { $0.subject == item.issuer }.map { $0.address(base) }
    }

    private func root(_ extensions: inout DERWriter) {
        extensions.keyUsage([5, 6])
        extensions.authorityConstraints()
    }

    /// A change of keys changes no policy (RFC 4210 §4.4).
    private func link(_ extensions: inout DERWriter) {
        extensions.keyUsage([5, 6])
        extensions.authorityConstraints()
        extensions.policies([.anyPolicy])
    }

    private func cross(_ item: BridgeItem, _ extensions: inout DERWriter) {
        let from = item.issuer.authority ?? .bridge
        let to = item.subject.authority ?? .bridge
        // The bridge maps a private authority's signatures only: it vouches for no machine of theirs.
        let levels: [PolicyLevel] = from == .accredited || to == .accredited ? [.signature] : [.signature, .server]
        extensions.keyUsage([5, 6])
        extensions.authorityConstraints(pathLength: to == .bridge ? 1 : 0)
        extensions.policies(levels.map(from.policy))
        extensions.policyMappings(levels.map { (from.policy($0), to.policy($0)) })
        guard to != .bridge else {
            // The bridge may map once more, nobody behind it; and nobody behind it may use our names.
            extensions.policyConstraints(explicit: 0, mapping: plan.inhibited.contains(from) ? 0 : 1)
            extensions.nameConstraints(permitted: [], excluded: [.directory(from.subtree)])
            return
        }
        extensions.policyConstraints(explicit: 0, mapping: 0)
        extensions.inhibitAnyPolicy(0)
        extensions.nameConstraints(permitted: [.directory(to.subtree), .dns(to.domain)], excluded: plan.excluded[to] ?? [])
    }

    private func listMaker(_ item: BridgeItem, _ extensions: inout DERWriter) {
        extensions.keyUsage([6])
        extensions.policies([BridgeAuthority.local.policy(.signature)])
    }

    private func user(_ item: BridgeItem, _ extensions: inout DERWriter) {
        let authority = item.issuer.authority ?? .bridge
        extensions.keyUsage(authority == .ministry ? [0, 1] : [0])
        extensions.policies([authority.policy(item.level)])
        if item == .server {
            extensions.purposes([OID.serverAuthentication])
            extensions.subjectAltName(dns: "portal.sekimachi." + authority.domain)
        }
    }
}

extension BridgeItem {
    func address(_ base: String) -> String { base + "/bridge/certificates/" + rawValue + ".cer" }

    /// Days: an anchor's ten years, a cross certificate's three, a person's two.
    var validDays: Int64 {
        switch kind {
        case .root: 3650
        case .link, .cross: 1095
        case .listMaker, .user: 730
        }
    }

    /// How long before the bridge was made it was issued: the roll-over is a month old.
    var issuedDaysAgo: Int64 {
        switch self {
        case .ministry1: 2900
        case .local, .accredited, .bridge: 900
        case .ministry2, .newWithOld, .oldWithNew: 30
        case .official: 20
        default: 400
        }
    }
}
