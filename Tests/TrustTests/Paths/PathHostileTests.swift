import Cryptography
import Testing
import Trust
import Vocabulary

/// Graphs and policies that grow without end, found in bounded work. Counts are asserted, never time.
@Suite struct `Hostile paths` {
    /// Authorities that all certify each other, none of them by way of the anchor.
    private static func clique(_ count: Int) throws -> (nodes: [Node], crosses: [Certificate]) {
        let nodes = try (0..<count).map { try Node("Clique \($0)") }
        var crosses: [Certificate] = []
        for one in nodes { for other in nodes where one.name != other.name { crosses.append(try one.certify(other)) } }
        return (nodes, crosses)
    }

    @Test func `a clique that leads to no anchor costs no signature`() throws {
        let (nodes, crosses) = try Self.clique(20)
        #expect(crosses.count == 380)
        let anchor = try Node("Anchor").root()
        let leaf = try #require(nodes.first).leaf()
        let report = PathSearch(store: TrustStore(anchors: [anchor.anchor])).report(on: leaf, with: crosses, at: Moment.now)
        #expect(report.verdict.refusal == .noAnchor(issuer: leaf.issuer.text))
        #expect(report.work.signatures == 0 && report.work.candidates == 0 && report.attempts.isEmpty)
    }

    @Test func `a clique whose one door to the anchor is forged ends with its own error`() throws {
        let (nodes, crosses) = try Self.clique(20)
        let first = try #require(nodes.first)
        let last = try #require(nodes.last)
        let root = try Node("Anchor")
        // Of the anchor's name, not of its key.
        let forged = try Node("Anchor").certify(last)
        let store = TrustStore(anchors: [try root.root().anchor])
        let leaf = try first.leaf()
        for signatures in [5, 50, 100] {
            let verdict = PathSearch(store: store, budget: PathBudget(signatures: signatures, candidates: 10_000))
                .verdict(on: leaf, with: crosses + [forged], at: Moment.now)
            #expect(verdict.refusal == .budget(.signatures))
        }
        // With signatures without end, steps end it. There are 381 + 1 questions in the graph, so memory bounds the signatures anyway.
        let verdict = PathSearch(store: store, budget: PathBudget(signatures: 382, candidates: 5_000))
            .verdict(on: leaf, with: crosses + [forged], at: Moment.now)
        #expect(verdict.refusal == .budget(.candidates))
        // A true door is found among all of it with a signature for each step of the shortest way.
        let genuine = try root.certify(last)
        let chain = PathSearch(store: store, budget: PathBudget(signatures: 3))
            .verdict(on: leaf, with: crosses + [genuine], at: Moment.now).chain
        #expect(chain?.path.count == 4)
    }

    @Test func `a thousand candidates of one name cost a hundred signatures at most`() throws {
        let root = try Node("Anchor")
        let store = TrustStore(anchors: [try root.root().anchor])
        let impostor = try Node("Middle")
        let genuine = try impostor.rolled()
        // No key identifiers anywhere: nothing tells them apart but their signatures. One key for all would be asked once.
        let keys = try (0..<200).map { _ in try impostor.rolled() }
        func bare(_ node: Node, _ serial: Int) throws -> Certificate {
            try root.certify(node, serial: [1, UInt8(serial >> 8), UInt8(serial & 0xff)]) { $0.extensions.removeSubrange(2...) }
        }
        let crowd = try (0..<999).map { try bare(keys[$0 % 200], $0) }
        let leaf = try genuine.leaf { $0.extensions.removeLast() }
        let search = PathSearch(store: store)
        #expect(search.verdict(on: leaf, with: crowd, at: Moment.now).refusal == .budget(.signatures))
        let patient = PathSearch(store: store, budget: PathBudget(signatures: 200))
        #expect(patient.verdict(on: leaf, with: crowd, at: Moment.now).reason == .signature)
        #expect(search.verdict(on: leaf, with: crowd + [crowd[0], crowd[1]], at: Moment.now).refusal == .tooManyCertificates(1001))
        // Named by its key identifier, the true one is found at once.
        let named = try genuine.leaf()
        let chain = PathSearch(store: store, budget: PathBudget(signatures: 2, candidates: 1_000))
            .verdict(on: named, with: crowd + [try root.certify(genuine)], at: Moment.now).chain
        #expect(chain?.path.count == 3)
    }

    /// In RFC 5280's tree each level of this would have four times the nodes of the level above: 4⁸ under the eighth authority.
    @Test func `a policy bomb is a small graph`() throws {
        let four = (0..<4).map { Policy.named(100 + $0) }
        let crossed = Extension.mappings(four.flatMap { one in four.map { (one, $0) } })
        let nodes = try (0..<9).map { try Node("Bomb \($0)") }
        var others: [Certificate] = []
        for (above, below) in zip(nodes, nodes.dropFirst()) {
            others.append(try above.certify(below, policies: four, extensions: [crossed]))
        }
        let leaf = try #require(nodes.last).leaf(policies: four)
        let store = TrustStore(anchors: [try nodes[0].root().anchor])
        let profile = PathProfile(name: "bomb", policies: PolicyInputs(acceptable: [four[0]], requireExplicit: true))
        func verdict(_ policyNodes: Int) -> TrustVerdict {
            PathSearch(store: store, profile: profile, budget: PathBudget(policyNodes: policyNodes))
                .verdict(on: leaf, with: others, at: Moment.now)
        }
        #expect(verdict(300).chain?.policies == [four[0]])
        #expect(verdict(100).refusal == .budget(.policyNodes))
    }

    @Test func `a certificate of thousands of policies or mappings ends with its own error`() throws {
        let root = try Node("Anchor")
        let below = try Node("Below")
        let many = (0..<3_000).map { Policy.named(1_000 + $0) }
        let store = TrustStore(anchors: [try root.root().anchor])
        let leaf = try below.leaf(policies: many)
        let listing = try root.certify(below, policies: many)
        #expect(PathSearch(store: store).verdict(on: leaf, with: [listing], at: Moment.now).refusal == .budget(.policyNodes))
        let mapping = try root.certify(below, policies: [.anyPolicy], extensions: [Extension.mappings(many.map { ($0, Policy.other) })])
        #expect(PathSearch(store: store).verdict(on: leaf, with: [mapping], at: Moment.now).refusal == .budget(.policyNodes))
    }

    @Test func `names against constraints, each with each, end with their own error`() throws {
        let root = try Node("Anchor")
        let below = try Node("Below")
        let store = TrustStore(anchors: [try root.root().anchor])
        let constrained = try root.certify(
            below, extensions: [Extension.nameConstraints(excluded: (0..<1_000).map { .dns("x\($0).example") })])
        func verdict(_ names: Int) throws -> TrustVerdict {
            let leaf = try below.leaf(extensions: [Extension.alternativeNames((0..<names).map { .dns("h\($0).example.jp") })])
            return PathSearch(store: store).verdict(on: leaf, with: [constrained], at: Moment.now)
        }
        // 1,000 bases, 248 names, 248,000 comparisons, and the subject.
        #expect(try verdict(248).chain != nil)
        #expect(try verdict(249).refusal == .budget(.nameComparisons))
    }

    private struct Asked: StatusEvidence {
        func status(of certificate: Certificate, issuer: Certificate, path: [Certificate], at now: Timestamp) -> CertificateStatus {
            .unknown(checkedAt: now)
        }
    }

    @Test func `paths without end that nobody has a word about end with their own error`() throws {
        let root = try Node("Anchor")
        let middle = try Node("Middle")
        // The same authority, certified again and again: each makes another path.
        let crosses = try (0..<120).map { try root.certify(middle, serial: [1, UInt8($0)]) }
        let store = TrustStore(anchors: [try root.root().anchor])
        func verdict(_ statuses: Int) throws -> TrustVerdict {
            PathSearch(store: store, budget: PathBudget(signatures: 1_000, statuses: statuses)).verdict(
                on: try middle.leaf(), with: crosses, at: Moment.now, status: .evidence(Asked(), unknownRefuses: true))
        }
        #expect(try verdict(119).refusal == .budget(.statuses))
        #expect(try verdict(120).reason == .statusUnknown)
    }
}
