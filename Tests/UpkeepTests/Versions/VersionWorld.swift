import Foundation
import Settings
import SignOn
import Synchronization
import TrustFramework
import Upkeep
import Vocabulary

/// One deployment folder of a test, and a trail in memory.
final class VersionWorld: Sendable {
    static let now = Timestamp(milliseconds: 1_795_233_600_000)  // 2026-11-21T04:00:00Z
    let folder: String
    let trail = Trail()

    init() throws {
        folder = NSTemporaryDirectory() + "/sekisho-versions-" + UUID().uuidString
        _ = try Settings.initialise(
            folder, DeploymentPlan(mode: .development, baseURL: "http://127.0.0.1:8080", listen: Endpoint(host: "127.0.0.1", port: 8080)),
            at: Self.now)
        // Rules without cases: what a test changes is what it wants changed.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/Policies") where name != "ladder.yaml" {
            try FileManager.default.removeItem(atPath: folder + "/Policies/" + name)
        }
        try write(
            "Policies/rules.yaml",
            """
            rules:
              - id: everything
                effect: permit
                release: [pin-used]
                basis: a test
              - id: not-by-presence
                effect: forbid
                purpose: procedure
                mode: presence
                basis: a test

            """)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func load(_ demand: PolicyDemand = .inForce) throws -> Configuration { try Settings.load(folder, policies: demand, at: Self.now) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    /// One more rule, which forbids a purpose to everybody.
    func forbid(_ purpose: String) throws {
        try write(
            "Policies/x-\(purpose).yaml", "rules:\n  - id: no-\(purpose)\n    effect: forbid\n    purpose: \(purpose)\n    basis: a test\n")
    }

    func shelf() throws -> PolicyShelf { PolicyShelf(try load(.folder).policies.archive) }

    func question(_ purpose: String, _ mode: CardMode = .pin) throws -> Question {
        guard let id = MemberID("https://ministry.example/sp"), let purpose = Purpose(purpose) else { throw StoreFault() }
        let now = Self.now
        return Question(
            member: Member(
                id: id, kind: .ministry, displayName: [:],
                accreditation: Accreditation(state: .accredited, notBefore: now, notAfter: now, purposes: [purpose]),
                defaultPurpose: purpose),
            purpose: purpose,
            facts: AssuranceFacts(
                mode: mode, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .crl, statusAt: now, authenticatedAt: now),
            requirement: nil, now: now, request: RequestFacts(protocol: .saml, path: .signOn, asked: []))
    }
}

struct StoreFault: Error {}

final class Trail: AuditTrail {
    private let kept = Mutex<[Record]>([])
    private let isBroken = Mutex(false)

    var records: [JSON] { kept.withLock { $0.map(\.json) } }

    func fail(_ broken: Bool) { isBroken.withLock { $0 = broken } }

    func append(_ record: Record) async throws {
        if isBroken.withLock({ $0 }) { throw StoreFault() }
        kept.withLock { $0.append(record) }
    }
}
