package import Cryptography
package import Vocabulary

/// The lists of the bridge: each authority's own, of its authorities (ARL) and of its users (CRL) apart. The local authority's users are
/// on an indirect list, the accredited one's on a complete list with a delta.
package enum BridgeList: String, Sendable, CaseIterable, Hashable {
    case ministry1Authorities = "ministry-1-authorities"
    case ministry1Users = "ministry-1-users"
    case ministry2Authorities = "ministry-2-authorities"
    case ministry2Users = "ministry-2-users"
    case localAuthorities = "local-authorities"
    /// Made by `BridgeParty.listMaker`.
    case localUsers = "local-users"
    /// Of the local authority itself, for the one that makes its other list.
    case localServices = "local-services"
    case accreditedAuthorities = "accredited-authorities"
    case accreditedUsers = "accredited-users"
    case accreditedUsersDelta = "accredited-users-delta"
    case bridgeAuthorities = "bridge-authorities"

    /// Whose certificates are on it.
    package var issuer: BridgeParty {
        switch self {
        case .ministry1Authorities, .ministry1Users: .ministry1
        case .ministry2Authorities, .ministry2Users: .ministry2
        case .localAuthorities, .localUsers, .localServices: .local
        case .accreditedAuthorities, .accreditedUsers, .accreditedUsersDelta: .accredited
        case .bridgeAuthorities: .bridge
        }
    }

    package var ofAuthorities: Bool {
        switch self {
        case .ministry1Authorities, .ministry2Authorities, .localAuthorities, .accreditedAuthorities, .bridgeAuthorities: true
        default: false
        }
    }

    package var isIndirect: Bool { self == .localUsers }

    /// The complete list this one amends.
    package var complete: BridgeList? { self == .accreditedUsersDelta ? .accreditedUsers : nil }
    package var delta: BridgeList? { self == .accreditedUsers ? .accreditedUsersDelta : nil }

    func signer(_ plan: BridgePlan) -> BridgeParty {
        if isIndirect { return .listMaker }
        return issuer == .ministry1 && plan.listsByNewKey ? .ministry2 : issuer
    }

    static func covering(_ item: BridgeItem) -> BridgeList {
        if item.kind == .listMaker { return .localServices }
        let isAuthority = item.kind != .user
        return allCases.first { $0.issuer == item.issuer && $0.ofAuthorities == isAuthority } ?? .bridgeAuthorities
    }

    func address(_ base: String) -> String { base + "/bridge/lists/" + rawValue + ".crl" }
}

/// One certificate that is good no more, or was on hold for a time.
package struct BridgeRevocation: Hashable, Sendable {
    package let item: BridgeItem
    package let serial: UInt64
    package let reason: RevocationReason
    package let at: Timestamp
    /// When a hold ended.
    package var releasedAt: Timestamp?

    func stands(at moment: Timestamp) -> Bool { at <= moment && releasedAt.map { moment < $0 } ?? true }
}

/// A list in the making (RFC 5280 §5).
struct BridgeListForm {
    let list: BridgeList
    let bridge: Bridge
    let now: Timestamp

    /// Lists are good for a day and are made anew each hour, or when something was revoked. The complete list of the accredited
    /// authority is a day's: what happened since is on its delta.
    static let lifetime: Int64 = 24 * 3600
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400

    private var revocations: [BridgeRevocation] { bridge.revocations.filter { BridgeList.covering($0.item) == list.complete ?? list } }

    private static func start(of span: Int64, at moment: Timestamp) -> Timestamp {
        Timestamp(seconds: moment.seconds - (moment.seconds % span + span) % span)
    }

    private var base: Timestamp { Self.start(of: Self.day, at: now) }

    var thisUpdate: Timestamp {
        guard list.delta == nil else { return base }
        let changes = revocations.flatMap { [$0.at] + ($0.releasedAt.map { [$0] } ?? []) }.filter { $0 <= now }
        return max(Self.start(of: Self.hour, at: now), changes.max() ?? now.adding(seconds: -Self.hour))
    }

    private var entries: [(serial: UInt64, reason: RevocationReason, at: Timestamp)] {
        let moment = thisUpdate
        let all = revocations.sorted { $0.serial < $1.serial }
        guard list.complete != nil else { return all.filter { $0.stands(at: moment) }.map { ($0.serial, $0.reason, $0.at) } }
        let serials = all.map(\.serial).reduce(into: [UInt64]()) { if $0.last != $1 { $0.append($1) } }
        return serials.compactMap { serial in
            let own = all.filter { $0.serial == serial }
            let before = own.first { $0.stands(at: base) }
            // What stands now is told once, whatever else became of the certificate in between.
            if let now = own.first(where: { $0.stands(at: moment) }) { return now == before ? nil : (serial, now.reason, now.at) }
            return before.map { (serial, .removeFromCRL, $0.releasedAt ?? moment) }
        }
    }

    func signed() throws -> [UInt8] {
        let signer = list.signer(bridge.plan)
        let key = try bridge.keys[signer]
        let algorithm = try SigningForm(key)
        let entries = entries
        return try algorithm.signed(
            DERWriter.build {
                $0.sequence { body in
                    body.integer(1)
                    body.raw(algorithm.identifier)
                    body.raw(signer.name.der)
                    body.time(thisUpdate)
                    body.time(thisUpdate.adding(seconds: list.delta == nil ? Self.lifetime : 2 * Self.lifetime))
                    if !entries.isEmpty { body.sequence { lines in for entry in entries { write(entry, to: &lines) } } }
                    body.context(0) { $0.sequence { extensions(&$0, key) } }
                }
            })
    }

    private func extensions(_ extensions: inout DERWriter, _ key: PrivateKey) {
        extensions.authorityKeyIdentifier(key.publicKey)
        extensions.crlNumber(thisUpdate.milliseconds)
        if list.complete != nil { extensions.deltaIndicator(base: base.milliseconds) }
        // A delta has the scope of the list it amends, its address included (§5.2.4).
        extensions.issuingDistributionPoint(
            (list.complete ?? list).address(bridge.base), onlyUsers: !list.ofAuthorities, onlyAuthorities: list.ofAuthorities,
            isIndirect: list.isIndirect)
    }

    private func write(_ entry: (serial: UInt64, reason: RevocationReason, at: Timestamp), to lines: inout DERWriter) {
        lines.sequence { line in
            line.unsigned(entry.serial.bigEndianBytes)
            line.time(entry.at)
            guard entry.reason != .unspecified || list.isIndirect else { return }
            line.sequence { extensions in
                if entry.reason != .unspecified { extensions.reason(entry.reason) }
                if list.isIndirect { extensions.certificateIssuer(list.issuer.name) }
            }
        }
    }
}
