package import Vocabulary

/// All contexts of a deployment from the lowest to the highest: one ladder for SAML and OpenID. The order is deployment policy.
package struct AssuranceLadder: Hashable, Sendable {
    package let contexts: [AssuranceContext]
    package let ceilings: [AssuranceCeiling]
    /// Position by name, and by every SAML class and `acr` value. Of doubled ones, which the reader of the file refuses, the lowest counts.
    private let ranks: [String: Int]
    private let meanings: [String: Int]

    /// A ceiling whose context the ladder does not have lets nothing through.
    package init(_ contexts: [AssuranceContext], ceilings: [AssuranceCeiling] = []) {
        var ranks: [String: Int] = [:]
        var meanings: [String: Int] = [:]
        for (rank, context) in contexts.enumerated() {
            if ranks[context.name] == nil { ranks[context.name] = rank }
            for value in context.samlClasses + context.acrValues where meanings[value] == nil { meanings[value] = rank }
        }
        self.ranks = ranks
        self.meanings = meanings
        self.ceilings = ceilings
        self.contexts = contexts.enumerated().map { rank, context in
            context.within(Self.reach(of: rank, under: ceilings) { ranks[$0] })
        }
    }

    /// The class of a registered terminal whose file names none.
    package static let unclassified = "unclassified"

    /// The classes of terminals that the ladder lists, sorted.
    package var terminalClasses: [String] {
        ceilings.compactMap { if case .terminal(let name) = $0.source { name } else { nil } }.sorted()
    }

    /// The upstreams that the ladder lists, sorted.
    package var upstreams: [MemberID] {
        ceilings.compactMap { if case .upstream(let id) = $0.source { id } else { nil } }.sorted { $0.text < $1.text }
    }

    package subscript(name: String) -> AssuranceContext? { ranks[name].map { contexts[$0] } }

    /// The highest context that the facts reach at the moment `now`; without one, when the citizen logged in.
    package func reached(by facts: AssuranceFacts, at now: Timestamp? = nil) -> AssuranceContext? {
        contexts.last { $0.isReached(by: facts, at: now) }
    }

    package func rank(of context: AssuranceContext) -> Int? { ranks[context.name] }

    /// The position of the context that a SAML class or an `acr` value stands for, from 0.
    package func rank(meantBy value: String) -> Int? { meanings[value] }

    /// The contexts that satisfy a requirement, best liked first for `exact`, lowest first otherwise. Values the ladder does not know
    /// are passed over; when it knows none of them nothing satisfies.
    package func satisfying(_ requirement: ContextRequirement) -> [AssuranceContext] {
        let asked = requirement.values.compactMap(rank(meantBy:))
        guard let lowest = asked.min(), let highest = asked.max() else { return [] }
        switch requirement.comparison {
        case .exact:
            var seen: Set<Int> = []
            return asked.filter { seen.insert($0).inserted }.map { contexts[$0] }
        // "at least as strong as one of those specified": from the weakest named.
        case .minimum: return Array(contexts[lowest...])
        // "stronger than any one of those specified": above the strongest named.
        case .better: return Array(contexts[(highest + 1)...])
        // "as strong as possible without exceeding the strength of at least one": up to the strongest named.
        case .maximum: return Array(contexts[...highest])
        }
    }

    private static func reach(
        of rank: Int, under ceilings: [AssuranceCeiling], _ position: (String) -> Int?
    ) -> CeilingReach {
        var reach = CeilingReach()
        var terminals: Set<String> = [unclassified]
        var isListed = false
        for ceiling in ceilings {
            let isOpen = position(ceiling.highest).map { rank <= $0 } ?? false
            switch ceiling.source {
            case .upstream(let id): if isOpen { reach.upstreams.insert(id) }
            case .terminal(let name):
                isListed = true
                if isOpen { terminals.insert(name) } else { terminals.remove(name) }
            }
        }
        if isListed { reach.terminals = terminals }
        return reach
    }
}
