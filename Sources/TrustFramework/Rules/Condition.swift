/// What must hold at once: a domain for each fact that is spoken of. Empty: always.
package struct Condition: Hashable, Sendable {
    package var domains: [Fact: Domain]

    package init(_ domains: [Fact: Domain] = [:]) { self.domains = domains }

    package static let always = Condition()

    package subscript(fact: Fact) -> Domain? {
        get { domains[fact] }
        set { domains[fact] = newValue }
    }

    /// The facts it speaks of, in the order of `Fact.allCases`.
    package var facts: [Fact] { Fact.allCases.filter { domains[$0] != nil } }

    /// Some fact has no value for which it holds.
    package var isEmpty: Bool { domains.values.contains { $0.isEmpty } }

    package var weight: Int { domains.values.reduce(1) { $0 + $1.weight } }

    /// What both hold. Nil when they speak of one fact in ways that do not go together.
    package func intersection(_ other: Condition) -> Condition? {
        var result = self
        for (fact, domain) in other.domains {
            guard let own = result.domains[fact] else {
                result.domains[fact] = domain
                continue
            }
            guard let both = own.intersection(domain) else { return nil }
            result.domains[fact] = both
        }
        return result
    }
}
