import Vocabulary

/// What one policy says to a question, to compare and to print: the decision without the policy's own name.
package struct Answer: Hashable, Sendable {
    package enum Outcome: String, Sendable {
        case deny, authenticate, permit
    }

    package let outcome: Outcome
    /// The context asserted; for `authenticate` those that would do, lowest first.
    package let contexts: [String]
    package let denial: Decision.Denial?
    package let release: Set<AttributeSource>
    package let obligations: Obligations
    /// A signature certificate would do in place of another login.
    package let needsSignature: Bool
    package let rules: [String]
    package let bases: [String]

    package init(_ decision: Decision) {
        switch decision.outcome {
        case .permit(let context, let release):
            (outcome, contexts, denial, self.release) = (.permit, [context.name], nil, release)
        case .authenticate(let acceptable):
            (outcome, contexts, denial, release) = (.authenticate, acceptable.map(\.name), nil, [])
        case .deny(let denial):
            (outcome, contexts, self.denial, release) = (.deny, [], denial, [])
        }
        obligations = decision.obligations
        needsSignature = decision.needsSignature
        rules = decision.determining
        bases = decision.bases
    }

    /// Whoever asked gets the same; by which rules, and why not, may differ.
    package func saysTheSame(as other: Answer) -> Bool {
        outcome == other.outcome && contexts == other.contexts && release == other.release && obligations == other.obligations
            && needsSignature == other.needsSignature
    }

    /// `permit card-pin`, `authenticate card-face or card-pin`, `deny (no permit)`.
    package var words: String {
        switch outcome {
        case .permit: "permit " + contexts.joined(separator: ", ")
        case .authenticate:
            "authenticate " + contexts.joined(separator: " or ") + (needsSignature ? ", or present a signature certificate" : "")
        case .deny: "deny" + (denial.map { " (" + $0.words + ")" } ?? "")
        }
    }
}

extension Decision.Denial {
    package var words: String {
        switch self {
        case .standing(let standing): standing.rawValue
        case .purposeNotAccredited: "not accredited for the purpose"
        case .attributesNotAccredited: "not accredited for the attributes"
        case .modeNotAccredited(let mode): "not accredited for mode \(mode.rawValue)"
        case .permissionMissing(let permission): "without the permission \(permission.rawValue)"
        case .forbidden: "forbidden"
        case .noPermit: "no permit"
        case .contextOutOfReach: "no login reaches it"
        }
    }
}

extension Obligations {
    /// As they are written in a rule, sorted: `ledger`, `refresh-status 15m`.
    package var words: [String] {
        var words: [String] = []
        if let again = authenticateAgain {
            words.append("authenticate-again \(again.mode.rawValue) within \(Duration.words(again.within))")
        }
        if let age = refreshStatus { words.append("refresh-status \(Duration.words(age))") }
        if !consent.isEmpty { words.append("consent " + consent.map(\.rawValue).sorted().joined(separator: ", ")) }
        if !optOut.isEmpty { words.append("opt-out " + optOut.map(\.rawValue).sorted().joined(separator: ", ")) }
        for (asked, told) in derived.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            words.append("derive \(asked.rawValue) as \(told.rawValue)")
        }
        if let island = session?.island { words.append("session island \(island)") }
        if let lifetime = session?.lifetime { words.append("session lifetime \(Duration.words(lifetime))") }
        if session?.once == true { words.append("session once") }
        if namesMandate { words.append("name-mandate") }
        if writesLedger { words.append("ledger") }
        return words.sorted()
    }
}

/// Lengths of time as rules write them.
enum Duration {
    static func words(_ seconds: Int64) -> String {
        for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)] where seconds >= unit && seconds % unit == 0 {
            return String(seconds / unit) + name
        }
        return String(seconds) + "s"
    }
}
