import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// What a platform makes of a bridge: the ministry's newest anchor, the policies of the ministry, everything the bridge gives out.
struct BridgeJudge {
    var anchors: [BridgeItem] = [.ministry2]
    var acceptable: Set<ObjectIdentifier> = [BridgeAuthority.ministry.policy(.signature)]
    var others = BridgeItem.intermediates
    var mappingDepth: Int? = 2
    var longestPath = 4
    var purposes: [ObjectIdentifier] = []
    var status = StatusDemand.none

    func verdict(on item: BridgeItem, in bridge: Bridge, at now: Timestamp = BridgeWorld.now, beside more: [Certificate] = []) throws
        -> TrustVerdict
    {
        let store = TrustStore(anchors: try anchors.map { TrustAnchor(certificate: try bridge[$0], isSimulated: true) })
        let profile = PathProfile(
            name: "government-bridge",
            policies: PolicyInputs(acceptable: acceptable, requireExplicit: true, inhibitAnyPolicy: true), mappingDepth: mappingDepth,
            longestPath: longestPath, keyUsage: [.digitalSignature], purposes: purposes, issuers: [.authority])
        let others = try others.map { try bridge[$0] } + more
        return PathSearch(store: store, profile: profile).verdict(on: try bridge[item], with: others, at: now, status: status)
    }
}

extension TrustVerdict {
    var chain: TrustedChain? { if case .trusted(let chain) = self { chain } else { nil } }

    var fault: PathFault? { if case .refused(.path(let fault), _) = self { fault } else { nil } }

    /// The items of the path, the leaf first.
    func items(in bridge: Bridge) -> [BridgeItem?]? {
        guard case .trusted(let chain) = self else { return nil }
        return chain.path.map { certificate in BridgeItem.allCases.first { (try? bridge[$0]) == certificate } }
    }
}

@Suite struct `A certificate of another government, through the bridge` {
    @Test func `is accepted: the local government's member, under the policy the bridge maps`() throws {
        let bridge = try BridgeWorld.bridge()
        let verdict = try BridgeJudge().verdict(on: .member, in: bridge)
        #expect(verdict.items(in: bridge) == [.member, .bridgeToLocal, .ministryToBridge, .oldWithNew, .ministry2])
        #expect(verdict.chain?.policies == [BridgeAuthority.ministry.policy(.signature)])
        #expect(try bridge[.member].policies == [BridgeAuthority.local.policy(.signature)])
    }

    @Test func `is accepted: the private authority's member`() throws {
        let bridge = try BridgeWorld.bridge()
        let verdict = try BridgeJudge().verdict(on: .privateMember, in: bridge)
        #expect(verdict.items(in: bridge) == [.privateMember, .bridgeToAccredited, .ministryToBridge, .oldWithNew, .ministry2])
    }

    @Test func `is accepted: a server, under the policy and purpose of servers only`() throws {
        let bridge = try BridgeWorld.bridge()
        let judge = BridgeJudge(
            acceptable: [BridgeAuthority.ministry.policy(.server)], purposes: [OID.serverAuthentication])
        #expect(try judge.verdict(on: .server, in: bridge).chain?.policies == [BridgeAuthority.ministry.policy(.server)])
        #expect(try BridgeJudge().verdict(on: .server, in: bridge).fault?.reason == .policy)
    }

    @Test func `is accepted the other way: an official, by a local government, over the link to the new key`() throws {
        let bridge = try BridgeWorld.bridge()
        let judge = BridgeJudge(anchors: [.local], acceptable: [BridgeAuthority.local.policy(.signature)])
        let verdict = try judge.verdict(on: .official, in: bridge)
        #expect(verdict.items(in: bridge) == [.official, .newWithOld, .bridgeToMinistry, .localToBridge, .local])
        #expect(verdict.chain?.policies == [BridgeAuthority.local.policy(.signature)])
        #expect(
            try judge.verdict(on: .formerOfficial, in: bridge).items(in: bridge)
                == [.formerOfficial, .bridgeToMinistry, .localToBridge, .local])
    }

    @Test(arguments: [BridgeItem.ministry1, .local, .accredited, .bridge])
    func `is accepted from each authority as the anchor`(anchor: BridgeItem) throws {
        let bridge = try BridgeWorld.bridge()
        let authority = try #require(anchor.subject.authority)
        let judge = BridgeJudge(anchors: [anchor], acceptable: [authority.policy(.signature)])
        for item in [BridgeItem.member, .official, .formerOfficial, .privateMember] {
            #expect(try judge.verdict(on: item, in: bridge).chain != nil, "\(item) from \(anchor)")
        }
    }

    @Test func `is refused when the mapping is inhibited`() throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.inhibitMapping(of: .ministry, at: BridgeWorld.now.adding(seconds: -60))
        #expect(try BridgeJudge().verdict(on: .member, in: bridge).fault?.reason == .policy)
        // Nothing else changed: the others' way stays open.
        let local = BridgeJudge(anchors: [.local], acceptable: [BridgeAuthority.local.policy(.signature)])
        #expect(try local.verdict(on: .official, in: bridge).chain != nil)
    }

    @Test(arguments: [0, 1]) func `is refused when the profile takes fewer mappings than the bridge needs`(depth: Int) throws {
        #expect(try BridgeJudge(mappingDepth: depth).verdict(on: .member, in: BridgeWorld.bridge()).fault?.reason == .policy)
    }

    @Test func `is refused under a policy that nobody maps`() throws {
        #expect(try BridgeJudge().verdict(on: .unmapped, in: BridgeWorld.bridge()).fault?.reason == .policy)
        let foreign = BridgeJudge(acceptable: [BridgeAuthority.local.policy(.signature)])
        #expect(try foreign.verdict(on: .member, in: BridgeWorld.bridge()).fault?.reason == .policy)
    }

    @Test func `is refused in a name that is not its authority's`() throws {
        let fault = try BridgeJudge().verdict(on: .misnamed, in: BridgeWorld.bridge()).fault
        #expect(fault?.reason == .nameConstraint)
        #expect(fault?.depth == 0)
        // The authority itself may name whom it likes: the constraint is the bridge's.
        let own = BridgeJudge(anchors: [.local], acceptable: [BridgeAuthority.local.policy(.signature)])
        #expect(try own.verdict(on: .misnamed, in: BridgeWorld.bridge()).chain != nil)
    }

    @Test func `is refused when the bridge comes to exclude its name, and only its`() throws {
        let city = DistinguishedName([
            (.country, "JP"), (.organization, BridgeAuthority.local.organisation), (.organizationalUnit, "Sekimachi City"),
        ])
        var bridge = try BridgeWorld.bridge()
        try bridge.exclude(.directory(city), of: .local, at: BridgeWorld.now.adding(seconds: -60))
        #expect(try BridgeJudge().verdict(on: .member, in: bridge).fault?.reason == .nameConstraint)
        #expect(try BridgeJudge().verdict(on: .privateMember, in: bridge).chain != nil)
    }

    @Test func `is refused when the bridge comes to exclude its host's domain`() throws {
        let judge = BridgeJudge(acceptable: [BridgeAuthority.ministry.policy(.server)], purposes: [OID.serverAuthentication])
        var bridge = try BridgeWorld.bridge()
        #expect(try judge.verdict(on: .server, in: bridge).chain != nil)
        try bridge.exclude(.dns("sekimachi.lg.sekisho.example"), of: .local, at: BridgeWorld.now.adding(seconds: -60))
        #expect(try judge.verdict(on: .server, in: bridge).fault?.reason == .nameConstraint)
        #expect(try BridgeJudge().verdict(on: .member, in: bridge).chain != nil)
    }

    @Test(arguments: [(BridgeItem.ministry2, BridgeItem.oldWithNew, BridgeItem.member), (.local, .newWithOld, .official)])
    func `is refused without the link between the ministry's keys`(anchor: BridgeItem, link: BridgeItem, item: BridgeItem) throws {
        let authority = try #require(anchor.subject.authority)
        var judge = BridgeJudge(anchors: [anchor], acceptable: [authority.policy(.signature)])
        #expect(try judge.verdict(on: item, in: BridgeWorld.bridge()).chain != nil)
        judge.others.removeAll { $0 == link }
        #expect(try judge.verdict(on: item, in: BridgeWorld.bridge()).chain == nil)
    }

    @Test(arguments: [(2, false), (3, true)]) func `is refused over a path longer than the profile's`(longest: Int, isTaken: Bool) throws {
        let verdict = try BridgeJudge(longestPath: longest).verdict(on: .member, in: BridgeWorld.bridge())
        #expect((verdict.chain != nil) == isTaken)
        if !isTaken { #expect(verdict.fault?.reason == .tooLong) }
    }

    @Test func `is refused without the bridge's cross certificate`() throws {
        var judge = BridgeJudge()
        judge.others.removeAll { $0 == .bridgeToLocal }
        #expect(try judge.verdict(on: .member, in: BridgeWorld.bridge()).chain == nil)
    }

    @Test func `is refused after the cross certificate's end`() throws {
        let bridge = try BridgeWorld.bridge()
        let end = try bridge[.bridgeToLocal].notAfter
        #expect(try BridgeJudge().verdict(on: .member, in: bridge, at: end.adding(seconds: 1)).chain == nil)
    }

    @Test func `finds its way among the old and the new cross certificate`() throws {
        var bridge = try BridgeWorld.bridge()
        try bridge.inhibitMapping(of: .ministry, at: BridgeWorld.now.adding(seconds: -60))
        // Without a word about revocation the old certificate still opens the way: that is what lists are for.
        let verdict = try BridgeJudge().verdict(on: .member, in: bridge, beside: bridge.former)
        #expect(verdict.chain?.path.contains(try #require(bridge.former.first)) == true)
    }
}
