import Cryptography
import Foundation
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A policy bundle` {
    @Test func `holds the texts of Policies, and comes to the same version when it is read again`() throws {
        let deployment = try Deployment()
        let loaded = try deployment.load()
        let bundle = loaded.policies.bundle
        #expect(bundle.version == loaded.policy.version)
        #expect(bundle.files["Policies/ladder.yaml"] == Array(try deployment.read("Policies/ladder.yaml").utf8))
        #expect(!bundle.files.keys.contains("Policies/README.md"))
        let read = try PolicyBundle(reading: bundle.bytes)
        #expect(read == bundle)
        #expect(read.policy()?.version == loaded.policy.version)
        #expect(read.policy()?.rules.count == loaded.policy.rules.count)
    }

    @Test func `with one letter changed is not that version any more`() throws {
        let bundle = try Deployment().load().policies.bundle
        let text = String(decoding: bundle.bytes, as: UTF8.self)
        let changed = text.replacingOccurrences(of: "effect: forbid", with: "effect: permit")
        #expect(changed != text)
        #expect(try PolicyBundle(reading: Array(changed.utf8)).policy() == nil)
    }

    @Test(arguments: [
        "", "{}", "{\"format\":\"sekisho-policy-bundle/1\",\"version\":\"xyz\",\"files\":[]}",
        "{\"format\":\"sekisho-policy-bundle/1\",\"version\":\"0123456789abcdef\",\"files\":[{\"path\":\"../etc/x.yaml\",\"text\":\"\"}]}",
        "{\"format\":\"sekisho-policy-bundle/1\",\"version\":\"0123456789abcdef\",\"files\":[{\"path\":\"Policies/../x.yaml\",\"text\":\"\"}]}",
        "{\"format\":\"sekisho-policy-bundle/1\",\"version\":\"0123456789abcdef\",\"files\":[{\"path\":\"Keys/x.yaml\",\"text\":\"\"}]}",
        "{\"format\":\"sekisho-policy-bundle/1\",\"version\":\"0123456789abcdef\",\"files\":[]}\nnonsense\n",
    ]) func `is refused when it is none`(text: String) {
        #expect(throws: BundleRefusal.self) { try PolicyBundle(reading: Array(text.utf8)) }
    }
}

@Suite struct `Which version decides` {
    @Test func `is the folder while nobody says otherwise, and then the bundle, whatever the folder says`() throws {
        let deployment = try Deployment()
        let first = try deployment.load()
        #expect(first.policies.origin == .folder && first.policies.entry == nil)
        try deployment.activate(first.policies.bundle)
        try deployment.draft("something-new")
        let second = try deployment.load()
        #expect(second.policy.version == first.policy.version)
        #expect(second.policies.origin == .bundle(signers: []))
        #expect(second.policies.draft != nil && second.policies.draft != first.policy.version)
        #expect(try Settings.load(deployment.path, policies: .folder, at: Deployment.now).policy.version == second.policies.draft)
        // A folder that is being worked at keeps nobody from being answered; it is only worth a note.
        try deployment.write("Policies/something-new.yaml", "rules:\n  - id: half")
        let third = try deployment.load()
        #expect(third.policy.version == first.policy.version)
        #expect(third.notices.map(\.code).contains("policy.draft"))
    }

    @Test func `changes at the moment that was planned`() throws {
        let deployment = try Deployment()
        let first = try deployment.load().policies.bundle
        try deployment.draft("something-new")
        let second = try Settings.load(deployment.path, policies: .folder, at: Deployment.now).policies.bundle
        try deployment.keep(first)
        try deployment.keep(second)
        let now = Deployment.now, later = now.adding(seconds: 3600)
        try deployment.plan(
            ActivationPlan(entries: [
                .init(target: .bundle(first.fileName), at: now, by: "a", reason: "r"),
                .init(target: .bundle(second.fileName), at: later, by: "b", reason: "s"),
            ]))
        let before = try deployment.load(at: later.adding(milliseconds: -1))
        #expect(before.policy.version == first.version && before.policies.next?.at == later)
        let after = try deployment.load(at: later)
        #expect(after.policy.version == second.version && after.policies.entry?.by == "b" && after.policies.next == nil)
    }

    @Test func `is nobody's when the bundle is missing or was changed`() throws {
        let deployment = try Deployment()
        let bundle = try deployment.load().policies.bundle
        try deployment.activate(bundle)
        let file = Deployment.archive + "/" + bundle.fileName
        let text = try deployment.read(file)
        try deployment.write(file, text.replacingOccurrences(of: "effect: forbid", with: "effect: permit"))
        #expect(deployment.codes() == ["policy.bundle"])
        #expect(deployment.problems().first?.message.contains("was changed") == true)
        try deployment.remove(file)
        #expect(deployment.codes() == ["policy.bundle"])
        try deployment.keep(bundle)
        #expect(deployment.codes() == [])
        try deployment.write(Deployment.archive + "/plan.json", "{\"entries\":[{}]}")
        #expect(deployment.codes() == ["policy.plan"])
    }
}

@Suite struct `Where signatures are demanded` {
    private static func demanding(_ count: Int) throws -> (Deployment, Officials, PolicyBundle) {
        let deployment = try Deployment()
        let officials = try Officials()
        try officials.appoint(in: deployment)
        let bundle = try deployment.load().policies.bundle
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\npolicy:\n  signatures: \(count)\n")
        return (deployment, officials, bundle)
    }

    @Test func `plain files do not decide`() throws {
        let (deployment, _, bundle) = try Self.demanding(2)
        #expect(deployment.codes() == ["policy.unsigned"])
        try deployment.activate(bundle)
        #expect(deployment.codes() == ["officer.too-few"])
        #expect(try Settings.load(deployment.path, policies: .folder, at: Deployment.now).policy.version == bundle.version)
    }

    @Test func `two different officers have to have signed exactly this`() throws {
        let (deployment, officials, bundle) = try Self.demanding(2)
        func codes(_ bundle: PolicyBundle) throws -> [String] {
            try deployment.activate(bundle)
            return deployment.codes()
        }
        #expect(try codes(try officials.signed(bundle, by: "sato")) == ["officer.too-few"])
        #expect(try codes(try officials.signed(bundle, by: "sato", "suzuki")) == [])
        #expect(try deployment.load().policies.demanded == 2)
        guard case .bundle(let signers) = try deployment.load().policies.origin else {
            Issue.record("no bundle decides")
            return
        }
        #expect(signers.map(\.officer.id) == ["sato", "suzuki"])
        // The second signature was made by another key than the officer's.
        let forged = try officials.signed(bundle, by: "sato").adding(
            try SignedChange.signed(
                .policy, digest: bundle.digest, reason: "r", as: "suzuki", with: try PrivateKey.generate(.ec(.p256)), at: Deployment.now))
        #expect(try codes(forged) == ["officer.signature"])
        // It is under another bundle.
        let other = try officials.signed(bundle, by: "sato").adding(
            try SignedChange.signed(
                .policy, digest: Digest.sha256([0]), reason: "r", as: "suzuki", with: try officials.key("suzuki"), at: Deployment.now))
        #expect(try codes(other) == ["officer.change.other"])
        // An officer of another office.
        try deployment.write("Keys/officers/suzuki.yaml", try officials.file("suzuki", roles: "[registrar]"))
        #expect(try codes(try officials.signed(bundle, by: "sato", "suzuki")) == ["officer.too-few"])
        #expect(try codes(try officials.signed(bundle, by: "suzuki")) == ["officer.role"])
    }

    @Test func `what was signed goes on when an officer leaves, and ends when the key is revoked`() throws {
        let (deployment, officials, bundle) = try Self.demanding(1)
        try deployment.activate(try officials.signed(bundle, by: "sato"))
        try deployment.write(
            "Keys/officers/sato.yaml", try officials.file("sato", more: "not-before: 2026-04-01\nnot-after: 2026-11-22\n"))
        let later = Deployment.now.adding(seconds: 10 * 86_400)
        #expect(deployment.problems(at: later) == [])
        // But it cannot be activated anew.
        #expect(throws: SettingsProblems.self) {
            try Settings.load(deployment.path, policies: .bundle(try officials.signed(bundle, by: "sato")), at: later)
        }
        try deployment.write("Keys/officers/sato.yaml", try officials.file("sato", more: Officials.long + "revoked: true\n"))
        #expect(deployment.codes() == ["officer.revoked"])
    }
}

@Suite struct `An officer whose card or key was stolen` {
    private static let gone = Officials.long + "revoked: true\n"

    @Test func `takes no version with them that enough others have signed`() throws {
        let deployment = try Deployment()
        let officials = try Officials()
        try officials.appoint(in: deployment)
        let bundle = try deployment.load().policies.bundle
        for (demanded, codes) in [(0, []), (1, []), (2, ["officer.too-few"])] as [(Int, [String])] {
            try deployment.write("Keys/officers/sato.yaml", try officials.file("sato"))
            let part = "\npolicy:\n  signatures: \(demanded)\n"
            let plain = try deployment.read("sekisho.yaml").components(separatedBy: "\npolicy:\n")[0]
            try deployment.write("sekisho.yaml", plain + part)
            try deployment.activate(try officials.signed(bundle, by: "sato", "suzuki"))
            #expect(deployment.codes() == [])
            try deployment.write("Keys/officers/sato.yaml", try officials.file("sato", more: Self.gone))
            #expect(deployment.codes() == codes, "\(demanded) demanded")
            guard codes.isEmpty, case .bundle(let signers) = try deployment.load().policies.origin else { continue }
            #expect(signers.map(\.officer.id) == ["suzuki"])
        }
        // As the remedy says: another officer signs exactly this file.
        try deployment.activate(try officials.signed(bundle, by: "sato", "suzuki", "tanaka"))
        #expect(deployment.codes() == [])
    }

    @Test func `is out at once, also where the folder cannot be taken over, and nobody comes in by it`() throws {
        let deployment = try Deployment()
        let officials = try Officials()
        try officials.appoint(in: deployment)
        let held = try deployment.load()
        #expect(Settings.officers(held) == held.officers)
        try deployment.write("Metadata/members/broken.yaml", "id: [\n")
        try deployment.write("Keys/officers/sato.yaml", try officials.file("sato", more: Self.gone))
        try deployment.write("Keys/officers/suzuki.yaml", try officials.file("suzuki", roles: "[policy-officer, registrar]"))
        try deployment.write("Keys/officers/newcomer.yaml", try Officials(["newcomer"]).file("newcomer"))
        #expect(throws: SettingsProblems.self) { try deployment.load() }
        let now = Settings.officers(held)
        #expect(now["sato"]?.isRevoked == true && now["tanaka"] == held.officers["tanaka"])
        #expect(now["suzuki"]?.roles == [.policyOfficer] && now["newcomer"] == nil)
        #expect(held.with(officers: now).officers["sato"]?.isRevoked == true)
        // A file that cannot be read takes nothing away; one that is gone takes its officer.
        try deployment.write("Keys/officers/tanaka.yaml", "name: [\n")
        #expect(Settings.officers(held)["tanaka"]?.isRevoked == false)
        try deployment.remove("Keys/officers/tanaka.yaml")
        #expect(Settings.officers(held)["tanaka"]?.isRevoked == true)
    }
}

@Suite struct `The archive of policies` {
    @Test func `gives a version only with its own bytes, its own rules and a digest that is known`() throws {
        let deployment = try Deployment()
        let bundle = try deployment.load().policies.bundle
        try deployment.keep(bundle)
        let archive = PolicyArchive(deployment.path + "/" + Deployment.archive)
        #expect(archive.names == [bundle.fileName])
        #expect(try archive.policy(bundle.version).policy.version == bundle.version)
        #expect(try archive.policy(bundle.version, digests: [bundle.fingerprint]).bundle == bundle)
        #expect(throws: PolicyArchive.Refusal.self) { try archive.policy(bundle.version, digests: ["00"]) }
        #expect(throws: PolicyArchive.Refusal.missing(version: "0123456789abcdef")) { try archive.policy("0123456789abcdef") }
        // Rules that were changed, under a name that fits the changed bytes: the version gives them away.
        let text = String(decoding: bundle.bytes, as: UTF8.self).replacingOccurrences(of: "effect: forbid", with: "effect: permit")
        let changed = try PolicyBundle(reading: Array(text.utf8))
        try deployment.remove(Deployment.archive + "/" + bundle.fileName)
        try deployment.keep(changed)
        #expect(throws: PolicyArchive.Refusal.self) { try archive.policy(bundle.version) }
    }

    @Test(arguments: ["../x.bundle", "a.b.bundle", "0123456789abcdef.bundle", "0123456789abcdef.0123456789abcdef.txt", ".."])
    func `takes no other names`(name: String) {
        #expect(!PolicyArchive.isName(name))
        #expect(throws: PolicyArchive.Refusal.self) { try PolicyArchive("/tmp").bundle(name) }
    }
}

@Suite struct `Going back` {
    private static func activation(_ sequence: Int64, _ version: String, rollback: Bool = false) throws -> Activation {
        let record: JSON = [
            "event": "policy.activated", "at": .string(Deployment.now.text), "policy-version": .string(version),
            "sha256": .string(String(repeating: version, count: 8)), "rollback": .bool(rollback), "by": "x", "source": "folder",
        ]
        guard let one = Activation(record, sequence: sequence) else { throw Missing(what: "activation") }
        return one
    }

    @Test(
        arguments: [
            (["a"], "a", nil), (["a", "b"], "b", "a"), (["a", "b", "c"], "c", "b"), (["a", "b", "c", "<b"], "b", "a"),
            (["a", "b", "c", "<b", "<a"], "a", nil), (["a", "b", "c", "<b", "d"], "d", "b"), (["a", "b", "<a", "c"], "c", "a"),
            (["a", "b"], "c", "b"), (["a", "b"], "?", "b"), ([], "a", nil),
        ] as [([String], String, String?)]) func `goes to what decided before, and further each time`(
            past: [String], current: String, target: String?
        ) throws
    {
        let activations = try past.enumerated().map { index, word in
            try Self.activation(Int64(index), word.replacingOccurrences(of: "<", with: ""), rollback: word.hasPrefix("<"))
        }
        #expect(Activation.earlier(activations, current: current == "?" ? nil : current)?.version == target)
    }
}

@Suite struct `The plan of activations` {
    @Test func `is read as it was written, and by nobody else's hand`() throws {
        let now = Deployment.now
        var plan = ActivationPlan().adding(
            .init(target: .bundle("0123456789abcdef.0123456789abcdef.bundle"), at: now, by: "佐藤", reason: "\"r\""), at: now)
        plan = plan.adding(.init(target: .folder, at: now.adding(seconds: 60), by: "s", reason: "t", isRollback: true), at: now)
        plan.shadow = .init(target: .bundle("0123456789abcdef.0123456789abcdef.bundle"), at: now, by: "u", reason: "v")
        #expect(ActivationPlan(reading: plan.bytes) == plan)
        let text = String(decoding: plan.bytes, as: UTF8.self)
        for (old, new) in [("0123456789abcdef.0", "../../etc.0"), ("\"by\"", "\"bye\""), ("\"entries\"", "\"entry\"")] {
            #expect(ActivationPlan(reading: Array(text.replacingOccurrences(of: old, with: new).utf8)) == nil)
        }
    }

    @Test func `has one next step at a time, and keeps within bounds`() {
        let now = Deployment.now
        func entry(_ seconds: Int64) -> ActivationPlan.Entry {
            .init(target: .folder, at: now.adding(seconds: seconds), by: "x", reason: "y")
        }
        let plan = ActivationPlan().adding(entry(0), at: now).adding(entry(100), at: now).adding(entry(50), at: now)
        #expect(plan.entries.map { $0.at.seconds(since: now) } == [0, 50])
        #expect(plan.adding(entry(0), at: now).next(after: now) == nil, "what is said now takes the place of what was planned")
        let long = (0..<300).reduce(ActivationPlan()) { plan, second in
            plan.adding(entry(Int64(second)), at: now.adding(seconds: Int64(second)))
        }
        #expect(long.entries.count == ActivationPlan.most)
    }
}
