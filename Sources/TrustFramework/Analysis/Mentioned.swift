/// What rules say of facts: the words and the numbers at which an answer can change. Between them all values are alike.
struct Mentioned {
    private(set) var facts: Set<Fact> = []
    private(set) var words: [Fact: Set<String>] = [:]
    /// The first numbers behind which something else holds.
    private(set) var cuts: [Fact: Set<Int64>] = [:]
    /// The sets of attributes that requests are held against.
    private(set) var sets: Set<Set<String>> = []

    init(_ policies: [Policy]) {
        for policy in policies {
            for rule in policy.rules {
                for condition in [rule.condition] + rule.exceptions {
                    for (fact, domain) in condition.domains { add(domain, of: fact) }
                }
            }
            for context in policy.ladder.contexts {
                if let most = context.maximumStatusAge { cuts[.maximumStatusAge, default: []].insert(most.next) }
                if let most = context.maximumLoginAge { cuts[.maximumLoginAge, default: []].insert(most.next) }
            }
        }
    }

    private mutating func add(_ domain: Domain, of fact: Fact) {
        facts.insert(fact)
        switch domain {
        case .range(let least, let most): cuts[fact, default: []].formUnion([least, most.next])
        case .between(let least, let most): sets.formUnion([least, most])
        case .includes(let names), .only(let names): sets.insert(names)
        case .among, .besides: break
        }
        words[fact, default: []].formUnion(domain.named)
    }

    func named(_ fact: Fact) -> [String] { (words[fact] ?? []).sorted() }

    /// The ranges from `least` to `most` that no rule divides, in order.
    func ranges(_ fact: Fact, from least: Int64, to most: Int64) -> [ClosedRange<Int64>] {
        guard least <= most else { return [] }
        let starts = [least] + (cuts[fact] ?? []).filter { $0 > least && $0 <= most }.sorted()
        return zip(starts, starts.dropFirst().map { $0 - 1 } + [most]).map { $0...$1 }
    }

    /// A word that nothing mentions: it stands for all of those.
    func other(_ fact: Fact, _ word: String) -> String {
        var word = word
        while words[fact]?.contains(word) == true { word += "-x" }
        return word
    }
}

extension Int64 {
    fileprivate var next: Int64 { self == .max ? .max : self + 1 }
}
