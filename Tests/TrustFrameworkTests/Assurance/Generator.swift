import TrustFramework
import Vocabulary

/// Ladders, logins and requirements by chance, the same ones for the same seed.
struct AssuranceGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    static let classes = ["set-top-box", "clinic-kiosk", "shelter-desk", AssuranceLadder.unclassified]
    static let upstreams = ["https://up.example/1", "https://up.example/2"].compactMap { MemberID($0) }
    static let now = Timestamp(milliseconds: 1_795_233_600_000)

    mutating func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &self) ? value : nil }

    mutating func some<Value: Hashable>(of all: [Value]) -> Set<Value> {
        var chosen = Set(all.filter { _ in Bool.random(using: &self) })
        if chosen.isEmpty, let one = all.randomElement(using: &self) { chosen.insert(one) }
        return chosen
    }

    mutating func age() -> Int64 { [0, 60, 600, 900, 901, 86_400].randomElement(using: &self) ?? 0 }

    mutating func context(_ name: String) -> AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: ["urn:x:saml:" + name], acrValues: ["acr-" + name, "alias-" + name], amr: ["sc"],
            proofingLevel: Int.random(in: 0...3, using: &self), authenticationLevel: Int.random(in: 0...3, using: &self),
            modes: some(of: CardMode.allCases), carriers: some(of: Carrier.allCases), needsStatement: Bool.random(using: &self),
            doors: some(of: Door.allCases), statusSources: some(of: StatusSource.allCases), maximumStatusAge: maybe(age()),
            maximumLoginAge: maybe(age()))
    }

    mutating func contexts() -> [AssuranceContext] {
        (0..<Int.random(in: 1...6, using: &self)).map { context("level-\($0)") }
    }

    mutating func ceilings(on contexts: [AssuranceContext]) -> [AssuranceCeiling] {
        let sources = Self.classes.map { AssuranceCeiling.Source.terminal($0) } + Self.upstreams.map { .upstream($0) }
        return sources.compactMap { source in
            guard let highest = contexts.randomElement(using: &self)?.name else { return nil }
            return maybe(AssuranceCeiling(source, highest: highest))
        }
    }

    mutating func facts() -> AssuranceFacts {
        let at = Self.now.adding(seconds: -age())
        return AssuranceFacts(
            mode: CardMode.allCases.randomElement(using: &self) ?? .pin, modeIsStated: Bool.random(using: &self),
            carrier: Carrier.allCases.randomElement(using: &self) ?? .card, door: Door.allCases.randomElement(using: &self) ?? .tls,
            statusSource: StatusSource.allCases.randomElement(using: &self) ?? .crl, statusAt: at.adding(seconds: -age()),
            authenticatedAt: at, terminalClass: maybe(Self.classes.randomElement(using: &self) ?? "set-top-box"),
            upstream: Int.random(in: 0..<4, using: &self) == 0 ? Self.upstreams.randomElement(using: &self) : nil)
    }

    mutating func requirement(on contexts: [AssuranceContext], _ comparison: Comparison) -> ContextRequirement {
        var values = contexts.flatMap { [$0.samlClasses, $0.acrValues].flatMap(\.self) }.filter { _ in
            Int.random(in: 0..<4, using: &self) == 0
        }
        values += maybe("urn:unknown").map { [$0] } ?? []
        return ContextRequirement(values: values.shuffled(using: &self), comparison: comparison, essential: true)
    }
}

extension AssuranceFacts {
    /// The same login with one thing about it changed.
    func changed(
        mode: CardMode? = nil, stated: Bool? = nil, statusAge: Int64? = nil, loginAge: Int64? = nil, terminal: String?? = nil,
        upstream: MemberID?? = nil
    ) -> AssuranceFacts {
        let at = loginAge.map { AssuranceGenerator.now.adding(seconds: -$0) } ?? authenticatedAt
        return AssuranceFacts(
            mode: mode ?? self.mode, modeIsStated: stated ?? modeIsStated, carrier: carrier, door: door, statusSource: statusSource,
            statusAt: at.adding(seconds: -(statusAge ?? self.statusAge)), authenticatedAt: at,
            terminalClass: terminal ?? terminalClass, upstream: upstream ?? self.upstream)
    }
}
