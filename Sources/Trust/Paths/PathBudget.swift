/// How much work one verdict may be. Hostile certificates can make graphs and policies that grow without end; a verdict that reaches a
/// limit ends as `TrustRefusal.budget`, which says nothing of the certificate.
package struct PathBudget: Hashable, Sendable {
    /// Signatures checked: the dear part, some 50 µs each. A bridge needs five.
    package var signatures: Int
    /// Steps from a certificate to one that may have issued it, and the most certificates that may come along.
    package var candidates: Int
    /// Nodes and edges of all policy graphs together.
    package var policyNodes: Int
    /// A name held against a subtree, and each name and base that is read for it.
    package var nameComparisons: Int
    /// Questions to the revocation evidence.
    package var statuses: Int

    package init(
        signatures: Int = 100, candidates: Int = 1_000, policyNodes: Int = 4_096, nameComparisons: Int = 250_000, statuses: Int = 100
    ) {
        self.signatures = signatures
        self.candidates = candidates
        self.policyNodes = policyNodes
        self.nameComparisons = nameComparisons
        self.statuses = statuses
    }

    package static let standard = PathBudget()
    static let nothing = PathBudget(signatures: 0, candidates: 0, policyNodes: 0, nameComparisons: 0, statuses: 0)

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case signatures, candidates, policyNodes, nameComparisons, statuses
    }

    /// What was taken out of this budget when `rest` is left; a purse that was overdrawn was spent whole.
    func spent(leaving rest: PathBudget) -> PathBudget {
        func taken(_ whole: Int, _ rest: Int) -> Int { whole - max(min(rest, whole), 0) }
        return PathBudget(
            signatures: taken(signatures, rest.signatures), candidates: taken(candidates, rest.candidates),
            policyNodes: taken(policyNodes, rest.policyNodes), nameComparisons: taken(nameComparisons, rest.nameComparisons),
            statuses: taken(statuses, rest.statuses))
    }

    mutating func spend(_ kind: Kind, _ count: Int = 1) throws(PathStop) {
        let rest: Int
        switch kind {
        case .signatures: rest = Self.take(count, from: &signatures)
        case .candidates: rest = Self.take(count, from: &candidates)
        case .policyNodes: rest = Self.take(count, from: &policyNodes)
        case .nameComparisons: rest = Self.take(count, from: &nameComparisons)
        case .statuses: rest = Self.take(count, from: &statuses)
        }
        guard rest >= 0 else { throw .budget(kind) }
    }

    private static func take(_ count: Int, from purse: inout Int) -> Int {
        let (rest, overflow) = purse.subtractingReportingOverflow(count)
        purse = overflow ? -1 : rest
        return purse
    }
}

/// Why the work on one path ended.
enum PathStop: Error {
    case fault(PathFault)
    case budget(PathBudget.Kind)
}
