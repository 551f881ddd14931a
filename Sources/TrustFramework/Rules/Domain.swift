import Vocabulary

/// The values of one fact under which a condition holds.
package enum Domain: Hashable, Sendable {
    case among(Set<String>)
    case besides(Set<String>)
    /// Both ends count.
    case range(least: Int64, most: Int64)
    /// All of these are among the words.
    case includes(Set<String>)
    /// No word beside these.
    case only(Set<String>)
    /// Both of the last two.
    case between(includes: Set<String>, only: Set<String>)

    /// Nil: the value is not known. A value of another kind is outside.
    package func contains(_ value: FactValue) -> Bool? {
        switch (self, value) {
        case (_, .unknown): nil
        case (.among(let words), .word(let word)): words.has(word)
        case (.besides(let words), .word(let word)): !words.has(word)
        case (.range(let least, let most), .number(let number)): least <= number && number <= most
        case (.includes(let words), .words(let present)): words.allSatisfy(present.has)
        case (.only(let words), .words(let present)): present.allSatisfy(words.has)
        case (.between(let least, let most), .words(let present)): least.allSatisfy(present.has) && present.allSatisfy(most.has)
        default: false
        }
    }

    /// What both hold. Nil: they speak of values of different kinds.
    package func intersection(_ other: Domain) -> Domain? {
        switch (self, other) {
        case (.among(let a), .among(let b)): .among(a.intersection(b))
        case (.among(let a), .besides(let b)), (.besides(let b), .among(let a)): .among(a.subtracting(b))
        case (.besides(let a), .besides(let b)): .besides(a.union(b))
        case (.range(let a, let b), .range(let c, let d)): .range(least: max(a, c), most: min(b, d))
        case (.includes(let a), .includes(let b)): .includes(a.union(b))
        case (.only(let a), .only(let b)): .only(a.intersection(b))
        case (.includes, _), (.only, _), (.between, _):
            switch (leastAndMost, other.leastAndMost) {
            case ((let a?, let b), (let c?, let d)):
                (b.map { b in d.map(b.intersection) ?? b } ?? d).map { .between(includes: a.union(c), only: $0) }
                    ?? .includes(a.union(c))
            default: nil
            }
        default: nil
        }
    }

    /// No value is in it. `among` nothing, a range that ends before it begins, more words than there may be.
    package var isEmpty: Bool {
        switch self {
        case .among(let words): words.isEmpty
        case .range(let least, let most): least > most
        case .between(let least, let most): !least.isSubset(of: most)
        case .besides, .includes, .only: false
        }
    }

    /// How many words it has: what a policy of many weighs.
    package var weight: Int {
        switch self {
        case .among(let words), .besides(let words), .includes(let words), .only(let words): words.count
        case .between(let least, let most): least.count + most.count
        case .range: 1
        }
    }

    /// The words it names, sorted.
    package var named: [String] {
        switch self {
        case .among(let words), .besides(let words), .includes(let words), .only(let words): words.sorted()
        case .between(let least, let most): least.union(most).sorted()
        case .range: []
        }
    }

    /// As for words: what has to be there, what may be there. Nil words are no bound; both nil: not for words.
    private var leastAndMost: (Set<String>?, Set<String>?) {
        switch self {
        case .includes(let words): (words, nil)
        case .only(let words): ([], words)
        case .between(let least, let most): (least, most)
        default: (nil, nil)
        }
    }
}

extension Set<String> {
    /// Byte for byte, as identifiers are compared (checklist E1): Swift's own equality takes some texts for equal that are not.
    func has(_ word: String) -> Bool {
        guard let index = firstIndex(of: word) else { return false }
        return self[index].hasSameBytes(as: word)
    }
}
