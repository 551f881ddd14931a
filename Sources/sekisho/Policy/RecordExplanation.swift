import SQLiteStores
import Settings
import TrustFramework
import Vocabulary
import Web

/// A record of the trail, put to the policy of its day once more: beneath `sekisho policy explain` and the console.
enum RecordExplanation {
    /// Why nothing is explained.
    struct Trouble: Error {
        let why: String
        /// The record is whole, and of no decision.
        var isOfNoDecision = false
    }

    static func page(
        _ record: SQLiteStore.FoundRecord, _ trail: PolicyTrail, _ archive: PolicyArchive
    ) throws(Trouble) -> ExplainedDecision {
        guard let body = try? JSON(reading: record.body, limit: 1 << 20) else {
            throw Trouble(why: "record \(record.sequence) cannot be read")
        }
        guard record.isLinked else {
            throw Trouble(
                why: "record \(record.sequence) was CHANGED: its hash does not follow from the record before; run `sekisho audit verify`")
        }
        guard let trace = DecisionTrace(record: body) else {
            let why = body["code"]?.string.map { ": it ended with `\($0)`, see /help/\($0)" } ?? ""
            throw Trouble(
                why: "record \(record.sequence) (\(body["event"]?.string ?? "-")) is of no decision of the policy\(why)",
                isOfNoDecision: true)
        }
        let digests = trail.digests(of: trace.version)
        guard !digests.isEmpty else {
            throw Trouble(why: "the trail knows no activation of version \(trace.version): nobody can say what decided")
        }
        let kept: PolicyArchive.Kept
        do throws(PolicyArchive.Refusal) {
            kept = try archive.policy(trace.version, digests: digests)
        } catch { throw Trouble(why: "version \(trace.version) cannot be proven: \(error)") }
        let replay: Replay
        do throws(Replay.Refusal) { replay = try trace.replayed(under: kept.policy) } catch {
            throw Trouble(why: "the question in record \(record.sequence) cannot be asked again: \(error)")
        }
        return ExplainedDecision(
            sequence: record.sequence, record: body, trace: trace, replay: replay, kept: kept,
            activation: trail.activations.last { $0.version == trace.version && $0.sequence < record.sequence }
                ?? trail.activations.last { $0.version == trace.version })
    }

    /// For the console's auditor.
    static func told(
        _ sequence: Int64, _ store: SQLiteStore, _ archive: PolicyArchive, in language: String
    ) async -> DecisionExplained {
        guard let trail = try? await PolicyTrail(store: store), let record = try? await store.audit(at: sequence) else {
            return DecisionExplained(lines: [], trouble: "the trail has no record \(sequence)")
        }
        do throws(Trouble) {
            let page = try page(record, trail, archive)
            let differences = page.replay.differences.map { "\($0.what): recorded \($0.recorded), replayed \($0.replayed)" }
            return DecisionExplained(
                lines: page.text(for: .auditor, in: language).split(separator: "\n").map(String.init),
                trouble: differences.isEmpty ? nil : differences.joined(separator: "; "))
        } catch { return DecisionExplained(lines: [], trouble: error.why) }
    }
}
