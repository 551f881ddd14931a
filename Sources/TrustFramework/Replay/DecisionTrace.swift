package import Vocabulary

/// What the audit trail keeps of one decision: the question as it was asked and the answer as it was given, so that the policy of that day
/// can be asked again. Holds facts and words of rules; never a value of an attribute, nor an identifier of a citizen.
package struct DecisionTrace: Hashable, Sendable {
    /// `Question.json`.
    package let question: JSON
    /// `permit`, `authenticate` or `deny`.
    package let outcome: String
    /// For a permit: the context asserted.
    package let context: String?
    /// For a permit: names of attributes, sorted.
    package let release: [String]
    /// For `authenticate`: contexts that would do, lowest first.
    package let acceptable: [String]
    /// For a denial: its word, with what it is about behind a colon.
    package let denial: String?
    package let needsSignature: Bool
    /// Empty when there are none.
    package let obligations: JSON
    package let determining: [String]
    package let erring: [String]
    package let version: String

    package init(_ decision: Decision, of question: Question) {
        self.init(decision, question: question.json)
    }

    init(_ decision: Decision, question: JSON) {
        self.question = question
        var context: String?
        var release: [String] = []
        var acceptable: [String] = []
        var denial: String?
        switch decision.outcome {
        case .permit(let reached, let released):
            outcome = "permit"
            context = reached.name
            release = released.map(\.rawValue).sorted()
        case .authenticate(let contexts):
            outcome = "authenticate"
            acceptable = contexts.map(\.name)
        case .deny(let why):
            outcome = "deny"
            denial = why.word
        }
        self.context = context
        self.release = release
        self.acceptable = acceptable
        self.denial = denial
        needsSignature = decision.needsSignature
        obligations = decision.obligations.json
        determining = decision.determining
        erring = decision.erring
        version = decision.policyVersion
    }

    /// The value of the fact `decision` in a record about `moment` that has these facts beside. What the record says already under the same
    /// name is not said twice: the trail grows by what a replay needs, and by no more.
    package func json(beside facts: [(name: String, value: JSON)] = [], at moment: Timestamp? = nil) -> JSON {
        func isSaid(_ name: String, _ value: JSON) -> Bool { facts.contains { $0.name == name && $0.value == value } }
        var members: [(String, JSON)] = [("outcome", .string(outcome))]
        if let context, !isSaid("context", .string(context)) { members.append(("context", .string(context))) }
        if !release.isEmpty { members.append(("release", .list(release))) }
        if !acceptable.isEmpty { members.append(("acceptable", .list(acceptable))) }
        if let denial { members.append(("denial", .string(denial))) }
        if needsSignature { members.append(("needs-signature", .bool(true))) }
        if case .object(let list) = obligations, !list.isEmpty { members.append(("obligations", obligations)) }
        if !isSaid("rules", .list(determining)) { members.append(("rules", .list(determining))) }
        if !erring.isEmpty { members.append(("erring", .list(erring))) }
        let id = question["member"]?["id"], purpose = question["purpose"]
        let asked = (question.members ?? []).compactMap { name, value -> (String, JSON)? in
            switch name {
            case "now": value.string == moment?.text ? nil : (name, value)
            case "member":
                (
                    name,
                    value.without {
                        switch $0 {
                        case "id": isSaid("member", $1)
                        case "sector": $1 == id
                        case "purposes": $1 == purpose.map { [$0] }.map(JSON.array)
                        default: Self.usual["member"]?[$0] == $1
                        }
                    }
                )
            case "evidence": (name, value.without(isSaid))
            case "request": (name, value.without { Self.usual["request"]?[$0] == $1 })
            default: isSaid(name, value) || Self.usual[name] == value ? nil : (name, value)
            }
        }
        members.append(("question", .object(asked)))
        return .object(members)
    }

    /// Reads the decision out of a whole record of the trail. Nil when the record holds none, or one that cannot be read.
    package init?(record: JSON) {
        guard let decision = record["decision"], let outcome = decision["outcome"]?.string, let asked = decision["question"],
            let version = record["policy-version"]?.string
        else { return nil }
        func texts(_ name: String) -> [String] { decision[name]?.strings ?? [] }
        question = Self.whole(asked, record)
        self.outcome = outcome
        context = outcome == "permit" ? decision["context"]?.string ?? record["context"]?.string : nil
        release = texts("release")
        acceptable = texts("acceptable")
        denial = decision["denial"]?.string
        needsSignature = decision["needs-signature"]?.bool ?? false
        obligations = decision["obligations"] ?? .object([])
        determining = decision["rules"]?.strings ?? record["rules"]?.strings ?? []
        erring = texts("erring")
        self.version = version
    }

    /// The question with what stood beside it in the record.
    private static func whole(_ asked: JSON, _ record: JSON) -> JSON {
        var members = asked.members ?? []
        func fill(_ members: inout [(String, JSON)], _ name: String, _ value: JSON?) {
            guard let value, !members.contains(where: { $0.0 == name }) else { return }
            members.append((name, value))
        }
        fill(&members, "now", record["at"])
        fill(&members, "purpose", record["purpose"])
        fill(&members, "circumstances", usual["circumstances"])
        let purpose = members.first { $0.0 == "purpose" }?.1
        members = members.map { name, value in
            var parts = value.members ?? []
            switch name {
            case "member":
                fill(&parts, "id", record["member"])
                fill(&parts, "sector", parts.first { $0.0 == "id" }?.1)
                fill(&parts, "purposes", purpose.map { .array([$0]) })
                for (part, value) in usual[name]?.members ?? [] { fill(&parts, part, value) }
            case "evidence": for part in evidence { fill(&parts, part, record[part]) }
            case "request": for (part, value) in usual[name]?.members ?? [] { fill(&parts, part, value) }
            default: return (name, value)
            }
            return (name, .object(parts))
        }
        return .object(members)
    }

    /// What nearly every question has: left out where it is so.
    private static let usual: JSON = [
        "member": ["standing": "in-force", "state": "accredited"], "request": ["path": "sign-on", "acting-for": "nobody"],
        "circumstances": ["load": "normal"],
    ]

    /// What a login always has.
    private static let evidence = ["mode", "mode-stated", "carrier", "door", "status-source", "status-at", "authenticated-at"]
}

extension JSON {
    fileprivate func without(_ isLeftOut: (String, JSON) -> Bool) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { !isLeftOut($0.0, $0.1) })
    }
}

extension Decision.Denial {
    /// Stable, for the trail: what it is about stands behind a colon.
    package var word: String {
        switch self {
        case .standing(let standing): "standing:" + standing.rawValue
        case .purposeNotAccredited: "purpose-not-accredited"
        case .attributesNotAccredited(let attributes):
            "attributes-not-accredited:" + attributes.map(\.rawValue).sorted().joined(separator: ",")
        case .modeNotAccredited(let mode): "mode-not-accredited:" + mode.rawValue
        case .permissionMissing(let permission): "permission-missing:" + permission.rawValue
        case .forbidden: "forbidden"
        case .noPermit: "no-permit"
        case .contextOutOfReach: "context-out-of-reach"
        }
    }
}
