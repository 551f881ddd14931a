import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// The same verdicts with a word about every certificate of the path, from the bridge's own lists.
@Suite struct `A path through the bridge, with its lists` {
    static let earlier = BridgeWorld.now.adding(seconds: -3600)

    /// The lists as they are at `now`, but for those that are `missing`.
    static func judge(
        _ bridge: Bridge, missing: Set<BridgeList> = [], at now: Timestamp = BridgeWorld.now, anchors: [BridgeItem] = [.ministry2]
    ) throws -> BridgeJudge {
        let lists = try BridgeList.allCases.filter { !missing.contains($0) }.map {
            try UnverifiedRevocationList(der: bridge.list($0, at: now))
        }
        let authority = try #require(anchors.first?.subject.authority)
        let store = TrustStore(anchors: try anchors.map { TrustAnchor(certificate: try bridge[$0], isSimulated: true) })
        let others = try (BridgeItem.intermediates + [.listMaker]).map { try bridge[$0] }
        return BridgeJudge(
            anchors: anchors, acceptable: [authority.policy(.signature)],
            status: .evidence(RevocationEvidence(lists: lists, certificates: others, store: store), unknownRefuses: true))
    }

    @Test(arguments: [BridgeItem.member, .privateMember, .official, .formerOfficial])
    func `is accepted when each authority's list has nothing against it`(item: BridgeItem) throws {
        let bridge = try BridgeWorld.bridge()
        let verdict = try Self.judge(bridge).verdict(on: item, in: bridge)
        #expect(verdict.chain?.statuses.map(\.verdict).allSatisfy { $0 == .good } == true, "\(verdict)")
        #expect(verdict.chain.map { $0.statuses.count == $0.path.count - 1 } == true)
    }

    @Test(arguments: [
        (BridgeItem.bridgeToLocal, RevocationReason.cessationOfOperation, 1), (.ministryToBridge, .cACompromise, 2),
        (.oldWithNew, .superseded, 3), (.member, .keyCompromise, 0),
    ])
    func `is refused when a certificate of it is revoked`(item: BridgeItem, reason: RevocationReason, depth: Int) throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.revoke(item, reason, at: Self.earlier)
        let fault = try Self.judge(bridge).verdict(on: .member, in: bridge).fault
        #expect(fault?.reason == .revoked)
        #expect(fault?.depth == depth)
        // The other authority's member does not use what was revoked below the bridge.
        let other = try Self.judge(bridge).verdict(on: .privateMember, in: bridge)
        #expect((other.chain != nil) == (depth < 2))
    }

    @Test(arguments: [BridgeList.bridgeAuthorities, .ministry1Authorities, .ministry2Authorities, .localUsers])
    func `is refused when an authority says nothing`(list: BridgeList) throws {
        let bridge = try BridgeWorld.bridge()
        #expect(try Self.judge(bridge, missing: [list]).verdict(on: .member, in: bridge).fault?.reason == .statusUnknown)
    }

    @Test func `is refused by the old cross certificate after its replacement, whoever still shows it`() throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.inhibitMapping(of: .ministry, at: Self.earlier)
        let verdict = try Self.judge(bridge).verdict(on: .member, in: bridge, beside: bridge.former)
        #expect(verdict.chain == nil)
        #expect(verdict.fault?.reason == .revoked)
    }

    @Test func `believes the indirect list only while its maker is in good standing`() throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.revoke(.listMaker, .keyCompromise, at: Self.earlier)
        #expect(try Self.judge(bridge).verdict(on: .member, in: bridge).fault?.reason == .statusUnknown)
    }

    @Test func `counts what happened since the complete list from its delta, a release from hold too`() throws {
        var bridge = try BridgeWorld.bridge()
        // Yesterday, so it is on the complete list; released this morning, which is on the delta.
        try bridge.revoke(.privateMember, .certificateHold, at: BridgeWorld.now.adding(seconds: -86_400))
        #expect(try Self.judge(bridge).verdict(on: .privateMember, in: bridge).fault?.reason == .revoked)
        try bridge.release(.privateMember, at: Self.earlier)
        #expect(try Self.judge(bridge).verdict(on: .privateMember, in: bridge).chain != nil)
        let held = try Self.judge(bridge, missing: [.accreditedUsersDelta]).verdict(on: .privateMember, in: bridge)
        #expect(held.fault?.reason == .revoked)
        // And the other way: revoked this morning, on the delta only.
        try bridge.revoke(.privateMember, .keyCompromise, at: Self.earlier)
        #expect(try Self.judge(bridge).verdict(on: .privateMember, in: bridge).fault?.reason == .revoked)
        #expect(try Self.judge(bridge, missing: [.accreditedUsersDelta]).verdict(on: .privateMember, in: bridge).chain == nil)
    }

    @Test func `takes the old key's lists from the new key, over the link`() throws {
        var plan = BridgePlan()
        plan.listsByNewKey = true
        var bridge = try BridgeWorld.bridge(plan)
        #expect(try Self.judge(bridge).verdict(on: .member, in: bridge).chain != nil)
        #expect(try Self.judge(bridge).verdict(on: .formerOfficial, in: bridge).chain != nil)
        try bridge.revoke(.formerOfficial, .affiliationChanged, at: Self.earlier)
        try bridge.revoke(.ministryToBridge, .cessationOfOperation, at: Self.earlier)
        #expect(try Self.judge(bridge).verdict(on: .formerOfficial, in: bridge).fault?.reason == .revoked)
        #expect(try Self.judge(bridge).verdict(on: .member, in: bridge).fault?.reason == .revoked)
    }

    @Test func `is refused when the lists are over`() throws {
        let bridge = try BridgeWorld.bridge()
        let old = try Self.judge(bridge, at: BridgeWorld.now.adding(seconds: -3 * 86_400))
        #expect(try old.verdict(on: .member, in: bridge).fault?.reason == .statusUnknown)
    }
}
