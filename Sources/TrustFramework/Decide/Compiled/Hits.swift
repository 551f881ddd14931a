import Synchronization

/// Positions of rules in the index. The first few cost no memory.
struct Hits: Sendable {
    private static let few = 8
    private(set) var count = 0
    private var first = InlineArray<8, Int32>(repeating: 0)
    private var more: [Int32] = []

    var isEmpty: Bool { count == 0 }

    @inline(__always) subscript(index: Int) -> Int32 { index < Self.few ? first[index] : more[index - Self.few] }

    @inline(__always) mutating func append(_ position: Int32) {
        if count < Self.few { first[count] = position } else { more.append(position) }
        count += 1
    }

    mutating func append(_ others: Hits) {
        for index in 0..<others.count { append(others[index]) }
    }

    /// Rising, each once: in the order of the rules' ids.
    var sorted: [Int32] {
        if count < 2 { return count == 0 ? [] : [first[0]] }
        let all = (0..<count).map { self[$0] }.sorted()
        return all.indices.filter { $0 == 0 || all[$0 - 1] != all[$0] }.map { all[$0] }
    }
}

/// Sets of attributes that rules release together, by their bits: worked out once, for a policy knows few of them.
final class ReleaseSets: Sendable {
    private static let most = 4096
    private let seen: Mutex<[UInt64: Set<AttributeSource>]>

    init(_ rules: [Rule]) {
        var known: [UInt64: Set<AttributeSource>] = [0: []]
        for rule in rules { known[AttributeBits.of(rule.release)] = rule.release }
        seen = Mutex(known)
    }

    func set(of bits: UInt64) -> Set<AttributeSource> {
        if let found = seen.withLock({ $0[bits] }) { return found }
        let made = AttributeBits.set(of: bits)
        seen.withLock { if $0.count < Self.most { $0[bits] = made } }
        return made
    }
}
