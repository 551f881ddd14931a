import Cryptography
import Foundation
import Settings
import Vocabulary

/// Two policy officers and a registrar, each with a key of their own, and the archive of a test's deployment.
struct Officials {
    static let long = "not-before: 2026-04-01\nnot-after: 2027-03-31\n"
    let keys: [String: PrivateKey]

    init(_ names: [String] = ["sato", "suzuki", "tanaka"]) throws {
        keys = try Dictionary(uniqueKeysWithValues: names.map { ($0, try PrivateKey.generate(.ec(.p256))) })
    }

    func key(_ name: String) throws -> PrivateKey {
        guard let key = keys[name] else { throw Missing(what: name) }
        return key
    }

    func pem(_ name: String) throws -> String { PEM.encode(try key(name).publicKey.spki, label: "PUBLIC KEY") }

    /// The officer's file.
    func file(_ name: String, roles: String = "[policy-officer]", more: String = long) throws -> String {
        let block = try pem(name).split(separator: "\n").map { "  " + $0 + "\n" }.joined()
        return "name: \(name)\nroles: \(roles)\npublic-key: |\n\(block)\(more)"
    }

    func appoint(in deployment: Deployment) throws {
        try deployment.make("Keys/officers")
        for name in keys.keys { try deployment.write("Keys/officers/\(name).yaml", try file(name)) }
    }

    func signed(_ bundle: PolicyBundle, by names: String..., at now: Timestamp = Deployment.now) throws -> PolicyBundle {
        try names.reduce(bundle) {
            $0.adding(try SignedChange.signed(.policy, digest: bundle.digest, reason: "agreed", as: $1, with: try key($1), at: now))
        }
    }
}

extension Deployment {
    static let archive = "State/policies"

    func make(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }

    /// Puts a bundle into the archive.
    func keep(_ bundle: PolicyBundle) throws {
        try make(Self.archive)
        try write(Self.archive + "/" + bundle.fileName, bundle.bytes)
    }

    func plan(_ plan: ActivationPlan) throws {
        try make(Self.archive)
        try write(Self.archive + "/" + ActivationPlan.fileName, plan.bytes)
    }

    /// Lets a bundle decide from a moment on.
    func activate(_ bundle: PolicyBundle, at moment: Timestamp = now) throws {
        try keep(bundle)
        try plan(
            ActivationPlan().adding(
                .init(target: .bundle(bundle.fileName), at: moment, by: "test", reason: "test"), at: moment))
    }

    /// `Policies/` with one more rule.
    func draft(_ id: String) throws {
        try write(
            "Policies/\(id).yaml",
            "rules:\n  - id: \(id)\n    effect: forbid\n    purpose: profiling\n    kind: [served-firm]\n    basis: a test\n")
    }
}
