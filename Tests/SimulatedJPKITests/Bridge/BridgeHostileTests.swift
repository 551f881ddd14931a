import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// Changed bytes of the bridge's own certificates and lists, judged whole: whatever is accepted is made of bytes that somebody signed.
@Suite struct `Hostile bytes through the bridge` {
    private static let executions = 1_000

    private static func changed(_ der: [UInt8], using chance: inout Chance) -> [UInt8] {
        var bytes = der
        switch chance.next() % 4 {
        case 0: bytes = Array(der.prefix(Int(chance.next() % UInt64(der.count))))
        case 1: bytes.insert(UInt8(truncatingIfNeeded: chance.next()), at: Int(chance.next() % UInt64(der.count)))
        default:
            for _ in 0...(chance.next() % 3) { bytes[Int(chance.next() % UInt64(bytes.count))] ^= 1 << UInt8(chance.next() % 8) }
        }
        return bytes
    }

    private struct Chance {
        var state: UInt64 = 0x5e15_0c0d

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }

    @Test func `never make a path of a certificate that nobody signed`() throws {
        let bridge = try BridgeWorld.bridge()
        let real = try Set(BridgeItem.allCases.map { try bridge[$0] })
        var chance = Chance()
        var read = 0, trusted = 0
        for _ in 0..<Self.executions {
            let victim = BridgeItem.intermediates[Int(chance.next() % UInt64(BridgeItem.intermediates.count))]
            guard let hostile = try? Certificate(der: Self.changed(bridge[victim].der, using: &chance)) else { continue }
            read += 1
            var judge = BridgeJudge()
            judge.others.removeAll { $0 == victim }
            guard let chain = try judge.verdict(on: .member, in: bridge, beside: [hostile]).chain else { continue }
            trusted += 1
            #expect(chain.path.allSatisfy(real.contains))
        }
        print("bridge: \(Self.executions) changed certificates, \(read) still read, \(trusted) paths found without them")
        #expect(read > 0)
    }

    @Test func `never make a word about revocation of a list that nobody signed`() throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.revoke(.bridgeToLocal, .keyCompromise, at: BridgeWorld.now.adding(seconds: -60))
        var chance = Chance()
        var read = 0
        let other = try BridgeList.allCases.filter { $0 != .bridgeAuthorities }.map {
            try UnverifiedRevocationList(der: bridge.list($0, at: BridgeWorld.now))
        }
        let list = try bridge.list(.bridgeAuthorities, at: BridgeWorld.now)
        let store = TrustStore(anchors: [TrustAnchor(certificate: try bridge[.ministry2], isSimulated: true)])
        let signers = try (BridgeItem.intermediates + [.listMaker]).map { try bridge[$0] }
        for _ in 0..<Self.executions / 4 {
            guard let hostile = try? UnverifiedRevocationList(der: Self.changed(list, using: &chance)) else { continue }
            read += 1
            let evidence = RevocationEvidence(lists: other + [hostile], certificates: signers, store: store)
            let judge = BridgeJudge(status: .evidence(evidence, unknownRefuses: true))
            #expect(try judge.verdict(on: .member, in: bridge).chain == nil)
        }
        print("bridge: \(Self.executions / 4) changed lists, \(read) still read, none believed")
    }
}
