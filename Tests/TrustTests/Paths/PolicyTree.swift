import Cryptography

/// RFC 5280's own valid_policy_tree, word for word and as slow as that is: the judge that the house's graph is held against.
struct PolicyTree {
    /// What one certificate of a path says, the anchor's side first.
    struct Step {
        var policies: [ObjectIdentifier]?
        var mappings: [(ObjectIdentifier, ObjectIdentifier)] = []
        var requireExplicit: Int?
        var inhibitMapping: Int?
        var inhibitAny: Int?
        var isSelfIssued = false
    }

    struct Inputs {
        var acceptable: Set<ObjectIdentifier> = [.anyPolicy]
        var explicit = false
        var mapping = false
        var any = false
    }

    private final class Node {
        let policy: ObjectIdentifier
        var expected: Set<ObjectIdentifier>
        var children: [Node] = []

        init(_ policy: ObjectIdentifier, _ expected: Set<ObjectIdentifier>) {
            self.policy = policy
            self.expected = expected
        }

        func nodes(at depth: Int) -> [Node] { depth == 0 ? [self] : children.flatMap { $0.nodes(at: depth - 1) } }

        /// Whether anything is left of this node: §6.1.3 (d)(3).
        func prune(to depth: Int) -> Bool {
            guard depth > 0 else { return true }
            children.removeAll { !$0.prune(to: depth - 1) }
            return !children.isEmpty
        }

        func delete(at depth: Int, where isDead: (Node) -> Bool) {
            if depth == 1 {
                children.removeAll(where: isDead)
            } else {
                for child in children { child.delete(at: depth - 1, where: isDead) }
            }
        }
    }

    /// The user-constrained-policy-set, or nil for a path that is refused.
    static func judge(_ steps: [Step], _ inputs: Inputs) -> Set<ObjectIdentifier>? {
        let count = steps.count
        var root: Node? = Node(.anyPolicy, [.anyPolicy])
        var explicit = inputs.explicit ? 0 : count + 1
        var mapping = inputs.mapping ? 0 : count + 1
        var any = inputs.any ? 0 : count + 1
        for (index, step) in steps.enumerated() {
            let depth = index + 1
            if let tree = root, let policies = step.policies {
                extend(tree, depth, policies, anyCounts: any > 0 || depth < count && step.isSelfIssued)
                if !tree.prune(to: depth) { root = nil }
            } else {
                root = nil
            }
            guard explicit > 0 || root != nil else { return nil }
            guard depth < count else { break }
            if let tree = root { map(tree, depth, step.mappings, isAllowed: mapping > 0) }
            if let tree = root, !tree.prune(to: depth) { root = nil }
            if !step.isSelfIssued {
                explicit = max(explicit - 1, 0)
                mapping = max(mapping - 1, 0)
                any = max(any - 1, 0)
            }
            explicit = min(explicit, step.requireExplicit ?? explicit)
            mapping = min(mapping, step.inhibitMapping ?? mapping)
            any = min(any, step.inhibitAny ?? any)
        }
        explicit = max(explicit - 1, 0)
        if steps.last?.requireExplicit == 0 { explicit = 0 }
        let found = root.map { constrained($0, count, inputs.acceptable) } ?? []
        return explicit > 0 || !found.isEmpty ? found : nil
    }

    /// §6.1.3 (d)(1) and (2).
    private static func extend(_ tree: Node, _ depth: Int, _ policies: [ObjectIdentifier], anyCounts: Bool) {
        let parents = tree.nodes(at: depth - 1)
        for policy in policies where policy != .anyPolicy {
            let matching = parents.filter { $0.expected.contains(policy) }
            for parent in matching { parent.children.append(Node(policy, [policy])) }
            if matching.isEmpty, let parent = parents.first(where: { $0.policy == .anyPolicy }) {
                parent.children.append(Node(policy, [policy]))
            }
        }
        guard anyCounts, policies.contains(.anyPolicy) else { return }
        for parent in parents {
            for policy in parent.expected where !parent.children.contains(where: { $0.policy == policy }) {
                parent.children.append(Node(policy, [policy]))
            }
        }
    }

    /// §6.1.4 (b).
    private static func map(_ tree: Node, _ depth: Int, _ mappings: [(ObjectIdentifier, ObjectIdentifier)], isAllowed: Bool) {
        for issuer in Set(mappings.map(\.0)) {
            guard isAllowed else {
                tree.delete(at: depth) { $0.policy == issuer }
                continue
            }
            let subjects = Set(mappings.filter { $0.0 == issuer }.map(\.1))
            let matching = tree.nodes(at: depth).filter { $0.policy == issuer }
            for node in matching { node.expected = subjects }
            guard matching.isEmpty else { continue }
            for parent in tree.nodes(at: depth - 1) where parent.children.contains(where: { $0.policy == .anyPolicy }) {
                parent.children.append(Node(issuer, subjects))
            }
        }
    }

    /// §6.1.5 (g).
    private static func constrained(_ tree: Node, _ count: Int, _ acceptable: Set<ObjectIdentifier>) -> Set<ObjectIdentifier> {
        var tops: Set<ObjectIdentifier> = []
        var anyNodes = [tree]
        var endsInAny = false
        for depth in 1...count {
            let children = anyNodes.flatMap(\.children)
            tops.formUnion(children.map(\.policy).filter { $0 != .anyPolicy })
            anyNodes = children.filter { $0.policy == .anyPolicy }
            if depth == count { endsInAny = !anyNodes.isEmpty }
        }
        if acceptable.contains(.anyPolicy) { return endsInAny ? tops.union([.anyPolicy]) : tops }
        return endsInAny ? acceptable : tops.intersection(acceptable)
    }
}
