import Vocabulary

extension Fact {
    /// All facts, each with a number from 0 in this order.
    static let inOrder = Array(allCases)
    private static let places = Dictionary(uniqueKeysWithValues: inOrder.enumerated().map { ($1, $0) })

    var place: Int { Self.places[self] ?? 0 }
    var bit: UInt32 { 1 << UInt32(place) }

    static func all(in mask: UInt32) -> [Fact] { inOrder.filter { mask & $0.bit != 0 } }
}

/// A text as a key of its bytes (checklist E1).
struct ExactText: Hashable, Sendable {
    let text: String

    /// Texts of ASCII that are equal have the same bytes; almost all are.
    static func == (left: ExactText, right: ExactText) -> Bool {
        guard left.text == right.text else { return false }
        return left.text.utf8Span.isKnownASCII && right.text.utf8Span.isKnownASCII || left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// The values of every fact that the rules of one policy tell apart, numbered. Values that no rule tells apart share a number.
struct FactTable: Sendable {
    /// Stands for every word that no rule names: no file can hold it.
    static let otherWord = "\u{0}"

    /// By place: a value for each number.
    private(set) var values: [[FactValue]]
    private var words: [[ExactText: Int32]]
    /// For numbers: where a new number begins, rising.
    private var bounds: [[Int64]]

    init(_ rules: [Rule], _ ladder: AssuranceLadder) {
        values = Array(repeating: [], count: Fact.inOrder.count)
        words = Array(repeating: [:], count: Fact.inOrder.count)
        bounds = Array(repeating: [], count: Fact.inOrder.count)
        var named: [[Domain]] = Array(repeating: [], count: Fact.inOrder.count)
        for rule in rules {
            for condition in [rule.condition] + rule.exceptions {
                for (fact, domain) in condition.domains { named[fact.place].append(domain) }
            }
        }
        for (place, fact) in Fact.inOrder.enumerated() {
            switch fact {
            case .floor: values[place] = (0...ladder.contexts.count).map { .words(Set(ladder.contexts.prefix($0).map(\.name))) }
            case .levelAsked: values[place] = [.word(Fact.none)] + ladder.contexts.map { .word($0.name) }
            case .permission:
                values[place] = (0..<(1 << Permission.allCases.count)).map { mask in
                    .words(Set(Permission.allCases.enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element.rawValue)))
                }
            case .asksFor: continue
            default: fill(place, fact, named[place])
            }
        }
    }

    private mutating func fill(_ place: Int, _ fact: Fact, _ domains: [Domain]) {
        switch fact.kind {
        case .word(let closed?): values[place] = closed.map { .word($0) }
        case .flag: values[place] = [.flag(false), .flag(true)]
        case .word(nil), .words:
            var found: [FactValue] = [.word(Self.otherWord)]
            for word in Set(domains.flatMap(\.named).map(ExactText.init)) {
                words[place][word] = Int32(found.count)
                found.append(.word(word.text))
            }
            values[place] = found
        case .number:
            var starts: Set<Int64> = []
            for case .range(let least, let most) in domains {
                if least > .min { starts.insert(least) }
                if most < .max { starts.insert(most + 1) }
            }
            let rising = starts.sorted()
            bounds[place] = rising
            values[place] = [.number(rising.first.map { $0 - 1 } ?? 0)] + rising.map { .number($0) }
        }
    }

    @inline(__always) func word(_ place: Int, _ text: String) -> Int32 { words[place][ExactText(text: text)] ?? 0 }

    @inline(__always) func number(_ place: Int, _ value: Int64) -> Int32 {
        var count: Int32 = 0
        for bound in bounds[place] {
            if value < bound { break }
            count += 1
        }
        return count
    }
}

/// Attributes as bits, for sets that are compared and seldom looked into.
enum AttributeBits {
    private static let bits = Dictionary(
        uniqueKeysWithValues: AttributeSource.allCases.enumerated().map { ($1.rawValue, UInt64(1) << UInt64($0)) })

    static func of(_ sources: Set<AttributeSource>) -> UInt64 { sources.reduce(0) { $0 | (bits[$1.rawValue] ?? 0) } }

    static func set(of bits: UInt64) -> Set<AttributeSource> {
        Set(AttributeSource.allCases.enumerated().filter { bits & (1 << UInt64($0.offset)) != 0 }.map(\.element))
    }

    /// Nil when one of the words is no attribute.
    static func of(_ words: Set<String>) -> UInt64? {
        var mask: UInt64 = 0
        for word in words {
            guard let bit = bits[word] else { return nil }
            mask |= bit
        }
        return mask
    }
}

/// What `asks-for` demands, as bits: all of `least`, nothing beside `most`.
struct AskedBits: Hashable, Sendable {
    let least: UInt64
    let most: UInt64

    /// No set of attributes will do.
    static let nothing = AskedBits(least: 1, most: 0)

    init(least: UInt64, most: UInt64) {
        self.least = least
        self.most = most
    }

    init(_ domain: Domain) {
        switch domain {
        case .includes(let words): self = AttributeBits.of(words).map { AskedBits(least: $0, most: .max) } ?? .nothing
        case .only(let words): self.init(least: 0, most: Self.known(words))
        case .between(let least, let most):
            self = AttributeBits.of(least).map { AskedBits(least: $0, most: Self.known(most)) } ?? .nothing
        case .among, .besides, .range: self = .nothing
        }
    }

    /// A word that is no attribute allows nothing.
    private static func known(_ words: Set<String>) -> UInt64 {
        AttributeBits.of(words.filter { AttributeSource(rawValue: $0) != nil }) ?? 0
    }

    @inline(__always) func holds(_ asked: UInt64) -> Bool { asked & least == least && asked & ~most == 0 }
}
