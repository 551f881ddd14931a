import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `A chain to an anchor` {
    static let bothGenerations: [[Int]] = [[0, 1], [1, 0]]

    @Test(arguments: bothGenerations)
    func `finds its generation among anchors of one name by key identifier`(order: [Int]) throws {
        let both = [try Authority.first.get(), try Authority.second.get()]
        let store = TrustStore(anchors: order.map { both[$0].anchor })
        for authority in both {
            let chain = try CandidateChain(leaf: authority.card()).trusted(by: store, at: Moment.now)
            #expect(chain.anchor.certificate == authority.certificate && chain.issuer == authority.certificate)
            #expect(chain.path.count == 2)
        }
    }

    @Test(arguments: bothGenerations)
    func `finds its generation by the signature alone when it names no key`(order: [Int]) throws {
        let both = [try Authority.first.get(), try Authority.second.get()]
        let store = TrustStore(anchors: order.map { both[$0].anchor })
        for authority in both {
            let card = try authority.card { $0.extensions.remove(at: 1) }
            #expect(card.authorityKeyIdentifier == nil)
            let chain = try CandidateChain(leaf: card).trusted(by: store, at: Moment.now)
            #expect(chain.anchor.certificate == authority.certificate)
        }
    }

    @Test func `is not made by an authority of the same name with another key`() throws {
        let impostor = try Authority()
        let store = TrustStore(anchors: [try Authority.first.get().anchor, try Authority.second.get().anchor])
        #expect { try CandidateChain(leaf: impostor.card()).trusted(by: store, at: Moment.now) } throws: { error in
            if case .path(let fault)? = error as? TrustRefusal { fault.reason == .noPath } else { false }
        }
        // Nor when it claims the real key's identifier.
        let claimed = try Authority.first.get().key.publicKey.keyIdentifier
        let card = try impostor.card { $0.extensions[1] = Extension.authorityKey(claimed) }
        #expect { try CandidateChain(leaf: card).trusted(by: store, at: Moment.now) } throws: { error in
            if case .path(let fault)? = error as? TrustRefusal { fault.reason == .signature } else { false }
        }
    }

    @Test func `brought along with its own anchor is trusted by nobody (checklist A15)`() throws {
        let stranger = try Authority(name: DistinguishedName([(.commonName, "Stranger")]))
        let store = TrustStore(anchors: [try Authority.first.get().anchor])
        #expect(throws: TrustRefusal.noAnchor(issuer: "CN=Stranger")) {
            try CandidateChain(leaf: stranger.card(), others: [stranger.certificate]).trusted(by: store, at: Moment.now)
        }
    }

    static let faults: [(String, PathFault.Reason, @Sendable (inout CertificateDraft) -> Void)] = [
        ("not valid yet", .notYetValid, { $0.notBefore = Moment.days(1) }),
        ("expired", .expired, { $0.notAfter = Moment.days(-1) }),
        ("another policy", .policy, { $0.extensions[3] = Extension.policies([ObjectIdentifier("1.2.3")].compactMap { $0 }) }),
        ("no policy", .policy, { $0.extensions.remove(at: 3) }),
        (
            "an unknown critical extension", .criticalExtension,
            { draft in
                guard let strange = ObjectIdentifier("1.2.3.4") else { return }
                draft.extensions.append(Extension.raw(strange, critical: true) { $0.null() })
            }
        ),
        ("an authority's right without being one", .conformance, { $0.extensions[0] = Extension.keyUsage([.keyCertSign]) }),
    ]

    @Test(arguments: faults.indices) func `is refused for its fault, by its name`(index: Int) throws {
        let (name, reason, plant) = Self.faults[index]
        let authority = try Authority.first.get()
        let store = TrustStore(anchors: [authority.anchor])
        let policy = try #require(Authority.policy)
        _ = try CandidateChain(leaf: authority.card()).trusted(by: store, policies: [policy], at: Moment.now)
        let card = try authority.card(change: plant)
        #expect("\(name)") { try CandidateChain(leaf: card).trusted(by: store, policies: [policy], at: Moment.now) } throws: { error in
            if case .path(let fault)? = error as? TrustRefusal { fault.reason == reason && fault.depth == 0 } else { false }
        }
    }

    @Test func `keeps the policies it was asked for`() throws {
        let policy = try #require(Authority.policy)
        let other = try #require(ObjectIdentifier("1.2.3"))
        let authority = try Authority.first.get()
        let store = TrustStore(anchors: [authority.anchor])
        let card = try authority.card { $0.extensions[3] = Extension.policies([policy, other]) }
        let chain = try CandidateChain(leaf: card).trusted(by: store, policies: [policy], at: Moment.now)
        #expect(chain.policies == [policy])
    }

    @Test func `is valid from the first second to the last`() throws {
        let authority = try Authority.first.get()
        let card = try authority.card {
            $0.notBefore = Moment.now
            $0.notAfter = Moment.minutes(1)
        }
        let store = TrustStore(anchors: [authority.anchor])
        for inside in [Moment.now, Moment.minutes(1), Moment.minutes(1).adding(milliseconds: 999)] {
            _ = try CandidateChain(leaf: card).trusted(by: store, at: inside)
        }
        for outside in [Moment.now.adding(milliseconds: -1), Moment.minutes(1).adding(seconds: 1)] {
            #expect(throws: TrustRefusal.self) { try CandidateChain(leaf: card).trusted(by: store, at: outside) }
        }
    }

    @Test func `ends with its anchor's generation`() throws {
        let old = try Authority(notAfter: Moment.days(-1))
        let card = try old.card()
        _ = try old.chain(card, at: Moment.days(-2))
        #expect { try old.chain(card) } throws: { error in
            if case .path(let fault)? = error as? TrustRefusal { fault.reason == .expired && fault.depth == 1 } else { false }
        }
    }

    @Test func `goes by way of an authority below the anchor, as deep as that may`() throws {
        let root = try Authority(serial: [9]) { $0.extensions[1] = Extension.authority(pathLength: 1) }
        let flat = try Authority(serial: [9]) { $0.extensions[1] = Extension.authority(pathLength: 0) }
        let below = try Authority(name: DistinguishedName([(.commonName, "Below")]))
        func certified(
            by root: Authority, _ change: (inout CertificateDraft) -> Void = { _ in }
        ) throws -> Certificate {
            try root.card(town: nil) { draft in
                draft.subject = below.certificate.subject
                draft.key = below.key.publicKey
                draft.extensions = [
                    Extension.keyUsage([.keyCertSign]), Extension.authority(), Extension.subjectKey(below.key.publicKey),
                    Extension.authorityKey(root.key.publicKey.keyIdentifier),
                ]
                change(&draft)
            }
        }
        let store = TrustStore(anchors: [root.anchor])
        let card = try below.card()
        let chain = try CandidateChain(leaf: card, others: [certified(by: root)]).trusted(by: store, at: Moment.now)
        #expect(chain.path.count == 3 && chain.issuer.subject == below.certificate.subject && chain.anchor == root.anchor)
        // Not without the certificate in between, nor when that is none of an authority.
        #expect(throws: TrustRefusal.noAnchor(issuer: "CN=Below")) { try CandidateChain(leaf: card).trusted(by: store, at: Moment.now) }
        let plain = try certified(by: root) { $0.extensions.remove(at: 1) }
        #expect(throws: TrustRefusal.self) { try CandidateChain(leaf: card, others: [plain]).trusted(by: store, at: Moment.now) }
        let weak = try certified(by: root) { $0.extensions[0] = Extension.keyUsage([.cRLSign]) }
        #expect(throws: TrustRefusal.self) { try CandidateChain(leaf: card, others: [weak]).trusted(by: store, at: Moment.now) }
        #expect {
            try CandidateChain(leaf: card, others: [certified(by: flat)]).trusted(by: TrustStore(anchors: [flat.anchor]), at: Moment.now)
        } throws: { error in
            if case .path(let fault)? = error as? TrustRefusal { fault.reason == .authority && fault.depth == 1 } else { false }
        }
    }

    @Test func `is short, and its leaf is a leaf`() throws {
        let authority = try Authority.first.get()
        let store = TrustStore(anchors: [authority.anchor])
        #expect(throws: TrustRefusal.leafIsAnchor) { try CandidateChain(leaf: authority.certificate).trusted(by: store, at: Moment.now) }
        let card = try authority.card()
        #expect(throws: TrustRefusal.tooManyCertificates(17)) {
            try CandidateChain(leaf: card, others: [Certificate](repeating: card, count: 17)).trusted(by: store, at: Moment.now)
        }
        let ancient = try authority.card {
            $0.version = []
            $0.extensions = []
        }
        #expect(throws: TrustRefusal.leafVersion(1)) { try CandidateChain(leaf: ancient).trusted(by: store, at: Moment.now) }
        let crowd = TrustStore(anchors: try (1...17).map { try Authority(serial: [UInt8($0)]).anchor })
        #expect(throws: TrustRefusal.tooManyAnchors(17)) { try CandidateChain(leaf: card).trusted(by: crowd, at: Moment.now) }
        #expect(throws: TrustRefusal.self) { try CandidateChain(leaf: card).trusted(by: TrustStore(anchors: []), at: Moment.now) }
    }

    /// One anchor is read by every request at once; libcrypto fills its caches at the first use.
    @Test func `is judged by many at the same time`() async throws {
        let authority = try Authority()
        let store = TrustStore(anchors: [authority.anchor])
        let card = try authority.card()
        let impostor = try Authority().card()
        let results = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let leaf = index.isMultiple(of: 2) ? card : impostor
                    let isTrusted = (try? CandidateChain(leaf: leaf).trusted(by: store, at: Moment.now)) != nil
                    return isTrusted == index.isMultiple(of: 2)
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results.count == 64 && results.allSatisfy { $0 })
    }
}
