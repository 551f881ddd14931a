import Cryptography

/// The valid policies of a path (RFC 5280 §6.1.2 (a)), as the graph of RFC 9618: one node per policy and certificate. RFC 5280's tree
/// repeats a node under each of its parents, and grows by the power of the path's length under mappings that cross; here a node keeps the
/// list of its parents instead, so that the whole is bounded by what the certificates themselves list.
struct PolicyGraph {
    private struct Node {
        let policy: ObjectIdentifier
        /// Nodes of the level above. None: a child of anyPolicy, so that the policy is one in the anchor's own words.
        var parents: [Int] = []
    }

    private struct Level {
        var nodes: [Node] = []
        var positions: [ObjectIdentifier: Int] = [:]
        var hasAny = false

        mutating func add(_ policy: ObjectIdentifier, under parent: Int?) {
            if let position = positions[policy] {
                if let parent, nodes[position].parents.last != parent { nodes[position].parents.append(parent) }
            } else {
                positions[policy] = nodes.count
                nodes.append(Node(policy: policy, parents: parent.map { [$0] } ?? []))
            }
        }

        /// Only before the next level exists: parents are positions.
        mutating func keep(_ keeps: (ObjectIdentifier) -> Bool) {
            nodes.removeAll { !keeps($0.policy) }
            positions = Dictionary(nodes.enumerated().map { ($1.policy, $0) }) { first, _ in first }
        }
    }

    /// One per certificate that was taken, the anchor's side first.
    private var levels: [Level] = []
    /// What the next certificate may claim: the expected policy sets.
    private var expected: Level

    init() {
        expected = Level(hasAny: true)
    }

    /// Whether the valid_policy_tree is NULL.
    var isEmpty: Bool {
        guard let last = levels.last else { return false }
        return last.nodes.isEmpty && !last.hasAny
    }

    /// §6.1.3 (d) and (e). `policies` is nil for a certificate without the extension; `anyCounts` when anyPolicy in it does.
    mutating func take(_ policies: [ObjectIdentifier]?, anyCounts: Bool, _ budget: inout PathBudget) throws(PathStop) {
        var level = Level()
        if let policies {
            try budget.spend(.policyNodes, policies.count + expected.nodes.count)
            let claimed = Set(policies)
            let claimsAny = anyCounts && claimed.contains(.anyPolicy)
            level = expected
            if !claimsAny { level.keep(claimed.contains) }
            if expected.hasAny {
                for policy in policies where policy != .anyPolicy && expected.positions[policy] == nil { level.add(policy, under: nil) }
            }
            level.hasAny = expected.hasAny && claimsAny
        }
        levels.append(level)
        expected = Level()
    }

    /// §6.1.4 (b): what the certificate just taken maps, when it may.
    mutating func map(_ mappings: [PolicyMapping], isAllowed: Bool, _ budget: inout PathBudget) throws(PathStop) {
        guard var level = levels.popLast() else { return }
        let mapped = Set(mappings.map(\.issuer))
        if !isAllowed, !mapped.isEmpty { level.keep { !mapped.contains($0) } }
        if isAllowed, level.hasAny {
            try budget.spend(.policyNodes, mapped.count)
            for mapping in mappings where level.positions[mapping.issuer] == nil { level.add(mapping.issuer, under: nil) }
        }
        try budget.spend(.policyNodes, mappings.count + level.nodes.count)
        var next = Level(hasAny: level.hasAny)
        for (position, node) in level.nodes.enumerated() where !isAllowed || !mapped.contains(node.policy) {
            next.add(node.policy, under: position)
        }
        if isAllowed {
            for mapping in Set(mappings) {
                if let parent = level.positions[mapping.issuer] { next.add(mapping.subject, under: parent) }
            }
        }
        levels.append(level)
        expected = next
    }

    /// The user-constrained-policy-set (§6.1.5 (g), X.509 §10): the policies of the path in the anchor's words, of those that are
    /// acceptable; anyPolicy among them when the path stands for any and any was acceptable.
    func policies(acceptable: Set<ObjectIdentifier>) -> Set<ObjectIdentifier> {
        guard let last = levels.last else { return acceptable }
        var tops: Set<ObjectIdentifier> = []
        var reached = Set(last.nodes.indices)
        for level in levels.reversed() {
            var above: Set<Int> = []
            for position in reached {
                let node = level.nodes[position]
                if node.parents.isEmpty { tops.insert(node.policy) } else { above.formUnion(node.parents) }
            }
            reached = above
        }
        if acceptable.contains(.anyPolicy) { return last.hasAny ? tops.union([.anyPolicy]) : tops }
        return last.hasAny ? acceptable : tops.intersection(acceptable)
    }
}
