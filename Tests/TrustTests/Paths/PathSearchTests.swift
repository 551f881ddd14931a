import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `A search for a path` {
    private static func verdict(
        _ leaf: Certificate, _ others: [Certificate], anchors: [Certificate], _ profile: PathProfile = .rfc5280,
        budget: PathBudget = .standard, status: StatusDemand = .none
    ) -> TrustVerdict {
        PathSearch(store: TrustStore(anchors: anchors.map(\.anchor)), profile: profile, budget: budget)
            .verdict(on: leaf, with: others, at: Moment.now, status: status)
    }

    @Test func `checks one signature for a leaf of the anchor, however many generations there are`() throws {
        let generations = try (0..<4).map { _ in try Node("Authority") }
        let anchors = try generations.map { try $0.root() }
        for node in generations {
            let chain = try #require(Self.verdict(try node.leaf(), [], anchors: anchors, budget: PathBudget(signatures: 1)).chain)
            #expect(chain.anchor.certificate.publicKey == node.key.publicKey && chain.path.count == 2)
        }
        // Without a hint the signatures tell, one after the other.
        let silent = try generations[3].leaf { $0.extensions.removeLast() }
        #expect(Self.verdict(silent, [], anchors: anchors, budget: PathBudget(signatures: 4)).chain != nil)
        #expect(Self.verdict(silent, [], anchors: anchors, budget: PathBudget(signatures: 3)).refusal == .budget(.signatures))
    }

    @Test func `follows link certificates when a key is rolled over, in both directions`() throws {
        let old = try Node("Authority")
        let new = try old.rolled()
        let newWithOld = try old.certify(new)
        let oldWithNew = try new.certify(old)
        // Whoever trusts the old key reaches what the new one signs, and the other way round.
        let forward = try #require(Self.verdict(try new.leaf(), [newWithOld, oldWithNew], anchors: [try old.root()]).chain)
        #expect(forward.path.count == 3 && forward.path[1] == newWithOld && newWithOld.isSelfIssued)
        let backward = try #require(Self.verdict(try old.leaf(), [newWithOld, oldWithNew], anchors: [try new.root()]).chain)
        #expect(backward.path[1] == oldWithNew)
        // Not without the link, nor by the link of the other direction.
        #expect(Self.verdict(try new.leaf(), [oldWithNew], anchors: [try old.root()]).reason == .noPath)
    }

    @Test func `does not count self-issued certificates as deep`() throws {
        let old = try Node("Authority")
        let new = try old.rolled()
        let below = try Node("Below")
        let root = try old.certify(old, pathLength: 1)
        let profile = PathProfile(name: "x")
        let others = [try old.certify(new), try new.certify(below)]
        #expect(Self.verdict(try below.leaf(), others, anchors: [root], profile).chain?.path.count == 4)
        let flat = try old.certify(old, pathLength: 0)
        #expect(Self.verdict(try below.leaf(), others, anchors: [flat], profile).reason == .authority)
        // To RFC 5280 alone an anchor's certificate is a name and a key.
        #expect(Self.verdict(try below.leaf(), others, anchors: [flat]).chain != nil)
    }

    @Test func `goes back from a way that fails, to one that stands`() throws {
        let (first, second, middle) = (try Node("First"), try Node("Second"), try Node("Middle"))
        let strict = try first.certify(middle, extensions: [Extension.nameConstraints(permitted: [.dns("elsewhere.example")])])
        let free = try second.certify(middle)
        let leaf = try middle.leaf(extensions: [Extension.alternativeNames([.dns("www.example.jp")])])
        let anchors = [try first.root(), try second.root()]
        for others in [[strict, free], [free, strict]] {
            #expect(Self.verdict(leaf, others, anchors: anchors).chain?.path[1] == free)
        }
        #expect(Self.verdict(leaf, [strict], anchors: anchors).reason == .nameConstraint)
        // The report tells of the way that failed, and what both cost: the leaf's signature is asked once.
        let report = PathSearch(store: TrustStore(anchors: anchors.map(\.anchor))).report(on: leaf, with: [strict, free], at: Moment.now)
        #expect(report.work.signatures == 3 && report.attempts.map(\.fault.reason) == [.nameConstraint])
        #expect(report.attempts.first?.chain == [leaf, strict, anchors[0]])
    }

    static let faults: [(PathFault.Reason, Int, @Sendable (inout CertificateDraft) -> Void)] = [
        (.expired, 1, { $0.notAfter = Moment.days(-1) }), (.notYetValid, 1, { $0.notBefore = Moment.days(1) }),
        (.authority, 1, { $0.extensions.remove(at: 1) }), (.authority, 1, { $0.extensions[0] = Extension.keyUsage([.cRLSign]) }),
        (
            .criticalExtension, 1,
            { draft in
                guard let strange = ObjectIdentifier("1.2.3.4") else { return }
                draft.extensions.append(Extension.raw(strange, critical: true) { $0.null() })
            }
        ),
        (.purpose, 1, { $0.extensions.append(Extension.purpose(.ocspSigning)) }),
    ]

    @Test(arguments: faults.indices) func `names the fault of the path that came nearest, and the chain`(index: Int) throws {
        let (reason, depth, plant) = Self.faults[index]
        let (root, middle, stranger) = (try Node("Root"), try Node("Middle"), try Node("Stranger"))
        let anchor = try root.root()
        let profile = PathProfile(name: "x", purposes: [.clientAuthentication])
        let faulty = try root.certify(middle, change: plant)
        // Of the same name by somebody else: further away than a fault in the right place.
        let impostor = try Node("Root").certify(middle)
        let leaf = try middle.leaf()
        for others in [[faulty, impostor], [impostor, faulty, try stranger.certify(middle)]] {
            let verdict = Self.verdict(leaf, others, anchors: [anchor], profile)
            let fault = try #require(verdict.fault)
            #expect(fault.reason == reason && fault.depth == depth)
            guard case .refused(_, let chain) = verdict else { continue }
            #expect(chain == [leaf, faulty, anchor])
        }
        // A good one of the same authority helps.
        #expect(Self.verdict(leaf, [faulty, impostor, try root.certify(middle)], anchors: [anchor], profile).chain != nil)
    }

    @Test func `asks of the leaf what its profile says`() throws {
        let root = try Node("Root")
        let anchor = try root.root()
        let leaf = try root.leaf(extensions: [
            Extension.alternativeNames([.dns("*.example.jp"), .email("hanako@example.jp")]), Extension.purpose(.clientAuthentication),
        ])
        func reason(_ profile: PathProfile) -> PathFault.Reason? { Self.verdict(leaf, [], anchors: [anchor], profile).reason }
        #expect(reason(PathProfile(name: "x", keyUsage: .digitalSignature, purposes: [.clientAuthentication])) == nil)
        #expect(reason(PathProfile(name: "x", keyUsage: [.digitalSignature, .nonRepudiation])) == .keyUsage)
        #expect(reason(PathProfile(name: "x", purposes: [.ocspSigning])) == .purpose)
        for (name, isMet) in [
            (GeneralName.dns("www.example.jp"), true), (.dns("WWW.Example.JP"), true), (.dns("example.jp"), false),
            (.dns("a.b.example.jp"), false), (.dns("*.example.jp"), false), (.email("hanako@EXAMPLE.jp"), true),
            (.email("taro@example.jp"), false), (.uri("https://www.example.jp"), false),
        ] {
            #expect(reason(PathProfile(name: "x", names: NameRule(anyOf: [name]))) == (isMet ? nil : .name), "\(name)")
        }
    }

    @Test func `holds keys and signatures against the rules of their authority's generation`() throws {
        let root = try Node("Root")
        let anchor = try root.root()
        let leaf = try root.leaf()
        let onlyRSA = AlgorithmRules(curves: [])
        #expect(Self.verdict(leaf, [], anchors: [anchor], PathProfile(name: "x", algorithms: onlyRSA)).reason == .weak)
        let mine = Hexadecimal.encode(anchor.fingerprint)
        #expect(Self.verdict(leaf, [], anchors: [anchor], PathProfile(name: "x", algorithmsByAuthority: [mine: onlyRSA])).reason == .weak)
        let granted = PathProfile(name: "x", algorithms: onlyRSA, algorithmsByAuthority: [mine: .standard])
        #expect(Self.verdict(leaf, [], anchors: [anchor], granted).chain != nil)
        let strongDigests = PathProfile(name: "x", algorithms: AlgorithmRules(digests: [.sha384]))
        #expect(Self.verdict(leaf, [], anchors: [anchor], strongDigests).reason == .weak)
    }

    @Test func `believes nothing that came along`() throws {
        let (root, stranger) = (try Node("Root"), try Node("Stranger"))
        let anchor = try root.root()
        // Its own root brought along, even under the anchor's name.
        #expect(
            Self.verdict(try stranger.leaf(), [try stranger.root()], anchors: [anchor]).refusal == .noAnchor(issuer: stranger.name.text))
        let namesake = try Node("Root")
        #expect(Self.verdict(try namesake.leaf(), [try namesake.root()], anchors: [anchor]).reason == .noPath)
        #expect(Self.verdict(anchor, [], anchors: [anchor]).refusal == .leafIsAnchor)
        #expect(Self.verdict(try root.leaf(), [anchor, anchor], anchors: [anchor]).chain?.path.count == 2)
    }

    @Test func `compares names as RFC 5280 §7.1 does`() throws {
        func name(_ tag: UInt8, _ text: String) throws -> DistinguishedName {
            try DistinguishedName(
                der: DERWriter.build { writer in
                    writer.sequence { writer in
                        writer.set { writer in
                            writer.sequence {
                                $0.objectIdentifier(NameAttribute.Kind.organization.objectIdentifier)
                                $0.element(tag, Array(text.utf8))
                            }
                        }
                    }
                })
        }
        #expect(try name(DERTag.printableString, "Imaginary Ministry") == name(DERTag.utf8String, "  imaginary   MINISTRY "))
        #expect(try name(DERTag.utf8String, "総務　省 Ｘ") == name(DERTag.utf8String, "総務 省 x"))
        #expect(try name(DERTag.utf8String, "Ä\u{200d}ß") == name(DERTag.utf8String, "äß"))
        #expect(try name(DERTag.utf8String, "Imaginary Ministry") != name(DERTag.utf8String, "ImaginaryMinistry"))
        #expect(try name(DERTag.utf8String, "総務省") != name(DERTag.utf8String, "総務庁"))
    }
}
