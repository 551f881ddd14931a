package import Vocabulary

/// Which version decides from when on: `State/policies/plan.json`, written by `sekisho policy activate` and `rollback`. Without an entry
/// the texts in `Policies/` decide, as they are.
package struct ActivationPlan: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        /// `Policies/` as it stands at each moment.
        case folder
        /// A file of the archive, by its name.
        case bundle(String)
    }

    package struct Entry: Sendable, Hashable {
        package let target: Target
        package let at: Timestamp
        /// Who gave the command: the account at the machine, or what `--by` said.
        package let by: String
        package let reason: String
        package let isRollback: Bool

        package init(target: Target, at: Timestamp, by: String, reason: String, isRollback: Bool = false) {
            self.target = target
            self.at = at
            self.by = by
            self.reason = reason
            self.isRollback = isRollback
        }
    }

    /// By time.
    package private(set) var entries: [Entry]
    /// The version that decides beside the one in force, and is never answered from.
    package var shadow: Entry?

    package static let fileName = "plan.json"
    package static let most = 200
    package static let largest = 1_048_576

    package init(entries: [Entry] = [], shadow: Entry? = nil) {
        self.entries = entries.sorted { $0.at < $1.at }
        self.shadow = shadow
    }

    /// Nil: the folder, since nobody ever said otherwise.
    package func current(at now: Timestamp) -> Entry? { entries.last { $0.at <= now } }

    package func next(after now: Timestamp) -> Entry? { entries.first { $0.at > now } }

    /// With one more. What was planned for later gives way to what somebody says now, unless that is for later itself: one next step at
    /// a time. The oldest go when there are too many; the audit trail has them all.
    package func adding(_ entry: Entry, at now: Timestamp) -> ActivationPlan {
        ActivationPlan(entries: Array((entries.filter { $0.at <= now } + [entry]).suffix(Self.most)), shadow: shadow)
    }
}

extension ActivationPlan {
    package var bytes: [UInt8] {
        JSON.object([("entries", .array(entries.map(\.json))), ("shadow", shadow?.json ?? .null)]).bytes
    }

    /// Nil when this is no plan.
    package init?(reading bytes: [UInt8]) {
        guard let json = try? JSON(reading: bytes, limit: Self.largest), let list = json["entries"]?.array, list.count <= Self.most else {
            return nil
        }
        let entries = list.compactMap { Entry($0) }
        let shadow = json["shadow"].flatMap { Entry($0) }
        guard entries.count == list.count, (json["shadow"] ?? .null) == .null || shadow != nil else { return nil }
        self.init(entries: entries, shadow: shadow)
    }
}

extension ActivationPlan.Entry {
    fileprivate var json: JSON {
        let name: JSON =
            switch target {
            case .folder: .null
            case .bundle(let name): .string(name)
            }
        return .object([
            ("bundle", name), ("at", .string(at.text)), ("by", .string(by)), ("reason", .string(reason)), ("rollback", .bool(isRollback)),
        ])
    }

    fileprivate init?(_ json: JSON) {
        guard let at = json["at"]?.string.flatMap({ Timestamp($0) }), let by = json["by"]?.string, let reason = json["reason"]?.string,
            let isRollback = json["rollback"]?.bool, let bundle = json["bundle"]
        else { return nil }
        switch bundle {
        case .null: self.init(target: .folder, at: at, by: by, reason: reason, isRollback: isRollback)
        case .string(let name):
            guard PolicyArchive.isName(name) else { return nil }
            self.init(target: .bundle(name), at: at, by: by, reason: reason, isRollback: isRollback)
        default: return nil
        }
    }
}
