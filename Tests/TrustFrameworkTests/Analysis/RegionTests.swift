import Testing
import TrustFramework

/// A generator whose numbers are the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }
}

@Suite struct `Sets of classes` {
    @Test(arguments: [1, 63, 64, 65, 200]) func `agree with sets of numbers`(size: Int) {
        var dice = Dice(UInt64(size))
        for _ in 0..<50 {
            let one = Set((0..<size).filter { _ in dice.chance(1, in: 3) })
            let other = Set((0..<size).filter { _ in dice.chance(1, in: 2) })
            let (a, b) = (ClassSet(of: size, where: one.contains), ClassSet(of: size, where: other.contains))
            #expect(a.members == one.sorted() && a.count == one.count && a.first == one.min() && a.isEmpty == one.isEmpty)
            #expect(Set(a.intersection(b).members) == one.intersection(other))
            #expect(Set(a.subtracting(b).members) == one.subtracting(other))
            #expect(Set(a.union(b).members) == one.union(other))
            #expect(a.isDisjoint(with: b) == one.isDisjoint(with: other) && a.isSubset(of: b) == one.isSubset(of: other))
            #expect((-1...size).allSatisfy { a.contains($0) == one.contains($0) })
        }
    }
}

@Suite struct `Boxes in the picture of all questions` {
    static let sizes = [3, 2, 4]
    static let points = (0..<3).flatMap { a in (0..<2).flatMap { b in (0..<4).map { c in [a, b, c] } } }

    static func box(_ dice: inout Dice) -> Region {
        Region(sizes.map { size in ClassSet(of: size) { _ in dice.chance(2, in: 3) } })
    }

    @Test func `lose exactly the points of another, and no point comes twice`() {
        var dice = Dice(1)
        for _ in 0..<300 {
            let (one, other) = (Self.box(&dice), Self.box(&dice))
            let left = one.subtracting(other)
            for point in Self.points {
                let holders = left.filter { $0.contains(point) }.count
                #expect(holders == (one.contains(point) && !other.contains(point) ? 1 : 0))
            }
            #expect(one.intersects(other) == Self.points.contains { one.contains($0) && other.contains($0) })
            #expect(one.size == Self.points.count { one.contains($0) })
        }
    }
}
