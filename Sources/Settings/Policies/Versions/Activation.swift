package import Vocabulary

/// One change of the policy in force, as the audit trail has it (`policy.activated`).
package struct Activation: Hashable, Sendable {
    package let sequence: Int64
    package let at: Timestamp
    package let version: String
    /// SHA-256 of the bundle's content, hexadecimal.
    package let digest: String
    package let before: String?
    package let source: String
    package let officers: [String]
    package let by: String
    package let reason: String?
    package let isRollback: Bool

    package static let event = "policy.activated"

    /// Nil when the record is none of this kind.
    package init?(_ record: JSON, sequence: Int64) {
        guard record["event"]?.string == Self.event, let at = record["at"]?.string.flatMap({ Timestamp($0) }),
            let version = record["policy-version"]?.string, let digest = record["sha256"]?.string
        else { return nil }
        self.sequence = sequence
        self.at = at
        self.version = version
        self.digest = digest
        before = record["before"]?.string
        source = record["source"]?.string ?? "-"
        officers = record["officers"]?.strings ?? []
        by = record["by"]?.string ?? "-"
        reason = record["reason"]?.string
        isRollback = record["rollback"]?.bool ?? false
    }

    /// The file in the archive.
    package var fileName: String { version + "." + String(digest.prefix(16)) + ".bundle" }

    /// Where a roll-back goes, of all activations from the first: to what decided before the last. Versions that were rolled back from are
    /// passed over, so that rolling back twice goes back two steps and not to and fro. `current`: what decides now; when the trail has not
    /// heard of that, the last it has heard of is what was before. Nil: the texts that should decide cannot be read, so that what decided
    /// last is what to go back to.
    package static func earlier(_ activations: [Activation], current: String?) -> Activation? {
        var stack: [Activation] = []
        for one in activations {
            if one.isRollback {
                // Back to something that is on the stack: whatever lies above it is undone.
                while let last = stack.last, last.version != one.version { stack.removeLast() }
                if stack.isEmpty { stack.append(one) }
            } else if stack.last?.version != one.version {
                stack.append(one)
            }
        }
        guard let last = stack.last else { return nil }
        return current == last.version ? stack.dropLast().last : last
    }
}
