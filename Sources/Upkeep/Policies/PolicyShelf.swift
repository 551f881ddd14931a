package import Settings
package import SignOn
import TrustFramework
package import Vocabulary

/// Writes the archive of policies, `State/policies`: every version before it decides for the first time, the plan, and what of it the
/// audit trail has been told.
package struct PolicyShelf: Sendable {
    private let disk: DiskFolder
    private let archive: PolicyArchive

    /// `recorded.json`: what the trail was told last. Lost, it is told once more.
    static let recorded = "recorded.json"

    package init(_ archive: PolicyArchive) {
        self.archive = archive
        disk = DiskFolder(archive.path)
    }

    package enum Keeping: Sendable, Hashable {
        case known, added
        /// A file of this name was there, and its content was another: somebody has been at the archive. It holds the right one now.
        case repaired(String)
    }

    /// Brings a version to the disk. When it returns the version survives a power failure.
    package func keep(_ bundle: PolicyBundle) throws(DiskTrouble) -> Keeping {
        let name = bundle.fileName
        if disk.has(name) {
            if let there = try? archive.bundle(name), there.content == bundle.content {
                // Signatures come one by one; those that are there already are not lost to a copy that has fewer.
                if bundle.signatures.isEmpty || Set(bundle.signatures) == Set(there.signatures) { return .known }
                try disk.write(
                    name,
                    there.signatures.reduce(bundle) { whole, one in
                        whole.signatures.contains { $0.claimedOfficer == one.claimedOfficer } ? whole : whole.adding(one)
                    }.bytes)
                return .known
            }
            try disk.write(name, bundle.bytes)
            return .repaired(name)
        }
        try disk.make()
        try disk.write(name, bundle.bytes)
        return .added
    }

    package func write(_ plan: ActivationPlan) throws(DiskTrouble) {
        try disk.make()
        try disk.write(ActivationPlan.fileName, plan.bytes)
    }

    /// What was told the trail last, and what is to be told now; nil when it is the same.
    package func told() -> Told? {
        guard let bytes = try? disk.read(Self.recorded, limit: 16_384) else { return nil }
        return Told(reading: bytes)
    }

    package func write(_ told: Told) throws(DiskTrouble) { try disk.write(Self.recorded, told.json.bytes) }

    /// Where the shadow's differences are written for `sekisho policy status`.
    static let differences = "shadow.json"

    package func write(shadow report: JSON) throws(DiskTrouble) { try disk.write(Self.differences, report.bytes) }

    package func shadowReport() -> JSON? {
        (try? disk.read(Self.differences, limit: 1 << 20)).flatMap { try? JSON(reading: $0, limit: 1 << 20) }
    }

    package func removeShadowReport() { disk.remove(Self.differences) }

    /// What the trail knows of the policy in force.
    package struct Told: Hashable, Sendable {
        package let version: String
        package let digest: String
        package let shadow: String?
        /// Files, or whose signatures: the same texts may come to decide by other hands. Nil in what an earlier edition wrote.
        package let source: String?

        package init(version: String, digest: String, shadow: String?, source: String? = nil) {
            self.version = version
            self.digest = digest
            self.shadow = shadow
            self.source = source
        }

        package init(_ configuration: Configuration) {
            let state = configuration.policies
            self.init(
                version: configuration.policy.version, digest: state.bundle.fingerprint, shadow: state.shadow?.bundle.version,
                source: Self.source(of: state.origin))
        }

        private static func source(of origin: PolicyState.Origin) -> String {
            guard case .bundle(let signers) = origin else { return "folder" }
            return (["bundle"] + signers.map(\.officer.id)).joined(separator: " ")
        }

        init?(reading bytes: [UInt8]) {
            guard let json = try? JSON(reading: bytes), let version = json["version"]?.string, let digest = json["sha256"]?.string else {
                return nil
            }
            self.init(version: version, digest: digest, shadow: json["shadow"]?.string, source: json["source"]?.string)
        }

        var json: JSON {
            .object([
                ("version", .string(version)), ("sha256", .string(digest)), ("shadow", shadow.map { .string($0) } ?? .null),
                ("source", source.map { .string($0) } ?? .null),
            ])
        }
    }
}

extension PolicyShelf {
    /// Before a version decides: it is in the archive, and the trail says who put it in force in whose place. Throws when either cannot be
    /// done: a version of which nobody could say later what it was never decides.
    ///
    /// - Parameter changedBy: the account that wrote the files, where no command was given.
    /// - Returns: what was found wrong with the archive and put right; for the log.
    package func settle(
        _ configuration: Configuration, trail: some AuditTrail, changedBy: String?, at now: Timestamp
    ) async throws -> String? {
        let state = configuration.policies
        var repaired: String?
        if case .repaired(let name) = try keep(state.bundle) { repaired = name }
        let before = told(), after = Told(configuration)
        guard before != after else { return repaired }
        let isBySameHands = before?.source == nil || before?.source == after.source
        if before?.version != after.version || before?.digest != after.digest || !isBySameHands {
            try await trail.append(Record("policy.activated", at: now, Self.facts(configuration, before, changedBy)))
        }
        if before?.shadow != after.shadow {
            let entry = state.shadow?.entry
            try await trail.append(
                Record(
                    "policy.shadowed", at: now,
                    [
                        ("shadow-version", after.shadow.map { .string($0) } ?? .null),
                        ("before", (before?.shadow).map { .string($0) } ?? .null), ("policy-version", .string(after.version)),
                        ("sha256", (state.shadow?.bundle.fingerprint).map { .string($0) } ?? .null),
                        ("by", .string(entry?.by ?? "nobody")), ("reason", (entry?.reason).map { .string($0) } ?? .null),
                    ]))
            if let other = before?.shadow, other != after.shadow { removeShadowReport() }
        }
        try write(after)
        return repaired
    }

    private static func facts(_ configuration: Configuration, _ before: Told?, _ changedBy: String?) -> [(name: String, value: JSON)] {
        let state = configuration.policies
        var source: JSON = "folder"
        var officers: [JSON] = []
        if case .bundle(let signers) = state.origin {
            source = "bundle"
            officers = signers.map { .string($0.officer.id) }
        }
        return [
            ("policy-version", .string(configuration.policy.version)), ("before", (before?.version).map { .string($0) } ?? .null),
            ("sha256", .string(state.bundle.fingerprint)), ("source", source), ("officers", .array(officers)),
            ("by", .string(state.entry?.by ?? changedBy.map { "files of " + $0 } ?? "files")),
            ("reason", (state.entry?.reason).map { .string($0) } ?? .null),
            ("rollback", .bool(state.entry?.isRollback ?? false)), ("rules", .integer(Int64(configuration.policy.rules.count))),
        ]
    }
}
