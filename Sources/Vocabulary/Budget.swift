/// A named allowance for work that a stranger's input can ask for. Hostile input runs it out; it never runs us out.
package struct Budget: Sendable {
    package let name: String
    package let limit: Int
    package private(set) var remaining: Int

    package init(_ name: String, limit: Int) {
        self.name = name
        self.limit = limit
        self.remaining = limit
    }

    package mutating func spend(_ amount: Int = 1) throws(BudgetExceeded) {
        guard amount >= 0, amount <= remaining else { throw BudgetExceeded(name: name, limit: limit) }
        remaining -= amount
    }
}

/// The input asked for more than its budget allows.
package struct BudgetExceeded: Error, Hashable, Sendable {
    package let name: String
    package let limit: Int

    package init(name: String, limit: Int) {
        self.name = name
        self.limit = limit
    }
}
