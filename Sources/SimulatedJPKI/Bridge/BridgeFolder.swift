import Cryptography
package import Vocabulary

/// A bridge in a folder of files: `bridge.json`, keys, certificates. Programs that change it wait for one another.
package struct BridgeFolder: Sendable {
    package let folder: StateFolder

    static let file = "bridge.json"

    package init(_ path: String) { folder = StateFolder(path) }

    package var isMade: Bool { folder.has(Self.file) }

    /// `seed` nil: keys of libcrypto's own randomness.
    package func make(base: String, seed: String?, plan: BridgePlan = BridgePlan(), at now: Timestamp) throws -> Bridge {
        guard folder.isEmpty else { throw SimulatorRefusal.notEmpty(folder.path) }
        try folder.make()
        let keys = try seed.map { try BridgeKeys(seed: Array($0.utf8)) } ?? BridgeKeys { try PrivateKey.generate($0.kind) }
        let bridge = try Bridge(base: base, keys: keys, plan: plan, at: now)
        for party in BridgeParty.allCases { try folder.write("keys/\(party.rawValue).pem", keys[party].exportPEM()) }
        try write(bridge)
        return bridge
    }

    package func read() throws -> Bridge {
        guard isMade else { throw SimulatorRefusal.wrongForm("`\(folder.path)` holds no simulated bridge; `jpki-simulator bridge init`") }
        let json = try JSON(reading: folder.read(Self.file), limit: 4 << 20)
        guard json["version"]?.integer == 1, let base = json["base"]?.string, let next = json["next"]?.integer, next > 0,
            let plan = json["plan"].flatMap(BridgePlan.init(reading:)), let revoked = json["revoked"]?.array
        else { throw SimulatorRefusal.damaged(Self.file) }
        let keys = try BridgeKeys { try PrivateKey(pem: folder.read("keys/\($0.rawValue).pem")) }
        var certificates: [BridgeItem: Certificate] = [:]
        for item in BridgeItem.allCases { certificates[item] = try Certificate(pem: folder.read("certificates/\(item.rawValue).pem")) }
        let former = try folder.names(in: "former").map { try Certificate(pem: folder.read("former/" + $0)) }
        let revocations = revoked.compactMap(BridgeRevocation.init(reading:))
        guard revocations.count == revoked.count else { throw SimulatorRefusal.damaged(Self.file) }
        return Bridge(
            base: base, keys: keys, plan: plan, revocations: revocations, certificates: certificates, former: former,
            nextSerial: UInt64(next))
    }

    /// Reads, changes and writes while no other program does.
    package func change(_ body: (inout Bridge) throws -> Void) throws {
        try folder.alone {
            var bridge = try read()
            try body(&bridge)
            try write(bridge)
        }
    }

    var version: StateFolder.Version { folder.version(of: Self.file) }

    private func write(_ bridge: Bridge) throws {
        for item in BridgeItem.allCases { try folder.write("certificates/\(item.rawValue).pem", Self.pem(bridge[item]), mode: 0o644) }
        for certificate in bridge.former { try folder.write("former/\(certificate.serialText).pem", Self.pem(certificate), mode: 0o644) }
        // Last: whoever sees the new version finds its certificates.
        try folder.write(
            Self.file,
            JSON.object([
                ("version", 1), ("base", .string(bridge.base)), ("next", .integer(Int64(bridge.nextSerial))), ("plan", bridge.plan.json),
                ("revoked", .array(bridge.revocations.map(\.json))),
            ]).bytes)
    }

    static func pem(_ certificate: Certificate) -> [UInt8] { Array(PEM.encode(certificate.der, label: "CERTIFICATE").utf8) }
}

extension BridgePlan {
    var json: JSON {
        let excluded: [JSON] = BridgeAuthority.allCases.flatMap { authority in
            (self.excluded[authority] ?? []).map { tree in
                switch tree {
                case .directory(let name): ["authority": .string(authority.rawValue), "directory": .string(Hexadecimal.encode(name.der))]
                case .dns(let name): ["authority": .string(authority.rawValue), "dns": .string(name)]
                }
            }
        }
        return [
            "inhibited": .array(BridgeAuthority.allCases.filter(inhibited.contains).map { .string($0.rawValue) }),
            "excluded": .array(excluded), "lists-by-new-key": .bool(listsByNewKey),
        ]
    }

    init?(reading json: JSON) {
        guard let inhibited = json["inhibited"]?.strings?.map(BridgeAuthority.init(rawValue:)), !inhibited.contains(nil),
            let byNewKey = json["lists-by-new-key"]?.bool, let excluded = json["excluded"]?.array
        else { return nil }
        self.inhibited = Set(inhibited.compactMap { $0 })
        listsByNewKey = byNewKey
        for item in excluded {
            guard let authority = item["authority"]?.string.flatMap(BridgeAuthority.init(rawValue:)) else { return nil }
            if let name = item["dns"]?.string {
                self.excluded[authority, default: []].append(.dns(name))
            } else {
                guard let der = item["directory"]?.string.flatMap({ Hexadecimal.decode($0) }),
                    let name = try? DistinguishedName(der: der)
                else { return nil }
                self.excluded[authority, default: []].append(.directory(name))
            }
        }
    }
}

extension BridgeRevocation {
    var json: JSON {
        var members: [(String, JSON)] = [
            ("item", .string(item.rawValue)), ("serial", .integer(Int64(serial))), ("reason", .integer(Int64(reason.rawValue))),
            ("at", .string(at.text)),
        ]
        if let releasedAt { members.append(("released", .string(releasedAt.text))) }
        return .object(members)
    }

    init?(reading json: JSON) {
        guard let item = json["item"]?.string.flatMap(BridgeItem.init(rawValue:)), let serial = json["serial"]?.integer, serial > 0,
            let reason = json["reason"]?.integer.flatMap({ RevocationReason(rawValue: Int($0)) }),
            let at = json["at"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            item: item, serial: UInt64(serial), reason: reason, at: at, releasedAt: json["released"]?.string.flatMap { Timestamp($0) })
    }
}
