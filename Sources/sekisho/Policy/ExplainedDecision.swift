import Settings
import TrustFramework
import Vocabulary

/// A decision that was put to the policy of its day once more, for whoever wants to know.
struct ExplainedDecision {
    let sequence: Int64
    let record: JSON
    let trace: DecisionTrace
    let replay: Replay
    let kept: PolicyArchive.Kept
    let activation: Activation?

    func text(for reader: Audience, in language: String) -> String {
        let told = replay.decision.told(to: reader, in: language, kept.policy)
        let verdict = replay.differences.isEmpty ? "the same answer" : "ANOTHER ANSWER"
        switch reader {
        case .citizen: return told.joined(separator: "\n")
        case .developer:
            return
                ([head] + told + ["decided under policy version \(trace.version); replayed: \(verdict)"])
                .joined(separator: "\n")
        case .auditor:
            var lines = [head]
            lines.append("policy version: \(trace.version), SHA-256 \(kept.bundle.fingerprint)")
            if let activation {
                lines.append(
                    "  in force since \(activation.at.text) (record \(activation.sequence)), by \(activation.by)"
                        + (activation.officers.isEmpty
                            ? "" : ", signed by " + activation.officers.joined(separator: " and "))
                        + (activation.reason.map { ": “\(Explanation.redacted($0))”" } ?? ""))
            }
            lines.append("asked: " + trace.question.text)
            lines.append("answered: " + answer)
            lines += told
            lines.append("replayed: \(verdict)")
            return lines.joined(separator: "\n")
        }
    }

    func json(for reader: Audience, in language: String) -> JSON {
        .object([
            ("sequence", .integer(sequence)), ("event", record["event"] ?? .null),
            ("at", record["at"] ?? .null),
            ("policy-version", .string(trace.version)), ("sha256", .string(kept.bundle.fingerprint)),
            ("decision", trace.json()),
            (
                "told",
                .array(
                    replay.decision.told(to: reader, in: language, kept.policy).map { .string($0) })
            ),
            ("bases", .array(replay.decision.bases.map { .string($0) })),
            ("same", .bool(replay.differences.isEmpty)),
            (
                "differences",
                .array(
                    replay.differences.map {
                        .object([
                            ("what", .string($0.what)), ("recorded", .string($0.recorded)),
                            ("replayed", .string($0.replayed)),
                        ])
                    })
            ),
        ])
    }

    private var head: String {
        "record \(sequence), \(record["at"]?.string ?? "-"), \(record["event"]?.string ?? "-")"
            + (record["code"]?.string.map { " [\($0)]" } ?? "")
    }

    private var answer: String {
        var parts = [trace.outcome]
        if let context = trace.context { parts.append("as " + context) }
        if !trace.release.isEmpty { parts.append("releasing " + trace.release.joined(separator: ", ")) }
        if !trace.acceptable.isEmpty {
            parts.append("by a login that reaches " + trace.acceptable.joined(separator: " or "))
        }
        if let denial = trace.denial { parts.append(denial) }
        if case .object(let list) = trace.obligations, !list.isEmpty {
            parts.append("with " + trace.obligations.text)
        }
        if !trace.erring.isEmpty {
            parts.append("undecidable: " + trace.erring.joined(separator: ", "))
        }
        return parts.joined(separator: ", ")
    }
}
