import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `Policies along a path` {
    private static let nodes = Result { try (0..<6).map { try Node("Authority \($0)") } }

    /// A path of these steps below an anchor, judged by the house.
    private static func judge(_ steps: [PolicyTree.Step], _ inputs: PolicyTree.Inputs) throws -> TrustVerdict {
        let nodes = try nodes.get()
        var above = nodes[0]
        let anchor = try above.root()
        var others: [Certificate] = []
        var next = 1
        for step in steps.dropLast() {
            let below: Node
            if step.isSelfIssued {
                below = try above.rolled()
            } else {
                below = nodes[next]
                next += 1
            }
            others.append(try above.certify(below, policies: step.policies, extensions: extensions(of: step)))
            above = below
        }
        let last = try #require(steps.last)
        let leaf = try above.leaf(last.isSelfIssued ? above.name : person, policies: last.policies, extensions: extensions(of: last))
        let policies = PolicyInputs(
            acceptable: inputs.acceptable, requireExplicit: inputs.explicit, inhibitMapping: inputs.mapping, inhibitAnyPolicy: inputs.any)
        return PathSearch(store: TrustStore(anchors: [anchor.anchor]), profile: PathProfile(name: "x", policies: policies, anchors: []))
            .verdict(on: leaf, with: others, at: Moment.now)
    }

    private static let person = DistinguishedName([(.country, "JP"), (.commonName, "Hanako")])

    private static func extensions(of step: PolicyTree.Step) -> [[UInt8]] {
        var extensions: [[UInt8]] = []
        if !step.mappings.isEmpty { extensions.append(Extension.mappings(step.mappings)) }
        if step.requireExplicit != nil || step.inhibitMapping != nil {
            extensions.append(Extension.policyConstraints(explicit: step.requireExplicit, mapping: step.inhibitMapping))
        }
        if let skip = step.inhibitAny { extensions.append(Extension.inhibitAny(skip)) }
        return extensions
    }

    /// The graph and RFC 5280's tree, on the same random paths: one answer, and one set.
    @Test(arguments: 0..<8) func `are the same as in RFC 5280's tree`(seed: UInt64) throws {
        var random = Dice(seed: seed)
        var refused = 0
        var mapped = 0
        for _ in 0..<75 {
            let steps = (0..<Int.random(in: 1...5, using: &random)).map { _ in Self.step(using: &random) }
            let inputs = PolicyTree.Inputs(
                acceptable: Self.some(of: Self.palette + [.anyPolicy], using: &random, orElse: .anyPolicy),
                explicit: Bool.random(using: &random), mapping: random.one(in: 4), any: random.one(in: 4))
            let expected = PolicyTree.judge(steps, inputs)
            let verdict = try Self.judge(steps, inputs)
            #expect(verdict.chain.map { Set($0.policies) } == expected, "\(steps) \(inputs)")
            if expected == nil {
                #expect(verdict.reason == .policy)
                refused += 1
            } else if steps.contains(where: { !$0.mappings.isEmpty }), expected?.isEmpty == false {
                mapped += 1
            }
        }
        // The dice reach both answers, and mappings that carry one.
        #expect(refused > 10 && refused < 70 && mapped > 2, "\(refused) refused, \(mapped) mapped")
    }

    private static let palette = (1...3).map(Policy.named)

    private static func step(using random: inout Dice) -> PolicyTree.Step {
        var step = PolicyTree.Step()
        step.policies = random.one(in: 8) ? nil : Array(some(of: palette + [.anyPolicy, .anyPolicy], using: &random, orElse: palette[0]))
        if random.one(in: 2) {
            step.mappings = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                (palette.randomElement(using: &random) ?? palette[0], palette.randomElement(using: &random) ?? palette[0])
            }
        }
        if random.one(in: 5) { step.requireExplicit = Int.random(in: 0...3, using: &random) }
        if random.one(in: 6) { step.inhibitMapping = Int.random(in: 0...3, using: &random) }
        if random.one(in: 6) { step.inhibitAny = Int.random(in: 0...3, using: &random) }
        step.isSelfIssued = random.one(in: 5)
        return step
    }

    private static func some(
        of choices: [ObjectIdentifier], using random: inout Dice, orElse other: ObjectIdentifier
    ) -> Set<ObjectIdentifier> {
        let chosen = Set(choices.filter { _ in Bool.random(using: &random) })
        return chosen.isEmpty ? [other] : chosen
    }

    static let explicit: [(skips: [Int?], isTrusted: Bool)] = [
        ([nil, nil], true), ([0, nil], false), ([1, nil], false), ([2, nil], false), ([3, nil], true), ([nil, 0], false),
        ([nil, 1], false),
        ([nil, 2], true), ([10, 5], true), ([10, 1], false),
    ]

    /// Two authorities and a leaf without the policy: what requireExplicitPolicy skips.
    @Test(arguments: explicit.indices) func `are required after as many certificates as an authority says`(index: Int) throws {
        let (skips, isTrusted) = Self.explicit[index]
        var steps = skips.map { PolicyTree.Step(policies: [Policy.government], requireExplicit: $0) }
        steps.append(PolicyTree.Step(policies: nil))
        #expect((try Self.judge(steps, .init()).chain != nil) == isTrusted)
        #expect((PolicyTree.judge(steps, .init()) != nil) == isTrusted)
    }

    @Test func `are required by the leaf itself when it says zero`() throws {
        let above = PolicyTree.Step(policies: [Policy.government])
        let strict = PolicyTree.Step(policies: [Policy.other], requireExplicit: 0)
        #expect(try Self.judge([above, strict], .init()).reason == .policy)
        #expect(try Self.judge([above, PolicyTree.Step(policies: [Policy.other], requireExplicit: 1)], .init()).chain != nil)
        #expect(try Self.judge([above, PolicyTree.Step(policies: [Policy.government], requireExplicit: 0)], .init()).chain != nil)
    }
}

/// Dice that fall the same way every time (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
