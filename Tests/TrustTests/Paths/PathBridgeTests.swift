import Cryptography
import Testing
import Trust
import Vocabulary

/// The shape of a government bridge: anchor → cross certificate to the bridge → cross certificate to the other authority → member.
@Suite struct `A path through a bridge` {
    private struct World {
        let government: Node
        let bridge: Node
        let company: Node
        let root: Certificate

        init() throws {
            government = try Node("Government")
            bridge = try Node("Bridge")
            company = try Node("Company")
            root = try government.root()
        }

        func toBridge(_ extensions: [[UInt8]] = [], maps: Bool = true, pathLength: Int? = nil) throws -> Certificate {
            try government.certify(
                bridge, pathLength: pathLength, policies: [Policy.government],
                extensions: (maps ? [Extension.mappings([(Policy.government, Policy.bridge)])] : []) + extensions)
        }

        func toCompany(_ extensions: [[UInt8]] = []) throws -> Certificate {
            try bridge.certify(
                company, policies: [Policy.bridge], extensions: [Extension.mappings([(Policy.bridge, Policy.company)])] + extensions)
        }

        func member(_ policies: [ObjectIdentifier] = [Policy.company], extensions: [[UInt8]] = []) throws -> Certificate {
            try company.leaf(policies: policies, extensions: extensions)
        }

        func verdict(
            _ leaf: Certificate, _ others: [Certificate], policies: PolicyInputs = World.asked, mappingDepth: Int? = nil,
            longestPath: Int = 8, status: StatusDemand = .none
        ) -> TrustVerdict {
            PathSearch(
                store: TrustStore(anchors: [root.anchor]),
                profile: PathProfile(name: "bridge", policies: policies, mappingDepth: mappingDepth, longestPath: longestPath)
            ).verdict(on: leaf, with: others, at: Moment.now, status: status)
        }

        static let asked = PolicyInputs(acceptable: [Policy.government], requireExplicit: true)
    }

    @Test func `maps the member's policy to the government's words`() throws {
        let world = try World()
        let chain = try #require(
            world.verdict(world.member(), [world.toCompany(), world.toBridge()]).chain)
        #expect(chain.policies == [Policy.government] && chain.path.count == 4 && chain.profile == "bridge" && chain.statuses.isEmpty)
        #expect(chain.issuer.subject == world.company.name && chain.anchor.certificate == world.root)
    }

    @Test func `is refused when mapping is inhibited, by whom ever`() throws {
        let world = try World()
        let others = [try world.toCompany(), try world.toBridge()]
        let member = try world.member()
        let inputs = PolicyInputs(acceptable: [Policy.government], requireExplicit: true, inhibitMapping: true)
        #expect(world.verdict(member, others, policies: inputs).reason == .policy)
        for depth in [0, 1] { #expect(world.verdict(member, others, mappingDepth: depth).reason == .policy) }
        #expect(world.verdict(member, others, mappingDepth: 2).chain != nil)
        // By the cross certificate: none below it may map, or one.
        let strict = try world.toBridge([Extension.policyConstraints(mapping: 0)])
        #expect(try world.verdict(member, [world.toCompany(), strict]).reason == .policy)
        let lenient = try world.toBridge([Extension.policyConstraints(mapping: 1)])
        #expect(try world.verdict(member, [world.toCompany(), lenient]).chain != nil)
    }

    @Test func `is refused when nothing maps, or the member has another policy`() throws {
        let world = try World()
        #expect(try world.verdict(world.member(), [world.toCompany(), world.toBridge(maps: false)]).reason == .policy)
        #expect(try world.verdict(world.member([Policy.other]), [world.toCompany(), world.toBridge()]).reason == .policy)
        // Without an explicit policy being asked for, the path stands and has no policies.
        let chain = try #require(
            world.verdict(
                world.member([Policy.other]), [world.toCompany(), world.toBridge()], policies: PolicyInputs()
            ).chain)
        #expect(chain.policies.isEmpty)
    }

    @Test func `takes anyPolicy unless it is inhibited`() throws {
        let world = try World()
        let member = try world.member([.anyPolicy])
        let others = [try world.toCompany(), try world.toBridge()]
        #expect(world.verdict(member, others).chain?.policies == [Policy.government])
        let inputs = PolicyInputs(acceptable: [Policy.government], requireExplicit: true, inhibitAnyPolicy: true)
        #expect(world.verdict(member, others, policies: inputs).reason == .policy)
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge([Extension.inhibitAny(0)])]).reason == .policy)
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge([Extension.inhibitAny(1)])]).reason == .policy)
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge([Extension.inhibitAny(2)])]).chain != nil)
    }

    @Test func `is refused when a constraint forbids the member's name`() throws {
        let world = try World()
        let japan = GeneralName.directory(DistinguishedName([(.country, "JP")]))
        let others = [try world.toCompany(), try world.toBridge([Extension.nameConstraints(permitted: [japan])])]
        #expect(try world.verdict(world.member(), others).chain != nil)
        let hanako = GeneralName.directory(DistinguishedName([(.country, "jp"), (.commonName, "HANAKO")]))
        let excluding = [try world.toCompany(), try world.toBridge([Extension.nameConstraints(excluded: [hanako])])]
        #expect(try world.verdict(world.member(), excluding).reason == .nameConstraint)
    }

    @Test func `is no longer than paths may be`() throws {
        let world = try World()
        let member = try world.member()
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge()], longestPath: 2).chain != nil)
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge()], longestPath: 1).reason == .tooLong)
        #expect(try world.verdict(member, [world.toCompany(), world.toBridge(pathLength: 1)]).chain != nil)
        let fault = try #require(try world.verdict(member, [world.toCompany(), world.toBridge(pathLength: 0)]).fault)
        #expect(fault.reason == .authority && fault.depth == 1)
    }

    private struct Silence: StatusEvidence {
        func status(of certificate: Certificate, issuer: Certificate, path: [Certificate], at now: Timestamp) -> CertificateStatus {
            .unknown(checkedAt: now)
        }
    }

    @Test func `has no status that nobody knows, when that refuses`() throws {
        let world = try World()
        let others = [try world.toCompany(), try world.toBridge()]
        let evidence = Silence()
        let refused = try world.verdict(world.member(), others, status: .evidence(evidence, unknownRefuses: true))
        #expect(refused.reason == .statusUnknown && refused.fault?.depth == 2)
        let chain = try #require(try world.verdict(world.member(), others, status: .evidence(evidence, unknownRefuses: false)).chain)
        #expect(chain.statuses.count == 3 && chain.statuses.allSatisfy { $0.verdict == .unknown })
    }

    private static func list(_ node: Node, revoking serials: [[UInt8]] = []) throws -> UnverifiedRevocationList {
        var draft = ListDraft(keyIdentifier: node.key.publicKey.keyIdentifier)
        draft.issuer = node.name
        draft.entries = serials.map { ListDraft.Entry(serial: $0, reason: 4) }
        return try UnverifiedRevocationList(der: SignedStructure.make(draft.body(node.key.usual), key: node.key, node.key.usual))
    }

    @Test func `is refused when a certificate of it is revoked, from the anchor downwards`() throws {
        let world = try World()
        let authorities = [world.company, world.bridge, world.government]
        let others = [try world.toCompany(), try world.toBridge()]
        let member = try world.member()
        func verdict(_ revoked: [Int]) throws -> TrustVerdict {
            let serials: [[UInt8]] = [[9], [7], [7]]
            let lists = try authorities.enumerated().map { try Self.list($1, revoking: revoked.contains($0) ? [serials[$0]] : []) }
            let evidence = RevocationEvidence(lists: lists, certificates: others, store: TrustStore(anchors: [world.root.anchor]))
            return world.verdict(member, others, status: .evidence(evidence, unknownRefuses: true))
        }
        let chain = try #require(try verdict([]).chain)
        #expect(chain.statuses.count == 3 && chain.statuses.allSatisfy { $0.verdict == .good && $0.source == .crl })
        for (revoked, depth) in [([0], 0), ([1], 1), ([2], 2), ([0, 2], 2)] {
            let fault = try #require(try verdict(revoked).fault)
            #expect(fault.reason == .revoked && fault.depth == depth)
        }
        // Another certificate of the bridge by the same government, not revoked, makes another path.
        let second = try world.government.certify(
            world.bridge, policies: [Policy.government], extensions: [Extension.mappings([(Policy.government, Policy.bridge)])], serial: [8]
        )
        let lists = try authorities.enumerated().map { try Self.list($1, revoking: $0 == 2 ? [[7]] : []) }
        let evidence = RevocationEvidence(lists: lists, certificates: others, store: TrustStore(anchors: [world.root.anchor]))
        let found = world.verdict(member, others + [second], status: .evidence(evidence, unknownRefuses: true)).chain
        #expect(found?.path[2] == second)
    }
}
