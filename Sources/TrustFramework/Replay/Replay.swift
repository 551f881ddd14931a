import Vocabulary

/// The same question put to the policy of that day once more.
package struct Replay: Sendable {
    /// Where the two answers differ: what, as it was recorded, as it comes out.
    package struct Difference: Hashable, Sendable {
        package let what: String
        package let recorded: String
        package let replayed: String
    }

    /// As it is decided now.
    package let decision: Decision
    package let question: Question
    /// Empty when it is the same answer in everything: outcome, context, release, obligations, rules.
    package let differences: [Difference]

    package enum Refusal: Error, Hashable, Sendable {
        /// The question in the record cannot be read.
        case question
        /// This is not the policy it was decided under.
        case version(recorded: String, given: String)
    }
}

extension DecisionTrace {
    /// Decides again. The policy has to be the recorded version: that its texts are genuine is proven by whoever brings it.
    package func replayed(under policy: Policy) throws(Replay.Refusal) -> Replay {
        guard policy.version == version else {
            throw .version(recorded: version, given: policy.version)
        }
        guard let question = Question(json: self.question) else { throw .question }
        let decision = policy.decide(question)
        return Replay(
            decision: decision, question: question,
            differences: differences(from: DecisionTrace(decision, question: self.question)))
    }

    /// In which parts of the answer another differs from this one. The words of rules, citations and facts that mattered follow from these.
    package func differences(from other: DecisionTrace) -> [Replay.Difference] {
        var found = outcomeDifferences(from: other)
        func compare(_ what: String, _ one: String, _ two: String) {
            if !one.hasSameBytes(as: two) {
                found.append(Replay.Difference(what: what, recorded: one, replayed: two))
            }
        }
        compare(
            "determining rules", determining.joined(separator: " "),
            other.determining.joined(separator: " "))
        compare("erring rules", erring.joined(separator: " "), other.erring.joined(separator: " "))
        return found
    }

    /// The same, as far as anybody outside would notice: not which rules made the answer.
    package func outcomeDifferences(from other: DecisionTrace) -> [Replay.Difference] {
        var found: [Replay.Difference] = []
        func compare(_ what: String, _ one: String, _ two: String) {
            if !one.hasSameBytes(as: two) {
                found.append(Replay.Difference(what: what, recorded: one, replayed: two))
            }
        }
        compare("outcome", outcome, other.outcome)
        compare("context", context ?? "-", other.context ?? "-")
        compare("release", release.joined(separator: " "), other.release.joined(separator: " "))
        compare(
            "acceptable contexts", acceptable.joined(separator: " "),
            other.acceptable.joined(separator: " "))
        compare("denial", denial ?? "-", other.denial ?? "-")
        compare(
            "signature certificate", needsSignature ? "needed" : "-",
            other.needsSignature ? "needed" : "-")
        compare("obligations", obligations.text, other.obligations.text)
        return found
    }
}
