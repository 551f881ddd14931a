import ArgumentParser
import Foundation
import SQLiteStores
import Settings
import TrustFramework
import Vocabulary

/// What the audit trail of a deployment says about its policy.
struct PolicyTrail {
    let store: SQLiteStore
    /// From the first.
    let activations: [Activation]

    init(_ desk: PolicyDesk) async throws {
        guard FileManager.default.fileExists(atPath: desk.store) else {
            Console.error("there is no audit trail yet at \(desk.store): nothing has been decided here")
            throw ExitCode(1)
        }
        try await self.init(store: SQLiteStore(path: desk.store, durability: .normal))
    }

    init(store: SQLiteStore) async throws {
        self.store = store
        var found: [Activation] = []
        for sequence in try await store.audit(holding: [], event: Activation.event, limit: 10_000).reversed() {
            guard let record = try await store.audit(at: sequence), let json = try? JSON(reading: record.body),
                let activation = Activation(json, sequence: sequence)
            else { continue }
            found.append(activation)
        }
        activations = found
    }

    /// Digests under which a version was ever in force.
    func digests(of version: String) -> Set<String> { Set(activations.filter { $0.version == version }.map(\.digest)) }

    /// The file in the archive that a roll-back goes to.
    func target(_ version: String?, _ desk: PolicyDesk) throws -> String? {
        if let version {
            guard let found = activations.last(where: { $0.version == version }) else {
                throw ValidationError("version `\(version)` never decided here; a bundle is activated with `sekisho policy activate`")
            }
            return found.fileName
        }
        let environment = ProcessInfo.processInfo.environment
        let current = try? Settings.load(desk.folder, environment: environment, tokens: .none, at: SystemClock.now()).policy.version
        return Activation.earlier(activations, current: current)?.fileName
    }
}
