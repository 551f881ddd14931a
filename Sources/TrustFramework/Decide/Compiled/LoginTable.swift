import Vocabulary

/// Every login that the rules and the ladder of one policy can tell apart, with the contexts it reaches: where "which login would do?" is
/// answered by counting bits. One bit for each login and each context that it reaches.
struct LoginTable: Sendable {
    let width: Int
    /// By bit: the rank of its context, and the ranks above it that the same login reaches.
    let ranks: [Int]
    private let higher: [UInt64]
    /// Bits of each mode, in the order of `CardMode.code`.
    private let modes: [[UInt64]]
    private let signed: [UInt64]
    private let all: [UInt64]
    /// Logins that any place offers: without a statement, or at any terminal that rules or ladder name.
    private let anywhere: [UInt64]
    /// Logins without a statement.
    private let unstated: [UInt64]
    private let terminals: [ExactText: [UInt64]]
    /// A class of terminals that nobody names.
    private let strangeTerminal: [UInt64]
    private let upstreams: [ExactText: [UInt64]]
    /// For what is asked most: everything, one context, all from one on.
    private let valid: [UInt64: [UInt64]]
    let logins: [Login]

    struct Login: Sendable {
        let facts: AssuranceFacts
        let rank: Int
    }

    init(_ rules: [Rule], _ ladder: AssuranceLadder, _ reach: ReachTable) {
        let now = Timestamp(milliseconds: 0)
        var logins: [Login] = []
        var above: [UInt64] = []
        let ways = Ways(rules, ladder)
        for facts in ways.logins(at: now) {
            let mask = reach.fresh(facts, at: now)
            var rest = mask
            while rest != 0 {
                let rank = rest.trailingZeroBitCount
                rest &= rest &- 1
                logins.append(Login(facts: facts, rank: rank))
                above.append(rest)
            }
        }
        self.logins = logins
        let width = (logins.count + 63) / 64
        self.width = width
        ranks = logins.map(\.rank)
        higher = above
        func bits(_ holds: (Int) -> Bool) -> [UInt64] {
            var words = Array(repeating: UInt64(0), count: width)
            for index in logins.indices where holds(index) { words[index / 64] |= 1 << UInt64(index % 64) }
            return words
        }
        all = bits { _ in true }
        modes = (0..<3).map { code in bits { logins[$0].facts.mode.code == Int32(code) } }
        // Where nobody asks for a signature certificate every login is told once, and counts for both.
        signed = ways.tellsSignatures ? bits { logins[$0].facts.signatureCertificate } : all
        let isOwn = { (index: Int) in logins[index].facts.upstream == nil }
        unstated = bits { isOwn($0) && logins[$0].facts.terminalClass == nil }
        anywhere = bits { isOwn($0) && logins[$0].facts.terminalClass != FactTable.otherWord }
        strangeTerminal = bits { logins[$0].facts.terminalClass == FactTable.otherWord }
        var terminals: [ExactText: [UInt64]] = [:]
        for (name, like) in ways.terminals.like { terminals[name] = bits { logins[$0].facts.terminalClass == like } }
        self.terminals = terminals
        var upstreams: [ExactText: [UInt64]] = [:]
        for (name, like) in ways.upstreams.like { upstreams[name] = bits { logins[$0].facts.upstream?.text == like } }
        self.upstreams = upstreams
        var valid: [UInt64: [UInt64]] = [:]
        let count = min(ladder.contexts.count, ReachTable.most)
        let whole: UInt64 = count == ReachTable.most ? .max : (1 << UInt64(count)) - 1
        for rank in 0..<max(count, 1) {
            let bit = UInt64(1) << UInt64(rank)
            for asked in [bit, whole & ~(bit - 1), whole & (bit | (bit - 1))] {
                valid[asked] = bits { asked & (1 << UInt64(logins[$0].rank)) != 0 && asked & above[$0] == 0 }
            }
        }
        self.valid = valid
    }

    /// The logins at hand: those whose context is the highest asked one that they reach, at the terminal where the citizen is.
    struct Open {
        fileprivate let valid: [UInt64]
        fileprivate let base: [UInt64]
        fileprivate let terminal: [UInt64]?
        fileprivate let upstream: [UInt64]?
        fileprivate let signed: [UInt64]?

        subscript(word: Int) -> UInt64 {
            var bits = base[word]
            if let terminal { bits |= terminal[word] }
            if let upstream { bits |= upstream[word] }
            if let signed { bits &= signed[word] }
            return bits & valid[word]
        }
    }

    func open(_ asked: UInt64, _ facts: AssuranceFacts?) -> Open {
        Open(
            valid: valid[asked] ?? valid(asked), base: facts?.terminalClass == nil ? anywhere : unstated,
            terminal: facts?.terminalClass.map { terminals[ExactText(text: $0)] ?? strangeTerminal },
            upstream: facts?.upstream.flatMap { upstreams[ExactText(text: $0.text)] },
            signed: facts?.signatureCertificate == true ? signed : nil)
    }

    private func valid(_ asked: UInt64) -> [UInt64] {
        var words = Array(repeating: UInt64(0), count: width)
        for index in ranks.indices where asked & (1 << UInt64(ranks[index])) != 0 && asked & higher[index] == 0 {
            words[index / 64] |= 1 << UInt64(index % 64)
        }
        return words
    }

    func bits(of mode: CardMode) -> [UInt64] { modes[Int(mode.code)] }

    /// The contexts of these logins, as bits by rank.
    func contexts(_ bits: [UInt64]) -> UInt64 {
        var mask: UInt64 = 0
        for (word, bits) in bits.enumerated() {
            var rest = bits
            while rest != 0 {
                mask |= 1 << UInt64(ranks[word * 64 + rest.trailingZeroBitCount])
                rest &= rest &- 1
            }
        }
        return mask
    }
}

/// Names that a ladder lists, one of each sort: those of one ceiling that no rule names are told apart by nobody.
private struct Sorts {
    /// Sorted.
    private(set) var each: [String] = []
    /// By every name, the one that stands for it.
    private(set) var like: [ExactText: String] = [:]

    init(_ names: Set<String>, spoken: Set<String>, ceilings: [String: [String]]) {
        var seen: [[String]: String] = [:]
        for name in names.sorted() {
            let ceiling = ceilings[name] ?? []
            if !spoken.contains(name), let earlier = seen[ceiling] {
                like[ExactText(text: name)] = earlier
                continue
            }
            if !spoken.contains(name) { seen[ceiling] = name }
            like[ExactText(text: name)] = name
            each.append(name)
        }
    }
}

/// The ways in which a login can come about, as far as rules or ladder tell them apart. What neither tells apart is told once.
private struct Ways {
    let terminals: Sorts
    /// Only those that the ladder lists: another reaches nothing.
    let upstreams: Sorts
    private let doors: [Door]
    private let carriers: [Carrier]
    private let sources: [StatusSource]
    private let signatures: [Bool]

    var tellsSignatures: Bool { signatures.count > 1 }

    init(_ rules: [Rule], _ ladder: AssuranceLadder) {
        var named: Set<String> = []
        var answering: Set<String> = []
        var spoken: Set<Fact> = []
        for rule in rules {
            for condition in [rule.condition] + rule.exceptions {
                named.formUnion(condition[.terminal]?.named ?? [])
                answering.formUnion(condition[.upstream]?.named ?? [])
                spoken.formUnion(condition.domains.keys)
            }
        }
        named.remove(Fact.none)
        var ceilings: (terminals: [String: [String]], upstreams: [String: [String]]) = ([:], [:])
        for ceiling in ladder.ceilings {
            switch ceiling.source {
            case .terminal(let name): ceilings.terminals[name, default: []].append(ceiling.highest)
            case .upstream(let id): ceilings.upstreams[id.text, default: []].append(ceiling.highest)
            }
        }
        terminals = Sorts(
            named.union(ladder.terminalClasses).union([AssuranceLadder.unclassified]), spoken: named.union([AssuranceLadder.unclassified]),
            ceilings: ceilings.terminals)
        upstreams = Sorts(Set(ladder.upstreams.map(\.text)), spoken: answering, ceilings: ceilings.upstreams)
        func differs<Value: Hashable>(_ value: (AssuranceContext) -> Set<Value>, _ all: [Value]) -> Bool {
            ladder.contexts.contains { value($0) != Set(all) }
        }
        doors = spoken.contains(.door) || ladder.contexts.askForDoor ? Door.allCases : [.challenge]
        carriers = spoken.contains(.carrier) || differs(\.carriers, Carrier.allCases) ? Carrier.allCases : [.card]
        sources = spoken.contains(.statusSource) || differs(\.statusSources, StatusSource.allCases) ? StatusSource.allCases : [.crl]
        signatures = spoken.contains(.signatureCertificate) ? [false, true] : [false]
    }

    func logins(at now: Timestamp) -> [AssuranceFacts] {
        let places: [(isStated: Bool, terminal: String?, upstream: MemberID?)] =
            [(false, nil, nil)] + (terminals.each + [FactTable.otherWord]).map { (true, $0, nil) }
            + upstreams.each.compactMap { MemberID($0) }.flatMap { [(true, nil, $0), (false, nil, $0)] }
        var found: [AssuranceFacts] = []
        for mode in CardMode.allCases {
            for carrier in carriers {
                for door in doors {
                    for source in sources {
                        for place in places {
                            for signature in signatures {
                                found.append(
                                    AssuranceFacts(
                                        mode: mode, modeIsStated: place.isStated, carrier: carrier, door: door, statusSource: source,
                                        statusAt: now, authenticatedAt: now, terminalClass: place.terminal, upstream: place.upstream,
                                        signatureCertificate: signature))
                            }
                        }
                    }
                }
            }
        }
        return found
    }
}
