/// Some of the classes of one axis, by number: a set of small whole numbers that is cheap to cut and to compare.
package struct ClassSet: Hashable, Sendable {
    private var words: [UInt64]

    private init(words: [UInt64]) { self.words = words }

    /// None of `size` classes.
    package init(noneOf size: Int) { words = Array(repeating: 0, count: (max(size, 0) + 63) / 64) }

    /// Those of `size` classes for which `holds` says so.
    package init(of size: Int, where holds: (Int) -> Bool) {
        self.init(noneOf: size)
        for index in 0..<max(size, 0) where holds(index) { words[index / 64] |= 1 << UInt64(index % 64) }
    }

    /// These, of `size` classes.
    package init(_ members: [Int], of size: Int) {
        self.init(noneOf: size)
        for index in members { insert(index) }
    }

    package init(allOf size: Int) { self.init(of: size) { _ in true } }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    package var first: Int? {
        for (index, word) in words.enumerated() where word != 0 { return index * 64 + word.trailingZeroBitCount }
        return nil
    }

    /// All of them, from the lowest.
    package var members: [Int] {
        var found: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                found.append(index * 64 + rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
        return found
    }

    package func contains(_ index: Int) -> Bool {
        index >= 0 && index / 64 < words.count && words[index / 64] & (1 << UInt64(index % 64)) != 0
    }

    /// A class that there is not is passed over.
    package mutating func insert(_ index: Int) {
        guard index >= 0, index / 64 < words.count else { return }
        words[index / 64] |= 1 << UInt64(index % 64)
    }

    package func isDisjoint(with other: ClassSet) -> Bool {
        zip(words, other.words).allSatisfy { $0 & $1 == 0 }
    }

    package func isSubset(of other: ClassSet) -> Bool {
        zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }

    package func intersection(_ other: ClassSet) -> ClassSet { ClassSet(words: zip(words, other.words).map { $0 & $1 }) }

    package func subtracting(_ other: ClassSet) -> ClassSet { ClassSet(words: zip(words, other.words).map { $0 & ~$1 }) }

    package func union(_ other: ClassSet) -> ClassSet { ClassSet(words: zip(words, other.words).map { $0 | $1 }) }
}
