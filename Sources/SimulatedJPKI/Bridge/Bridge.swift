package import Cryptography
package import Vocabulary

/// Two government authorities and a private one, joined by a bridge: keys, certificates, and what was revoked. A value; a folder keeps it
/// (`BridgeFolder`), HTTP gives it out (`BridgeDesk`).
package struct Bridge: Sendable {
    /// Where lists and certificates are served, without a slash at its end.
    package let base: String
    package let keys: BridgeKeys
    package private(set) var plan: BridgePlan
    package private(set) var revocations: [BridgeRevocation]
    private var certificates: [BridgeItem: Certificate]
    /// Certificates that were replaced: whoever has them still shows them.
    package private(set) var former: [Certificate]
    private(set) var nextSerial: UInt64

    static let firstSerial: UInt64 = 0x5e00_0001

    package init(base: String, keys: BridgeKeys, plan: BridgePlan = BridgePlan(), at now: Timestamp) throws {
        self.base = base
        self.keys = keys
        self.plan = plan
        revocations = []
        certificates = [:]
        former = []
        nextSerial = Self.firstSerial
        for item in BridgeItem.allCases { try issue(item, at: now.adding(seconds: -86_400 * item.issuedDaysAgo)) }
    }

    /// From what was kept.
    init(
        base: String, keys: BridgeKeys, plan: BridgePlan, revocations: [BridgeRevocation], certificates: [BridgeItem: Certificate],
        former: [Certificate], nextSerial: UInt64
    ) {
        self.base = base
        self.keys = keys
        self.plan = plan
        self.revocations = revocations
        self.certificates = certificates
        self.former = former
        self.nextSerial = nextSerial
    }

    package subscript(_ item: BridgeItem) -> Certificate {
        get throws(SimulatorRefusal) {
            guard let certificate = certificates[item] else { throw .damaged("no certificate `\(item.rawValue)`") }
            return certificate
        }
    }

    package func list(_ list: BridgeList, at now: Timestamp) throws -> [UInt8] {
        try BridgeListForm(list: list, bridge: self, now: now).signed()
    }

    /// The moment such a list bears: the same list has the same moment.
    func moment(of list: BridgeList, at now: Timestamp) -> Timestamp { BridgeListForm(list: list, bridge: self, now: now).thisUpdate }

    // MARK: What an operator does

    /// On the next list of its issuer; on an ARL for a cross certificate.
    package mutating func revoke(_ item: BridgeItem, _ reason: RevocationReason, at now: Timestamp) throws {
        guard item.kind != .root else { throw SimulatorRefusal.wrongForm("an anchor revokes itself nowhere: take it out of the store") }
        let serial = try serial(of: item)
        if let known = revocations.firstIndex(where: { $0.serial == serial && $0.stands(at: now) }) {
            guard revocations[known].reason == .certificateHold, reason != .certificateHold else { throw SimulatorRefusal.alreadyRevoked }
            revocations.remove(at: known)
        }
        revocations.append(BridgeRevocation(item: item, serial: serial, reason: reason, at: now))
    }

    /// Ends a hold.
    package mutating func release(_ item: BridgeItem, at now: Timestamp) throws {
        let serial = try serial(of: item)
        guard let known = revocations.firstIndex(where: { $0.serial == serial && $0.reason == .certificateHold && $0.stands(at: now) })
        else { throw SimulatorRefusal.notHeld }
        revocations[known].releasedAt = now
    }

    /// The authority's cross certificate to the bridge is replaced by one with inhibitPolicyMapping 0; the old one is revoked.
    package mutating func inhibitMapping(of authority: BridgeAuthority, at now: Timestamp) throws {
        guard let item = BridgeItem.cross(from: authority) else { throw SimulatorRefusal.wrongForm("the bridge has no bridge") }
        plan.inhibited.insert(authority)
        try replace(item, at: now)
    }

    /// The bridge's cross certificate to the authority is replaced by one that excludes the names as well; the old one is revoked.
    package mutating func exclude(_ tree: BridgeSubtree, of authority: BridgeAuthority, at now: Timestamp) throws {
        guard let item = BridgeItem.cross(to: authority) else { throw SimulatorRefusal.wrongForm("the bridge has no bridge") }
        plan.excluded[authority, default: []].append(tree)
        try replace(item, at: now)
    }

    private mutating func replace(_ item: BridgeItem, at now: Timestamp) throws {
        try revoke(item, .superseded, at: now)
        former.append(try self[item])
        try issue(item, at: now)
    }

    private mutating func issue(_ item: BridgeItem, at notBefore: Timestamp) throws {
        let start = Timestamp(seconds: notBefore.seconds)
        certificates[item] = try BridgeForms(base: base, keys: keys, plan: plan).certificate(
            item, serial: nextSerial, notBefore: start, notAfter: start.adding(seconds: 86_400 * item.validDays - 1))
        nextSerial += 1
    }

    private func serial(of item: BridgeItem) throws -> UInt64 {
        try self[item].serial.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
}
