import Vocabulary

/// What a question's login reaches and its request asks for.
struct Reach {
    /// The contexts that are asked for, as bits by rank.
    let asked: UInt64
    /// The highest asked context that the login reaches; nil: none, or no login.
    let rank: Int?
    /// As `FactTable` numbers it.
    let levelAsked: Int32
}

/// The ladder as bits: which contexts a login can reach by what does not change with time, worked out once. Contexts beyond the 64th are never
/// reached; the reader allows half as many.
struct ReachTable: Sendable {
    static let most = 64

    private let ladder: AssuranceLadder
    private let all: UInt64
    /// By `key`.
    private let plain: [UInt64]
    /// Contexts in which ages count.
    private let aging: UInt64

    init(_ ladder: AssuranceLadder) {
        self.ladder = ladder
        let count = min(ladder.contexts.count, Self.most)
        all = count == Self.most ? .max : (1 << UInt64(count)) - 1
        var plain = Array(repeating: UInt64(0), count: 72)
        let now = Timestamp(milliseconds: 0)
        for mode in CardMode.allCases {
            for carrier in Carrier.allCases {
                for door in Door.allCases {
                    for source in StatusSource.allCases {
                        for isStated in [false, true] {
                            let facts = AssuranceFacts(
                                mode: mode, modeIsStated: isStated, carrier: carrier, door: door, statusSource: source, statusAt: now,
                                authenticatedAt: now)
                            plain[Self.key(facts)] = Self.mask(ladder, facts, now)
                        }
                    }
                }
            }
        }
        self.plain = plain
        aging = ladder.contexts.prefix(Self.most).enumerated().reduce(0) { mask, item in
            item.element.maximumStatusAge == nil && item.element.maximumLoginAge == nil ? mask : mask | 1 << UInt64(item.offset)
        }
    }

    private static func mask(_ ladder: AssuranceLadder, _ facts: AssuranceFacts, _ now: Timestamp) -> UInt64 {
        ladder.contexts.prefix(most).enumerated().reduce(0) { mask, item in
            item.element.isReached(by: facts, at: now) ? mask | 1 << UInt64(item.offset) : mask
        }
    }

    @inline(__always) private static func key(_ facts: AssuranceFacts) -> Int {
        var key = Int(facts.mode.code)
        key = key * 2 + Int(facts.carrier.code)
        key = key * 3 + Int(facts.door.code)
        key = key * 2 + Int(facts.statusSource.code)
        return key * 2 + (facts.modeIsStated ? 1 : 0)
    }

    /// All contexts that one login reaches when it is fresh.
    func fresh(_ facts: AssuranceFacts, at now: Timestamp) -> UInt64 { Self.mask(ladder, facts, now) }

    func reach(_ question: Question) -> Reach {
        guard let requirement = question.requirement else {
            return Reach(asked: all, rank: question.facts.flatMap { rank($0, all, question.now) }, levelAsked: 0)
        }
        let asked = asked(requirement)
        guard asked != 0 || requirement.essential else {
            return Reach(asked: all, rank: question.facts.flatMap { rank($0, all, question.now) }, levelAsked: 0)
        }
        return Reach(
            asked: asked, rank: question.facts.flatMap { rank($0, asked, question.now) },
            levelAsked: asked == 0 ? FactCodes.unknown : Int32(asked.trailingZeroBitCount) + 1)
    }

    private func rank(_ facts: AssuranceFacts, _ asked: UInt64, _ now: Timestamp) -> Int? {
        // An upstream is worth nothing unless the ladder says so: the plain table does not count.
        let isPlain = facts.upstream == nil && facts.terminalClass == nil
        var rest = facts.upstream == nil ? plain[Self.key(facts)] & asked : asked
        while rest != 0 {
            let rank = 63 - rest.leadingZeroBitCount
            let bit = UInt64(1) << UInt64(rank)
            if isPlain, aging & bit == 0 { return rank }
            if ladder.contexts[rank].isReached(by: facts, at: now) { return rank }
            rest &= ~bit
        }
        return nil
    }

    /// As `AssuranceLadder.satisfying`, in bits.
    private func asked(_ requirement: ContextRequirement) -> UInt64 {
        var named: UInt64 = 0
        for value in requirement.values {
            if let rank = ladder.rank(meantBy: value), rank < Self.most { named |= 1 << UInt64(rank) }
        }
        guard named != 0 else { return 0 }
        let lowest = named & (~named &+ 1)
        let highest = UInt64(1) << UInt64(63 - named.leadingZeroBitCount)
        switch requirement.comparison {
        case .exact: return named
        case .minimum: return all & ~(lowest - 1)
        case .better: return all & ~(highest | (highest - 1))
        case .maximum: return all & (highest | (highest - 1))
        }
    }
}
